package lsp

import (
	_ "embed"
	"strings"
	"sync"
)

// flagInfo is a flag of an instruction, with the values that can be named.
type flagInfo struct {
	name, what string
	values     []string
}

// keywordInfo is what an editor says of an instruction.
type keywordInfo struct {
	what string
	// forms are its signatures; what is between blanks is a parameter, "..." repeats the one before.
	forms []string
	flags []flagInfo
}

// referenceText has a line for each instruction: keyword, what it does, and its forms, parted by tabs; below it a line for each of its flags:
// name, what it means, and values. It is what Docker's own reference says, in a few words.
// https://docs.docker.com/reference/dockerfile/
//
//go:embed reference.txt
var referenceText string

// reference is referenceText by keyword.
var reference = sync.OnceValue(func() map[string]*keywordInfo {
	all := map[string]*keywordInfo{}
	var last *keywordInfo
	for line := range strings.Lines(referenceText) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "--") {
			last.flags = append(last.flags, flagInfo{fields[0], fields[1], strings.Fields(strings.Join(fields[2:], " "))})
			continue
		}
		last = &keywordInfo{what: fields[1], forms: fields[2:]}
		all[fields[0]] = last
	}
	return all
})

// keywords are those of reference, as they are usual first.
var keywords = []string{
	"FROM", "RUN", "COPY", "ENV", "ARG", "WORKDIR", "USER", "CMD", "ENTRYPOINT", "EXPOSE", "LABEL", "HEALTHCHECK", "ADD", "SHELL", "STOPSIGNAL", "VOLUME", "ONBUILD", "MAINTAINER",
}

// mountOptions are those of RUN --mount by its type.
// https://docs.docker.com/reference/dockerfile/#run---mount
var mountOptions = map[string][]string{
	"bind":   {"target=", "source=", "from=", "rw"},
	"cache":  {"target=", "id=", "sharing=", "from=", "source=", "mode=", "uid=", "gid=", "ro"},
	"tmpfs":  {"target=", "size="},
	"secret": {"id=", "target=", "env=", "required=", "mode=", "uid=", "gid="},
	"ssh":    {"id=", "target=", "required=", "mode=", "uid=", "gid="},
}

// mountValues are values of options of RUN --mount.
var mountValues = map[string][]string{
	"type": {"cache", "bind", "secret", "ssh", "tmpfs"}, "sharing": {"shared", "private", "locked"}, "required": {"true", "false"},
	"target": {"/root/.cache/pip", "/root/.cache/uv", "/root/.cache/pypoetry", "/var/cache/apt", "/var/lib/apt/lists", "/root/.cache"},
	"source": {"requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock"},
}

// usualEnv are variables that Python images set, with the values that they are set to.
var usualEnv = [][2]string{
	{"PYTHONUNBUFFERED=1", "what the program writes comes out at once"}, {"PYTHONDONTWRITEBYTECODE=1", "imports write no byte code"},
	{"PIP_NO_CACHE_DIR=1", "pip keeps no cache"}, {"PIP_DISABLE_PIP_VERSION_CHECK=1", "pip asks for no newer pip"},
	{"UV_COMPILE_BYTECODE=1", "uv compiles what it installs"}, {"UV_LINK_MODE=copy", "uv links to no cache mount"},
	{"UV_PYTHON_DOWNLOADS=never", "uv takes the image's Python"}, {"POETRY_VIRTUALENVS_IN_PROJECT=1", "poetry makes .venv in the project"},
	{"VIRTUAL_ENV=/opt/venv", "the virtual environment"}, {"PATH=/opt/venv/bin:$PATH", "programs of the virtual environment first"},
}

// images are the names of images that Python applications are built from, and pyTags what may follow a version of Docker's own.
var (
	images = [][2]string{
		{"python", "Docker's official Python"}, {"ghcr.io/astral-sh/uv", "uv, and Python with it"}, {"debian", "the base of python"}, {"ubuntu", ""}, {"alpine", "musl"},
		{"continuumio/miniconda3", "conda"}, {"mambaorg/micromamba", "conda environments"}, {"condaforge/miniforge3", "conda"}, {"pypy", "Docker's official PyPy"},
		{"gcr.io/distroless/python3-debian12", "no shell, no pip"}, {"cgr.dev/chainguard/python", ""}, {"public.ecr.aws/lambda/python", "AWS Lambda"},
		{"nvidia/cuda", "CUDA"}, {"pytorch/pytorch", "PyTorch with CUDA"}, {"tensorflow/tensorflow", ""}, {"jupyter/base-notebook", ""}, {"scratch", "nothing"},
	}
	pyVersions = []string{"3.14", "3.13", "3.12", "3.11", "3.10"}
	pySuffixes = []string{"-slim", "", "-alpine", "-slim-trixie", "-slim-bookworm", "-trixie", "-bookworm"}
	otherTags  = map[string][]string{
		"debian": {"trixie-slim", "bookworm-slim", "trixie", "bookworm"}, "ubuntu": {"24.04", "22.04"}, "alpine": {"3.22", "3.21"},
		"ghcr.io/astral-sh/uv":         {"latest", "python3.13-trixie-slim", "python3.13-bookworm-slim", "python3.12-bookworm-slim", "python3.13-alpine"},
		"public.ecr.aws/lambda/python": pyVersions,
	}
)

// parameters cuts a form into the keyword and its parameters.
func parameters(form string) []string { return strings.Fields(form)[1:] }

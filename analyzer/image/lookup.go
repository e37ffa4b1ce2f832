package image

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

func lookup(text string) Facts {
	ref, ok := parseReference(text)
	f := Facts{Reference: ref}
	if text == "scratch" {
		f.Scratch, f.NoPython, f.EnvKnown, f.UsersKnown = true, true, true, true
		f.User, f.Workdir, f.StartKnown = "root", "/", true
		f.Home = map[string]string{"root": "/"}
		f.Env = map[string]string{"PATH": defaultPath} // BuildKit gives it this one, as it does to an image without
		return f
	}
	if !ok {
		return f
	}
	product := ref.product()
	if fill, ok := products[product]; ok {
		fill(&f)
		return f
	}
	for _, p := range patterns {
		if p.name.MatchString(product) {
			p.fill(&f)
			return f
		}
	}
	return f
}

// products are the images that are known by their whole names.
var products = map[string]func(*Facts){
	"python": pythonFacts,
	"debian": debianFacts,
	"ubuntu": ubuntuFacts,
	"alpine": alpineFacts,

	"fedora": rpmFacts("fedora"), "centos": rpmFacts("rhel"), "rockylinux": rpmFacts("rhel"),
	"almalinux": rpmFacts("rhel"), "oraclelinux": rpmFacts("rhel"), "amazonlinux": rpmFacts("amazonlinux"),
	"opensuse/leap": rpmFacts("opensuse"), "opensuse": rpmFacts("opensuse"), "opensuse/tumbleweed": only("opensuse", "glibc"),
	"archlinux": only("arch", "glibc"), "cgr.dev/chainguard/wolfi-base": only("wolfi", "glibc"),

	"busybox": func(f *Facts) {
		f.NoPython, f.User, f.Workdir = true, "root", "/"
		f.Home = map[string]string{"root": "/root"}
	},
	"docker":            only("alpine", "musl"),
	"phusion/baseimage": phusionFacts, "bitnami/minideb": only("debian", "glibc"),

	// Images on buildpack-deps or on bare Debian, with an Alpine variant.
	"buildpack-deps": derived(true, false), "golang": derived(true, false), "ruby": derived(true, false),
	"rust": derived(true, false), "openjdk": derived(false, false), "node": derived(true, false),
	"gcc": derived(true, false), "perl": derived(true, false), "erlang": derived(true, false), "elixir": derived(true, false),
	"php": derived(false, false), "postgres": derived(false, false), "redis": derived(false, true),
	"nginx": derived(false, true), "pypy": derived(true, false),

	"ghcr.io/astral-sh/uv": uvFacts,

	"continuumio/miniconda3": condaFacts(""), "continuumio/anaconda3": condaFacts(""),
	"continuumio/miniconda": condaFacts("2.7"), "continuumio/anaconda": condaFacts("2.7"),
	"conda/miniconda3": condaFacts(""), "conda/miniconda2": condaFacts("2.7"),
	"condaforge/miniforge3": condaFacts(""), "condaforge/mambaforge": condaFacts(""),
	"condaforge/miniforge-pypy3": only("", "glibc"), "mambaorg/micromamba": micromambaFacts,

	"nvidia/cuda": cudaFacts, "pytorch/pytorch": pytorchFacts,
	"tensorflow/tensorflow": tensorflowFacts,
	"dhi.io/python":         dhiFacts, "dhi.io/debian-base": only("debian", "glibc"), "dhi.io/alpine-base": only("alpine", "musl"),
	"bitnami/python": bitnamiFacts, "bitnamilegacy/python": bitnamiFacts,
	"apache/airflow":                           airflowFacts,
	"cgr.dev/chainguard/python":                chainguardFacts,
	"public.ecr.aws/lambda/python":             lambdaFacts,
	"mcr.microsoft.com/devcontainers/python":   devcontainerFacts,
	"mcr.microsoft.com/azure-functions/python": azureFacts,
}

// patterns are families of images, tried in order.
var patterns = []struct {
	name *pattern.Pattern
	fill func(*Facts)
}{
	{pattern.New(`^(?:quay\.io/)?jupyter/(?:docker-stacks-foundation|[a-z-]+-notebook)$`), jupyterFacts},
	{pattern.New(`^tiangolo/(?:uvicorn-gunicorn|uvicorn-gunicorn-fastapi|uvicorn-gunicorn-starlette|uwsgi-nginx|uwsgi-nginx-flask|meinheld-gunicorn|meinheld-gunicorn-flask)$`), tiangoloFacts},
	{pattern.New(`^gcr\.io/distroless/`), distrolessFacts},
	{pattern.New(`^registry\.(?:access\.)?redhat\.com/ubi(?:7|8|9|10)(?:/|$)`), ubiFacts},
	{pattern.New(`^nvcr\.io/nvidia/(?:pytorch|tensorflow|l4t-[a-z]+|tritonserver)$`), only("ubuntu", "glibc")},
}

// only is for images of which no more is certain.
func only(distro, libc string) func(*Facts) {
	return func(f *Facts) {
		f.Distro, f.Libc = distro, libc
		f.setReleaseOfTag()
	}
}

// setReleaseOfTag takes over the distribution that the tag names, if any.
func (f *Facts) setReleaseOfTag() {
	f.setDistroOfTag()
}

// derived are official images that are built on Debian, or on Alpine with an -alpine tag. full tells that the
// image without -slim is built on buildpack-deps; noPython that no variant has a Python.
func derived(full, noPython bool) func(*Facts) {
	return func(f *Facts) { f.derive(full, noPython) }
}

// derive is not the closure itself, of which each use would be a copy.
func (f *Facts) derive(full, noPython bool) {
	tag := f.Reference.Tag
	if f.Reference.Digest != "" && tag == "" || strings.Contains(tag, "windowsservercore") || strings.Contains(tag, "nanoserver") {
		return
	}
	f.Slim = strings.Contains(tag, "slim")
	// Some of these had variants on Oracle Linux or Ubuntu: without a codename nothing is said but what
	// holds for node, ruby and golang, whose default was Debian always.
	if !f.setDistroOfTag() && full {
		f.setDebian("")
	}
	product := f.Reference.product()
	if kind := f.derivedKind(product); kind != "" {
		f.is(kind)
		f.Extended = true
		f.derivedEnv(product)
	}
	switch {
	case product == "pypy":
		f.BuildTools = !f.Slim
		return
	case f.Distro == "alpine" || noPython || product == "node" && f.Slim:
		f.NoPython = product != "buildpack-deps"
		return
	}
	plain := !f.Slim && !strings.HasSuffix(tag, "-curl") && !strings.HasSuffix(tag, "-scm")
	f.BuildTools = full && f.Distro == "debian" && plain && product != "golang"
	// buildpack-deps has Mercurial, which is written in Python 3 from Debian 11 on.
	if full && plain && (f.Codename == "bullseye" || f.Codename == "bookworm" || f.Codename == "trixie") && product != "golang" && product != "erlang" && product != "elixir" {
		f.Python = distroPython("debian", f.Release)
	}
}

// derivedEnv is the ENV of the images that derivedKind knows: versions of what they bring, and where it is.
// https://github.com/docker-library/golang, .../docker-node and .../docker-rust, November 2026
func (f *Facts) derivedEnv(product string) {
	f.Env = map[string]string{"PATH": defaultPath}
	f.User, f.Workdir = "root", "/"
	switch product {
	case "node":
		f.EnvDoubtful = doubtful("NODE_VERSION YARN_VERSION")
	case "golang":
		f.Env["PATH"], f.Env["GOPATH"], f.Workdir = "/go/bin:/usr/local/go/bin:"+defaultPath, "/go", "/go"
		f.EnvDoubtful = doubtful("GOLANG_VERSION GOTOOLCHAIN")
	case "rust":
		f.Env["PATH"], f.Env["CARGO_HOME"], f.Env["RUSTUP_HOME"] = "/usr/local/cargo/bin:"+defaultPath, "/usr/local/cargo", "/usr/local/rustup"
		f.EnvDoubtful = doubtful("RUST_VERSION")
	case "buildpack-deps":
	default:
		f.Env, f.User, f.Workdir = nil, "", ""
		return
	}
	f.EnvKnown = true
}

// derivedKind is the kind of image of a language or a service, "" where no more is known than its distribution.
func (f Facts) derivedKind(product string) string {
	plain := !f.Slim && f.Distro == "debian"
	switch product {
	case "node":
		switch {
		case f.Distro == "alpine":
			return "node-alpine"
		case f.Slim:
			return "node-slim"
		}
		return "node"
	case "nginx":
		if f.Distro == "alpine" {
			return "nginx-alpine"
		}
		return "nginx"
	case "golang", "rust":
		if plain {
			return product
		}
	case "buildpack-deps":
		tag := f.Reference.Tag
		switch {
		case f.Distro != "debian":
		case strings.HasSuffix(tag, "-curl"):
			return ofRelease("buildpack-curl", f.Release)
		case strings.HasSuffix(tag, "-scm"):
			return ofRelease("buildpack-scm", f.Release)
		case f.Release == "":
			return "buildpack-any"
		default:
			return ofRelease("buildpack", f.Release)
		}
	}
	return ""
}

// uvPrograms are in /usr/local/bin of all images of uv that are built on another one.
const uvPrograms = " uv uvx "

var uvTag = pattern.New(`^(?:(\d+(?:\.\d+){0,2})(?:-|$))?(?:python(\d+\.\d+)(?:-rc)?(?:-|$))?([a-z][a-z0-9.-]*)?$`)

// uvFacts: ghcr.io/astral-sh/uv:latest and :0.5.1 hold /uv and /uvx only; python3.12-... are built on
// the official python image (docs.astral.sh/uv/guides/integration/docker).
func uvFacts(f *Facts) {
	tag := f.Reference.Tag
	if tag == "" && f.Reference.Digest != "" {
		return
	}
	m := uvTag.FindStringSubmatch(tag)
	if m == nil {
		return
	}
	variant := strings.TrimPrefix(strings.TrimPrefix(m[3], "debian-"), "debian")
	if m[2] != "" {
		t, ok := parsePythonTag(strings.Trim(m[2]+"-"+variant, "-"))
		if !ok {
			return
		}
		f.setPython(t)
		if t.codename == "" && t.release == "" {
			f.Release, f.Codename = "", "" // the python tag's history is not that of uv's
		}
		f.EnvDoubtful["UV_TOOL_BIN_DIR"] = true // set since 0.8
		f.also, f.Cmd = uvPrograms, []string{"/usr/local/bin/uv"}
		return
	}
	switch m[3] {
	case "", "latest":
		f.NoPython, f.EnvKnown, f.User, f.Workdir = true, true, "root", "/"
		f.Files = []string{"/uv", "/uvx"}
		f.Entrypoint, f.StartKnown = []string{"/uv"}, true
		return
	case "debian", "debian-slim":
		f.setDebian("")
		f.Slim = m[3] == "debian-slim"
	default:
		if !f.setDistroOfTag() {
			return
		}
		f.Slim = strings.HasSuffix(m[3], "-slim")
	}
	f.setPlain()
	f.also, f.Cmd = uvPrograms, []string{"/usr/local/bin/uv"}
	if f.Distro == "debian" && !f.Slim {
		f.is(ofRelease("buildpack", f.Release))
	} else {
		f.bare()
	}
	f.EnvDoubtful = map[string]bool{"UV_TOOL_BIN_DIR": true}
	f.NoPython = f.Slim || f.Distro == "alpine"
	f.BuildTools = !f.NoPython
}

package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UvWithoutEnvironment finds `uv pip install`, `sync` or `uninstall` where there is no virtual environment and nothing says that the
// system's interpreter is meant.
//
// uv does not install into the system's Python by itself: it ends with "No virtual environment found; run `uv venv` to create an
// environment, or pass `--system`". Any of these cures it: `--system` or UV_SYSTEM_PYTHON=1, `system = true` under [tool.uv.pip], a
// .venv in the working directory or above it, VIRTUAL_ENV, an environment's bin on PATH, `--target`, `--prefix`, or the path of an interpreter as
// `--python`. A version does not: `--python 3.12`, .python-version and UV_PYTHON=3.12 only choose among environments.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/uv
//	RUN uv pip install --no-cache flask==3.1.0
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/uv
//	RUN uv pip install --system --no-cache flask==3.1.0
//	CMD ["flask", "run"]
//
// # Fix
//
// Adds `--system`. Unsafe: a virtual environment may be what is wanted. None for the interpreter of a distribution, which refuses
// packages from elsewhere.
//
// # References
//
//   - https://docs.astral.sh/uv/pip/environments/
//   - https://docs.astral.sh/uv/guides/integration/docker/#installing-a-package
var UvWithoutEnvironment = register(&analyzer.Rule{
	Code: "PLD610", Name: "uv-without-environment",
	Summary:  "uv pip finds no virtual environment and is not told to use the system's interpreter",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkUvWithoutEnvironment,
})

func checkUvWithoutEnvironment(p *analyzer.Pass) {
	for c := range p.Commands() {
		if !lacksEnvironment(c) {
			continue
		}
		call := c.Installer
		d := analyzer.Diagnostic{
			Span: call.Span,
			Message: fmt.Sprintf("there is no virtual environment for `uv pip %s`, and no --system, so the build fails: "+
				"\"No virtual environment found\"", call.Verb),
		}
		if call.VerbSpan.End > call.Span.Start {
			d.Span.End = call.VerbSpan.End
		}
		python := c.State.Python()
		switch {
		case python == nil || python.ExternallyManaged:
			d.NoFixReason = "the distribution's Python refuses packages from elsewhere: make an environment with `uv venv`"
		case call.VerbSpan.Empty() || !c.Shell.Exact:
			d.NoFixReason = "the command is not written out"
		default:
			d.Fix = &analyzer.Fix{Title: "Add --system", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
				fixes.InsertWord(call.VerbSpan, "--system"),
			}}
		}
		p.Report(d)
	}
}

// lacksEnvironment tells whether the command is a `uv pip` that works on an environment and certainly finds none: no virtual environment is
// active, on PATH or called .venv in the working directory or above it, and nothing sends it to another place. Seen with uv 0.13.9:
// "No virtual environment found; run `uv venv` to create an environment, or pass `--system` to install into a non-virtual environment".
// A version as --python or UV_PYTHON, .python-version, UV_PROJECT_ENVIRONMENT and UV_BREAK_SYSTEM_PACKAGES change nothing about that.
func lacksEnvironment(c *analyzer.Command) bool {
	call := c.Installer
	if call == nil || call.Tool != installer.UvPip || call.Opaque != "" || !c.Shell.Certain || !c.State.Image().EnvKnown {
		return false
	}
	if call.Verb != "install" && call.Verb != "sync" && call.Verb != "uninstall" || slices.Contains(call.Wrappers, "uv run") {
		return false
	}
	for _, option := range []string{"--system", "--target", "--prefix", "--root", "--user", "--config-file", "--directory", "--project", "--dry-run"} {
		if call.Has(option) {
			return false
		}
	}
	if v := c.Setting("--system"); v.Kind == env.Unknown || v.Is("true") {
		return false
	}
	if strings.Contains(call.InterpreterHint(), "/") {
		return false
	}
	if o, ok := call.Option("--python"); ok && (!o.Value.IsKnown() || strings.Contains(o.Value.Text, "/")) {
		return false
	}
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX", "UV_CONFIG_FILE", "UV_TARGET", "UV_PREFIX", "UV_WORKING_DIR", "UV_PROJECT"} {
		if v := c.State.Lookup(name); v.Kind != env.Unset && !v.Is("") {
			return false
		}
	}
	if v := c.State.Lookup("UV_PYTHON"); v.Kind == env.Unknown || strings.Contains(v.Text, "/") {
		return false
	}
	return !mayHaveEnvironment(c) && !mayConfigureUv(c)
}

// mayHaveEnvironment tells whether a virtual environment may be on PATH or called .venv where uv looks for it.
func mayHaveEnvironment(c *analyzer.Command) bool {
	dirs, known := c.State.PathList()
	if !known || !c.State.Workdir.IsKnown() {
		return true
	}
	for _, dir := range dirs {
		if !path.IsAbs(dir) {
			return true
		}
		switch prefix := path.Dir(dir); prefix {
		case "/", "/usr", "/usr/local":
		default:
			if mayHold(c, path.Join(prefix, "pyvenv.cfg")) {
				return true
			}
		}
	}
	for dir := c.State.Workdir.Text; ; dir = path.Dir(dir) {
		if mayHold(c, path.Join(dir, ".venv")) {
			return true
		}
		if dir == "/" {
			return false
		}
	}
}

// mayHold tells whether the path may be there when the command runs. The images whose ENV is known, and packages of
// distributions, bring neither virtual environments nor configurations of uv.
func mayHold(c *analyzer.Command, p string) bool {
	a := c.HasPath(p)
	return a.Is(analyzer.Yes) || a.Is(analyzer.Maybe) && (a.Step != nil || a.Command != nil) && (a.Command == nil || a.Command.OS == nil)
}

// mayConfigureUv tells whether a configuration file may send `uv pip` to the system's interpreter.
// https://docs.astral.sh/uv/concepts/configuration-files/
func mayConfigureUv(c *analyzer.Command) bool {
	files := []string{"/etc/uv/uv.toml"}
	if home := c.State.Home(); home.IsKnown() {
		files = append(files, path.Join(home.Text, ".config/uv/uv.toml"))
	}
	for dir := c.State.Workdir.Text; ; dir = path.Dir(dir) {
		files = append(files, path.Join(dir, "uv.toml"), path.Join(dir, "pyproject.toml"))
		if dir == "/" {
			break
		}
	}
	for _, file := range files {
		if !mayHold(c, file) {
			continue
		}
		a := c.HasPath(file)
		content, ok := c.Step.Stage.Build().Context.Read(a.Context)
		if a.Context == "" || !ok {
			return true
		}
		if text := string(content); strings.Contains(text, "system") && strings.Contains(text, "pip]") {
			return true
		}
	}
	return false
}

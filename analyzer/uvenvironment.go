package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// LacksEnvironment tells whether the command is a `uv pip` that works on an environment and certainly finds none: no virtual environment is
// active, on PATH or called .venv in the working directory or above it, and nothing sends it to another place. Seen with uv 0.13.9:
// "No virtual environment found; run `uv venv` to create an environment, or pass `--system` to install into a non-virtual environment".
// A version as --python or UV_PYTHON, .python-version, UV_PROJECT_ENVIRONMENT and UV_BREAK_SYSTEM_PACKAGES change nothing about that.
func (c *Command) LacksEnvironment() bool {
	call := c.Installer
	if call == nil || call.Tool != installer.UvPip || call.Opaque != "" || !c.Shell.Certain || !c.State.image.EnvKnown {
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
	return !c.mayHaveEnvironment() && !c.mayConfigureUv()
}

// mayHaveEnvironment tells whether a virtual environment may be on PATH or called .venv where uv looks for it.
func (c *Command) mayHaveEnvironment() bool {
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
			if c.mayHold(path.Join(prefix, "pyvenv.cfg")) {
				return true
			}
		}
	}
	for dir := c.State.Workdir.Text; ; dir = path.Dir(dir) {
		if c.mayHold(path.Join(dir, ".venv")) {
			return true
		}
		if dir == "/" {
			return false
		}
	}
}

// mayHold tells whether the path may be there when the command runs. The images whose ENV is known, and packages of
// distributions, bring neither virtual environments nor configurations of uv.
func (c *Command) mayHold(p string) bool {
	a := c.HasPath(p)
	return a.Is(Yes) || a.Is(Maybe) && (a.Step != nil || a.Command != nil) && (a.Command == nil || a.Command.OS == nil)
}

// mayConfigureUv tells whether a configuration file may send `uv pip` to the system's interpreter.
// https://docs.astral.sh/uv/concepts/configuration-files/
func (c *Command) mayConfigureUv() bool {
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
		if !c.mayHold(file) {
			continue
		}
		a := c.HasPath(file)
		content, ok := c.Step.Stage.build.Context.Read(a.Context)
		if a.Context == "" || !ok {
			return true
		}
		if text := string(content); strings.Contains(text, "system") && strings.Contains(text, "pip]") {
			return true
		}
	}
	return false
}

package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// ManagedPython is the directory of uv's own interpreters, where the environment that the command makes is certain to be linked to: the
// stage has no other interpreter, or uv is told to take none.
// https://docs.astral.sh/uv/concepts/python-versions/#requiring-or-disabling-managed-python-versions
func (c *Command) ManagedPython() (dir string, ok bool) {
	call := c.Installer
	if call.Tool != installer.Uv || call.Opaque != "" || !c.Shell.Certain && !c.Shell.Attempted || strings.Contains(call.InterpreterHint(), "/") {
		return "", false
	}
	for _, name := range []string{"--python", "--no-managed-python", "--managed-python", "--python-preference", "python-downloads"} {
		if v := c.Setting(name); v.Kind == env.Unknown && c.State.SetsOptionOf(call, name) || name == "--python" && strings.Contains(v.Text, "/") {
			return "", false
		}
	}
	preference := c.Setting("--python-preference").Text
	if o, has := call.Option("--python-preference"); has {
		preference = o.Value.Text
	}
	if call.Has("--no-managed-python") || c.Setting("--no-managed-python").Is("true") || preference == "system" || preference == "only-system" {
		return "", false
	}
	only := call.Has("--managed-python") || c.Setting("--managed-python").Is("true") || preference == "only-managed"
	installed, unclear := c.installedPython()
	if unclear {
		return "", false
	}
	downloads := c.Setting("python-downloads").Text
	fetches := downloads == "" || downloads == "automatic" || downloads == "auto" || downloads == "1" || downloads == "true"
	switch fetches = fetches && !call.Has("--no-python-downloads"); {
	case only:
	case (installed || fetches) && c.wantsOtherPython():
	case !c.State.image.NoPython || c.State.Python() != nil || c.Step.Stage.BringsPython("/usr") && !installed:
		return "", false
	case !installed && (!fetches || c.Step.Stage.mayPullPython()):
		return "", false
	}
	return c.uvPythonDir()
}

// installedPython tells whether `uv python install` has run before the command; unclear that it put the interpreter elsewhere.
func (c *Command) installedPython() (installed, unclear bool) {
	for _, other := range c.Step.Stage.ChainCommands() {
		if other == c {
			break
		}
		if call := other.Installer; call != nil && call.Tool == installer.Uv && call.Verb == "python install" {
			installed = true
			unclear = unclear || call.Has("--install-dir") || call.Opaque != ""
		}
	}
	return installed, unclear
}

// uvPythonDir is where uv keeps interpreters: https://docs.astral.sh/uv/reference/storage/#python-versions
func (c *Command) uvPythonDir() (dir string, ok bool) {
	at := c.Setting("--install-dir")
	if at.Kind == env.Unset {
		data := c.State.Lookup("XDG_DATA_HOME")
		if home := c.State.Home(); data.Kind == env.Unset && home.IsKnown() {
			data = env.Of(path.Join(home.Text, ".local/share"))
		}
		if !data.IsKnown() {
			return "", false
		}
		at = env.Of(path.Join(data.Text, "uv/python"))
	}
	at = c.State.Abs(at)
	return at.Text, at.IsKnown()
}

// mayPullPython tells whether the chain installs OS packages that may bring the distribution's Python as a dependency.
func (s *Stage) mayPullPython() bool {
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != ospkg.Install {
			continue
		}
		for _, p := range c.OS.Packages {
			if !withoutPython[p.Name] {
				return true
			}
		}
	}
	return false
}

// withoutPython holds OS packages that bring no Python, on Debian, Ubuntu and Alpine.
var withoutPython = map[string]bool{
	"curl": true, "wget": true, "ca-certificates": true, "git": true, "build-essential": true, "gcc": true, "g++": true, "make": true,
	"build-base": true, "musl-dev": true, "libc6-dev": true, "pkg-config": true, "libpq-dev": true, "libffi-dev": true, "libssl-dev": true,
	"xz-utils": true, "unzip": true, "openssh-client": true, "gnupg": true, "tzdata": true, "bash": true, "tini": true,
}

package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// Unlocked is an installation of a project that does not hold to its lock file.
type Unlocked struct {
	File string // the lock file's name
	// Option is the option that would make it hold to the file; "" when the file is certainly not in the image.
	Option string
	// InContext tells that the build context has the file, and that the installation sees it.
	InContext bool
}

// Unlocked tells whether the installation may resolve versions anew: of uv sync, pipenv install, poetry install and pdm install.
func (in *Installation) Unlocked() (u Unlocked, ok bool) {
	call := in.Call
	if call.LockMode() != "" || len(call.Requirements) > 0 || call.Has("--upgrade") || call.Has("--dry-run") || !in.Command.Shell.Certain && !in.Command.Shell.Attempted {
		return u, false
	}
	var switches []string
	switch call.Tool {
	case installer.Uv:
		if call.Verb != "sync" || call.Has("--script") || call.Has("--inexact") && call.Has("--active") {
			return u, false
		}
		u.File, u.Option, switches = "uv.lock", "--locked", []string{"--locked", "--frozen"}
	case installer.Pipenv:
		if call.Verb != "install" || call.Has("--skip-lock") || len(call.RequirementFiles()) > 0 {
			return u, false
		}
		u.File, u.Option, switches = "Pipfile.lock", "--deploy", []string{"--deploy", "--ignore-pipfile", "--skip-lock"}
	case installer.Pdm:
		if call.Verb != "install" {
			return u, false
		}
		u.File, u.Option, switches = "pdm.lock", "--check", []string{"--no-lock"}
	case installer.Poetry:
		if call.Verb != "install" && call.Verb != "sync" {
			return u, false
		}
		u.File = "poetry.lock"
	default:
		return u, false
	}
	for _, name := range switches {
		if v := in.Command.Setting(name); v.Is("true") || v.Kind == env.Unknown && (in.Command.State.SetsOptionOf(call, name)) {
			return u, false
		}
	}
	presence, from := in.Command.LockFile(u.File)
	u.InContext = presence == Yes && from != ""
	if presence == No {
		u.Option = ""
		return u, true
	}
	// poetry holds to the file whenever there is one.
	return u, u.Option != ""
}

// SetsOptionOf tells whether the Dockerfile sets one of the variables of the option.
func (s State) SetsOptionOf(call *installer.Command, name string) bool {
	for _, v := range installer.Variables(call.Tool, name) {
		if s.Sets(v) {
			return true
		}
	}
	return false
}

// LockFile tells whether the command sees the lock file in its working directory. Directories above it are looked at too, since uv
// and poetry find a project from below.
func (c *Command) LockFile(name string) (Presence, string) {
	dir := c.State.Workdir
	if !dir.IsKnown() || c.Installer.Has("--project") || c.Installer.Has("--directory") {
		return Maybe, ""
	}
	result := No
	for at := dir.Text; ; at = path.Dir(at) {
		switch presence, from := c.Step.Holds(path.Join(at, name)); presence {
		case Yes:
			return Yes, from
		case Maybe:
			result = Maybe
		}
		if at == "/" {
			return result, ""
		}
	}
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// unlocked is an installation of a project that does not hold to its lock file.
type unlocked struct {
	file string // the lock file's name
	// option is the option that would make it hold to the file; "" when the file is certainly not in the image.
	option string
	// inContext tells that the build context has the file, and that the installation sees it.
	inContext bool
}

// Unlocked tells whether the installation may resolve versions anew: of uv sync, pipenv install, poetry install and pdm install.
func findUnlocked(in *analyzer.Installation) (u unlocked, ok bool) {
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
		u.file, u.option, switches = "uv.lock", "--locked", []string{"--locked", "--frozen"}
	case installer.Pipenv:
		if call.Verb != "install" || call.Has("--skip-lock") || len(call.RequirementFiles()) > 0 {
			return u, false
		}
		u.file, u.option, switches = "Pipfile.lock", "--deploy", []string{"--deploy", "--ignore-pipfile", "--skip-lock"}
	case installer.Pdm:
		if call.Verb != "install" {
			return u, false
		}
		u.file, u.option, switches = "pdm.lock", "--check", []string{"--no-lock"}
	case installer.Poetry:
		if call.Verb != "install" && call.Verb != "sync" {
			return u, false
		}
		u.file = "poetry.lock"
	default:
		return u, false
	}
	for _, name := range switches {
		if v := in.Command.Setting(name); v.Is("true") || v.Kind == env.Unknown && (in.Command.State.SetsOptionOf(call, name)) {
			return u, false
		}
	}
	presence, from := in.Command.LockFile(u.file)
	u.inContext = presence == analyzer.Yes && from != ""
	if presence == analyzer.No {
		u.option = ""
		return u, true
	}
	// poetry holds to the file whenever there is one.
	return u, u.option != ""
}

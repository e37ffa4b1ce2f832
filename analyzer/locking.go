package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

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

package analyzer

import (
	"path"
	"strconv"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// IdleMount is a cache mount of a RUN that the installer there does not use.
type IdleMount struct {
	Install *Installation
	Mount   Mount
	// Dir is where the installer keeps its cache for this user.
	Dir string
	// Covers tells that the mount lies over Dir.
	Covers bool
	// Option switches the cache off; its Name is "" when Variable, or neither, does.
	Option   installer.Option
	Variable string
	// Owner is the user whom the mount belongs to where it lies in the right place but pip refuses to use it; else "".
	Owner string
	// UID is the user that it should belong to, "" when not known.
	UID string
}

// IdleMounts are the cache mounts that are for pip or uv and that certainly serve no command of the RUN: the cache is switched off,
// is in another directory, or the mount belongs to another user.
func (step *Step) IdleMounts() []IdleMount {
	var idle []IdleMount
	for _, m := range step.Mounts() {
		if m.Type != "cache" || !m.Target.IsKnown() {
			continue
		}
		if found, ok := step.idle(m); ok {
			idle = append(idle, found)
		}
	}
	return idle
}

// idle asks every installer of the RUN; one that uses the mount, or may use it, settles the matter.
func (step *Step) idle(m Mount) (first IdleMount, found bool) {
	for _, c := range step.Commands {
		if c.Installer == nil {
			if len(c.Argv) > 0 && mayInstall.MatchString(c.Argv[0].Text()) {
				return IdleMount{}, false
			}
			continue
		}
		if c.Installer.Opaque != "" {
			return IdleMount{}, false
		}
		tool, ok := cacheTool[c.Installer.Tool]
		switch {
		case !ok:
			if c.Installer.Tool != installer.Venv && path.Base(m.Target.Text) == ".cache" {
				return IdleMount{}, false
			}
			if c.Installer.Tool == installer.Pipenv || c.Installer.Tool == installer.Pipx {
				return IdleMount{}, false // these call pip
			}
			continue
		case !c.isFor(m, tool):
			continue // a mount for something else
		case c.Install == nil:
			if fetches[c.Installer.Verb] {
				return IdleMount{}, false
			}
			continue
		}
		one, isIdle := c.idle(m)
		if !isIdle {
			return IdleMount{}, false
		}
		if !found {
			first, found = one, true
		}
	}
	return first, found
}

// mayInstall matches programs that may call an installer in their turn.
var mayInstall = pattern.New(`/|\.(?:sh|py)$|^(?:$|make|just|tox|nox|hatch|sh|bash|python[\d.]*|npm|yarn|cargo|task|invoke|doit)$`)

// isFor tells whether a mount is meant for the tool's cache: by its place or by its name.
func (c *Command) isFor(m Mount, tool string) bool {
	base := path.Base(m.Target.Text)
	return base == tool || base == ".cache" || m.Target.Text == c.CacheDir().Or("")
}

var cacheTool = map[installer.Tool]string{installer.Pip: "pip", installer.UvPip: "uv", installer.Uv: "uv"}

// fetches holds the verbs that fill the cache without installing.
var fetches = map[string]bool{"wheel": true, "download": true, "lock": true, "compile": true, "run": true, "tool run": true, "build": true, "export": true}

func (c *Command) idle(m Mount) (IdleMount, bool) {
	dir := c.CacheDir()
	if !dir.IsKnown() {
		return IdleMount{}, false
	}
	found := IdleMount{Install: c.Install, Mount: m, Dir: dir.Text, Covers: under(m.Target.Text, dir.Text)}
	option := c.Installer.NoCacheOption()
	if o, ok := c.Installer.Option(option); ok {
		found.Option = o
		return found, true
	}
	switch off, variable := c.Installer.EnvironmentOption(option, c.State.Lookup); {
	case off.Is("true"):
		found.Variable = variable
		return found, true
	case off.Kind == env.Unknown:
		return IdleMount{}, false
	case !c.State.Image().EnvKnown: // the image may set the cache's directory
		return IdleMount{}, false
	}
	if !found.Covers {
		// One below the cache holds a part of it.
		return found, !under(dir.Text, m.Target.Text) && !c.Step.mountedElsewhere(dir.Text)
	}
	if c.Installer.Tool == installer.Pip {
		found.Owner, found.UID = c.foreign(m)
	}
	return found, found.Owner != ""
}

// mountedElsewhere tells whether some mount lies over the directory.
func (step *Step) mountedElsewhere(dir string) bool {
	for _, m := range step.Mounts() {
		if !m.Target.IsKnown() || under(m.Target.Text, dir) {
			return true
		}
	}
	return false
}

// foreign tells whom the mount belongs to when pip therefore does not use it: root wants it to be root's, and anybody else must be able to
// write there. BuildKit makes it root's, with mode 0755. See check_path_owner in pip/_internal/utils/filesystem.py.
func (c *Command) foreign(m Mount) (owner, wanted string) {
	options := m.Flag.Options()
	if _, ok := options["mode"]; ok {
		return "", ""
	}
	owner = "0"
	if uid, ok := options["uid"]; ok {
		owner = uid
	}
	if _, err := strconv.Atoi(owner); err != nil {
		return "", ""
	}
	user := c.State.User
	_, err := strconv.Atoi(user.Or(""))
	switch {
	case c.State.IsRoot() && owner != "0":
		return owner, "0"
	case !c.State.NonRoot(), owner == user.Text, err != nil && owner != "0":
		return "", ""
	case c.State.IsRoot():
		return "", ""
	case err != nil:
		return owner, ""
	}
	return owner, user.Text
}

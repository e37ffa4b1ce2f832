package rules

import (
	"path"
	"strconv"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// idleMount is a cache mount of a RUN that the installer there does not use.
type idleMount struct {
	install *analyzer.Installation
	mount   analyzer.Mount
	// dir is where the installer keeps its cache for this user.
	dir string
	// covers tells that the mount lies over Dir.
	covers bool
	// option switches the cache off; its Name is "" when Variable, or neither, does.
	option   installer.Option
	variable string
	// owner is the user whom the mount belongs to where it lies in the right place but pip refuses to use it; else "".
	owner string
	// uid is the user that it should belong to, "" when not known.
	uid string
}

// idleMounts are the cache mounts that are for pip or uv and that certainly serve no command of the RUN: the cache is switched off,
// is in another directory, or the mount belongs to another user.
func idleMounts(step *analyzer.Step) []idleMount {
	var idle []idleMount
	for _, m := range step.Mounts() {
		if m.Type != "cache" || !m.Target.IsKnown() {
			continue
		}
		if found, ok := idleBySome(step, m); ok {
			idle = append(idle, found)
		}
	}
	return idle
}

// idleBySome asks every installer of the RUN; one that uses the mount, or may use it, settles the matter.
func idleBySome(step *analyzer.Step, m analyzer.Mount) (first idleMount, found bool) {
	for _, c := range step.Commands {
		if c.Installer == nil {
			if len(c.Argv) > 0 && mayInstall.MatchString(c.Argv[0].Text()) {
				return idleMount{}, false
			}
			continue
		}
		if c.Installer.Opaque != "" {
			return idleMount{}, false
		}
		tool, ok := cacheTool[c.Installer.Tool]
		switch {
		case !ok:
			if c.Installer.Tool != installer.Venv && path.Base(m.Target.Text) == ".cache" {
				return idleMount{}, false
			}
			if c.Installer.Tool == installer.Pipenv || c.Installer.Tool == installer.Pipx {
				return idleMount{}, false // these call pip
			}
			continue
		case !mountIsFor(c, m, tool):
			continue // a mount for something else
		case c.Install == nil:
			if fetches[c.Installer.Verb] {
				return idleMount{}, false
			}
			continue
		}
		one, isIdle := idleBy(c, m)
		if !isIdle {
			return idleMount{}, false
		}
		if !found {
			first, found = one, true
		}
	}
	return first, found
}

// mayInstall matches programs that may call an installer in their turn.
var mayInstall = pattern.New(`/|\.(?:sh|py)$|^(?:$|make|just|tox|nox|hatch|sh|bash|python[\d.]*|npm|yarn|cargo|task|invoke|doit)$`)

// mountIsFor tells whether a mount is meant for the tool's cache: by its place or by its name.
func mountIsFor(c *analyzer.Command, m analyzer.Mount, tool string) bool {
	base := path.Base(m.Target.Text)
	return base == tool || base == ".cache" || m.Target.Text == caches.Dir(c).Or("")
}

var cacheTool = map[installer.Tool]string{installer.Pip: "pip", installer.UvPip: "uv", installer.Uv: "uv"}

// fetches holds the verbs that fill the cache without installing.
var fetches = map[string]bool{"wheel": true, "download": true, "lock": true, "compile": true, "run": true, "tool run": true, "build": true, "export": true}

func idleBy(c *analyzer.Command, m analyzer.Mount) (idleMount, bool) {
	dir := caches.Dir(c)
	if !dir.IsKnown() {
		return idleMount{}, false
	}
	found := idleMount{install: c.Install, mount: m, dir: dir.Text, covers: analyzer.Under(m.Target.Text, dir.Text)}
	option := c.Installer.NoCacheOption()
	if o, ok := c.Installer.Option(option); ok {
		found.option = o
		return found, true
	}
	switch off, variable := c.Installer.EnvironmentOption(option, c.State.Lookup); {
	case off.Is("true"):
		found.variable = variable
		return found, true
	case off.Kind == env.Unknown:
		return idleMount{}, false
	case !c.State.Image().EnvKnown: // the image may set the cache's directory
		return idleMount{}, false
	}
	if !found.covers {
		// One below the cache holds a part of it.
		return found, !analyzer.Under(dir.Text, m.Target.Text) && !mountedElsewhere(c.Step, dir.Text)
	}
	if c.Installer.Tool == installer.Pip {
		found.owner, found.uid = foreignMount(c, m)
	}
	return found, found.owner != ""
}

// mountedElsewhere tells whether some mount lies over the directory.
func mountedElsewhere(step *analyzer.Step, dir string) bool {
	for _, m := range step.Mounts() {
		if !m.Target.IsKnown() || analyzer.Under(m.Target.Text, dir) {
			return true
		}
	}
	return false
}

// foreignMount tells whom the mount belongs to when pip therefore does not use it: root wants it to be root's, and anybody else must be able to
// write there. BuildKit makes it root's, with mode 0755. See check_path_owner in pip/_internal/utils/filesystem.py.
func foreignMount(c *analyzer.Command, m analyzer.Mount) (owner, wanted string) {
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

package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// DevInstall is an installation of a project with its development dependencies, for the final image.
type DevInstall struct {
	Install *Installation
	// Option is what asks for them; nil where the tool's default does.
	Option *installer.Option
	// Without is the option that leaves them out.
	Without string
	// Certain tells that the project has some, or that they are asked for.
	Certain bool
}

// DevInstalls are those of the final image: its own installations, and those that it received.
func (b *Build) DevInstalls() []DevInstall {
	var found []DevInstall
	seen := map[*Installation]bool{}
	add := func(in *Installation) {
		if in == nil || seen[in] {
			return
		}
		seen[in] = true
		if d, ok := in.devInstall(); ok {
			found = append(found, d)
		}
	}
	for _, c := range b.Target.ChainCommands() {
		add(c.Install)
	}
	for _, c := range b.Received() {
		if c.Libs {
			add(c.Install)
		}
	}
	return found
}

func (in *Installation) devInstall() (d DevInstall, ok bool) {
	call := in.Call
	installed, said := call.DevGroups()
	if !installed || len(call.Requirements) > 0 || !in.Command.Shell.Certain && !in.Command.Shell.Attempted {
		return d, false
	}
	d.Install = in
	switch call.Tool {
	case installer.Uv:
		if call.Verb != "sync" {
			return d, false
		}
		d.Without = "--no-dev"
		for _, name := range []string{"--no-dev", "--no-default-groups"} {
			if v := in.Command.Setting(name); v.Is("true") || v.Kind == env.Unknown && in.Command.State.setsOptionOf(call, name) {
				return d, false
			}
		}
	case installer.Poetry:
		if call.Verb != "install" && call.Verb != "sync" {
			return d, false
		}
		d.Without = "--without dev"
		if call.Has("--without") || call.Has("--only") {
			return d, false // somebody has thought about groups
		}
	case installer.Pdm:
		d.Without = "--prod"
	case installer.Pipenv:
		if v := in.Command.Setting("--dev"); v.Kind == env.Unknown || in.Command.devUninstalled() {
			return d, false
		}
	default:
		return d, false
	}
	if said {
		for _, name := range []string{"--dev", "--all-groups", "--with", "--only-dev", "--group", "--only-group", "--dev-only"} {
			if o, has := call.Option(name); has {
				d.Option, d.Certain = &o, true
				return d, true
			}
		}
	}
	has := in.hasDevGroup()
	d.Certain = has == Yes
	return d, has != No
}

// devUninstalled tells whether the same RUN takes pipenv's development dependencies away again, after its tests.
func (c *Command) devUninstalled() bool {
	behind := false
	for _, other := range c.Step.Commands {
		if behind && other.Installer != nil && other.Installer.Tool == installer.Pipenv && other.Installer.Verb == "uninstall" {
			return true
		}
		behind = behind || other == c
	}
	return false
}

// hasDevGroup tells whether the project of the installation has development dependencies that are installed by default.
func (in *Installation) hasDevGroup() Presence {
	dir := in.Command.State.Workdir
	context := in.Command.Step.Stage.build.Context
	if context == nil || !dir.IsKnown() {
		return Maybe
	}
	presence, from := in.Command.Step.Holds(path.Join(dir.Text, "pyproject.toml"))
	if presence != Yes || from == "" {
		return Maybe
	}
	meta, ok := context.Project(path.Dir(from))
	if !ok {
		return Maybe
	}
	for name, requirements := range meta.Groups {
		// poetry installs every group that is not optional, uv and pdm "dev".
		if len(requirements) > 0 && (name == "dev" || name == "test" && meta.Poetry) {
			return Yes
		}
	}
	if len(meta.Groups) > 0 {
		return Maybe
	}
	return No
}

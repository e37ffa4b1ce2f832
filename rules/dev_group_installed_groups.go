package rules

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// devInstall is an installation of a project with its development dependencies, for the final image.
type devInstall struct {
	install *analyzer.Installation
	// Option is what asks for them; nil where the tool's default does.
	option *installer.Option
	// Without is the option that leaves them out.
	without string
	// Certain tells that the project has some, or that they are asked for.
	certain bool
}

// devInstalls are those of the final image: its own installations, and those that it received.
func devInstalls(b *analyzer.Build) []devInstall {
	var found []devInstall
	seen := map[*analyzer.Installation]bool{}
	add := func(in *analyzer.Installation) {
		if in == nil || seen[in] {
			return
		}
		seen[in] = true
		if d, ok := readDevInstall(in); ok {
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

func readDevInstall(in *analyzer.Installation) (d devInstall, ok bool) {
	call := in.Call
	installed, said := call.DevGroups()
	if !installed || len(call.Requirements) > 0 || !in.Command.Shell.Certain && !in.Command.Shell.Attempted {
		return d, false
	}
	d.install = in
	switch call.Tool {
	case installer.Uv:
		if call.Verb != "sync" {
			return d, false
		}
		d.without = "--no-dev"
		for _, name := range []string{"--no-dev", "--no-default-groups"} {
			if v := in.Command.Setting(name); v.Is("true") || v.Kind == env.Unknown && in.Command.State.SetsOptionOf(call, name) {
				return d, false
			}
		}
	case installer.Poetry:
		if call.Verb != "install" && call.Verb != "sync" {
			return d, false
		}
		d.without = "--without dev"
		if call.Has("--without") || call.Has("--only") {
			return d, false // somebody has thought about groups
		}
	case installer.Pdm:
		d.without = "--prod"
	case installer.Pipenv:
		if v := in.Command.Setting("--dev"); v.Kind == env.Unknown || devUninstalled(in.Command) {
			return d, false
		}
	default:
		return d, false
	}
	if said {
		for _, name := range []string{"--dev", "--all-groups", "--with", "--only-dev", "--group", "--only-group", "--dev-only"} {
			if o, has := call.Option(name); has {
				d.option, d.certain = &o, true
				return d, true
			}
		}
	}
	has := hasDevGroup(in)
	d.certain = has == analyzer.Yes
	return d, has != analyzer.No
}

// devUninstalled tells whether the same RUN takes pipenv's development dependencies away again, after its tests.
func devUninstalled(c *analyzer.Command) bool {
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
func hasDevGroup(in *analyzer.Installation) analyzer.Presence {
	dir := in.Command.State.Workdir
	context := in.Command.Step.Stage.Build().Context
	if context == nil || !dir.IsKnown() {
		return analyzer.Maybe
	}
	presence, from := in.Command.Step.Holds(path.Join(dir.Text, "pyproject.toml"))
	if presence != analyzer.Yes || from == "" {
		return analyzer.Maybe
	}
	meta, ok := context.Project(path.Dir(from))
	if !ok {
		return analyzer.Maybe
	}
	for name, requirements := range meta.Groups {
		if len(requirements) > 0 && byDefault(in.Call, meta, name) {
			return analyzer.Yes
		}
	}
	if in.Call.Has("--all-packages") || in.Call.Has("--package") || in.Call.Has("--project") || in.Call.Has("--directory") {
		return analyzer.Maybe // another project's
	}
	return analyzer.No
}

// byDefault tells whether a tool that nobody has told about groups installs one that is for development. uv takes the group dev unless
// default-groups says otherwise, pdm takes all, and poetry all that are not optional, among which some have packages for run time.
// https://docs.astral.sh/uv/concepts/projects/dependencies/#default-groups
func byDefault(call *installer.Command, meta *project.Metadata, name string) bool {
	switch call.Tool {
	case installer.Uv:
		if meta.DefaultGroups == nil {
			return name == "dev"
		}
		return slices.Contains(meta.DefaultGroups, name) || slices.Contains(meta.DefaultGroups, "all")
	case installer.Poetry:
		return meta.Poetry && !slices.Contains(meta.OptionalGroups, name) && developmentGroups[name]
	}
	return developmentGroups[name]
}

// developmentGroups are names of groups that nobody gives to what a program needs.
var developmentGroups = map[string]bool{
	"dev": true, "develop": true, "development": true, "test": true, "tests": true, "testing": true, "lint": true, "linting": true, "typing": true,
	"docs": true, "ci": true, "qa": true,
}

package analyzer

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// ProjectDirs are the directories of the build context whose projects the installation builds: `pip install .`,
// `setup.py install`, `poetry install`, `uv sync`. A directory that can't be traced to the context is left out.
func (in *Installation) ProjectDirs() []string {
	var dirs []string
	add := func(inImage env.Value) {
		if inImage.IsKnown() {
			if dir, ok := in.Command.Step.ContextDir(inImage.Text); ok {
				dirs = append(dirs, dir)
			}
		}
	}
	here := in.Command.State.Workdir
	switch in.Call.Tool {
	case installer.SetupPy, installer.Poetry, installer.Uv, installer.Pdm:
		add(here)
		return dirs
	}
	for _, r := range in.Requirements {
		if r.Kind == installer.Local {
			add(in.Command.State.Abs(env.Of(r.Location)))
		}
	}
	return dirs
}

// NamesPackages tells whether the installation names packages of an application: any that is neither an
// installer nor a helper program.
func (in *Installation) NamesPackages() bool {
	for _, r := range in.Requirements {
		if r.Kind == installer.Named && !installer.IsInstaller(r.Name) && !helper[r.Name] {
			return true
		}
	}
	return false
}

// FetchesNothing tells whether everything that is installed is on disk already: wheels, or projects that are built
// without an environment of their own for the build, and no dependencies.
func (in *Installation) FetchesNothing() bool {
	if !in.Call.NoDeps() || len(in.Files) > 0 || len(in.Requirements) == 0 {
		return false
	}
	for _, r := range in.Requirements {
		switch {
		case r.Kind == installer.Archive && strings.HasSuffix(r.Location, ".whl"):
		case (r.Kind == installer.Archive || r.Kind == installer.Local) && in.Call.Has("--no-build-isolation"):
		default:
			return false
		}
	}
	return true
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

// HeldByIndex tells whether the index can't bring anything newer: it is not asked, or only up to a date.
func (in *Installation) HeldByIndex() bool {
	call := in.Call
	return call.NoIndex() || in.Command.Setting("--no-index").Is("true") ||
		call.Has("--exclude-newer") || call.Has("--uploaded-prior-to") || in.Command.Setting("--exclude-newer").IsKnown()
}

// lockOf are the lock files of the tools that install a project.
var lockOf = map[installer.Tool]string{
	installer.Uv: "uv.lock", installer.Poetry: "poetry.lock", installer.Pipenv: "Pipfile.lock", installer.Pdm: "pdm.lock",
}

// AllRequirements are the requirements of the command and of all its files; unread names what can't be read.
func (in *Installation) AllRequirements() (all []installer.Requirement, unread string) {
	context := in.Command.Step.Stage.build.Context
	if _, other := in.Call.IndexURL(); other {
		return nil, "the package index"
	}
	if file := lockOf[in.Call.Tool]; file != "" && len(in.Requirements) == 0 {
		return in.lockedRequirements(file)
	}
	if in.Call.Tool != installer.Pip && in.Call.Tool != installer.UvPip {
		return nil, string(in.Call.Tool)
	}
	for _, r := range in.Requirements {
		if r.Kind != installer.Local {
			all = append(all, r)
			continue
		}
		dirs := in.ProjectDirs()
		if len(dirs) != 1 {
			return nil, r.Text
		}
		meta, ok := context.Project(dirs[0])
		if !ok || meta.DependenciesFile == "" && !needsNothing(meta) {
			return nil, r.Text
		}
		all = append(all, meta.Dependencies...)
		for _, extra := range r.Extras {
			all = append(all, meta.Extras[extra]...)
		}
	}
	for _, use := range in.Files {
		lines, complete := context.AllRequirements(use.InContext)
		if use.InContext == "" || !complete {
			return all, use.Written
		}
		for _, line := range lines {
			all = append(all, line.Requirement)
		}
	}
	return all, ""
}

// Checkouts is where pip keeps the checkouts of editable requirements, to which the packages link, where there are any: the directory of --src, or src in
// the virtual environment or, outside of one, in the working directory (https://pip.pypa.io/en/stable/topics/vcs-support/#editable-vcs-installs).
func (in *Installation) Checkouts() (dir env.Value, ok bool) {
	all := slices.Clone(in.Requirements)
	for _, use := range in.Files {
		lines, _ := in.Command.Step.Stage.build.Context.AllRequirements(use.InContext)
		for _, line := range lines {
			all = append(all, line.Requirement)
		}
	}
	if !slices.ContainsFunc(all, func(r installer.Requirement) bool { return r.Editable && r.Kind == installer.VCS }) {
		return env.Value{}, false
	}
	state := in.Command.State
	switch o, named := in.Call.Option("--src"); {
	case named:
		return state.Abs(o.Value), true
	case in.Command.Setting("--src").Kind != env.Unset:
		return state.Abs(in.Command.Setting("--src")), true
	case in.Place == VirtualEnv && in.Dir.IsKnown():
		return env.Of(path.Join(in.Dir.Text, "src")), true
	case in.Place == VirtualEnv:
		return in.Dir, true
	}
	return state.Abs(env.Of("src")), true
}

// CheckoutsApart are Checkouts that are not in the virtual environment that the installation fills, so that who copies that leaves them behind.
func (in *Installation) CheckoutsApart() (dir env.Value, ok bool) {
	dir, ok = in.Checkouts()
	if !ok || in.Place != VirtualEnv {
		return dir, ok
	}
	return dir, dir != in.Dir && !(in.Dir.IsKnown() && dir.IsKnown() && Under(in.Dir.Text, dir.Text))
}

// needsNothing tells whether a project without a list of dependencies certainly has none: setup.py may compute them.
func needsNothing(meta *project.Metadata) bool {
	return meta.Name != "" && slices.Equal(meta.Files, []string{"pyproject.toml"}) && !slices.Contains(meta.Dynamic, "dependencies")
}

// lockedRequirements are the packages of the tool's lock file, without the project itself. Those for development count too: not every
// command leaves them out.
func (in *Installation) lockedRequirements(file string) (all []installer.Requirement, unread string) {
	context := in.Command.Step.Stage.build.Context
	_, from := in.Command.LockFile(file)
	lock, found := context.Lock(from)
	switch {
	case from == "" && in.Call.Tool != installer.Pipenv:
		return nil, "pyproject.toml" // no lock file has been copied
	case from == "" || !found || len(lock.Packages) == 0:
		return nil, file
	}
	own := ""
	if meta, ok := context.Project(path.Dir(from)); ok {
		own = installer.NormalizeName(meta.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(lock.Packages)) {
		if name == own {
			continue
		}
		r := installer.Requirement{Kind: installer.Named, Name: name}
		if version := lock.Packages[name]; version != "" {
			r.Specifier = "==" + version
		}
		all = append(all, r)
	}
	return all, ""
}

// Editable tells whether the installation links to the sources at dir (in the stage where it runs).
func (in *Installation) Editable(dir string) bool {
	call := in.Call
	switch call.Tool {
	case installer.Uv, installer.Pdm:
		return !call.Has("--no-editable") && !call.SkipsProject() && in.Command.State.Workdir.Is(dir)
	case installer.Poetry:
		return !call.SkipsProject() && in.Command.State.Workdir.Is(dir)
	case installer.SetupPy:
		return call.Verb == "develop" && in.Command.State.Workdir.MayBe(dir)
	}
	for _, r := range in.Requirements {
		if !r.Editable {
			continue
		}
		if r.Kind != installer.Local || in.Command.State.Abs(env.Of(r.Location)).MayBe(dir) {
			return true
		}
	}
	return false
}

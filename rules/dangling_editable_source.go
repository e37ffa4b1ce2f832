package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// danglingEditable is an environment in the final image that only links to a project's sources, which stayed behind.
type danglingEditable struct {
	content analyzer.Content
	dir     string // of the sources, in the stage that they were installed in
	// requirement is the `-e DIR`; nil for tools that link to the project by default.
	requirement *installer.Requirement
}

// danglingEditables are the editable installs that the finished stage received from other stages without the sources.
func danglingEditables(s *analyzer.Stage) []danglingEditable {
	var found []danglingEditable
	seen := map[*analyzer.Installation]bool{}
	for _, c := range s.Contents() {
		if c.Copy == nil || !c.Libs || c.Install.Place == analyzer.ToolEnv || seen[c.Install] {
			continue
		}
		dir, requirement, ok := linksTo(c.Install)
		if !ok || replaced(c.Install, dir) || mayHaveSources(s, c, dir) {
			continue
		}
		seen[c.Install] = true
		found = append(found, danglingEditable{c, dir, requirement})
	}
	return found
}

// mayHaveSources tells whether the finished stage may have the sources at dir, or in another place from which it may import them.
func mayHaveSources(s *analyzer.Stage, c analyzer.Content, dir string) bool {
	script := startsEntryPoint(s, c)
	_, checkout := c.Install.Checkouts()
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		for _, command := range step.Commands {
			if len(command.Argv) > 0 && program.Is(shell.Program(command.Argv[0]), program.Places) && command.HasText(strings.TrimPrefix(dir, "/")) {
				return true
			}
		}
		if step.Copy == nil {
			continue
		}
		if !step.Copy.Dest.IsKnown() || step.Copy.From == nil && !step.Copy.FromContext() {
			if !step.Copy.Dest.IsKnown() || analyzer.Under(step.Copy.Dest.Text, dir) {
				return true
			}
			continue
		}
		dest := step.Copy.Dest.Text
		near := analyzer.Under(dest, dir) || analyzer.Under(dir, dest)
		for _, source := range step.Copy.Sources {
			// A single module may be what an editable install of a flat project links to, if it is put there.
			module := near && !checkout && path.Ext(source.Text.Text) == ".py"
			if module || mayBeSources(step.Copy, source, c, dir) && (near || !script) {
				return true
			}
		}
	}
	return false
}

// linksTo is the directory that an editable install links to.
func linksTo(in *analyzer.Installation) (dir string, requirement *installer.Requirement, ok bool) {
	call, state := in.Call, in.Command.State
	switch call.Tool {
	case installer.Pip, installer.UvPip:
		for i, r := range in.Requirements {
			if at := state.Abs(env.Of(r.Location)); r.Editable && r.Kind == installer.Local && at.IsKnown() && r.Text != "" {
				return at.Text, &in.Requirements[i], true
			}
		}
		if checkouts, apart := in.CheckoutsApart(); apart && checkouts.IsKnown() {
			i := slices.IndexFunc(in.Requirements, func(r installer.Requirement) bool { return r.Editable && r.Kind == installer.VCS })
			if i >= 0 {
				requirement = &in.Requirements[i]
			}
			return checkouts.Text, requirement, true
		}
	case installer.SetupPy:
		return state.Workdir.Text, nil, call.Verb == "develop" && state.Workdir.IsKnown()
	case installer.Uv:
		if call.Verb != "sync" || maySay(in, "--no-editable", "--no-install-project") {
			return "", nil, false
		}
		for _, o := range []string{"--package", "--all-packages", "--project", "--directory", "--only-group", "--only-dev", "--no-install-workspace"} {
			if call.Has(o) {
				return "", nil, false
			}
		}
		if dir, r, ok := linkedProject(in, func(m *project.Metadata) bool { return m.BuildSystem && len(m.Workspace) == 0 }); ok {
			return dir, r, true
		}
		dir, ok := linkedNeighbour(in)
		return dir, nil, ok
	case installer.Pdm:
		if call.Verb != "install" && call.Verb != "sync" || maySay(in, "--no-editable", "--no-self") {
			return "", nil, false
		}
		return linkedProject(in, func(m *project.Metadata) bool { return m.BuildSystem })
	case installer.Poetry:
		if call.Verb != "install" || call.Has("--directory") || call.Has("--project") {
			return "", nil, false
		}
		return linkedProject(in, func(m *project.Metadata) bool { return m.Poetry })
	}
	return "", nil, false
}

// editablePackage matches a package of uv.lock that is installed as a link to another directory than that of the lock file.
var editablePackage = pattern.New(`(?m)^name = "([^"]+)"\n(?:[a-z-]+ = .*\n)*?source = \{ editable = "([^"]*[^".][^"]*)" \}`)

// linkedNeighbour is linksTo for a dependency that uv installs from a directory beside the project.
// https://docs.astral.sh/uv/concepts/projects/dependencies/#editable-dependencies
func linkedNeighbour(in *analyzer.Installation) (dir string, ok bool) {
	here, context := in.Command.State.Workdir, in.Command.Step.Stage.Build().Context
	if !here.IsKnown() || in.Call.Has("--no-editable") || in.Call.Has("--no-install-project") || in.Call.Has("--no-install-local") || in.Call.Has("--no-sources") {
		return "", false
	}
	lock, file := in.Command.HasPath(path.Join(here.Text, "uv.lock")), in.Command.HasPath(path.Join(here.Text, "pyproject.toml"))
	if lock.Context == "" || file.Context == "" {
		return "", false
	}
	meta, known := context.Project(path.Dir(file.Context))
	text, readable := context.Read(lock.Context)
	if !known || !readable || len(meta.Workspace) > 0 {
		return "", false
	}
	for _, m := range editablePackage.Regexp().FindAllSubmatch(text, -1) {
		named := func(r installer.Requirement) bool { return r.Name == string(m[1]) && r.Marker == "" }
		if slices.ContainsFunc(meta.Dependencies, named) {
			return path.Join(here.Text, string(m[2])), true
		}
	}
	return "", false
}

// linkedProject is linksTo for tools that install the project of the working directory, where the build context shows that
// there is one to install.
func linkedProject(in *analyzer.Installation, packaged func(*project.Metadata) bool) (string, *installer.Requirement, bool) {
	here := in.Command.State.Workdir
	if !here.IsKnown() || !in.Editable(here.Text) {
		return "", nil, false
	}
	presence, from := in.Command.Step.Holds(path.Join(here.Text, "pyproject.toml"))
	if presence != analyzer.Yes || from == "" {
		return "", nil, false
	}
	meta, ok := in.Command.Step.Stage.Build().Context.Project(path.Dir(from))
	if !ok || meta.NonPackage || !packaged(meta) {
		return "", nil, false
	}
	return here.Text, nil, true
}

// replaced tells whether a later command of the same chain installs the project again as a copy.
func replaced(in *analyzer.Installation, dir string) bool {
	later := false
	for _, c := range in.Command.Step.Stage.ChainCommands() {
		if c.Install == in {
			later = true
			continue
		}
		other := c.Install
		if !later || other == nil {
			continue
		}
		switch other.Call.Tool {
		case installer.Uv, installer.Poetry, installer.Pdm:
			if other.Call.Tool == in.Call.Tool && other.Dir == in.Dir && !other.Call.SkipsProject() {
				return true // that one decides
			}
		}
		for _, r := range other.Requirements {
			if r.Kind == installer.Archive || r.Kind == installer.Doubtful || !r.Editable && r.Kind == installer.Local && other.Command.State.Abs(env.Of(r.Location)).MayBe(dir) {
				return true
			}
		}
	}
	return false
}

// startsEntryPoint tells whether the stage starts a console script of the project: it imports its package from nowhere but
// the environment.
func startsEntryPoint(s *analyzer.Stage, c analyzer.Content) bool {
	points := c.EntryPoints()
	for _, start := range s.Start().Commands {
		if points[start.Program()] != "" {
			return true
		}
	}
	return false
}

// mayBeSources tells whether one source of a COPY may be the project's sources, or a part of them.
func mayBeSources(c *analyzer.Copy, source analyzer.CopySource, content analyzer.Content, dir string) bool {
	text := source.Text.Text
	switch {
	case !source.Text.IsKnown(), source.Remote:
		return true
	case source.Heredoc:
		return false
	case c.From != nil:
		// Of the stage that has the environment, other directories than it and the sources do not matter.
		return c.From != content.Copy.From || !analyzer.Under(content.Install.Dir.Text, text) && (analyzer.Under(text, dir) || analyzer.Under(dir, text))
	}
	context := c.Step.Stage.Build().Context
	if context.IsDir(text) || analyzer.HasPattern(text) {
		return true
	}
	return !context.Exists(text) && !analyzer.LooksLikeFile(path.Base(text))
}

// maySay tells whether the environment gives one of the options, or may do so.
func maySay(in *analyzer.Installation, options ...string) bool {
	for _, option := range options {
		if v := in.Command.Setting(option); v.Kind != env.Unset && !v.Is("false") {
			return true
		}
	}
	return false
}

package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// DanglingEditable is an environment in the final image that only links to a project's sources, which stayed behind.
type DanglingEditable struct {
	Content Content
	Dir     string // of the sources, in the stage that they were installed in
	// Requirement is the `-e DIR`; nil for tools that link to the project by default.
	Requirement *installer.Requirement
}

// DanglingEditables are the editable installs that the finished stage received from other stages without the sources.
func (s *Stage) DanglingEditables() []DanglingEditable {
	var found []DanglingEditable
	seen := map[*Installation]bool{}
	for _, c := range s.Contents() {
		if c.Copy == nil || !c.Libs || c.Install.Place == ToolEnv || seen[c.Install] {
			continue
		}
		dir, requirement, ok := c.Install.linksTo()
		if !ok || c.Install.replaced(dir) || s.mayHaveSources(c, dir) {
			continue
		}
		seen[c.Install] = true
		found = append(found, DanglingEditable{c, dir, requirement})
	}
	return found
}

// linksTo is the directory that an editable install links to.
func (in *Installation) linksTo() (dir string, requirement *installer.Requirement, ok bool) {
	call, state := in.Call, in.Command.State
	switch call.Tool {
	case installer.Pip, installer.UvPip:
		for i, r := range in.Requirements {
			if at := state.Abs(env.Of(r.Location)); r.Editable && r.Kind == installer.Local && at.IsKnown() && r.Text != "" {
				return at.Text, &in.Requirements[i], true
			}
		}
	case installer.SetupPy:
		return state.Workdir.Text, nil, call.Verb == "develop" && state.Workdir.IsKnown()
	case installer.Uv:
		if call.Verb != "sync" || in.maySay("--no-editable", "--no-install-project") {
			return "", nil, false
		}
		for _, o := range []string{"--package", "--all-packages", "--project", "--directory", "--only-group", "--only-dev", "--no-install-workspace"} {
			if call.Has(o) {
				return "", nil, false
			}
		}
		return in.linkedProject(func(m *project.Metadata) bool { return m.BuildSystem && len(m.Workspace) == 0 })
	case installer.Pdm:
		if call.Verb != "install" && call.Verb != "sync" || in.maySay("--no-editable", "--no-self") {
			return "", nil, false
		}
		return in.linkedProject(func(m *project.Metadata) bool { return m.BuildSystem })
	case installer.Poetry:
		if call.Verb != "install" || call.Has("--directory") || call.Has("--project") {
			return "", nil, false
		}
		return in.linkedProject(func(m *project.Metadata) bool { return m.Poetry })
	}
	return "", nil, false
}

// maySay tells whether the environment gives one of the options, or may do so.
func (in *Installation) maySay(options ...string) bool {
	for _, option := range options {
		if v := in.Command.Setting(option); v.Kind != env.Unset && !v.Is("false") {
			return true
		}
	}
	return false
}

// linkedProject is linksTo for tools that install the project of the working directory, where the build context shows that
// there is one to install.
func (in *Installation) linkedProject(packaged func(*project.Metadata) bool) (string, *installer.Requirement, bool) {
	here := in.Command.State.Workdir
	if !here.IsKnown() || !in.editable(here.Text) {
		return "", nil, false
	}
	presence, from := in.Command.Step.Holds(path.Join(here.Text, "pyproject.toml"))
	if presence != Yes || from == "" {
		return "", nil, false
	}
	meta, ok := in.Command.Step.Stage.build.Context.Project(path.Dir(from))
	if !ok || meta.NonPackage || !packaged(meta) {
		return "", nil, false
	}
	return here.Text, nil, true
}

// replaced tells whether a later command of the same chain installs the project again as a copy.
func (in *Installation) replaced(dir string) bool {
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
			if other.Call.Tool == in.Call.Tool && other.Dir == in.Dir && !other.Call.Has("--no-install-project") && !other.Call.Has("--no-root") && !other.Call.Has("--no-self") {
				return true // that one decides
			}
		}
		for _, r := range other.Requirements {
			if r.Kind == installer.Archive || r.Kind == installer.Doubtful || !r.Editable && r.Kind == installer.Local && mayBe(other.Command.State.Abs(env.Of(r.Location)), dir) {
				return true
			}
		}
	}
	return false
}

// mayHaveSources tells whether the finished stage may have the sources at dir, or in another place from which it may import them.
func (s *Stage) mayHaveSources(c Content, dir string) bool {
	script := s.startsEntryPoint(c)
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		for _, command := range step.Commands {
			if len(command.Argv) > 0 && fetchers[shell.Program(command.Argv[0])] && command.HasText(strings.TrimPrefix(dir, "/")) {
				return true
			}
		}
		if step.Copy == nil {
			continue
		}
		if !step.Copy.Dest.IsKnown() || step.Copy.From == nil && !step.Copy.FromContext() {
			if !step.Copy.Dest.IsKnown() || Under(step.Copy.Dest.Text, dir) {
				return true
			}
			continue
		}
		dest := step.Copy.Dest.Text
		near := Under(dest, dir) || Under(dir, dest)
		for _, source := range step.Copy.Sources {
			// A single module may be what an editable install of a flat project links to, if it is put there.
			module := near && path.Ext(source.Text.Text) == ".py"
			if module || step.Copy.mayBeSources(source, c, dir) && (near || !script) {
				return true
			}
		}
	}
	return false
}

// mayBeSources tells whether one source of a COPY may be the project's sources, or a part of them.
func (c *Copy) mayBeSources(source CopySource, content Content, dir string) bool {
	text := source.Text.Text
	switch {
	case !source.Text.IsKnown(), source.Remote:
		return true
	case source.Heredoc:
		return false
	case c.From != nil:
		// Of the stage that has the environment, other directories than it and the sources do not matter.
		return c.From != content.Copy.From || !Under(content.Install.Dir.Text, text) && (Under(text, dir) || Under(dir, text))
	}
	context := c.Step.Stage.build.Context
	if context.IsDir(text) || hasPattern(text) {
		return true
	}
	return !context.Exists(text) && !LooksLikeFile(path.Base(text))
}

// startsEntryPoint tells whether the stage starts a console script of the project: it imports its package from nowhere but
// the environment.
func (s *Stage) startsEntryPoint(c Content) bool {
	points := c.EntryPoints()
	for _, start := range s.Start().Commands {
		if points[start.Program()] != "" {
			return true
		}
	}
	return false
}

// aboutProject matches files of a project that are not part of what runs.
var aboutProject = pattern.New(`(?i)^(?:.*\.(?:py|pyc|pyi|md|rst|toml|cfg|lock|in|yml|yaml|dockerfile)|(?:license|licence|copying|authors|notice|changelog|changes|readme|makefile|manifest|dockerfile|pipfile|tox|requirements|constraints|codeowners)[\w.-]*|\..*|py\.typed)$`)

// DataFile is a file beside the code of the projects that the installation takes from the build context: a template, a table, anything
// that an editable installation finds through the source tree and a wheel holds only if the project says so. known is false where the
// projects can't be looked at; "" with known true means that there is none.
func (in *Installation) DataFile() (file string, known bool) {
	context := in.Command.Step.Stage.build.Context
	dirs := in.ProjectDirs()
	if context == nil || len(dirs) == 0 {
		return "", false
	}
	for _, dir := range dirs {
		data := dataFileBelow(context, dir)
		if data.file != "" || !data.complete {
			return data.file, data.file != ""
		}
	}
	return "", true
}

// dataFile is the first file beside the code in a folder, and whether all of the folder was seen.
type dataFile struct {
	file     string
	complete bool
}

// dataFileBelow looks for it once for all Dockerfiles that share the context.
func dataFileBelow(context *project.Context, dir string) dataFile {
	return context.Remember("data files below "+dir, func() any {
		var data dataFile
		data.complete = context.Walk(dir, func(p string, isDir bool) bool {
			if !isDir && !OutsideApp(p) && !aboutProject.MatchString(path.Base(p)) {
				data.file = p
			}
			return data.file == ""
		})
		return data
	}).(dataFile)
}

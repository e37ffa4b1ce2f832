package sources

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// ProjectBuild is a build of a project of the build context: `pip install .`, `poetry install`, `python -m build`.
type ProjectBuild struct {
	Command *analyzer.Command
	Project *project.Metadata
	At      string      // where the project is in the image
	Span    source.Span // the argument that names it, else the command
	// Editable tells that the sources stay where they are, and need not be there yet.
	Editable bool
}

// AllProjectBuilds are ProjectBuilds, and those of `uv sync`, `pdm install` and of editable installations besides, for which the backend
// reads the project's metadata as well.
func AllProjectBuilds(s *analyzer.Stage) []ProjectBuild {
	found := ProjectBuilds(s)
	for _, in := range s.Installs() {
		if !in.Command.Shell.Certain {
			continue
		}
		add := func(at env.Value, span source.Span, editable, backend bool) {
			if !at.IsKnown() {
				return
			}
			dir, ok := in.Command.Step.ContextDir(at.Text)
			if !ok {
				return
			}
			if meta, ok := s.Build().Context.Project(dir); ok && meta.Installable && len(meta.Problems) == 0 && !meta.NonPackage &&
				(meta.BuildSystem || !backend) {
				found = append(found, ProjectBuild{in.Command, meta, at.Text, span, editable})
			}
		}
		call, here := in.Call, in.Command.State
		switch call.Tool {
		case installer.Pip, installer.UvPip:
			for _, r := range in.Requirements {
				if r.Kind == installer.Local && r.Editable {
					add(here.Abs(env.Of(r.Location)), r.Span, true, false)
				}
			}
		case installer.Uv:
			if call.Verb == "sync" && !hasAny(call, "--no-install-project", "--no-install-workspace", "--no-install-local", "--package",
				"--all-packages", "--directory", "--project", "--only-group", "--only-dev", "--script", "--dry-run", "--check") &&
				here.Lookup("UV_NO_INSTALL_PROJECT").Kind == env.Unset {
				add(here.Workdir, call.Span, !call.Has("--no-editable") && here.Lookup("UV_NO_EDITABLE").Kind == env.Unset, true)
			}
		case installer.Pdm:
			if (call.Verb == "install" || call.Verb == "sync") && !hasAny(call, "--no-self", "--project", "--dry-run") {
				add(here.Workdir, call.Span, !call.Has("--no-editable"), true)
			}
		}
	}
	return append(found, distributionBuilds(s)...)
}

// distributionBuilds are the builds of wheels and archives: `pip wheel .`, `python -m build`, `uv build`.
func distributionBuilds(s *analyzer.Stage) []ProjectBuild {
	var found []ProjectBuild
	for _, step := range s.Steps {
		for _, c := range step.Commands {
			call := c.Installer
			if call == nil || call.Opaque != "" || !c.Shell.Certain {
				continue
			}
			at, span := env.Value{}, call.Span
			switch {
			case call.Tool == installer.Pip && call.Verb == "wheel":
				for _, r := range call.Requirements {
					if r.Kind == installer.Local && !r.Editable {
						at, span = c.State.Abs(env.Of(r.Location)), r.Span
					}
				}
			case call.Tool == installer.Build, call.Tool == installer.Uv && call.Verb == "build" && !hasAny(call, "--package", "--all-packages", "--directory", "--project"):
				at = c.State.Workdir
				if len(call.Operands) == 1 {
					at = c.State.Abs(call.Operands[0].Value)
				} else if len(call.Operands) > 1 {
					continue
				}
			}
			if !at.IsKnown() || at.Text == "" {
				continue
			}
			dir, ok := step.ContextDir(at.Text)
			if !ok {
				continue
			}
			if meta, ok := s.Build().Context.Project(dir); ok && meta.Installable && len(meta.Problems) == 0 && !meta.NonPackage {
				found = append(found, ProjectBuild{Command: c, Project: meta, At: at.Text, Span: span})
			}
		}
	}
	return found
}

func hasAny(call *installer.Command, options ...string) bool {
	return slices.ContainsFunc(options, call.Has)
}

// ProjectBuilds are the builds of projects that are certain to run, in order; editable installs are not among them, nor is a poetry that
// may be older than 2.0, which goes on when the project can't be built.
func ProjectBuilds(s *analyzer.Stage) []ProjectBuild {
	var found []ProjectBuild
	for _, in := range s.Installs() {
		if !in.Command.Shell.Certain {
			continue
		}
		add := func(at env.Value, span source.Span) {
			if !at.IsKnown() {
				return
			}
			dir, ok := in.Command.Step.ContextDir(at.Text)
			if !ok {
				return
			}
			if meta, ok := s.Build().Context.Project(dir); ok && meta.Installable && len(meta.Problems) == 0 {
				found = append(found, ProjectBuild{Command: in.Command, Project: meta, At: at.Text, Span: span})
			}
		}
		switch in.Call.Tool {
		case installer.Pip, installer.UvPip:
			for _, r := range in.Requirements {
				if r.Kind == installer.Local && !r.Editable {
					add(in.Command.State.Abs(env.Of(r.Location)), r.Span)
				}
			}
		case installer.Poetry:
			if in.Call.Verb == "install" && !in.Call.Has("--no-root") && !in.Call.Has("--directory") && !in.Call.Has("--project") &&
				in.Command.ToolRelease("poetry").AtLeast("2.0.0") {
				add(in.Command.State.Workdir, in.Call.Span)
			}
		}
	}
	return found
}

// BuildInput is a file that a build reads and that is certainly not there.
type BuildInput struct {
	Path string // in the build context
	// Hidden tells that the ignore file keeps it from the builder.
	Hidden bool
	// Silent tells that the build goes on without the dependencies that the file lists.
	Silent bool
	// History tells that it is the .git that the version is read from.
	History bool
}

// MissingInputs are the files without which the build fails, or loses its dependencies.
func (pb ProjectBuild) MissingInputs() []BuildInput {
	var missing []BuildInput
	context := pb.Command.Step.Stage.Build().Context
	note := func(p string, silent, history bool) {
		inside := p
		if pb.Project.Dir != "." {
			inside = strings.TrimPrefix(p, pb.Project.Dir+"/")
		}
		if presence, _ := pb.Command.Holds(path.Join(pb.At, inside)); presence == analyzer.No {
			missing = append(missing, BuildInput{strings.TrimSuffix(p, "/HEAD"), context.Ignored(p), silent, history})
		}
	}
	needsReadme := slices.Contains([]string{"hatchling", "flit_core", "poetry.core"}, pb.Project.Backend)
	setup, _ := context.Read(path.Join(pb.Project.Dir, "setup.py"))
	for _, p := range pb.Project.DynamicFiles {
		switch {
		case p == pb.Project.Readme && needsReadme:
			note(p, false, false)
		case pb.Project.Backend == "setuptools" && slices.Contains(pb.Project.Dynamic, "dependencies") && requirementsName.MatchString(path.Base(p)) &&
			!slices.Contains(pb.Project.Files, "setup.py"):
			note(p, true, false)
		case slices.Equal(pb.Project.Files, []string{"setup.py"}) && context.Exists(p) && opens(string(setup), path.Base(p)):
			note(p, false, false)
		}
	}
	if pb.readsHistory() {
		note(".git/HEAD", false, true)
	}
	return missing
}

var (
	requirementsName = pattern.New(`(?i)requirements.*\.(txt|in)$`)
	guarded          = pattern.New(`\btry\b|exists\(|isfile\(|is_file\(|\bif\b.*open|glob`)
)

// opens tells whether setup.py opens the file with nothing that looks first.
func opens(setup, name string) bool {
	at := regexp.MustCompile(`(?:open|read|read_text|read_file|parse_requirements|load_requirements|get_requirements)\w*\([^\n]*["'/]` + regexp.QuoteMeta(name) + `["']`)
	return at.MatchString(setup) && !guarded.MatchString(setup)
}

// readsHistory tells whether the build stops without .git: setuptools-scm and hatch-vcs do, unless a version is given to them.
// https://setuptools-scm.readthedocs.io/en/latest/overrides/
func (pb ProjectBuild) readsHistory() bool {
	if pb.Project.Dir != "." || !slices.ContainsFunc(pb.Project.Requires, func(r installer.Requirement) bool {
		return r.Name == "setuptools-scm" || r.Name == "hatch-vcs"
	}) || !pb.Project.UsesSCM {
		return false
	}
	b := pb.Command.Step.Stage.Build()
	if strings.Contains(string(b.File.Bytes()), "PRETEND_VERSION") || strings.Contains(string(b.File.Bytes()), ".git") {
		return false
	}
	for _, name := range []string{"pyproject.toml", "setup.py", "setup.cfg"} {
		content, _ := b.Context.Read(name)
		if strings.Contains(string(content), "fallback") || strings.Contains(string(content), "search_parent") {
			return false
		}
	}
	// Settings of poetry's or another backend's own, an unpacked sdist, and an archive made by git do without.
	return !b.Context.Exists("PKG-INFO") && !b.Context.Exists(".git_archival.txt") && !b.Context.Untracked("pyproject.toml")
}

// Packages are the first files of the project's top-level packages and modules, relative to it.
func (pb ProjectBuild) Packages() []string {
	context := pb.Command.Step.Stage.Build().Context
	var found []string
	in := func(dir string) {
		for _, pattern := range []string{"*/__init__.py", "*.py"} {
			for _, match := range context.Glob(path.Join(pb.Project.Dir, dir, pattern)) {
				top := strings.Split(strings.TrimPrefix(strings.TrimPrefix(match, pb.Project.Dir+"/"), dir+"/"), "/")[0]
				if !notPackage[strings.TrimSuffix(top, ".py")] && (pattern != "*.py" || dir == "src") {
					found = append(found, strings.TrimPrefix(match, pb.Project.Dir+"/"))
				}
			}
		}
	}
	if len(pb.Project.Packages) > 0 {
		for _, p := range pb.Project.Packages {
			top := strings.ReplaceAll(strings.Split(p, ".")[0], "-", "_")
			file := path.Join(pb.Project.SourceDir, top, "__init__.py")
			if !context.Exists(path.Join(pb.Project.Dir, file)) {
				return nil
			}
			found = append(found, file)
		}
		return found
	}
	in(pb.Project.SourceDir)
	return found
}

// notPackage are directories and modules at the top of a project that no backend packs by itself.
var notPackage = map[string]bool{"tests": true, "test": true, "docs": true, "doc": true, "examples": true, "scripts": true, "tools": true, "setup": true,
	"conftest": true, "build": true, "dist": true, "benchmarks": true, "tasks": true, "noxfile": true}

package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// SourceCopy is a COPY of a project's source tree from the build context.
type SourceCopy struct {
	Copy    *Copy
	Source  CopySource
	Dir     string // where the tree is in the image
	Project *project.Metadata
}

// SourceCopies are the COPYs in the stage's chain that bring a whole Python project, with its metadata. None without a context.
func (s *Stage) SourceCopies() []SourceCopy {
	var found []SourceCopy
	for _, step := range s.ChainSteps() {
		c := step.Copy
		if c == nil || !c.FromContext() || !c.Dest.IsKnown() {
			continue
		}
		for _, source := range c.Sources {
			if !source.Text.IsKnown() || source.Heredoc || source.Remote || !s.build.Context.IsDir(source.Text.Text) {
				continue
			}
			if meta, ok := s.build.Context.Project(source.Text.Text); ok {
				found = append(found, SourceCopy{Copy: c, Source: source, Dir: c.Dest.Text, Project: meta})
			}
		}
	}
	return found
}

// RunsProject tells whether the start command runs the project: one of its console scripts, `python -m` of one of
// its packages, or a server that is given one of its modules. word is that argument.
func (s *Stage) RunsProject(meta *project.Metadata) (word string, ok bool) {
	for _, c := range s.Start().Commands {
		if program := c.Program(); program != "" && meta.Scripts[program] != "" {
			return program, true
		}
		for i, f := range c.Argv[1:] {
			text := f.Text()
			module, _, isObject := strings.Cut(text, ":")
			afterM := c.Argv[i].Text() == "-m"
			if text == "" || !afterM && !isObject || strings.ContainsAny(module, "/ ") {
				continue
			}
			if s.build.hasPackage(meta, strings.Split(module, ".")[0]) {
				return text, true
			}
		}
	}
	return "", false
}

// hasPackage tells whether the project's own wheel holds the top-level package: a directory with __init__.py where its
// packages are looked for.
func (b *Build) hasPackage(meta *project.Metadata, name string) bool {
	for _, dir := range []string{meta.SourceDir, "src", ""} {
		if b.Context.Exists(path.Join(meta.Dir, dir, name, "__init__.py")) {
			return len(meta.Packages) == 0 || slices.ContainsFunc(meta.Packages, func(p string) bool { return strings.Split(p, ".")[0] == name })
		}
	}
	return false
}

// InstalledInPlace tells whether the chain of the stage installs the project so that it runs from dir: an editable
// install, or `uv sync`, `poetry install` or `pdm install` of it.
func (s *Stage) InstalledInPlace(dir string) bool {
	for _, c := range s.Contents() {
		if c.Install.Editable(dir) {
			return true
		}
	}
	return false
}

// InstalledProject gives the installation that brings the project of the build context to the finished stage, not in place.
func (s *Stage) InstalledProject(meta *project.Metadata) (Content, bool) {
	for _, c := range s.Contents() {
		if c.Libs && slices.Contains(c.Install.ProjectDirs(), meta.Dir) {
			return c, true
		}
	}
	return Content{}, false
}

// Editable tells whether the installation links to the sources at dir (in the stage where it runs).
func (in *Installation) Editable(dir string) bool {
	call := in.Call
	switch call.Tool {
	case installer.Uv, installer.Pdm:
		return !call.Has("--no-editable") && !call.Has("--no-install-project") && !call.Has("--no-self") && in.Command.State.Workdir.Is(dir)
	case installer.Poetry:
		return !call.Has("--no-root") && in.Command.State.Workdir.Is(dir)
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

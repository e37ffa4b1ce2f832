package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// sourceCopy is a COPY of a project's source tree from the build context.
type sourceCopy struct {
	copy    *analyzer.Copy
	source  analyzer.CopySource
	dir     string // where the tree is in the image
	project *project.Metadata
}

// sourceCopies are the COPYs in the stage's chain that bring a whole Python project, with its metadata. None without a context.
func sourceCopies(s *analyzer.Stage) []sourceCopy {
	var found []sourceCopy
	for _, step := range s.ChainSteps() {
		c := step.Copy
		if c == nil || !c.FromContext() || !c.Dest.IsKnown() {
			continue
		}
		for _, source := range c.Sources {
			if !source.Text.IsKnown() || source.Heredoc || source.Remote || !s.Build().Context.IsDir(source.Text.Text) {
				continue
			}
			if meta, ok := s.Build().Context.Project(source.Text.Text); ok {
				found = append(found, sourceCopy{copy: c, source: source, dir: c.Dest.Text, project: meta})
			}
		}
	}
	return found
}

// runsProject tells whether the start command runs the project: one of its console scripts, `python -m` of one of
// its packages, or a server that is given one of its modules. word is that argument.
func runsProject(s *analyzer.Stage, meta *project.Metadata) (word string, ok bool) {
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
			if hasPackage(s.Build(), meta, strings.Split(module, ".")[0]) {
				return text, true
			}
		}
	}
	return "", false
}

// installedProject gives the installation that brings the project of the build context to the finished stage, not in place.
func installedProject(s *analyzer.Stage, meta *project.Metadata) (analyzer.Content, bool) {
	for _, c := range s.Contents() {
		if c.Libs && slices.Contains(c.Install.ProjectDirs(), meta.Dir) {
			return c, true
		}
	}
	return analyzer.Content{}, false
}

// hasPackage tells whether the project's own wheel holds the top-level package: a directory with __init__.py where its
// packages are looked for.
func hasPackage(b *analyzer.Build, meta *project.Metadata, name string) bool {
	for _, dir := range []string{meta.SourceDir, "src", ""} {
		if b.Context.Exists(path.Join(meta.Dir, dir, name, "__init__.py")) {
			return len(meta.Packages) == 0 || slices.ContainsFunc(meta.Packages, func(p string) bool { return strings.Split(p, ".")[0] == name })
		}
	}
	return false
}

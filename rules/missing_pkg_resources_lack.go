package rules

import (
	"bytes"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// pkgResources is an import of pkg_resources in a file that the final image has.
type pkgResources struct {
	path string              // in the context
	span source.Span         // the import
	copy analyzer.CopySource // what brings the file
}

// lacksPkgResources gives the first import of pkg_resources by the application where, as far as can be seen, the image has no setuptools that
// brings it: the official python images have none from Python 3.12 on, and what pip installs without an upper limit is 82 or newer. An image
// or context that names setuptools anywhere but as a build requirement is left alone.
func lacksPkgResources(b *analyzer.Build) (found pkgResources, ok bool) {
	python := b.Target.After.Python()
	if b.Context == nil || !b.Target.Image.Official || b.Target.Image.Extended || python == nil || python.Minor == "" || python.BringsSetuptools() {
		return pkgResources{}, false
	}
	contents := b.Target.Contents()
	if len(contents) == 0 || namesSetuptools.Match(b.File.Bytes()) || contextNamesSetuptools(b, contents) {
		return pkgResources{}, false
	}
	for _, step := range b.Target.ChainSteps() {
		c := step.Copy
		if c == nil || !c.FromContext() {
			continue
		}
		for _, s := range c.Sources {
			if !s.Text.IsKnown() || s.Heredoc || s.Remote || analyzer.HasPattern(s.Text.Text) {
				continue
			}
			if found, ok := importsPkgResources(b, s); ok {
				return found, true
			}
		}
	}
	return pkgResources{}, false
}

// namesSetuptools matches what may bring setuptools.
var namesSetuptools = pattern.New(`setuptools|pkg_resources|ensurepip|virtualenv|conda`)

// contextNamesSetuptools tells whether a file that decides about what is installed may bring setuptools, or can't be read.
func contextNamesSetuptools(b *analyzer.Build, contents []analyzer.Content) bool {
	for _, content := range contents {
		in := content.Install
		for _, use := range append(append([]analyzer.RequirementsUse(nil), in.Files...), in.Constraints...) {
			lines, complete := b.Context.AllRequirements(use.InContext)
			more, also := b.Context.AllConstraints(use.InContext)
			if use.File == nil || !complete || !also {
				return true
			}
			for _, line := range append(lines, more...) {
				// A repository or a directory may need whatever it likes.
				if line.Requirement.Name == "setuptools" || line.Requirement.Kind != installer.Named {
					return true
				}
			}
		}
		for _, dir := range in.ProjectDirs() {
			if projectNamesSetuptools(b, dir) {
				return true
			}
		}
		switch in.Call.Tool {
		case installer.Pip, installer.UvPip, installer.Uv, installer.Poetry, installer.Pdm:
		default:
			return true
		}
	}
	return projectNamesSetuptools(b, ".")
}

// importsPkgResources looks through what a COPY brings. An indented import may be one that is tried.
func importsPkgResources(b *analyzer.Build, s analyzer.CopySource) (found pkgResources, ok bool) {
	look := func(name string) bool {
		if path.Ext(name) != ".py" || project.OutsideApp(name) || b.Context.Ignored(name) {
			return false
		}
		content, readable := b.Context.Read(name)
		if at := importsIt.Regexp().FindIndex(content); readable && at != nil {
			found, ok = pkgResources{path: name, span: source.Span{Start: at[0], End: at[1]}, copy: s}, true
		}
		return ok
	}
	if !b.Context.IsDir(s.Text.Text) {
		look(strings.TrimPrefix(s.Text.Text, "./"))
		return found, ok
	}
	// The same directory is copied by many Dockerfiles of a repository.
	known := b.Context.Remember("imports of pkg_resources in "+s.Text.Text, func() any {
		b.Context.Walk(s.Text.Text, func(name string, isDir bool) bool {
			return isDir || !look(name)
		})
		return found
	}).(pkgResources)
	if known.path == "" {
		return pkgResources{}, false
	}
	known.copy = s
	return known, true
}

// importsIt matches Python code that imports pkg_resources.
var importsIt = pattern.New(`(?m)^(?:import pkg_resources|from pkg_resources import\b)`)

func projectNamesSetuptools(b *analyzer.Build, dir string) bool {
	for _, name := range []string{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "setup.cfg", "setup.py", "environment.yml", "constraints.txt"} {
		if content, ok := b.Context.Read(path.Join(dir, name)); ok && bytes.Contains(content, []byte("setuptools")) {
			return true
		}
	}
	meta, ok := b.Context.Project(dir)
	if !ok {
		return false
	}
	for _, group := range meta.Groups {
		for _, r := range group {
			if r.Name == "setuptools" {
				return true
			}
		}
	}
	for _, r := range meta.Dependencies {
		if r.Name == "setuptools" {
			return true
		}
	}
	return false
}

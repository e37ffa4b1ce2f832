package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// missingLibrary is a shared library that a Python package of the final image loads and that the image certainly lacks.
type missingLibrary struct {
	requirement string           // "psycopg2"
	packages    []string         // the OS packages that hold the library in this release: "libpq5"
	content     analyzer.Content // how the Python package came
	span        source.Span
	path        string // of the file that Span is in, as in Diagnostic
}

// missingLibraries finds those of what the final image received from other stages. It is silent unless everything that is
// installed in the final image can be read, and its base is a slim or bare image whose release is known.
func missingLibraries(b *analyzer.Build) []missingLibrary {
	facts := b.Target.Image
	release := facts.PackageRelease()
	if !isBare(b.Target) {
		return nil
	}
	var found []missingLibrary
	seen := map[string]bool{}
	for _, c := range b.Received() {
		if !c.Libs {
			continue
		}
		for _, l := range needs.Linked {
			file, span, ok := c.Install.BringsPackage(l.Name)
			if !ok || seen[l.Name] || mayProvide(b.Target, l.Provider) {
				continue
			}
			for _, header := range strings.Fields(l.Headers) {
				if packages, known := ospkg.Runtime(facts.Distro, release, header); known && len(packages) > 0 {
					seen[l.Name] = true
					found = append(found, missingLibrary{l.Name, packages, c, span, file})
					break
				}
			}
		}
	}
	return found
}

// mayProvide tells whether an OS package that the chain installs matches, or can't be read.
func mayProvide(s *analyzer.Stage, provider *pattern.Pattern) bool {
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != ospkg.Install {
			continue
		}
		for _, p := range c.OS.Packages {
			if p.Name == "" || p.File != "" || p.Group || provider.MatchString(p.Name) {
				return true
			}
		}
	}
	return false
}

// isBare tells whether the stage's base certainly holds no libraries besides those of Python itself, and nothing can have
// brought some unseen.
func isBare(s *analyzer.Stage) bool {
	if !s.OnBareImage() {
		return false
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" || step.Instruction.Keyword == "ONBUILD" {
			return false
		}
		for _, c := range step.Commands {
			if c.MayDoAnything() {
				return false
			}
		}
		if step.Copy == nil || step.Copy.FromContext() {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() || isLibraryPath(source.Text.Text) || !step.Copy.Dest.IsKnown() || isLibraryPath(step.Copy.Dest.Text) {
				return false
			}
		}
	}
	return true
}

// isLibraryPath tells whether a COPY of the path may bring shared libraries of the system.
func isLibraryPath(p string) bool {
	switch {
	case p == "/", p == "/usr", p == "/lib", strings.HasPrefix(p, "/usr/lib"), strings.HasPrefix(p, "/lib/"), strings.HasPrefix(p, "/lib64"):
		return true
	}
	return strings.Contains(path.Base(p), ".so") || strings.HasPrefix(path.Base(p), "lib") && path.Base(p) != "lib" || p == "/usr/local/lib"
}

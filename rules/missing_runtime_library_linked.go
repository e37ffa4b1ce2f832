package rules

import (
	"bytes"
	"path"
	"slices"
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
	by          string           // what requires it, "" where it is named
	packages    []string         // the OS packages that hold the library in this release: "libpq5"
	content     analyzer.Content // how the Python package came
	span        source.Span
	path        string // of the file that Span is in, as in Diagnostic
	// removed is the package of headers with whose removal the library goes, its command the one that installs it; nil where it never came.
	removed *analyzer.PackageUse
	// removal is where it is removed.
	removal source.Span
	// asked tells that ctypes looks the library up, for those who import that part.
	asked bool
}

// missingLibraries finds those of what the final image received from other stages, and those of its own packages whose library goes with the
// headers when the build's packages are removed, or never came. It is silent unless everything that is installed in the final image can be
// read, and its base is a slim or bare image whose release is known.
func missingLibraries(b *analyzer.Build) []missingLibrary {
	s := b.Target
	if !isBare(s) {
		return nil
	}
	var found []missingLibrary
	contents := slices.DeleteFunc(slices.Clone(s.Contents()), func(c analyzer.Content) bool { return !c.Libs })
	// first is the first content that brings a requirement, asked of each kind but once where that walks through all commands.
	first := func(name string, take func(m *missingLibrary) bool) {
		for _, c := range contents {
			m := missingLibrary{requirement: name, content: c}
			if m.brought() {
				if take(&m) {
					found = append(found, m)
				}
				return
			}
		}
	}
	for _, l := range needs.Linked {
		first(l.Name, func(m *missingLibrary) bool {
			ok := m.content.Copy != nil && !mayProvide(s, l.Provider)
			if m.content.Copy == nil {
				m.removed, m.removal, ok = removedHeaders(s, l.Headers, l.Provider)
			}
			return ok && !bringsTwin(s, l.Name) && holdLibraries(s, m, l.Headers, 1)
		})
	}
	for _, l := range needs.Loads {
		if s.Image.Libc != "glibc" {
			break
		}
		first(l.Name, func(m *missingLibrary) bool {
			m.asked = l.Asked
			return !mayProvide(s, l.Provider) && !mayBeHeadless(s, m) && holdLibraries(s, m, l.Headers, 2) &&
				!slices.ContainsFunc(found, func(other missingLibrary) bool { return slices.Equal(other.packages, m.packages) })
		})
	}
	return found
}

// bringsTwin tells whether a variant of the package that has its libraries with it is installed besides: it has the same module.
func bringsTwin(s *analyzer.Stage, name string) bool {
	twin := wheelTwins[name]
	return twin != "" && slices.ContainsFunc(s.Contents(), func(c analyzer.Content) bool { return c.Install.Packages().Names[twin] })
}

// brought fills in where the requirement is written.
func (m *missingLibrary) brought() (ok bool) {
	m.path, m.span, m.by, ok = m.content.Install.BringsPackage(m.requirement)
	return ok
}

// holdLibraries fills in the packages of the libraries that belong to the headers, to so many of these at most.
func holdLibraries(s *analyzer.Stage, m *missingLibrary, headers string, most int) bool {
	for name := range strings.FieldsSeq(headers) {
		packages, known := ospkg.Runtime(s.Image.Distro, s.Image.PackageRelease(), name)
		if !strings.HasSuffix(name, "-dev") {
			packages, known = []string{name}, true
		}
		if known && len(packages) > 0 && most > 0 {
			m.packages = append(m.packages, packages...)
			most--
		}
	}
	return len(m.packages) > 0
}

// mayBeHeadless tells whether OpenCV may be left out, or come as the variant without windows, which has the same module and needs no libGL: a
// command, an installation or the file with the requirement says so.
func mayBeHeadless(s *analyzer.Stage, m *missingLibrary) bool {
	content, _ := s.Build().Context.Read(m.path)
	return bytes.Contains(content, []byte("headless")) || bytes.Contains(content, []byte("override-dependencies")) ||
		slices.ContainsFunc(s.Contents(), func(c analyzer.Content) bool {
			set := c.Install.Packages()
			return set.Names["opencv-python-headless"] || set.Names["opencv-contrib-python-headless"]
		}) ||
		slices.ContainsFunc(m.content.Install.Command.Step.Stage.ChainCommands(), func(c *analyzer.Command) bool { return c.HasText("headless") })
}

// removedHeaders is a package of headers that the chain installs and removes again in a way that takes its library along: apk's del, and apt's
// --auto-remove or autoremove. ok is false where another package may have brought the library, or one may keep it.
// https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
func removedHeaders(s *analyzer.Stage, headers string, provider *pattern.Pattern) (use *analyzer.PackageUse, at source.Span, ok bool) {
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != ospkg.Install {
			continue
		}
		for _, p := range c.OS.Packages {
			switch {
			case p.Name == "" || p.File != "" || p.Group:
				return nil, at, false
			case !provider.MatchString(p.Name):
				continue
			}
			removal, certain := removedLater(c, p.Name)
			if !certain || !slices.Contains(strings.Fields(headers), p.Name) {
				return nil, at, false
			}
			use, at = &analyzer.PackageUse{Command: c, Package: p}, removal
		}
	}
	return use, at, use != nil
}

// removedLater tells where a later command of the RUN certainly removes the package together with what came along with it.
func removedLater(c *analyzer.Command, name string) (at source.Span, certain bool) {
	if c.OS.Opaque != "" || !c.Shell.Certain || c.Step.MarksPackages() || c.OS.Manager != ospkg.Apt && c.OS.Manager != ospkg.Apk {
		return at, false
	}
	for _, other := range c.Step.Commands[slices.Index(c.Step.Commands, c)+1:] {
		call := other.OS
		if call == nil || call.Opaque != "" || call.Simulates || !other.Shell.Certain || call.Verb != ospkg.Remove && call.Verb != ospkg.AutoRemove {
			continue
		}
		for _, p := range call.Packages {
			if p.Name == name || c.OS.Virtual != "" && p.Name == c.OS.Virtual {
				at = p.Span
			}
		}
		if !at.Empty() && (call.Manager == ospkg.Apk || call.AutoRemoves || call.Verb == ospkg.AutoRemove) {
			return at, true
		}
	}
	return at, false
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

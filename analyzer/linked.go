package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// MissingLibrary is a shared library that a Python package of the final image loads and that the image certainly lacks.
type MissingLibrary struct {
	Requirement string   // "psycopg2"
	Packages    []string // the OS packages that hold the library in this release: "libpq5"
	Content     Content  // how the Python package came
	Span        source.Span
	Path        string // of the file that Span is in, as in Diagnostic
}

// linked are Python packages that PyPI has no wheels of for Linux, so that they are always built from source, with
// the headers that they are built with and what the OS packages that bring the library have in their names.
var linked = []struct {
	name, headers string
	provider      *pattern.Pattern
}{
	{"psycopg2", "libpq-dev postgresql-dev", pattern.New(`pq|postgres|psql|pgpool|pgbouncer`)},
	{"psycopg-c", "libpq-dev postgresql-dev", pattern.New(`pq|postgres|psql|pgpool|pgbouncer`)},
	{"mysqlclient", "default-libmysqlclient-dev mariadb-connector-c-dev", pattern.New(`mysql|maria`)},
	{"python-ldap", "libldap2-dev openldap-dev", pattern.New(`ldap|curl|git|gnupg|samba`)},
	{"pygraphviz", "libgraphviz-dev graphviz-dev", pattern.New(`graphviz|gvc`)},
	{"pyaudio", "portaudio19-dev portaudio-dev", pattern.New(`portaudio|audio|ffmpeg`)},
	{"pyicu", "libicu-dev icu-dev", pattern.New(`icu|xml2|node|php|boost|postgres|git|qt|chromium`)},
}

// MissingLibraries finds those of what the final image received from other stages. It is silent unless everything that is
// installed in the final image can be read, and its base is a slim or bare image whose release is known.
func (b *Build) MissingLibraries() []MissingLibrary {
	facts := b.Target.Image
	release := facts.PackageRelease()
	if !b.Target.isBare() {
		return nil
	}
	var found []MissingLibrary
	seen := map[string]bool{}
	for _, c := range b.Received() {
		if !c.Libs {
			continue
		}
		for _, l := range linked {
			file, span, ok := c.Install.BringsPackage(l.name)
			if !ok || seen[l.name] || b.Target.mayProvide(l.provider) {
				continue
			}
			for _, header := range strings.Fields(l.headers) {
				if packages, known := ospkg.Runtime(facts.Distro, release, header); known && len(packages) > 0 {
					seen[l.name] = true
					found = append(found, MissingLibrary{l.name, packages, c, span, file})
					break
				}
			}
		}
	}
	return found
}

// isBare tells whether the stage's base certainly holds no libraries besides those of Python itself, and nothing can have
// brought some unseen.
func (s *Stage) isBare() bool {
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

// OnBareImage tells whether the image at the root of the stage's bases holds Python and its libraries at most: Docker's slim and Alpine
// variants of python, and plain debian, ubuntu and alpine.
func (s *Stage) OnBareImage() bool {
	facts := s.Image
	return facts.Official && (facts.Slim || facts.Distro == "alpine") ||
		slices.Contains([]string{"library/debian", "library/ubuntu", "library/alpine"}, facts.Reference.Path)
}

// isLibraryPath tells whether a COPY of the path may bring shared libraries of the system.
func isLibraryPath(p string) bool {
	switch {
	case p == "/", p == "/usr", p == "/lib", strings.HasPrefix(p, "/usr/lib"), strings.HasPrefix(p, "/lib/"), strings.HasPrefix(p, "/lib64"):
		return true
	}
	return strings.Contains(path.Base(p), ".so") || strings.HasPrefix(path.Base(p), "lib") && path.Base(p) != "lib" || p == "/usr/local/lib"
}

// mayProvide tells whether an OS package that the chain installs matches, or can't be read.
func (s *Stage) mayProvide(provider *pattern.Pattern) bool {
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

// BringsPackage tells whether the installation certainly installs the package from PyPI: it names it, or a requirements file or the project
// that it installs does.
func (in *Installation) BringsPackage(name string) (file string, span source.Span, ok bool) {
	// Another index may have wheels, with the library in them.
	if _, ok := in.Call.IndexURL(); ok || len(in.Call.ExtraIndexURLs()) > 0 || in.Call.Has("--find-links") {
		return "", source.Span{}, false
	}
	extra := ""
	if name == "psycopg-c" {
		name, extra = "psycopg", "c"
	}
	is := func(r installer.Requirement) bool {
		return r.Kind == installer.Named && r.Name == name && r.Marker == "" && (extra == "" || slices.Contains(r.Extras, extra))
	}
	for _, r := range in.Requirements {
		if is(r) {
			return "", r.Span, true
		}
	}
	context := in.Command.Step.Stage.build.Context // nil answers that it holds nothing
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		lines, _ := context.AllRequirements(use.InContext)
		for _, line := range lines {
			if is(line.Requirement) {
				return line.Path, line.Span, true
			}
		}
	}
	for _, dir := range in.ProjectDirs() {
		if meta, found := context.Project(dir); found {
			for _, r := range meta.Dependencies {
				if is(r) {
					return path.Join(dir, meta.DependenciesFile), r.Span, true
				}
			}
		}
	}
	return "", source.Span{}, false
}

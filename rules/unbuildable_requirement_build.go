package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// unbuildable is a requirement that must be compiled where what that takes is certainly not there.
type unbuildable struct {
	requirement string
	by          string   // what requires it, "" where it is named
	lacks       []string // a compiler, header packages
	instead     string   // a distribution that comes as a wheel and does the same, "" for none
	install     *analyzer.Installation
	span        source.Span
	path        string // of the file that Span is in, as in Diagnostic
}

// PyPI was asked on 2026-11-29 for wheels of the newest release of each of needs.Compiled, for Python 3.12 and 3.14 on manylinux and 3.12 on
// musllinux, x86_64. Of those, pygraphviz has some since 2.0.4; which older release a file pins is not looked at. Older Pythons are not
// judged: psycopg2 2.7 and netifaces have wheels for some of them.
var (
	askedPythons = []string{"3.10", "3.11", "3.12", "3.13", "3.14"}
	hasWheels    = map[string]bool{"pygraphviz": true}
)

// wheelTwins are distributions with wheels that hold the same as one without.
var wheelTwins = map[string]string{"psycopg2": "psycopg2-binary", "uwsgi": "pyuwsgi", "psycopg[c]": "psycopg[binary]"}

// builders are the OS packages that bring a C compiler, by themselves or as what they depend on.
var builders = pattern.New(`gcc|g\+\+|clang|build-essential|build-base|alpine-sdk|build-dep|devscripts|gfortran|fortran|dpkg-dev|rust|cargo|cython|` +
	`r-base|cmake|libtool|python\d?(?:\.\d+)?-pip|ruby|golang|nvidia|cuda|llvm|swig|libc6?-dev|musl-dev|^go$|nodejs|npm|toolchain`)

// gdal matches the OS packages that bring the headers of GDAL. PyPI was asked for its wheels on 2026-11-30 (3.13.3).
var gdal = pattern.New(`gdal|qgis|mapserver|mapnik|postgis|grass`)

// notInFullImage are those of linked whose headers Docker's full Python images lack too.
// https://github.com/docker-library/buildpack-deps/blob/master/debian/trixie/Dockerfile
var notInFullImage = map[string]bool{"gdal": true, "python-ldap": true, "pyaudio": true}

// fullImage tells whether the stage is built on a full Python image, which has a compiler and many headers.
func fullImage(s *analyzer.Stage) bool {
	return s.Image.Official && !s.Image.Slim && s.Image.Distro == "debian" && s.Image.Python != nil && s.Image.Python.Prefix == "/usr/local"
}

// withoutPkgConfig are header packages, beside those that ospkg.Brings knows, which do not depend on pkg-config. Debian 12 and 13, November 2026.
var withoutPkgConfig = map[string]bool{
	"libffi-dev": true, "libssl-dev": true, "zlib1g-dev": true, "libc6-dev": true, "libjpeg-dev": true, "libpq5": true, "libmariadb3": true,
	"default-libmysqlclient-dev": true, "libmariadb-dev": true, "libmariadb-dev-compat": true, "tzdata": true, "locales": true,
}

// lacksPkgConfig tells whether a distribution is asked for flags of a library by pkg-config, which none of the packages brings. mysqlclient does
// so since 2.2.0. On Alpine header packages depend on it themselves.
// https://github.com/PyMySQL/mysqlclient/blob/main/HISTORY.rst
func lacksPkgConfig(in *analyzer.Installation, name string, packages []string) bool {
	s := in.Command.Step.Stage
	if name != "mysqlclient" || s.Image.Distro != "debian" && s.Image.Distro != "ubuntu" || in.Command.State.Sets("MYSQLCLIENT_CFLAGS") {
		return false
	}
	all, unread := in.AllRequirements()
	if unread != "" {
		return false
	}
	for _, r := range all {
		if r.Name == name && r.Specifier != "" && (!strings.HasPrefix(r.Specifier, "==") || version.Compare(strings.TrimPrefix(r.Specifier, "=="), "2.2") < 0) {
			return false // a range may end below it
		}
	}
	return !slices.ContainsFunc(packages, func(p string) bool {
		brought, known := ospkg.Brings(s.Image.Distro, p)
		return slices.Contains(brought.Programs, "pkg-config") || slices.Contains(brought.Recommended, "pkg-config") || !known && !withoutPkgConfig[p]
	})
}

// unbuildableRequirements finds those of the stage's own installations. It is silent unless the base image is known to lack a compiler, or the
// headers, and everything that was installed before can be read.
func unbuildableRequirements(s *analyzer.Stage) []unbuildable {
	if !fullImage(s) && (!s.OnBareImage() || s.Image.Has("gcc") != image.No) {
		return nil
	}
	var found []unbuildable
	seen := map[string]bool{}
	var packages []string // the OS packages that certainly, or maybe, were installed so far
	for _, step := range s.ChainSteps() {
		if mayBringTools(step) {
			break
		}
		for _, c := range step.Commands {
			names, readable := toolPackages(c)
			if !readable {
				return found
			}
			if call := c.Installer; call != nil && call.Tool == installer.Pip && strings.HasPrefix(call.Verb, "config") {
				return found // it may name an index that has wheels
			}
			packages = append(packages, names...)
			if step.Stage == s && c.Install != nil && slices.Contains(askedPythons, minor(c.Install)) {
				found = addUnbuildable(c.Install, found, packages, seen)
			}
		}
	}
	return found
}

func minor(in *analyzer.Installation) string {
	if in.Interpreter == nil {
		return ""
	}
	return in.Interpreter.Minor
}

func addUnbuildable(in *analyzer.Installation, found []unbuildable, packages []string, seen map[string]bool) []unbuildable {
	for _, name := range append(slices.Sorted(maps.Keys(needs.Compiled)), "gdal") {
		if seen[name] || hasWheels[name] || fullImage(in.Command.Step.Stage) && !notInFullImage[name] {
			continue
		}
		file, span, by, ok := in.BringsPackage(name)
		if !ok || ofDistribution(in, name, packages) {
			continue
		}
		if !buildsFromPyPI(in) {
			return found
		}
		lacks := lackingFor(in.Command.Step.Stage, name, packages)
		if lacksPkgConfig(in, name, packages) {
			lacks = append(lacks, "pkg-config")
		}
		if len(lacks) == 0 {
			continue
		}
		seen[name] = true
		if name == "psycopg-c" {
			name = "psycopg[c]"
		}
		found = append(found, unbuildable{name, by, lacks, wheelTwins[name], in, span, file})
	}
	return found
}

// ofDistribution tells whether the distribution's package of the same may be there already, which pip then takes.
func ofDistribution(in *analyzer.Installation, name string, packages []string) bool {
	return in.Interpreter.Prefix == "/usr" && slices.ContainsFunc(packages, func(p string) bool { return p == "python3-"+name || p == "py3-"+name })
}

// buildsFromPyPI tells whether the installation takes its packages from PyPI alone, and compiles those without wheels.
func buildsFromPyPI(in *analyzer.Installation) bool {
	c := in.Command
	if !c.Shell.Certain || in.Call.Opaque != "" {
		return false
	}
	switch in.Call.Tool {
	case installer.Pip, installer.UvPip:
	default:
		return false
	}
	for _, option := range []string{"--dry-run", "--find-links", "--only-binary", "--no-build", "--prefer-binary", "--platform", "--constraint"} {
		if in.Call.Has(option) {
			return false
		}
	}
	for _, name := range []string{"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_ONLY_BINARY", "PIP_CONFIG_FILE", "UV_INDEX",
		"UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_FIND_LINKS", "PIP_PREFER_BINARY"} {
		if c.State.Sets(name) {
			return false
		}
	}
	return len(remote.Indexes(in)) == 0 && !c.HasPath("/etc/pip.conf").Is(analyzer.Yes)
}

// mayBringTools tells whether an instruction may put a compiler or headers into the image unseen.
func mayBringTools(step *analyzer.Step) bool {
	if step.Unreadable != "" || step.Instruction.Keyword == "ONBUILD" {
		return true
	}
	c := step.Copy
	return c != nil && !c.FromContext() && (!c.Dest.IsKnown() || c.Dest.Is("/") || analyzer.Under("/usr", c.Dest.Text)) && !c.OnlyUv()
}

// toolPackages are the OS packages that the command installs; ok is false where it may bring a compiler or headers in another way.
func toolPackages(c *analyzer.Command) (names []string, ok bool) {
	if c.OS == nil {
		switch c.Concern() {
		case analyzer.Script, analyzer.Unclear, analyzer.Compiles, analyzer.Fetches:
			return nil, false
		}
		return nil, true
	}
	if c.OS.Opaque != "" {
		return nil, false
	}
	if c.OS.Verb != ospkg.Install {
		return nil, true
	}
	for _, p := range c.OS.Packages {
		if p.Name == "" || p.File != "" || p.Group {
			return nil, false
		}
		names = append(names, p.Name)
	}
	return names, true
}

// lackingFor is what building a distribution needs and none of the OS packages brings.
func lackingFor(s *analyzer.Stage, name string, packages []string) (lacks []string) {
	if !fullImage(s) && !slices.ContainsFunc(packages, builders.MatchString) {
		lacks = append(lacks, strings.Fields(needs.Compiled[name] + " g++")[0])
	}
	if name == "gdal" && !slices.ContainsFunc(packages, gdal.MatchString) {
		if s.Image.Distro == "alpine" {
			return append(lacks, "gdal-dev")
		}
		return append(lacks, "libgdal-dev")
	}
	for _, l := range needs.Linked {
		if l.Name == name && !slices.ContainsFunc(packages, l.Provider.MatchString) {
			headers := strings.Fields(l.Headers)
			if s.Image.Distro == "alpine" {
				lacks = append(lacks, headers[len(headers)-1])
			} else {
				lacks = append(lacks, headers[0])
			}
		}
	}
	return lacks
}

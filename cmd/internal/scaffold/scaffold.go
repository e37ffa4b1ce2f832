// Package scaffold writes the first Dockerfile and .dockerignore for a Python project: it tells from the project's files which tool installs
// it, for which Python, what starts it and what it needs of the system, and writes that down in the pattern of docs/pattern.md. It runs
// nothing. What the files don't say is a note for the user and a comment in the Dockerfile, never a silent guess.
package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// The layouts.
const (
	UserBase = "user-base"
	Venv     = "venv"
)

// Layouts are the words for a layout.
var Layouts = []string{UserBase, Venv}

// Options are what the user and the configuration say. Their zero value leaves everything to the project's files.
type Options struct {
	Layout   string            // UserBase or Venv; "" is UserBase
	UserBase string            // the directory of the user base; "" is fixes.DefaultUserBase
	Pins     map[string]string // versions of installers
	Python   string            // "3.12" or "3.12.4"; "" is what the project says
	Tool     Tool              // "" is what the project's files say
	Today    time.Time         // the day that ends of life are counted at; zero counts none
}

// Files are what was written.
type Files struct {
	Dockerfile, Ignore string
	// Decisions say what was found and where, Notes what could not be found out and what the user should look at: a
	// sentence each, without full stop.
	Decisions, Notes []string
}

// Make writes the files for the project at the root of fsys. The error is a sentence for the user: it says what is missing.
func Make(fsys fs.FS, o Options) (*Files, error) {
	c := project.Open(withoutIgnore{fsys}, dockerfileName)
	p := &plan{c: c, o: o}
	p.meta, _ = c.Project(".")
	if p.meta == nil {
		p.meta = &project.Metadata{Dir: "."}
	}
	for _, step := range []func() error{p.chooseLayout, p.chooseTool, p.choosePython, p.findModules, p.chooseStart, p.chooseSources, p.findNeeds} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	f := &Files{Dockerfile: p.render()}
	f.Ignore = p.ignore(f.Dockerfile)
	p.checkIgnored(project.Open(fsys, dockerfileName))
	f.Decisions, f.Notes = p.decisions, p.notes
	return f, nil
}

const dockerfileName = "Dockerfile"

// withoutIgnore hides the ignore file: what the project is does not depend on it.
type withoutIgnore struct{ fs.FS }

func (w withoutIgnore) Open(name string) (fs.File, error) {
	if name == ".dockerignore" || name == dockerfileName+".dockerignore" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return w.FS.Open(name)
}

// plan is the work on one project. Its texts from the project's files have passed one of the checks of words.go before they are kept here.
type plan struct {
	c    *project.Context
	o    Options
	meta *project.Metadata // never nil

	venv bool   // the layout
	dir  string // the user base, or the virtual environment

	tool         Tool
	requirements []string                // requirements files that pip reads, the one it is called with first
	self         string                  // the line of the requirements file that installs the project itself, "" for none
	packages     []installer.Requirement // what will be installed, as far as the files say
	wheels       map[string][]string     // of the lock file, by normalized name
	locked       bool                    // versions are exact
	syncs        bool                    // pdm's lock file can't be exported, only installed
	environment  string                  // conda's file

	python string // "3.12"
	base   string // the image
	facts  image.Facts

	modules []*project.Module
	start   start

	install  bool     // the application is installed as a package
	extra    string   // of its own, with which it is installed; "" for none
	inputs   []string // files that its build reads, besides the packages
	roots    []string // its packages and modules, as paths
	sources  []string // files and folders that are copied instead
	leftOut  []string
	writes   string // the first copied module that may write files, "" for none
	bare     bool   // nothing is installed at all: one stage is enough
	wholeDir bool   // everything is copied that the ignore file lets through

	build, runtime []string // OS packages

	decisions, notes []string
}

func (p *plan) decide(format string, args ...any) {
	p.decisions = append(p.decisions, fmt.Sprintf(format, args...))
}

func (p *plan) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

func (p *plan) chooseLayout() error {
	switch p.o.Layout {
	case "", UserBase:
		p.dir = p.o.UserBase
		if p.dir == "" {
			p.dir = fixes.DefaultUserBase
		}
		if !isAbsolute(p.dir) {
			return fmt.Errorf("user-base %q is no plain absolute path", p.dir)
		}
	case Venv:
		p.venv, p.dir = true, fixes.DefaultVenv
	default:
		return fmt.Errorf("%q is no layout", p.o.Layout)
	}
	for name, version := range p.o.Pins {
		if !isVersion(version) {
			return fmt.Errorf("the version %q that pins has for %s can't stand in a Dockerfile", version, name)
		}
	}
	return nil
}

// has tells whether the application's requirements have a package, by its normalized name.
func (p *plan) has(name string) bool {
	return slices.ContainsFunc(p.packages, func(r installer.Requirement) bool { return r.Name == name })
}

// findNeeds finds the OS packages that the requirements need, for building and for running.
func (p *plan) findNeeds() error {
	if p.tool == Conda {
		return nil // they come from its channels
	}
	var because []string
	for _, r := range p.packages {
		if r.Kind == installer.VCS {
			p.build = append(p.build, "git", "ca-certificates")
		}
		if r.Kind != installer.Named || r.Name == "psycopg" && (p.has("psycopg-binary") || p.has("psycopg-c")) {
			continue
		}
		need, ok := needs.Of(r, p.facts.PackageRelease())
		if !ok {
			continue
		}
		p.build, p.runtime = append(p.build, need.Build...), append(p.runtime, need.Runtime...)
		because = append(because, need.Name)
	}
	if p.install {
		p.build = append(p.build, p.compilers()...)
	}
	slices.Sort(p.build)
	slices.Sort(p.runtime)
	p.build, p.runtime = slices.Compact(p.build), slices.Compact(p.runtime)
	slices.Sort(because)
	if because = slices.Compact(because); len(because) > 0 {
		p.decide("packages of the operating system are for %s", list(because))
	}
	for _, name := range []string{"playwright", "selenium", "pyppeteer"} {
		if p.has(name) {
			p.note("%s drives a browser, which the image does not have", name)
		}
	}
	for _, name := range []string{"pdfkit", "imgkit"} {
		if p.has(name) {
			p.note("%s calls wkhtmltopdf, which Debian no longer has", name)
		}
	}
	return nil
}

// compilers are the OS packages that the build of the project itself needs.
func (p *plan) compilers() []string {
	var all []string
	for _, r := range p.meta.Requires {
		switch r.Name {
		case "maturin", "setuptools-rust":
			all = append(all, "cargo", "gcc", "libc6-dev")
		case "cython", "pybind11", "numpy", "scikit-build-core", "scikit-build", "meson-python", "nanobind", "mypyc":
			all = append(all, "g++", "gcc", "libc6-dev")
		}
	}
	return all
}

// noProject is for a folder with nothing that init understands. It names a folder below that holds something.
func (p *plan) noProject() error {
	text := "no Python project: there is no requirements.txt, pyproject.toml, setup.py, setup.cfg, Pipfile or environment.yml"
	for _, name := range []string{"pyproject.toml", "requirements.txt", "Pipfile", "setup.py"} {
		if found := p.c.Glob("*/" + name); len(found) > 0 {
			return fmt.Errorf("%s here; `pylint-docker init %s` would find one", text, shown(path.Dir(found[0])))
		}
	}
	return errors.New(text)
}

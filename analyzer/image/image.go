// Package image knows base images by their names alone: distribution and release, libc, Python
// interpreter, ENV, user, and when each of them reaches its end of life. Its tables are data files
// with a date and a source; nothing is looked up on a network.
package image

import (
	"strconv"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// Reference is a parsed image reference such as "python:3.12-slim@sha256:...".
type Reference struct {
	Text     string // as written, variables expanded
	Registry string // "docker.io" for the default
	Path     string // "library/python"
	Name     string // the short form without default registry and "library/": "python", "ghcr.io/astral-sh/uv"
	Tag      string // "" when absent
	Digest   string // "" when absent
}

// Facts is what is known of an image. Empty strings mean unknown.
type Facts struct {
	Reference Reference
	Scratch   bool
	Distro    string // "debian", "ubuntu", "alpine", "fedora", "rhel", "amazonlinux", "opensuse", "arch", "wolfi", "windows"
	Release   string // "12", "24.04", "3.19"
	Codename  string // "bookworm"; Debian and Ubuntu only
	Libc      string // "glibc", "musl"
	// Python is the interpreter that plain `python`/`python3` runs: nil when unknown or none.
	Python *Interpreter
	// NoPython tells that the image is known to hold no Python interpreter.
	NoPython bool
	// Official tells that it is Docker's official python image or a documented derivative with the
	// same interpreter (the -slim, -alpine, ... variants): pip belongs to /usr/local.
	Official bool
	Slim     bool
	// Env is the image's own environment where it is known whole; EnvKnown says so. A variable that
	// is absent from a known environment is Unset.
	Env      map[string]string
	EnvKnown bool
	// EnvDoubtful are variables that the image sets, or may set, to values that are not known.
	EnvDoubtful map[string]bool
	User        string            // the image's USER; "root" when known to be none; "" when unknown
	Home        map[string]string // user name -> home directory, for users that the image has
	// UsersKnown tells that Home has every user of the image.
	UsersKnown bool
	Workdir    string // "/" when known to be none
	// Packages are OS packages or families known to be in the image (gcc and -dev headers in full python:X).
	BuildTools bool
	// Extended tells that the image holds more than the tables tell: packages, programs, a start command of its maker's.
	Extended bool
	// Beside are the directories of an extended image that it has in /opt and beside the usual ones of its distribution; nil when they are
	// not known.
	Beside []string
	// Onbuild, Deprecated: a tag or image that its maker has retired; the string says what to use instead.
	Deprecated string
	// Files are the files of an image that is made from scratch and holds nothing else: /uv and /uvx in
	// ghcr.io/astral-sh/uv. nil for all others.
	Files []string
	// Shell is the image's SHELL when it is not ["/bin/sh", "-c"].
	Shell []string
	// Entrypoint and Cmd are what a container starts where StartKnown, nil for none; its strings are those of the exec form.
	Entrypoint, Cmd []string
	StartKnown      bool
	// EntrypointExecs tells that an entry point, if the image has one, does nothing but run its arguments.
	EntrypointExecs bool

	also      string    // programs beside those of the inventory, as words between blanks
	described bool      // by the configuration: what else the image has is not known
	hub       Reference // what Docker Hub calls it, where a mirror or the configuration says so
	inventory []string  // the kinds of image in inventory.tsv that the reference may stand for
	users     []user
}

// Interpreter is a Python interpreter.
type Interpreter struct {
	Version string // "3.12" or "3.12.4"; "" when unknown
	Minor   string // "3.12"; "" when unknown
	Path    string // "/usr/local/bin/python3"
	Prefix  string // "/usr/local", "/usr", "/opt/conda"
	// ExternallyManaged tells that pip refuses to install into it (PEP 668).
	ExternallyManaged bool
	Conda             bool
	// Venv tells that it is the interpreter of a virtual environment that the image itself has made at Prefix.
	Venv bool
}

// BringsSetuptools tells whether Docker's image of the interpreter, and a virtual environment that it makes, certainly have setuptools: up to
// Python 3.11 they do. https://docs.python.org/3/whatsnew/3.12.html#ensurepip
func (i *Interpreter) BringsSetuptools() bool {
	major, minor, _ := strings.Cut(i.Minor, ".")
	n, err := strconv.Atoi(minor)
	return err == nil && (major == "2" || major == "3" && n < 12)
}

// Parse splits a reference; ok is false when it is not a valid one.
func Parse(text string) (ref Reference, ok bool) { return parseReference(text) }

// Lookup gives the facts of an image reference with all variables expanded. An unfamiliar image
// gives Facts with the reference and little else.
func Lookup(text string) Facts { return lookup(text) }

// EnvLookup gives the image's ENV: the names in Env are known, those in EnvDoubtful are not, and what
// becomes of all others EnvKnown says: Unset if it is true, Unknown if not.
func (f Facts) EnvLookup(name string) env.Value {
	if v, ok := f.Env[name]; ok {
		return env.Of(v)
	}
	if f.EnvKnown && !f.EnvDoubtful[name] {
		return env.Value{}
	}
	return env.Doubtful()
}

// EndOfLife says when a product's release stops getting security fixes.
type EndOfLife struct {
	Product string    // "python", "debian", "ubuntu", "alpine", "fedora", "centos", "amazonlinux"
	Release string    // "3.8", "10", "20.04", "3.15"
	Name    string    // for people: "Debian 10 (buster)"
	Date    time.Time // the last day with fixes from the maker's main team
	// Extended is the end of the free long-term support (Debian LTS), zero when there is none.
	Extended time.Time
}

// DistroPython is the interpreter that the package python3 of a distribution's release installs, nil
// when unknown. Each call gives a new Interpreter.
func DistroPython(distro, release string) *Interpreter { return distroPython(distro, release) }

// End looks up the end of life; release may have a patch level ("3.8.20"). ok is false for a release
// that the table lacks. Products are "python" and the values of Facts.Distro that have dates.
func End(product, release string) (EndOfLife, bool) { return end(product, release) }

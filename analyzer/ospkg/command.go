// Package ospkg knows operating-system packages: the command lines of apt-get, apt, aptitude, apk,
// dnf, microdnf, yum, zypper and dpkg, and which packages are build tools, headers or run-time
// libraries.
package ospkg

import (
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Manager is a family of package managers.
type Manager string

// The managers. apt and apt-get are one, and so are dnf, microdnf and yum.
const (
	Apt    Manager = "apt"
	Apk    Manager = "apk"
	Dnf    Manager = "dnf"
	Zypper Manager = "zypper"
	Dpkg   Manager = "dpkg"
)

// Verb is what a call does.
type Verb string

// The verbs, the same for every manager.
const (
	Install    Verb = "install"
	Remove     Verb = "remove" // remove, purge, del, erase
	Update     Verb = "update" // fetches indexes: apt-get update, apk update, dnf makecache
	Upgrade    Verb = "upgrade"
	Clean      Verb = "clean" // apt-get clean, dnf clean all, apk cache clean
	AutoRemove Verb = "autoremove"
	Other      Verb = "other"
)

// Command is one call.
type Command struct {
	Manager  Manager
	Program  string // "apt-get", "microdnf", ...
	Verb     Verb
	VerbSpan source.Span
	// Packages are those that the verb is about, in order. A package that apt's suffixes turn into the
	// opposite ("install foo-") is not among them, nor are the names that follow an Other verb.
	Packages []Package
	// Virtual is the name given by apk's --virtual/-t.
	Virtual string
	// NoCache: apk's --no-cache. NoRecommends: apt's --no-install-recommends (also -o APT::Install-Recommends=false),
	// dnf's --setopt=install_weak_deps=0. AssumeYes: -y and its like.
	NoCache, NoRecommends, AssumeYes bool
	// Recommends: apt's --install-recommends, which asks for what it would do anyway.
	Recommends bool
	// Update is apk add's -U/--update-cache: it fetches the index too.
	UpdateCache bool
	// AutoRemoves: apt's --auto-remove beside another verb: what was installed along with a removed package goes, too.
	AutoRemoves bool
	// Simulates: apt's -s, --download-only and their like, dnf's --assumeno and --downloadonly: nothing is changed.
	Simulates bool
	Opaque    string // "" or the reason why the call can't be understood
	Span      source.Span
	Shell     *shell.Command
}

// Package is a package named in a call.
type Package struct {
	Name    string // without version, release and architecture; "" if unknown
	Version string // what follows '=' or '~=' and its like, with the operator; apt's "/release" with its slash
	// File is the path or URL when a package file is named ("./a_1_amd64.deb"); Name is then read from
	// the file's name, "" when it does not say.
	File    string
	Group   bool // a package group: dnf's "@name" and groupinstall, Name without the '@'
	Span    source.Span
	Literal bool // written out at Span
}

// Parse reads argv (program first) of a simple command, seeing through sudo, env and their like.
// It gives nil when the program is not a package manager. An Opaque command still holds what was
// understood before the doubt began, which is not to be relied upon.
func Parse(sh *shell.Command, argv []shell.Field) *Command { return parse(sh, argv) }

// ManagerOf is the manager that a program belongs to, by its base name: Apt for "apt-get", "" for a program that is none.
func ManagerOf(program string) Manager {
	if program == "dpkg" {
		return Dpkg
	}
	if g := programs[program]; g != nil {
		return g.manager
	}
	return ""
}

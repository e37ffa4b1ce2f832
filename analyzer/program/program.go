// Package program knows programs by their names: what running one may leave behind in an image, what it is for, and which Python
// package brings it. It is the only table of program names; what the arguments of a call say is analyzer/effect's.
package program

import (
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Kind is what a program is there for.
type Kind string

// The kinds.
const (
	Shell     Kind = "shell"      // changes only the shell that it is a part of: cd, export
	Quiet     Kind = "quiet"      // reads and prints
	Accounts  Kind = "accounts"   // makes and changes users and groups
	Files     Kind = "files"      // makes, changes and removes files
	Fetch     Kind = "fetch"      // brings files from elsewhere: curl, git
	Compile   Kind = "compile"    // builds something from source: make, gcc, npm
	Run       Kind = "run"        // a Python program
	Serve     Kind = "serve"      // a program of another language, or a service
	ShellCode Kind = "shell-code" // runs shell code: sh, source
	Unclear   Kind = "unclear"    // may do anything, whatever it is called with
)

// Touch is what a program may change besides the files that its output is redirected to.
type Touch string

// The reaches, each for programs that are called with arguments that are not looked at.
const (
	Nothing    Touch = "nothing"
	ShellOnly  Touch = "shell"
	Attributes Touch = "attributes" // modes, owners and line ends of files that are there
	Removes    Touch = "removes"
	Names      Touch = "names"  // what its operands name, what lies below them, and the working directory
	System     Touch = "system" // the distribution's own directories
	OfAccounts Touch = "accounts"
	AnyFile    Touch = "files" // any file, but it makes no users and installs no packages
	Anything   Touch = "anything"
)

// Role is what else a program is known for.
type Role string

// The roles.
const (
	Interpreter  Role = "interpreter"   // runs Python code
	Server       Role = "server"        // serves an application, or works for one
	Test         Role = "test"          // tests or checks code
	Work         Role = "work"          // is for people at work, as notebooks are
	Tasks        Role = "tasks"         // runs what a file in the project says
	ShellProgram Role = "shell"         // runs code in the shell's language
	Reads        Role = "reads"         // only reads the files that it names
	OtherRuntime Role = "other-runtime" // an image that starts it belongs to another language or is a service
	Idle         Role = "idle"          // keeps a container running, or does nothing
	CallsApt     Role = "apt"           // may call the package manager
	Places       Role = "places"        // puts files of any name where it likes
	Runs         Role = "runs"          // runs the program that its words name
	Builtin      Role = "builtin"       // is a part of the shell, which needs no program for it
	Settings     Role = "settings"      // changes what only services and the system read, which no installation of Python packages asks
	Loads        Role = "loads"         // loads an application by its module, which it looks for in the working directory, too
)

// Facts is what is known of a program.
type Facts struct {
	Name    string
	Kind    Kind
	Touches Touch
	Package string // the distribution on PyPI that brings it, normalized; "" for none
	several bool   // several distributions on PyPI may bring it
	roles   string // ",server,test,"
}

// MakesNoFiles tells whether the program makes no files of its own choosing, outside of what belongs to the distribution.
func (f Facts) MakesNoFiles() bool {
	switch f.Touches {
	case Nothing, ShellOnly, Attributes, Removes, OfAccounts, System:
		return true
	}
	return f.Name == "mkdir"
}

// OfSystem tells whether the program is one of the operating system, a compiler or a service, that no distribution on PyPI brings.
func (f Facts) OfSystem() bool {
	return f.Kind != "" && f.Kind != Shell && f.Kind != Run && f.Package == "" && !f.several
}

// Is tells whether a program has the role, by its base name.
func Is(name string, role Role) bool {
	f, ok := Lookup(name)
	return ok && f.Is(role)
}

// Is tells whether the program has the role.
func (f Facts) Is(role Role) bool { return strings.Contains(f.roles, ","+string(role)+",") }

var table = sync.OnceValue(func() map[string]Facts {
	found := make(map[string]Facts, strings.Count(tsv(), "\n"))
	for line := range strings.Lines(tsv()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		f := Facts{Name: cells[0], Kind: Kind(cells[1]), Touches: Touch(cells[2])}
		switch cells[3] {
		case "-":
		case "*":
			f.several = true
		default:
			f.Package = cells[3]
		}
		if cells[4] != "-" {
			f.roles = "," + cells[4] + ","
		}
		found[f.Name] = f
	}
	return found
})

// versioned matches programs that carry a version: python3.12, gcc-12, pypy3.
var versioned = pattern.New(`^(python|pypy|gcc|g\+\+|clang|cpp|gfortran|node|java|lua|ruby|php)-?(?:\d+(?:\.\d+)*)(t?)$`)

// Lookup gives what is known of a program by its base name; a version at its end is cut off. ok is false for a program that the table
// lacks: it may do anything.
func Lookup(name string) (f Facts, ok bool) {
	if f, ok = table()[name]; ok {
		return f, true
	}
	if last := len(name) - 1; last >= 0 && (name[last] >= '0' && name[last] <= '9' || name[last] == 't') {
		if m := versioned.FindStringSubmatch(name); m != nil {
			f, ok = table()[m[1]]
		}
	}
	return f, ok
}

// All calls visit for each program of the table in no certain order.
func All(visit func(Facts)) {
	for _, f := range table() {
		visit(f)
	}
}

// ModuleFlag tells of an argument of a Python interpreter that it says to run a module: -m, -um and their like, and -mMODULE, whose module is glued.
// The letters before are those of flags without a value (https://docs.python.org/3/using/cmdline.html).
func ModuleFlag(text string) (is, glued bool) {
	flags, ok := strings.CutPrefix(text, "-")
	if !ok {
		return false, false
	}
	rest := strings.TrimLeft(flags, "bBdEiIOPqsSuvx")
	return strings.HasPrefix(rest, "m"), len(rest) > 1 && rest[0] == 'm'
}

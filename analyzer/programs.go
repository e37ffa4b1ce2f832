package analyzer

import (
	"math/bits"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// FoundProgram is what a look-up of a program on PATH has found.
type FoundProgram struct {
	Answer
	Path string // the absolute path of the first that is there, or may be; "" for none, and where PATH is not known
}

// FindProgram looks a program up on PATH as it is in the state, in the finished stage. A name with a slash is a path.
func (s *Stage) FindProgram(name string, state State) FoundProgram {
	return s.index().program(name, state, s.end(), &search{})
}

// FindProgram looks up a program as a command of a RUN does.
func (c *Command) FindProgram(name string) FoundProgram {
	found := c.Step.Stage.index().program(name, c.State, c.begin(), &search{within: c})
	if found.Presence == No && c.Step.mountsProgram(name, c.State) {
		return FoundProgram{}
	}
	return found
}

// mountsProgram tells whether a --mount of the RUN may bring the program: a file, or a directory that PATH names.
func (step *Step) mountsProgram(name string, state State) bool {
	dirs, _ := state.PathList()
	for _, m := range step.Mounts() {
		target := state.Abs(m.Target)
		if !target.IsKnown() || target.Text == "/" {
			return true
		}
		if p := state.Abs(env.Of(name)); strings.Contains(name, "/") && p.IsKnown() && Under(target.Text, p.Text) {
			return true
		}
		for _, dir := range dirs {
			if Under(target.Text, path.Join(dir, name)) {
				return true
			}
		}
	}
	return false
}

func (ix *index) program(name string, state State, before moment, q *search) FoundProgram {
	if strings.Contains(name, "/") {
		p := state.Abs(env.Of(name))
		if !p.IsKnown() {
			return FoundProgram{}
		}
		return FoundProgram{ix.findProgram(p.Text, before, q), p.Text}
	}
	dirs, whole := state.PathList()
	result := FoundProgram{Answer: Answer{Presence: No}}
	for _, dir := range dirs {
		if !path.IsAbs(dir) {
			return FoundProgram{}
		}
		p := path.Clean(dir + "/" + name)
		switch a := ix.findProgram(p, before, q); {
		case a.Presence == Yes && result.Presence == No:
			return FoundProgram{a, p}
		case a.Presence != No && result.Presence == No:
			result = FoundProgram{Answer: Answer{Step: a.Step, Command: a.Command}, Path: p}
		}
	}
	if !whole && result.Presence == No {
		return FoundProgram{}
	}
	return result
}

// findProgram is findPackaged for a program. A directory can't be run, nor can what a shell is meant to read.
func (ix *index) findProgram(p string, before moment, q *search) Answer {
	a := ix.findPackaged(p, before, q)
	c := a.Command
	if a.Presence == Yes && (a.Shape == Directory || path.Base(p) == "activate" && c != nil && c.Installer != nil && c.Installer.Tool != installer.Conda) {
		return Answer{Presence: No}
	}
	return a
}

// findPackaged is find for a program or a module: of packages of the distribution and of the base image it is known by name what they bring.
func (ix *index) findPackaged(p string, before moment, q *search) Answer {
	a := ix.find(p, before, q)
	if a.Presence != Maybe || a.Command == nil || a.Command.OS == nil || a.Command.OS.Opaque != "" {
		return a
	}
	// The latest doubt is a package manager's: ask what it brings, and whether there is another.
	name := path.Base(p)
	var later []*Command
	for at := ix; at != nil; {
		s := at.stage
		until := s.end()
		if at == ix {
			until = before
		}
		for _, e := range slices.Backward(at.wide[systemFile]) {
			if e.when >= until {
				continue
			}
			if e.command == nil || e.command.OS == nil && e.command.mayLink(name) {
				return a
			}
			if e.command.OS != nil {
				if there := afterRemovals(e.command.osProgram(name), name, at.removals(e.when, until, later)); there != No {
					return Answer{Presence: there, Step: e.step, Command: e.command}
				}
			}
		}
		if e, ok := at.last(ix.place(p).reach&^effect.SystemFile, until); ok {
			return Answer{Step: e.step, Command: e.command}
		}
		later = at.removals(-1, until, later)
		if s.Base == nil {
			a := at.imageHas(at.place(p))
			a.Presence = afterRemovals(a.Presence, name, later)
			return a
		}
		at = s.Base.index()
	}
	return a
}

// removals adds the calls of the package manager between two moments that remove packages.
func (ix *index) removals(since, until moment, all []*Command) []*Command {
	for _, e := range ix.wide[anyRemoval] {
		if e.command != nil && e.command.OS != nil && e.when > since && e.when < until {
			all = append(all, e.command)
		}
	}
	return all
}

// afterRemovals is what calls of the package manager that remove packages leave of a program that was there: the package of its name takes
// it along, another one may.
func afterRemovals(there Presence, name string, removals []*Command) Presence {
	for _, c := range removals {
		switch {
		case there != Yes:
		case c.Shell.Certain && slices.ContainsFunc(c.OS.Packages, func(p ospkg.Package) bool { return p.Name == name }):
			return No
		default:
			there = Maybe
		}
	}
	return there
}

// The places in index.wide of what may put files into the distribution's directories, and of what may remove files.
var systemFile, anyRemoval = bits.TrailingZeros8(uint8(effect.SystemFile)), bits.TrailingZeros8(uint8(effect.AnyRemoval))

// mayLink tells whether a program of the distribution, such as update-alternatives, may give another one this name.
func (c *Command) mayLink(name string) bool { return c.HasText(name) }

// osProgram tells whether a call of the package manager brings a program of that name. Packages are called like their main programs, and
// those that bring others are known; dependencies may bring more, but no program of a Python package.
func (c *Command) osProgram(name string) Presence {
	if c.OS.Verb != ospkg.Install || c.OS.Opaque != "" {
		if slices.Contains([]ospkg.Verb{ospkg.Remove, ospkg.AutoRemove, ospkg.Update, ospkg.Clean, ospkg.Upgrade}, c.OS.Verb) {
			return No
		}
		return Maybe
	}
	pkg := ScriptPackage(name)
	result := No
	// Which package brings pip and Python 2 has changed from release to release.
	python := strings.HasPrefix(name, "pip") || IsInterpreterName(name) && name != "python"
	for _, p := range c.bringers() {
		switch {
		case p.Name == "" || p.File != "" || p.Group:
			result = Maybe
		case (p.Name == name || slices.Contains(p.Programs, name)) && c.Shell.Certain:
			return Yes
		case slices.Contains(p.Recommended, name) || slices.Contains(p.Programs, name):
			result = Maybe
		case slices.ContainsFunc(p.Programs, func(main string) bool { return strings.HasPrefix(name, main+"-") }):
			result = Maybe // gcc-12, git-receive-pack
		case p.known && !python, name == "python" && strings.HasPrefix(p.Name, "python3-"):
		case strings.Contains(p.Name, name), (python || name == "python") && strings.Contains(p.Name, "py"):
			result = Maybe
		case p.library:
		case pkg != "":
			if strings.Contains(p.Name, pkg) || strings.HasPrefix(p.Name, "python3-"+pkg) {
				result = Maybe
			}
		default:
			// A program of the system: any package may bring it along.
			result = Maybe
		}
	}
	return result
}

// bringer is a package that a command installs, with the programs that come with it as far as they are known.
type bringer struct {
	ospkg.Package
	ospkg.Brought
	known   bool
	library bool // it has no programs but those that are known
}

func (c *Command) bringers() []bringer {
	return Remember(c.Step.Stage.build, c, func() []bringer {
		var all []bringer
		for _, p := range c.OS.Packages {
			b := bringer{Package: p, library: ospkg.IsHeaders(p.Name) || ospkg.ClassOf("", p.Name) == ospkg.RuntimeLibrary}
			b.Brought, b.known = ospkg.Brings(c.State.image.Distro, p.Name)
			all = append(all, b)
		}
		return all
	})
}

// programDirs are the directories of programs of every distribution's image.
var programDirs = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// imageProgram tells whether the base image has the program p; ok is false where p is in none of the directories of its PATH.
func imageProgram(f *image.Facts, p string) (presence Presence, ok bool) {
	dir, name := path.Dir(p), path.Base(p)
	if !slices.Contains(programDirs, dir) && (f.Python == nil || dir != path.Join(f.Python.Prefix, "bin")) {
		return Maybe, false
	}
	if dir == "/usr/local/bin" && f.Adds(name) {
		return Yes, true
	}
	if strings.Contains(name, "-linux-gnu") {
		return Maybe, true // the compilers' second names
	}
	local := strings.HasPrefix(dir, "/usr/local")
	interpreter := IsInterpreterName(name)
	own := interpreter || strings.HasPrefix(name, "pip") || strings.HasPrefix(name, "idle") || strings.HasPrefix(name, "pydoc") || name == "2to3"
	if local && (f.Python == nil || f.Python.Prefix == "/usr") && plainDistribution(f) {
		return No, true // a distribution puts nothing there
	}
	if interpreter {
		for _, i := range f.Interpreters() {
			if p == i.Path || i.Minor != "" && p == path.Join(i.Prefix, "bin", "python"+i.Minor) {
				return Yes, true
			}
		}
	}
	switch there := f.Has(name); there {
	case image.No:
		return No, true
	case image.Yes:
		switch {
		case f.Python == nil || f.Python.Prefix == "/usr":
			return Yes, true
		case dir == path.Join(f.Python.Prefix, "bin"):
			if own {
				return Yes, true
			}
			return No, f.Official
		case own && len(f.Interpreters()) == 1 && f.Slim:
			return No, true
		case own:
			return Maybe, true
		}
		return Yes, true
	}
	return Maybe, true
}

// Package pypi knows what packages of PyPI require and which programs they bring, over many of their releases. It knows names, extras and
// versions only, and nothing of a build. Table packages.tsv holds the facts, with their source and date.
package pypi

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// facts are what is known of one package.
type facts struct {
	since    string // the minor series of the oldest release of which they hold
	programs []item
	opaque   bool // its programs are not known
	requires []item
	extras   map[string][]item // what they require besides
}

// item is a program or a requirement, with the releases that have it.
type item struct {
	name   string
	extras []string // of a requirement
	always bool     // in all releases, or from since on
	since  string   // a minor series, "" for all
	before string   // the minor series from which on none has it, "" for none
	only   string   // the minor series that alone has it, "" for all
}

// releases are those of a package that may be installed.
type releases struct {
	specifier string // which are asked for (PEP 440), "" for all
	any       bool   // not the newest of them in any case
}

// in tells whether the releases have the item in any case, and whether one may have it.
func (i item) in(r releases) (always, may bool) {
	switch {
	case i.only != "":
		return false, r.any || allows(r.specifier, i.only)
	case i.before != "":
		return false, r.any || older(r.specifier, i.before)
	}
	return i.always && (i.since == "" || !r.any && !older(r.specifier, i.since)), true
}

// lookup gives the facts of a package by its normalized name (PEP 503), nil where none are known.
func lookup(name string) *facts {
	if f, ok := read.Load(name); ok {
		return f.(*facts) // nothing else is stored
	}
	rows := table()
	at, found := slices.BinarySearchFunc(rows, name, func(row, name string) int {
		own, _, _ := strings.Cut(row, "\t")
		return strings.Compare(own, name)
	})
	var f *facts
	if found {
		f = parse(rows[at])
		read.Store(name, f)
	}
	return f
}

// read has the rows that were asked for.
var read sync.Map

// table has the rows of packages.tsv, sorted by the packages' names.
var table = sync.OnceValue(func() []string {
	rows := make([]string, 0, 4000)
	for row := range strings.Lines(data()) {
		if !strings.HasPrefix(row, "#") {
			rows = append(rows, strings.TrimSuffix(row, "\n"))
		}
	}
	return rows
})

func parse(row string) *facts {
	cells := strings.Split(row, "\t")
	f := &facts{since: cells[1], requires: items(cells[3]), extras: map[string][]item{}}
	if f.opaque = cells[2] == "*"; !f.opaque {
		f.programs = items(cells[2])
	}
	for _, cell := range cells[4:] {
		extra, requires, _ := strings.Cut(cell, ":")
		f.extras[extra] = items(requires)
	}
	return f
}

func items(cell string) []item {
	var all []item
	for word := range strings.FieldsSeq(cell) {
		name, some := strings.CutPrefix(word, "?")
		name, only, _ := strings.Cut(name, "@")
		name, since, _ := strings.Cut(name, ">=")
		name, before, _ := strings.Cut(name, "<")
		i := item{always: !some, since: since, before: before, only: only}
		name, extras, more := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		if i.name = name; more {
			i.extras = strings.Split(extras, ",")
		}
		all = append(all, i)
	}
	return all
}

// Requirement is a package that an installation names, with its extras. Names are normalized (PEP 503).
type Requirement struct {
	Name      string
	Extras    []string
	Specifier string // of versions (PEP 440), "" for none
	Always    bool   // it is installed in any case
	Alone     bool   // without what it requires, because that is named, too, or is not installed
	Conda     bool   // it is a package of conda, which may require what an extra does on PyPI
}

// Closure is what an installation brings: the packages that it names, and all that these require.
type Closure struct {
	// Packages holds by normalized name whether one comes in any case. Others come with some releases, or for some interpreters.
	Packages map[string]bool
	// Programs holds in the same way the files that come into the directory of programs.
	Programs map[string]bool
	// Whole tells that no other package can come.
	Whole bool
	// Known tells that no other program can come with the packages.
	Known bool
	done  map[string]bool // by name, and name with an extra: whether what it requires was added as certain
	usual bool            // all that is required comes in its newest release
}

// Close gives what requirements bring that are installed together. Newest tells that nothing but they themselves keeps an installer from the newest
// releases: no old interpreter, constraint, or index that has others.
func Close(named []Requirement, newest bool) Closure {
	specifiers := map[string]string{}
	for _, r := range named {
		if before := specifiers[r.Name]; before != "" && r.Specifier != "" {
			r.Specifier = before + "," + r.Specifier
		}
		if r.Specifier != "" {
			specifiers[r.Name] = r.Specifier
		}
	}
	bounded := slices.ContainsFunc(named, func(r Requirement) bool { return boundAbove(r.Specifier) })
	c := newClosure()
	for _, r := range named {
		asked := releases{specifier: specifiers[r.Name], any: !newest}
		switch {
		case exact(asked.specifier):
			asked.any = false
		case strings.Contains(asked.specifier, "!="), newest && bounded && !r.Alone && held(r, specifiers):
			asked.any = true
		}
		c.add(r, asked)
	}
	return c
}

// Usual gives the packages that requirements bring where all that they require comes in its newest release, as it mostly does.
func Usual(named []Requirement) map[string]bool {
	c := newClosure()
	c.usual = true
	for _, r := range named {
		c.add(r, releases{specifier: r.Specifier})
	}
	maps.DeleteFunc(c.Packages, func(_ string, always bool) bool { return !always })
	return c.Packages
}

func newClosure() Closure {
	return Closure{Packages: map[string]bool{}, Programs: map[string]bool{}, Whole: true, Known: true, done: map[string]bool{}}
}

// held tells whether the installation bounds a package that this one may require: then an older release of this one may be what fits.
func held(r Requirement, specifiers map[string]string) bool {
	c := newClosure()
	c.add(r, releases{any: true})
	for name := range c.Packages {
		if name != r.Name && boundAbove(specifiers[name]) {
			return true
		}
	}
	return false
}

// add takes a package in some releases, and all that it requires.
func (c *Closure) add(r Requirement, asked releases) {
	c.Packages[r.Name] = c.Packages[r.Name] || r.Always
	f := lookup(r.Name)
	if f == nil || older(asked.specifier, f.since) {
		c.Known, c.Whole = false, c.Whole && r.Alone
		return
	}
	c.Known = c.Known && !f.opaque
	for _, p := range f.programs {
		if certain, may := p.in(asked); may {
			c.Programs[p.name] = c.Programs[p.name] || certain && r.Always
		}
	}
	if r.Alone {
		return
	}
	for _, extra := range r.Extras {
		requires, ok := f.extras[extra]
		c.Whole = c.Whole && ok
		c.require(r.Name+"["+extra+"]", requires, asked, r.Always)
	}
	c.require(r.Name, f.requires, asked, r.Always)
	if r.Conda {
		for extra, requires := range f.extras {
			c.require(r.Name+"["+extra+"]", requires, asked, false)
		}
	}
}

// require adds what a package or an extra of it requires, once, and a second time when that has become certain.
func (c *Closure) require(of string, requires []item, asked releases, always bool) {
	if before, seen := c.done[of]; seen && (before || !always) {
		return
	}
	c.done[of] = always
	for _, i := range requires {
		if certain, may := i.in(asked); may {
			// The table does not say which releases are required.
			c.add(Requirement{Name: i.name, Extras: i.extras, Always: always && certain}, releases{any: !c.usual})
		}
	}
}

// exact tells whether a version specifier allows one release only.
func exact(specifier string) bool {
	return strings.HasPrefix(specifier, "==") && !strings.ContainsAny(specifier, "*,")
}

// boundAbove tells whether a version specifier may leave out the newest release.
func boundAbove(specifier string) bool {
	return slices.ContainsFunc(strings.Split(specifier, ","), func(clause string) bool {
		return clause != "" && !strings.HasPrefix(clause, ">")
	})
}

// allows tells whether a version specifier may allow a release of a minor series. None gives the newest.
func allows(specifier, series string) bool {
	if exact(specifier) {
		pin := strings.TrimLeft(specifier, "=")
		return pin == series || strings.HasPrefix(pin, series+".")
	}
	return specifier != ""
}

// older tells whether a version specifier may ask for a release before a minor series.
func older(specifier, series string) bool {
	for clause := range strings.SplitSeq(specifier, ",") {
		number := strings.TrimLeft(clause, "<>=~!")
		switch operator := clause[:len(clause)-len(number)]; {
		case operator == "" || operator == "!=" || strings.HasPrefix(operator, ">"):
		case version.Compare(strings.TrimSuffix(number, ".*"), series) < 0, operator == "<" && version.Compare(number, series) == 0:
			return true
		}
	}
	return false
}

// Program tells whether a program comes in any case, or may come.
func (c *Closure) Program(name string) (always, may bool) {
	// pip makes itself scripts with the interpreter's version, as it does for old releases of setuptools.
	if _, own := c.Programs["pip"]; own && strings.HasPrefix(name, "pip3.") {
		return false, true
	}
	always, may = c.Programs[name]
	return always, may
}

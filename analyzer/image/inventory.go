package image

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Answer says whether an image has something.
type Answer uint8

const (
	// Unknown means that the tables do not say.
	Unknown Answer = iota
	// Yes means that the image certainly has it.
	Yes
	// No means that it certainly has not.
	No
)

// inventory is what one kind of image holds; inventory.tsv explains the columns. Lists are words between blanks, so that a word is found
// without splitting them.
type inventory struct {
	like     string // what this one extends
	complete bool   // what no list names is absent; else that is not known
	has      string
	lacks    string
	maybe    string
	packages string
	users    string
	allUsers bool // users has all of them
}

var inventories = sync.OnceValue(func() map[string]*inventory {
	table := map[string]*inventory{}
	for _, row := range rows(inventoryData()) {
		name, kind, words := row[0], row[1], ""
		if len(row) > 2 {
			words = row[2]
		}
		in := table[name]
		if in == nil {
			in = &inventory{}
			table[name] = in
		}
		add := func(list *string) { *list = strings.TrimSuffix(*list, " ") + " " + words + " " }
		switch kind {
		case "like":
			in.like = words
		case "complete":
			in.complete = true
		case "users", "users-some":
			in.allUsers = kind == "users"
			add(&in.users)
		case "has":
			add(&in.has)
		case "lacks":
			add(&in.lacks)
		case "maybe":
			add(&in.maybe)
		case "packages":
			add(&in.packages)
		}
	}
	return table
})

func listed(list, word string) bool { return strings.Contains(list, " "+word+" ") }

// program answers for a program by the name of its file. What extends another image answers before that does.
func (in *inventory) program(name string) Answer {
	complete := in.complete
	for ; in != nil; in = inventories()[in.like] {
		switch {
		case listed(in.has, name):
			return Yes
		case listed(in.maybe, name):
			return Unknown
		case listed(in.lacks, name):
			return No
		}
	}
	if complete {
		return No
	}
	return Unknown
}

// packaged answers for a package of the distribution.
func (in *inventory) packaged(name string) Answer {
	complete := in.complete
	for ; in != nil; in = inventories()[in.like] {
		switch {
		case listed(in.packages, name):
			return Yes
		case listed(in.maybe, name):
			return Unknown
		}
	}
	if complete {
		return No
	}
	return Unknown
}

// passwd gives the nearest list of users, as words NAME:UID:HOME, and whether these are all.
func (in *inventory) passwd() (users []string, all bool) {
	leaf := in
	for in != nil && in.users == "" {
		in = inventories()[in.like]
	}
	if in == nil {
		return nil, false
	}
	users = strings.Fields(in.users)
	if other, ok := strings.CutPrefix(users[0], "@"); ok {
		users, _ = inventories()[other].passwd()
	}
	return users, in.allUsers && (in == leaf || leaf.complete)
}

// agreed is the answer that all kinds of image give which a reference may stand for.
func (f Facts) agreed(ask func(*inventory) Answer) Answer {
	answer := Unknown
	for i, name := range f.inventory {
		in := inventories()[name]
		if in == nil {
			return Unknown
		}
		if a := ask(in); i == 0 {
			answer = a
		} else if a != answer {
			return Unknown
		}
	}
	if answer == No && f.described {
		return Unknown // what is built on such an image may have more
	}
	return answer
}

// Adds tells whether the image brings the program in /usr/local/bin, beside those of the image that it is built on.
func (f Facts) Adds(program string) bool { return listed(f.also, program) }

// Has tells whether a program of that name, without a directory, is in the directories of the image's own PATH. A shell's builtins and
// what a Dockerfile brings are no part of the answer.
func (f Facts) Has(program string) Answer {
	if program == "" || strings.Contains(program, "/") {
		return Unknown
	}
	if f.Scratch || f.Files != nil {
		return No // uv's image has its programs in the root directory, which is on no PATH
	}
	if listed(f.also, program) {
		return Yes
	}
	if p := f.Python; p != nil && (p.Prefix != "/usr" || f.hardened()) {
		if general, ok := p.general(program); !ok {
			return Unknown
		} else if general != program {
			// The distribution may bring an interpreter of the same version.
			if f.agreed(func(in *inventory) Answer { return in.program(program) }) == Yes {
				return Yes
			}
			program = general
		}
	}
	return f.agreed(func(in *inventory) Answer { return in.program(program) })
}

// general is the name in the tables of a program that carries the interpreter's version: "pip3.X" for pip3.12. ok is false for a program
// with a version where that of the interpreter is not known.
func (i *Interpreter) general(program string) (name string, ok bool) {
	m := ""
	if slices.ContainsFunc(ofInterpreters, func(name string) bool { return strings.HasPrefix(program, name) }) {
		m = versionInName.FindString(program)
	}
	switch {
	case m == "":
		return program, true
	case i.Minor == "":
		return program, false
	case m != i.Minor:
		return program, true
	}
	return strings.Replace(program, m, m[:1]+".X", 1), true
}

// ofInterpreters begin the names of programs that carry the interpreter's version.
var ofInterpreters = []string{"python", "pip", "idle", "pydoc", "2to3", "easy_install"}

var versionInName = pattern.New(`\d+\.\d+`) // python3.12, pip3.12-config

// HasPackage tells whether a package of the image's distribution is installed in the image.
func (f Facts) HasPackage(name string) Answer {
	if f.Scratch || f.Files != nil {
		return No
	}
	return f.agreed(func(in *inventory) Answer { return in.packaged(name) })
}

// User is an entry of /etc/passwd. UID is "" where the tables do not say.
type User struct{ Name, UID, Home string }

// UserNamed looks a user up by name or number.
func (f Facts) UserNamed(name string) (User, Answer) {
	for _, u := range f.users {
		if u.Name == name || u.UID == name {
			return u.User, u.answer
		}
	}
	if home, ok := f.Home[name]; ok {
		return User{Name: name, Home: home}, Yes
	}
	switch {
	case name == "root", name == "0":
		return User{"root", "0", "/root"}, Yes
	case f.UsersKnown:
		return User{}, No
	}
	return User{}, Unknown
}

// user is a user that all kinds of image have which a reference may stand for (Yes), or only some of them (Unknown).
type user struct {
	User
	answer Answer
}

// population are the users of what may stand behind a reference. It is shared, and never changed.
type population struct {
	users []user
	home  map[string]string
	all   bool
}

// populations are those that were asked for, by the kinds of image.
var populations sync.Map

// is sets the kinds of image that the reference may stand for, and with them the users.
func (f *Facts) is(kinds ...string) {
	f.inventory = kinds
	key := strings.Join(kinds, " ")
	known, ok := populations.Load(key)
	if !ok {
		known, _ = populations.LoadOrStore(key, populate(kinds))
	}
	p := known.(population)
	f.users, f.Home, f.UsersKnown = p.users, maps.Clone(p.home), p.all
}

func populate(kinds []string) population {
	p := population{home: map[string]string{}, all: true}
	for i, kind := range kinds {
		in := inventories()[kind]
		if in == nil {
			p.all = false
			continue
		}
		words, all := in.passwd()
		p.all = p.all && all
		for _, word := range words {
			parts := strings.SplitN(word, ":", 3)
			u := User{parts[0], parts[1], parts[2]}
			if slices.ContainsFunc(p.users, func(o user) bool { return o.Name == u.Name }) {
				continue
			}
			answer := Yes
			if i > 0 {
				answer = Unknown
			}
			p.users = append(p.users, user{u, answer})
			p.home[u.Name] = u.Home
		}
		for k, u := range p.users {
			if !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, u.Name+":") }) {
				p.users[k].answer = Unknown
			}
		}
	}
	return p
}

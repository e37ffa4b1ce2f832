// Package effect says what a command does to the image: which files, directories and users it makes or removes, and what else it may
// do that its words do not tell. It is the only place that answers this; presence of a thing in an image is looked up in the answers.
package effect

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Verb is what is done to a thing.
type Verb uint8

// The verbs. All paths are absolute and clean.
const (
	// WritesFile makes a file at Path.
	WritesFile Verb = iota
	// MakesDir makes an empty directory at Path, unless there is one.
	MakesDir
	// WritesTree makes a directory at Path with files below it that are not known.
	WritesTree
	// Copies puts the file or directory From to Path, or into the directory Path.
	Copies
	// Links makes Path, or its base name in the directory Path, a link to From.
	Links
	// Removes removes Path and everything below it. Name is then a pattern for base names, "" for all: only what it matches below Path goes,
	// at any depth or, with Near, directly below it.
	Removes
	// MakesUser makes the user Name with the home directory Path, "" when that is not known.
	MakesUser
)

// Effect is one thing that a command does.
type Effect struct {
	Verb Verb
	Path string
	From string
	Name string
	Near bool
	// Doubtful tells that the command may not do it.
	Doubtful bool
}

// Reach is a set of what a command may do besides its effects.
type Reach uint8

// What a command may do.
const (
	AnyFile      Reach = 1 << iota // put files anywhere but into directories of programs
	SystemFile                     // put files into the distribution's own directories
	AnyProgram                     // put programs anywhere
	AnyUser                        // make users
	AnyPackage                     // install Python packages, or an interpreter
	AnyOSPackage                   // install packages of the distribution, libraries among them
	AnyRemoval                     // remove files
	Anything     = AnyFile | SystemFile | AnyProgram | AnyUser | AnyPackage | AnyOSPackage | AnyRemoval
)

// Effects are what a command does for certain, and what it may do.
type Effects struct {
	List  []Effect
	Reach Reach
	// Why names what may do more than List says: a program, or a reason.
	Why string
}

// Call is a command with what its state makes of its words.
type Call struct {
	Shell *shell.Command
	// Argv is without wrappers such as sudo.
	Argv      []shell.Field
	OS        *ospkg.Command
	Installer *installer.Command
	// Trees are the directories that an installer installs to; Elsewhere tells that it may install to one that is not among them.
	Trees     []Tree
	Elsewhere bool
	Around
}

// Around is where a call stands.
type Around interface {
	// Abs makes a path absolute.
	Abs(env.Value) env.Value
	// Lookup gives a variable's value.
	Lookup(name string) env.Value
	// Defines tells whether the script defines a function of that name: what it does is among the script's commands.
	Defines(name string) bool
}

// Tree is a directory that an installer fills, or may fill.
type Tree struct {
	Path     string
	Doubtful bool
}

// Of is what the call does.
func Of(c Call) Effects {
	r := &reading{call: c}
	r.redirects()
	switch {
	case c.OS != nil:
		r.osPackages()
	case c.Installer != nil:
		r.installer()
	case len(c.Argv) > 0:
		r.program()
	}
	for _, e := range r.List {
		if e.Verb != Removes && e.Verb != MakesDir && (e.Path == "/etc/passwd" || e.Verb != WritesFile && (e.Path == "/etc" || e.Path == "/")) {
			r.may(AnyUser, "a copy of the file that holds users")
		}
	}
	return r.Effects
}

type reading struct {
	Effects
	call Call
}

func (r *reading) may(reach Reach, why string) {
	if r.Why == "" && reach != 0 {
		r.Why = why
	}
	r.Reach |= reach
}

func (r *reading) add(verb Verb, p, from string, doubtful bool) {
	r.List = append(r.List, Effect{Verb: verb, Path: p, From: from, Doubtful: doubtful})
}

// at adds an effect on the path that a word names; what the word leaves open is open.
func (r *reading) at(verb Verb, f shell.Field) {
	p := r.call.Abs(f.Value)
	switch {
	case p.IsKnown() && !f.Glob:
		r.add(verb, p.Text, "", f.Many)
	case p.IsKnown() && verb == Removes:
		dir, name := path.Split(p.Text)
		if hasPattern(dir) {
			r.may(AnyRemoval, "a pattern")
			return
		}
		r.List = append(r.List, Effect{Verb: Removes, Path: path.Clean(dir), Name: name, Near: true})
	case verb == Removes:
		r.may(AnyRemoval, "a variable")
	default:
		r.near(f)
	}
}

// near adds the directory that a word begins with, where its end is not known.
func (r *reading) near(f shell.Field) {
	text := f.Prefix
	if f.Value.IsKnown() {
		text, _, _ = strings.Cut(f.Text(), "*")
	}
	if p := r.call.Abs(env.Of(path.Dir(text + "x"))); path.IsAbs(text) && p.IsKnown() && p.Text != "/" {
		r.add(WritesTree, p.Text, "", true)
		return
	}
	r.may(AnyFile, "a variable")
}

// redirects are the files that the command's output goes to.
func (r *reading) redirects() {
	for _, d := range r.call.Shell.Redirects {
		if !strings.HasPrefix(d.Op, ">") && d.Op != "&>" && d.Op != "&>>" || d.Target == nil {
			continue
		}
		target := d.Target.Value(r.call.Lookup)
		if d.Op == ">&" && (target.Is("-") || target.IsKnown() && strings.Trim(target.Text, "0123456789") == "") {
			continue
		}
		p := r.call.Abs(target)
		switch {
		case !p.IsKnown():
			fields := shell.Fields([]shell.Word{*d.Target}, r.call.Lookup)
			if len(fields) != 1 {
				r.may(AnyFile, "a redirection")
				continue
			}
			r.near(fields[0])
		case path.Dir(p.Text) == "/dev":
		case p.Text == "/etc/passwd":
			r.may(AnyUser, "a redirection")
		default:
			r.add(WritesFile, p.Text, "", false)
		}
	}
}

// osPackages is the package manager. Packages bring files to the distribution's directories only; the users and programs that they bring
// are looked up by their names.
func (r *reading) osPackages() {
	os := r.call.OS
	switch os.Verb {
	case ospkg.Install, ospkg.Upgrade, ospkg.Other:
		r.may(SystemFile, os.Program)
	case ospkg.Remove, ospkg.AutoRemove:
		r.may(AnyRemoval, os.Program)
	}
	if os.Opaque != "" {
		r.may(SystemFile|AnyProgram|AnyUser|AnyPackage|AnyOSPackage, os.Program)
	}
}

// installer is pip and its like.
func (r *reading) installer() {
	call := r.call.Installer
	if call.Opaque != "" {
		r.may(AnyFile|AnyProgram|AnyPackage, string(call.Tool))
	}
	for _, t := range r.call.Trees {
		r.add(WritesTree, t.Path, "", t.Doubtful)
	}
	switch {
	case r.call.Elsewhere:
		r.may(AnyFile|AnyProgram|AnyPackage, string(call.Tool))
	case len(r.call.Trees) > 0 || call.Uninstalls() || call.Opaque != "":
	case call.Tool == installer.PipTools, strings.Contains(call.Verb, "export"), strings.Contains(call.Verb, "compile"),
		strings.Contains(call.Verb, "lock"):
		r.written(WritesFile, "--output-file", "--output", "-o", "--file")
	case call.Verb == "download", call.Verb == "wheel", call.Tool == installer.Build, call.Verb == "build":
		r.written(WritesTree, "--dest", "--wheel-dir", "--outdir", "--out-dir", "--output")
	case quietVerbs[call.Verb]:
	default:
		r.may(AnyFile|AnyProgram|AnyPackage, string(call.Tool)+" "+call.Verb)
	}
}

// quietVerbs are subcommands that write nothing but an installer's own settings and caches.
var quietVerbs = map[string]bool{
	"config": true, "cache purge": true, "cache clean": true, "cache dir": true, "clean": true, "list": true, "show": true, "check": true,
	"freeze": true, "debug": true, "version": true, "info": true, "tree": true, "env info": true, "graph": true, "cache clear": true,
	"cache info": true, "config set": true, "help": true, "self version": true, "self show": true, "requirements": true, "inspect": true,
	"cache prune": true, "cache list": true, "config list": true,
}

// written are the files that an installer writes: where an option says, else into the working directory.
func (r *reading) written(verb Verb, options ...string) {
	for _, name := range options {
		if o, ok := r.call.Installer.Option(name); ok {
			p := r.call.Abs(o.Value)
			if !p.IsKnown() {
				r.may(AnyFile, string(r.call.Installer.Tool))
				return
			}
			r.add(verb, p.Text, "", false)
			return
		}
	}
	r.here()
}

// here adds the working directory with files below it that are not known.
func (r *reading) here() {
	dir := r.call.Abs(env.Of("."))
	if !dir.IsKnown() {
		r.may(AnyFile, "the working directory")
		return
	}
	r.add(WritesTree, dir.Text, "", true)
}

// program is any other program.
func (r *reading) program() {
	argv := r.call.Argv
	name := shell.Program(argv[0])
	if name == "" {
		r.may(Anything, "a variable")
		return
	}
	if r.call.Defines(name) {
		return
	}
	facts, known := program.Lookup(name)
	if !known {
		if slices.ContainsFunc([]string{"manage.py", "django-admin.py"}, func(s string) bool { return s == name }) {
			r.may(AnyFile, name)
			return
		}
		r.may(Anything, name)
		return
	}
	if read, ok := grammars[name]; ok {
		read(r, argv[1:])
		return
	}
	switch facts.Touches {
	case program.Nothing, program.ShellOnly, program.Attributes:
	case program.Removes:
		r.operands(Removes, argv[1:])
	case program.System:
		r.may(SystemFile, name)
	case program.OfAccounts:
		r.accounts(name, argv)
	case program.Names:
		r.named(argv[1:])
	case program.AnyFile:
		r.may(AnyFile, name)
		if facts.Kind == program.Compile {
			r.may(AnyProgram, name)
		}
	default:
		r.interpreted(facts, argv)
	}
}

// interpreted is a program that runs code: what is written out in the call can be looked at.
func (r *reading) interpreted(facts program.Facts, argv []shell.Field) {
	switch {
	case facts.Is(program.Interpreter):
		r.python(argv[1:])
	case facts.Is(program.ShellProgram) && len(argv) > 1 && strings.HasPrefix(argv[1].Text(), "-") && strings.Contains(argv[1].Text(), "c"):
		// The commands of `sh -c` are among the script's.
	default:
		r.may(Anything, facts.Name)
	}
}

// python is an interpreter with its arguments.
func (r *reading) python(args []shell.Field) {
	for i, f := range args {
		text := f.Text()
		switch module, glued := program.ModuleFlag(text); {
		case text == "-V" || text == "--version" || text == "-VV":
			return
		case text == "-": // `curl ... | python3 - --version 1.8.1`: the program comes from a pipe, and the rest is its own
			r.may(Anything, "python -")
			return
		case text == "-c":
			reach := AnyFile
			if i+1 >= len(args) || !args[i+1].Value.IsKnown() || startsPrograms(args[i+1].Text()) {
				reach = Anything
			}
			r.may(reach, "python -c")
			return
		case glued:
			r.may(Anything, "python "+text)
			return
		case module:
			if i+1 >= len(args) {
				break
			}
			module, _, _ := strings.Cut(args[i+1].Text(), ".")
			if facts, ok := program.Lookup(module); ok && facts.Touches == program.AnyFile {
				r.may(AnyFile, "python -m "+module)
				return
			}
			r.may(Anything, "python -m "+module)
			return
		case text == "-W" || text == "-X":
		case strings.HasPrefix(text, "-"):
			continue
		case path.Base(text) == "manage.py":
			r.may(AnyFile, "manage.py")
			return
		default:
			r.may(Anything, "python "+text)
			return
		}
	}
	r.may(Anything, "python")
}

// startsPrograms tells whether Python code may start other programs, or do what its text does not say.
func startsPrograms(code string) bool {
	for _, word := range []string{"subprocess", "os.system", "popen", "exec(", "eval(", "pty.", "import sh", "urlopen", "requests.get"} {
		if strings.Contains(code, word) {
			return true
		}
	}
	return false
}

// operands calls at for each word that is no option.
func (r *reading) operands(verb Verb, args []shell.Field) {
	options := true
	for _, f := range args {
		text := f.Text()
		switch {
		case options && text == "--":
			options = false
		case options && strings.HasPrefix(text, "-") && len(text) > 1:
		default:
			r.at(verb, f)
		}
	}
}

// named is a program that may write what its words name, and into the working directory.
func (r *reading) named(args []shell.Field) {
	for _, f := range args {
		text := f.Text()
		if _, value, ok := strings.Cut(text, "="); ok && strings.HasPrefix(text, "-") {
			if p := r.call.Abs(env.Of(value)); p.IsKnown() && path.IsAbs(value) {
				r.add(WritesTree, p.Text, "", true)
			}
			continue
		}
		switch p := r.call.Abs(f.Value); {
		case strings.HasPrefix(text, "-"), strings.Contains(text, "://"):
		case !p.IsKnown() || f.Glob:
			r.near(f)
		case strings.Contains(text, "/") || strings.Contains(text, "."):
			r.add(WritesTree, p.Text, "", true)
		}
	}
	r.here()
}

func hasPattern(text string) bool { return strings.ContainsAny(text, "*?[") }

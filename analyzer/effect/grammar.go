package effect

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// grammars read the words of programs whose effects they tell. Sources: the manual pages of coreutils 9.1, findutils 4.9, tar 1.34,
// curl 7.88, wget 1.21, git 2.39 and unzip 6.0.
var grammars = map[string]func(*reading, []shell.Field){
	"mkdir":   func(r *reading, a []shell.Field) { r.list(MakesDir, a, "m", "--mode", "--context") },
	"touch":   func(r *reading, a []shell.Field) { r.list(WritesFile, a, "dtr", "--date", "--reference") },
	"tee":     func(r *reading, a []shell.Field) { r.list(WritesFile, a, "") },
	"rm":      func(r *reading, a []shell.Field) { r.list(Removes, a, "") },
	"cp":      func(r *reading, a []shell.Field) { r.transfer(Copies, a, "tS", "--target-directory", "--suffix") },
	"mv":      (*reading).move,
	"install": (*reading).install,
	"ln":      func(r *reading, a []shell.Field) { r.transfer(Links, a, "tS", "--target-directory", "--suffix") },
	"rsync":   func(r *reading, a []shell.Field) { r.transfer(Copies, a, "e", "--exclude", "--include", "--rsh") },
	"sed":     (*reading).sed,
	"awk":     (*reading).awk, "gawk": (*reading).awk, "mawk": (*reading).awk,
	"sort":  func(r *reading, a []shell.Field) { r.valueOf(a, "o", "--output") },
	"find":  (*reading).find,
	"xargs": (*reading).xargs, "parallel": (*reading).xargs,
	"curl": (*reading).curl, "wget": (*reading).wget, "git": (*reading).git,
	"unzip": (*reading).unzip, "tar": (*reading).tar,
	".": (*reading).sourced, "source": (*reading).sourced,
}

// options are those of a call, with the values of those that take one.
type options []option

type option struct {
	name  string // a letter, or with its dashes
	value shell.Field
}

// get is the last value of the first of the options that is given, nil for none. Inlined it would be 3 kB of code.
//
//go:noinline
func (o options) get(names ...string) *shell.Field {
	for _, name := range names {
		for i := len(o) - 1; i >= 0; i-- {
			if o[i].name == name {
				return &o[i].value
			}
		}
	}
	return nil
}

// words splits arguments into operands and the values of the options that take one: short ones are letters of values, long ones names.
func words(args []shell.Field, values string, long ...string) (operands []shell.Field, given options) {
	end := false
	for i := 0; i < len(args); i++ {
		text := args[i].Text()
		if !args[i].Value.IsKnown() {
			text = args[i].Prefix
		}
		switch {
		case end || !strings.HasPrefix(text, "-") || text == "-":
			operands = append(operands, args[i])
		case text == "--":
			end = true
		case strings.HasPrefix(text, "--"):
			name, value, attached := strings.Cut(text, "=")
			o := option{name: name}
			switch {
			case attached && args[i].Value.IsKnown():
				o.value = shell.Field{Value: env.Of(value), Span: args[i].Span}
			case attached:
				o.value = shell.Field{Value: env.Doubtful(), Prefix: value}
			case slices.Contains(long, name) && i+1 < len(args):
				i++
				o.value = args[i]
			}
			given = append(given, o)
		default:
			given, i = cluster(given, args, i, text, values)
		}
	}
	return operands, given
}

// cluster reads short options, the last of which may take a value: "-sSLo file". It gives the index of the last word that it took.
func cluster(given options, args []shell.Field, i int, text, values string) (options, int) {
	for at := 1; at < len(text); at++ {
		o := option{name: text[at : at+1]}
		takes := strings.Contains(values, o.name)
		switch {
		case !takes:
		case at+1 < len(text) && args[i].Value.IsKnown():
			o.value.Value = env.Of(text[at+1:])
		case at+1 < len(text) || !args[i].Value.IsKnown():
			o.value.Value, o.value.Prefix = env.Doubtful(), text[at+1:]
		case i+1 < len(args):
			i++
			o.value = args[i]
		default:
			return given, i // its value is missing
		}
		if given = append(given, o); takes {
			break
		}
	}
	return given, i
}

// list is a program that does the same to each of its operands.
func (r *reading) list(verb Verb, args []shell.Field, values string, long ...string) {
	operands, _ := words(args, values, long...)
	for _, f := range operands {
		r.at(verb, f)
	}
}

// valueOf is a program that writes the file which an option names.
func (r *reading) valueOf(args []shell.Field, short, long string) (written bool) {
	_, options := words(args, short, long)
	for _, name := range []string{short, long} {
		if f := options.get(name); f != nil {
			r.at(WritesFile, *f)
			written = true
		}
	}
	return written
}

// transfer is cp, ln and their like: SOURCE... DEST, or -t DIR SOURCE...
func (r *reading) transfer(verb Verb, args []shell.Field, values string, long ...string) {
	operands, options := words(args, values, long...)
	into := options.get("t", "--target-directory")
	if into == nil {
		if len(operands) == 1 && verb == Links { // into the working directory
			operands = append(operands, shell.Field{Value: env.Of(".")})
		}
		if len(operands) < 2 {
			return
		}
		into = &operands[len(operands)-1]
		operands = operands[:len(operands)-1]
	}
	dest := r.call.Abs(into.Value)
	if !dest.IsKnown() || into.Glob {
		r.near(*into)
		return
	}
	for _, f := range operands {
		from := r.call.Abs(f.Value)
		switch {
		case !from.IsKnown() || f.Glob:
			r.add(WritesTree, dest.Text, "", true)
		case verb == Links && !path.IsAbs(f.Text()):
			// A relative target begins at the link.
			r.add(verb, dest.Text, path.Join(path.Dir(dest.Text), f.Text()), false)
		case strings.HasSuffix(f.Text(), "/.") || strings.HasSuffix(f.Text(), "/") && verb == Copies:
			r.add(WritesTree, dest.Text, "", false) // its contents
		case len(operands) > 1 || strings.HasSuffix(into.Text(), "/"):
			r.add(verb, path.Join(dest.Text, path.Base(from.Text)), from.Text, false)
		default:
			r.add(verb, dest.Text, from.Text, false)
		}
	}
}

func (r *reading) move(args []shell.Field) {
	r.transfer(Copies, args, "tS", "--target-directory", "--suffix")
	operands, options := words(args, "tS", "--target-directory", "--suffix")
	if options.get("t", "--target-directory") == nil && len(operands) > 0 {
		operands = operands[:len(operands)-1]
	}
	for _, f := range operands {
		r.at(Removes, f)
	}
}

func (r *reading) install(args []shell.Field) {
	values, long := "mogtS", []string{"--mode", "--owner", "--group", "--target-directory", "--suffix"}
	_, options := words(args, values, long...)
	if options.get("d", "--directory") != nil {
		r.list(MakesDir, args, values, long...)
		return
	}
	r.transfer(Copies, args, values, long...)
}

// sed changes files that are there.
func (r *reading) sed(args []shell.Field) {
	for _, f := range args {
		if f.Text() == "/etc/passwd" {
			r.may(AnyUser, "sed")
		}
	}
}

func (r *reading) awk(args []shell.Field) {
	for _, f := range args {
		if !f.Value.IsKnown() || strings.Contains(f.Text(), "> \"") || strings.Contains(f.Text(), ">\"") || strings.Contains(f.Text(), "system(") {
			r.may(AnyFile, "awk")
		}
	}
}

// find looks at what -exec runs, and at -delete with its -name.
func (r *reading) find(args []shell.Field) {
	var roots []string
	name, doubt := "", false
	less := false // another test lets fewer files through
	expression := false
	for i, f := range args {
		text := f.Text()
		switch {
		case !expression && !strings.HasPrefix(text, "-") && text != "(" && text != "!":
			p := r.call.Abs(f.Value)
			if !p.IsKnown() || f.Glob {
				doubt = true
				continue
			}
			roots = append(roots, p.Text)
			continue
		case text == "-name" && i+1 < len(args):
			if name != "" { // one or another
				doubt = true
			}
			if name = args[i+1].Text(); name == "" {
				doubt = true
			}
		case text == "-iname", text == "-path", text == "-regex", text == "-o", text == "-or", text == "!", text == "-not", text == ",":
			doubt = true
		case findTests[text]:
			less = true
		case text == "-exec", text == "-execdir", text == "-ok":
			r.runs(args[i+1:], roots, name, doubt, less)
			return
		case text == "-delete":
			r.removed(roots, name, doubt, less)
		case text == "-fprint" || text == "-fls":
			r.may(AnyFile, "find")
		}
		expression = true
	}
}

// findTests are tests of find besides those of names. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/find.html
var findTests = map[string]bool{
	"-type": true, "-maxdepth": true, "-mindepth": true, "-empty": true, "-newer": true, "-mtime": true, "-mmin": true, "-atime": true,
	"-ctime": true, "-size": true, "-perm": true, "-user": true, "-group": true, "-nouser": true, "-nogroup": true, "-links": true, "-xdev": true,
	"-prune": true, "-wholename": true, "-lname": true, "-executable": true, "-readable": true, "-writable": true, "-cmin": true, "-amin": true,
}

// removed is the removal of what a search finds: doubt tells that the name is not all that decides, less that some of what has it stays.
func (r *reading) removed(roots []string, name string, doubt, less bool) {
	if len(roots) == 0 {
		r.may(AnyRemoval, "find")
	}
	if name == "" {
		name = "*"
	}
	for _, root := range roots {
		if doubt {
			name = "*"
		}
		r.List = append(r.List, Effect{Verb: Removes, Path: root, Name: name, Doubtful: doubt || less})
	}
}

// runs is the program that find runs on what it finds.
func (r *reading) runs(argv []shell.Field, roots []string, name string, doubt, less bool) {
	if len(argv) == 0 {
		return
	}
	run := shell.Program(argv[0])
	facts, known := program.Lookup(run)
	switch {
	case !known, facts.Touches == program.Anything:
		r.may(Anything, "find -exec "+run)
	case facts.Touches == program.Removes, run == "mv":
		r.removed(roots, name, doubt, less)
	case facts.Touches == program.Names, facts.Touches == program.AnyFile:
		r.may(AnyFile, "find -exec "+run)
	}
}

// xargs runs a program with words that are read.
func (r *reading) xargs(args []shell.Field) {
	operands, _ := words(args, "aEILlnPsd", "--arg-file", "--delimiter", "--max-args", "--max-procs", "--max-lines", "--replace")
	if len(operands) == 0 {
		return
	}
	// What follows the program are its own words.
	_, _, argv, _ := shell.Unwrap(operands)
	run := shell.Program(argv[0])
	facts, known := program.Lookup(run)
	switch {
	case !known || facts.Touches == program.Anything:
		r.may(Anything, "xargs "+run)
	case facts.Touches == program.Removes:
		r.may(AnyRemoval, "xargs rm")
	case facts.Touches == program.Names || facts.Touches == program.AnyFile:
		r.may(AnyFile, "xargs "+run)
	case facts.Touches == program.OfAccounts:
		r.may(AnyUser, "xargs "+run)
	case facts.Touches == program.System:
		r.may(SystemFile, "xargs "+run)
	}
}

// curlValues are curl's short options that take a value.
const curlValues = "AbCcDdEeFHhKmoPQrTtuUwxXyYz"

func (r *reading) curl(args []shell.Field) {
	operands, options := words(args, curlValues, "--output", "--output-dir", "--header", "--data", "--user", "--user-agent", "--request", "--retry",
		"--retry-delay", "--retry-max-time", "--connect-timeout", "--max-time", "--proxy", "--cacert", "--cert", "--key", "--form", "--url", "--write-out",
		"--proto", "--dump-header", "--cookie", "--cookie-jar", "--config")
	for _, name := range []string{"o", "--output"} {
		if f := options.get(name); f != nil {
			r.at(WritesFile, *f)
		}
	}
	if options.get("O", "--remote-name", "--remote-name-all") != nil {
		if dir := options.get("--output-dir"); dir != nil {
			r.near(shell.Field{Value: env.Doubtful(), Prefix: dir.Text() + "/"})
			return
		}
		r.downloads(operands)
	}
}

func (r *reading) wget(args []shell.Field) {
	operands, options := words(args, "aAbBDeiILOoPQRtTUwX", "--output-document", "--directory-prefix", "--header", "--user", "--password", "--tries",
		"--timeout", "--waitretry", "--append-output", "--output-file", "--input-file", "--accept", "--reject", "--user-agent")
	for _, name := range []string{"O", "--output-document"} {
		if f := options.get(name); f != nil {
			if !f.Value.Is("-") {
				r.at(WritesFile, *f)
			}
			return
		}
	}
	for _, name := range []string{"P", "--directory-prefix"} {
		if f := options.get(name); f != nil {
			r.at(WritesTree, *f)
			return
		}
	}
	r.downloads(operands)
}

// downloads are files in the working directory, called like the URLs' last parts.
func (r *reading) downloads(urls []shell.Field) {
	for _, f := range urls {
		text, _, _ := strings.Cut(f.Text(), "?")
		name := path.Base(text)
		p := r.call.Abs(env.Of(name))
		if text == "" || strings.HasSuffix(text, "/") || !p.IsKnown() || hasPattern(text) || strings.ContainsAny(text, "{}") {
			r.here()
			continue
		}
		// A redirection of the server may give it another name.
		r.add(WritesFile, p.Text, "", false)
	}
}

func (r *reading) git(args []shell.Field) {
	operands, options := words(args, "bCcou", "--branch", "--depth", "--config", "--origin", "--reference", "--template", "--jobs", "--filter", "--git-dir", "--work-tree")
	if options.get("C") != nil {
		r.may(AnyFile, "git -C")
		return
	}
	if len(operands) == 0 {
		return
	}
	switch operands[0].Text() {
	case "clone":
		switch len(operands) {
		case 2:
			name := strings.TrimSuffix(path.Base(strings.TrimSuffix(operands[1].Text(), "/")), ".git")
			if at := strings.LastIndexByte(name, ':'); at >= 0 {
				name = name[at+1:]
			}
			if name == "" || name == "." {
				r.here()
				return
			}
			r.at(WritesTree, shell.Field{Value: env.Of(name)})
		case 3:
			r.at(WritesTree, operands[2])
		default:
			r.here()
		}
	case "config", "--version", "version", "status", "log", "rev-parse", "describe", "ls-remote", "remote", "ls-files":
	default:
		r.here()
	}
}

func (r *reading) unzip(args []shell.Field) {
	_, options := words(args, "dxP")
	if f := options.get("d"); f != nil {
		r.at(WritesTree, *f)
		return
	}
	r.here()
}

func (r *reading) tar(args []shell.Field) {
	if len(args) > 0 && args[0].Value.IsKnown() && !strings.HasPrefix(args[0].Text(), "-") { // the old style: tar xzf FILE
		args = append([]shell.Field{{Value: env.Of("-" + args[0].Text()), Span: args[0].Span}}, args[1:]...)
	}
	_, options := words(args, "CfTXHbKNVg", "--directory", "--file", "--exclude", "--transform", "--strip-components", "--files-from", "--use-compress-program", "--owner", "--group")
	into := options.get("C", "--directory")
	switch {
	case options.get("t") != nil:
	case options.get("c", "--create") != nil:
		for _, name := range []string{"f", "--file"} {
			if f := options.get(name); f != nil && !f.Value.Is("-") {
				r.at(WritesFile, *f)
			}
		}
	case into != nil:
		r.at(WritesTree, *into)
	default:
		r.here()
	}
}

// sourced is shell code from a file: bin/activate sets variables, anything else may do anything.
func (r *reading) sourced(args []shell.Field) {
	if len(args) == 0 || path.Base(args[0].Text()) != "activate" && args[0].Text() != "/etc/profile" && path.Base(args[0].Text()) != ".bashrc" &&
		path.Base(args[0].Text()) != "conda.sh" && args[0].Text() != "/etc/os-release" {
		r.may(Anything, "source")
	}
}

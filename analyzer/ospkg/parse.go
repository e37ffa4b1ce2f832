package ospkg

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// grammar is how one manager reads its arguments.
type grammar struct {
	manager Manager
	// before and after are the options that may stand before and after the verb: zypper gives -C and
	// -n another meaning there. The others accept every option at every place.
	before, after *options
	verbs         map[string]Verb
	// option takes note of an option; name has its dashes.
	option func(r *reader, name, value string)
	// split takes a package argument apart; ok is false for an argument that names no package of this verb.
	split func(c *Command, text string) (p Package, ok bool)
}

var programs = map[string]*grammar{
	"apt-get": &aptGrammar, "apt": &aptGrammar, "aptitude": &aptitudeGrammar,
	"apk": &apkGrammar,
	"dnf": &dnfGrammar, "dnf5": &dnfGrammar, "dnf-3": &dnfGrammar, "microdnf": &dnfGrammar, "yum": &dnfGrammar,
	"zypper": &zypperGrammar,
}

func parse(sh *shell.Command, argv []shell.Field) *Command {
	_, _, rest, _ := shell.Unwrap(argv)
	if len(rest) == 0 || !rest[0].Value.IsKnown() {
		return nil
	}
	program := path.Base(rest[0].Text())
	g := programs[program]
	if g == nil && program != "dpkg" {
		return nil
	}
	c := &Command{Program: program, Verb: Other, Span: rest[0].Span, Shell: sh}
	for _, f := range rest {
		c.Span = c.Span.Join(f.Span)
	}
	if g == nil {
		parseDpkg(c, rest[1:])
		return c
	}
	c.Manager = g.manager
	r := reader{g: g, c: c, args: rest[1:], options: g.before}
	r.read()
	if r.g.manager == Apk && r.verb == "cache" && rest[len(rest)-1].Text() == "clean" {
		c.Verb = Clean
	}
	return c
}

// reader walks the arguments of one call.
type reader struct {
	g       *grammar
	c       *Command
	args    []shell.Field
	next    int
	options *options
	verb    string
	group   bool // dnf: "group" was read, what to do with it comes next
	quiet   bool // apt: one -q was read
	opaque  bool
}

func (r *reader) doubt(reason string) {
	// Options of a verb that installs nothing, such as `dnf config-manager --add-repo`, are of no interest.
	if r.verb != "" && r.c.Verb == Other {
		return
	}
	r.opaque = true
	r.c.Opaque = reason
}

func (r *reader) read() {
	literal := false // after "--"
	for r.next < len(r.args) && !r.opaque {
		f := r.args[r.next]
		r.next++
		text := f.Text()
		switch {
		case f.Many:
			r.doubt("an argument may become any number of words")
		case !f.Value.IsKnown() && strings.HasPrefix(f.Prefix, "-") && !literal:
			r.partial(f.Prefix)
		case !f.Value.IsKnown():
			r.positional(f)
		case literal || !strings.HasPrefix(text, "-") || text == "-":
			r.positional(f)
		case text == "--":
			literal = true
		case strings.HasPrefix(text, "--"):
			r.long(text)
		default:
			r.short(text)
		}
	}
}

// partial is an option whose end is not known: "--virtual=$NAME" is understood, "--$FLAG" is not.
func (r *reader) partial(prefix string) {
	name, _, given := strings.Cut(prefix, "=")
	if _, takes, ok := r.options.long(name); !given || !ok || !takes {
		r.doubt("an option is not known")
	}
}

func (r *reader) long(text string) {
	name, value, given := strings.Cut(text, "=")
	name, takes, ok := r.options.long(name)
	if !ok {
		r.doubt("unknown option " + text)
		return
	}
	if !takes {
		r.flag(name, value, given)
		return
	}
	if !given {
		value, given = r.value(name)
	}
	if given {
		r.g.option(r, name, value)
	}
}

// flag is an option without a value; only apt gives them one ("--yes=false").
func (r *reader) flag(name, value string, given bool) {
	switch {
	case !given:
		r.g.option(r, name, "")
	case r.options.boolValues:
		if !truth(value) {
			name = "--no-" + strings.TrimPrefix(strings.TrimPrefix(name, "--"), "no-")
		}
		r.g.option(r, name, value)
	default:
		r.doubt("option " + name + " takes no value")
	}
}

func (r *reader) short(text string) {
	for i := 1; i < len(text); i++ {
		name := "-" + text[i:i+1]
		rest := text[i+1:]
		if r.options.shortValue[text[i]] {
			if r.options.boolValues { // apt: -o=X is -oX
				rest = strings.TrimPrefix(rest, "=")
			}
			value, ok := rest, true
			if rest == "" {
				value, ok = r.value(name)
			}
			if ok {
				r.g.option(r, name, value)
			}
			return
		}
		if !r.options.shortBool[text[i]] {
			r.doubt("unknown option " + text)
			return
		}
		if r.options.boolValues && strings.HasPrefix(rest, "=") { // apt: -q=2, -y=false
			r.g.option(r, name, rest[1:])
			return
		}
		r.g.option(r, name, "")
	}
}

// value takes the next argument as an option's value; ok is false when there is none to be known.
func (r *reader) value(name string) (value string, ok bool) {
	if r.next >= len(r.args) {
		r.doubt("option " + name + " lacks its value")
		return "", false
	}
	f := r.args[r.next]
	r.next++
	if f.Many {
		r.doubt("an argument may become any number of words")
		return "", false
	}
	return f.Text(), f.Value.IsKnown()
}

func (r *reader) positional(f shell.Field) {
	if r.verb == "" {
		r.setVerb(f)
		return
	}
	if r.group {
		// `dnf group install X`: the second word says what is done.
		r.group = false
		r.c.Verb, r.c.VerbSpan = groupVerb(f.Text()), r.c.VerbSpan.Join(f.Span)
		r.verb = "group" + f.Text()
		return
	}
	switch r.c.Verb {
	case Install, Remove, Upgrade, AutoRemove:
	default:
		return
	}
	if !f.Value.IsKnown() {
		p := Package{Span: f.Span}
		if strings.Contains(f.Prefix, "=") { // "libpq5=$VERSION"
			known, _ := r.g.split(r.c, f.Prefix)
			p.Name = known.Name
		}
		r.c.Packages = append(r.c.Packages, p)
		return
	}
	p, ok := r.g.split(r.c, f.Text())
	if !ok {
		return
	}
	if strings.ContainsAny(p.Name, "*?[") {
		p.Name = "" // a pattern
	}
	if strings.HasPrefix(r.verb, "group") {
		p = Package{Name: strings.TrimPrefix(f.Text(), "@"), Group: true}
	}
	p.Span, p.Literal = f.Span, f.Literal
	r.c.Packages = append(r.c.Packages, p)
}

func (r *reader) setVerb(f shell.Field) {
	if !f.Value.IsKnown() {
		r.doubt("the subcommand is not known")
		return
	}
	r.verb = f.Text()
	r.c.VerbSpan = f.Span
	r.options = r.g.after
	r.c.Verb = Other
	if v, ok := r.g.verbs[r.verb]; ok {
		r.c.Verb = v
	}
	if r.g.manager == Dnf {
		r.group = r.verb == "group" || r.verb == "groups"
	}
}

// options is a set of options.
type options struct {
	shortBool, shortValue map[byte]bool
	longBool, longValue   map[string]bool
	boolValues            bool // apt: a flag may be given a truth value after '='
	abbreviations         bool // getopt_long: any unique beginning of a long option
}

func newOptions(shortBool, shortValue, longBool, longValue string) *options {
	o := &options{map[byte]bool{}, map[byte]bool{}, map[string]bool{}, map[string]bool{}, false, false}
	for i := range len(shortBool) {
		o.shortBool[shortBool[i]] = true
	}
	for i := range len(shortValue) {
		o.shortValue[shortValue[i]] = true
	}
	for _, name := range strings.Fields(longBool) {
		o.longBool["--"+name] = true
	}
	for _, name := range strings.Fields(longValue) {
		o.longValue["--"+name] = true
	}
	return o
}

// long finds a long option by its name with dashes.
func (o *options) long(name string) (full string, takesValue, ok bool) {
	if o.longBool[name] || o.longValue[name] {
		return name, o.longValue[name], true
	}
	if o.boolValues && strings.HasPrefix(name, "--no-") && o.longBool["--"+name[5:]] {
		return name, false, true // apt-get(8): boolean options are switched off by --no-OPTION
	}
	if !o.abbreviations {
		return name, false, false
	}
	for _, set := range []map[string]bool{o.longBool, o.longValue} {
		for candidate := range set {
			if !strings.HasPrefix(candidate, name) {
				continue
			}
			if full != "" {
				return name, false, false // ambiguous: getopt refuses it
			}
			full = candidate
		}
	}
	return full, o.longValue[full], full != ""
}

// truth reads a value as apt's configuration does (StringToBool).
func truth(value string) bool {
	switch strings.ToLower(strings.Trim(value, `"' ;`)) {
	case "0", "no", "false", "without", "off", "disable":
		return false
	}
	return true
}

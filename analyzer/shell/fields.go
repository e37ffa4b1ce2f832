package shell

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Literal is the text of the word when no variable, substitution or brace expansion takes part in it.
func (w Word) Literal() (string, bool) {
	if w.Alternatives != nil {
		return "", false
	}
	if len(w.Parts) == 1 { // nearly all
		return w.Parts[0].Text, w.Parts[0].Kind == Literal
	}
	var text strings.Builder
	for _, p := range w.Parts {
		if p.Kind != Literal {
			return "", false
		}
		text.WriteString(p.Text)
	}
	return text.String(), true
}

// Value is what the word expands to as one value, without field splitting and brace expansion: the
// right side of an assignment. It is Known (the empty text too) or Unknown, never Unset.
func (w Word) Value(lookup env.Lookup) env.Value {
	x := expansion{lookup: orNothing(lookup), whole: true}
	x.parts(w.Parts, true, false, 0)
	if x.current.unknown {
		return env.Doubtful()
	}
	return env.Of(string(x.current.text))
}

// Fields expands the words of a command to the arguments that the program receives: brace expansion
// where the dialect has it, parameters, splitting of unquoted values at blanks, quote removal. A
// pattern for file names stays as it is, with Glob set; a leading "~" stays too. Unset variables
// expand to nothing. What positional parameters hold is unknown.
func Fields(words []Word, lookup env.Lookup) []Field {
	fields := make([]Field, 0, len(words))
	lookup = orNothing(lookup)
	for _, w := range words {
		if w.Alternatives == nil {
			fields = expandWord(fields, w, lookup)
			continue
		}
		from := len(fields)
		for _, alternative := range w.Alternatives {
			fields = expandWord(fields, alternative, lookup)
		}
		for i := from; i < len(fields); i++ {
			fields[i].Literal, fields[i].Span = false, w.Span
		}
	}
	return fields
}

func orNothing(lookup env.Lookup) env.Lookup {
	if lookup == nil {
		return env.Nothing
	}
	return lookup
}

func expandWord(fields []Field, w Word, lookup env.Lookup) []Field {
	if len(w.Parts) == 1 && w.Parts[0].Kind == Literal && w.Parts[0].Text != "" { // nearly all words
		part := w.Parts[0]
		return append(fields, Field{Value: env.Of(part.Text), Span: w.Span, Literal: !w.Inexact, Glob: !part.Quoted && strings.ContainsAny(part.Text, "*?[")})
	}
	x := expansion{lookup: lookup, fields: fields, span: w.Span}
	x.parts(w.Parts, false, false, 0)
	x.finish()
	if len(x.fields) == len(fields)+1 {
		_, plain := w.Literal()
		x.fields[len(fields)].Literal = plain && !w.Inexact
	}
	return x.fields
}

// expansion builds the fields of one word.
type expansion struct {
	lookup  env.Lookup
	whole   bool // one value: nothing is split
	fields  []Field
	span    source.Span
	current struct {
		started, unknown, many, glob bool
		text                         []byte // up to the first unknown part
	}
}

func (x *expansion) finish() {
	c := x.current
	x.current.started, x.current.unknown, x.current.many, x.current.glob, x.current.text = false, false, false, false, nil
	if !c.started {
		return
	}
	field := Field{Span: x.span, Many: c.many, Glob: c.glob, Value: env.Of(string(c.text))}
	if c.unknown {
		field.Value, field.Prefix = env.Doubtful(), string(c.text)
	}
	x.fields = append(x.fields, field)
}

func (x *expansion) add(text string, quoted bool) {
	x.current.started = x.current.started || quoted || text != ""
	if !quoted && strings.ContainsAny(text, "*?[") {
		x.current.glob = true
	}
	if !x.current.unknown {
		x.current.text = append(x.current.text, text...)
	}
}

func (x *expansion) doubt(quoted bool) {
	x.current.started, x.current.unknown = true, true
	x.current.many = x.current.many || !quoted
}

// split adds the value of an unquoted expansion (POSIX 2.6.5 with the default IFS).
func (x *expansion) split(text string) {
	for text != "" {
		i := strings.IndexAny(text, " \t\n")
		if i < 0 {
			x.add(text, false)
			return
		}
		x.add(text[:i], false)
		x.finish()
		text = strings.TrimLeft(text[i:], " \t\n")
	}
}

// maxArgs bounds ${A:-${B:-...}}.
const maxArgs = 100

// parts expands parts. quoted: all of them are inside quotes; expanded: their literal text comes out of
// ${X:-text}, and is split.
func (x *expansion) parts(parts []Part, quoted, expanded bool, depth int) {
	for _, p := range parts {
		q := quoted || p.Quoted
		switch {
		case depth > maxArgs || p.Kind == Opaque:
			x.doubt(q)
		case p.Kind == Parameter:
			x.parameter(p, q, depth)
		case expanded && !q:
			x.split(p.Text)
		default:
			x.add(p.Text, q)
		}
	}
}

func (x *expansion) parameter(p Part, quoted bool, depth int) {
	if special(p.Text) {
		x.doubt(quoted)
		if p.Text == "@" && !x.whole {
			x.current.many = true
		}
		return
	}
	v := x.lookup(p.Text)
	if v.Kind == env.Unknown {
		x.doubt(quoted)
		return
	}
	set := v.Kind == env.Known
	if strings.HasPrefix(p.Op, ":") {
		set = set && v.Text != ""
	}
	switch strings.TrimPrefix(p.Op, ":") {
	case "+":
		if set {
			x.argument(p.Arg, quoted, depth)
		} else {
			x.add("", quoted)
		}
		return
	case "-", "=":
		if !set {
			x.argument(p.Arg, quoted, depth)
			return
		}
	case "?":
		if !set { // the shell gives up here
			x.doubt(quoted)
			return
		}
	}
	if len(x.current.text)+len(v.Text) > maxText || len(x.fields) > maxFields {
		x.doubt(quoted)
		return
	}
	if quoted {
		x.add(v.Text, true)
		return
	}
	x.split(v.Text)
}

// What variables expand to is bounded: A=$A$A doubles a value each time, and forty of them would fill any memory.
const (
	maxText   = 1 << 14
	maxFields = 1 << 14
)

func (x *expansion) argument(arg *Word, quoted bool, depth int) {
	if arg == nil {
		x.add("", quoted)
		return
	}
	x.add("", quoted)
	x.parts(arg.Parts, quoted, true, depth+1)
}

// special tells whether the name is a positional or special parameter.
func special(name string) bool {
	return name == "" || !(name[0] == '_' || 'a' <= name[0] && name[0] <= 'z' || 'A' <= name[0] && name[0] <= 'Z')
}

package installer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// scanner reads the arguments of a command from left to right.
type scanner struct {
	cmd    *Command
	g      *grammar
	fields []shell.Field
	at     int
	layers []optionSet
	global bool // still before the verb
	ended  bool // "--" was seen
}

// opaque keeps the first reason.
func (s *scanner) opaque(reason string) {
	if s.cmd.Opaque == "" {
		s.cmd.Opaque = reason
	}
}

// operand takes options until an operand stands next and gives it; false at the end.
func (s *scanner) operand() (shell.Field, bool) {
	for s.at < len(s.fields) {
		f := s.fields[s.at]
		s.at++
		text, complete := f.Text(), f.Value.IsKnown()
		if !complete {
			text = f.Prefix
		}
		if f.Many {
			s.opaque("an unquoted word of unknown value may become any number of arguments")
		}
		switch {
		case !s.ended && typographicDash(text):
			s.unknown(f, text)
			s.opaque("a dash that is no hyphen")
			return f, true
		case s.ended || !strings.HasPrefix(text, "-") || text == "-" && complete:
			return f, true
		case text == "--" && complete:
			// Kept as an option, for an edit must know where the options end.
			s.add(&spec{name: "--"}, "--", f)
			s.ended = true
		case strings.HasPrefix(text, "--"):
			s.long(f, text, complete)
		default:
			s.cluster(f, text, complete)
		}
	}
	return shell.Field{}, false
}

// rest takes everything that is left as operands.
func (s *scanner) rest() []shell.Field {
	left := s.fields[s.at:]
	s.at = len(s.fields)
	return left
}

func (s *scanner) add(o *spec, written string, f shell.Field) *Option {
	s.cmd.Options = append(s.cmd.Options, Option{Name: o.name, Written: written, Span: f.Span, Global: s.global})
	return &s.cmd.Options[len(s.cmd.Options)-1]
}

// long reads "--name" and "--name=value". When the field is not completely known, text is its beginning.
func (s *scanner) long(f shell.Field, text string, complete bool) {
	name, value, attached := strings.Cut(text, "=")
	if !complete && !attached {
		s.opaque("an option of unknown name")
		s.add(&spec{name: name}, name, f)
		return
	}
	o, doubt := s.g.lookup(s.layers, name)
	if o == nil {
		s.unknown(f, name)
		s.opaque(doubt)
		s.add(&spec{name: name}, name, f)
		return
	}
	added := s.add(o, name, f)
	if !attached {
		s.values(o, added, name)
		return
	}
	if o.arity == flag || o.arity == pair {
		s.opaque("option " + name + " takes no value after '='")
	}
	added.Value, added.ValueSpan = attachedValue(value, complete), valueSpan(s.cmd.Shell, f, len(name)+1)
}

// cluster reads "-x", "-xyz", "-xVALUE".
func (s *scanner) cluster(f shell.Field, text string, complete bool) {
	if o, _ := s.g.lookup(s.layers, text); o != nil && complete { // poetry's -vvv
		s.values(o, s.add(o, text, f), text)
		return
	}
	for i := 1; i < len(text); i++ {
		written := "-" + text[i:i+1]
		o, doubt := s.g.lookup(s.layers, written)
		if o == nil {
			s.unknown(f, written)
			s.opaque(doubt)
			s.add(&spec{name: written}, written, f)
			return
		}
		added := s.add(o, written, f)
		if o.arity == flag {
			continue
		}
		if i+1 == len(text) && complete {
			s.values(o, added, written)
			return
		}
		start := i + 1
		if s.g.shortEquals && start < len(text) && text[start] == '=' {
			start++
		}
		added.Value, added.ValueSpan = attachedValue(text[start:], complete), valueSpan(s.cmd.Shell, f, start)
		return
	}
	if !complete {
		s.opaque("an option of unknown name")
		if len(text) == 1 { // -$X
			s.add(&spec{name: text}, text, f)
		}
	}
}

func attachedValue(text string, complete bool) env.Value {
	if complete {
		return env.Of(text)
	}
	return env.Doubtful()
}

// values takes the arguments of an option whose value is not attached to it.
func (s *scanner) values(o *spec, added *Option, written string) {
	switch o.arity {
	case single:
		if !s.take(added, true) {
			s.opaque("option " + written + " lacks its value")
		}
	case pair:
		first, second := s.take(added, true), s.take(added, true)
		if !first || !second {
			s.opaque("option " + written + " lacks a value")
		}
	case optional:
		s.take(added, false)
	case many:
		for s.take(added, false) {
		}
	case uncertain:
		s.opaque("versions of the tool disagree whether " + written + " takes a value")
	}
}

// take makes the next field a value of the option; several are joined by blanks.
func (s *scanner) take(added *Option, must bool) bool {
	if s.at >= len(s.fields) {
		return false
	}
	f := s.fields[s.at]
	text := f.Text()
	if !f.Value.IsKnown() {
		text = f.Prefix
	}
	// argparse takes a word with a blank in it for a value, whatever it begins with.
	if strings.HasPrefix(text, "-") && text != "-" && (!must || s.g.strict && !strings.Contains(text, " ")) {
		return false
	}
	s.at++
	if f.Many {
		s.opaque("an unquoted word of unknown value may become any number of arguments")
	}
	switch {
	case added.Value.Kind == env.Unset:
		added.Value, added.ValueSpan = f.Value, f.Span
		if !f.Value.IsKnown() {
			added.Value = env.Doubtful()
		}
	case added.Value.IsKnown() && f.Value.IsKnown():
		added.Value, added.ValueSpan = env.Of(added.Value.Text+" "+f.Value.Text), added.ValueSpan.Join(f.Span)
	default:
		added.Value, added.ValueSpan = env.Doubtful(), added.ValueSpan.Join(f.Span)
	}
	added.Span = added.Span.Join(f.Span)
	return true
}

// wordOf is the shell word that f came from, if it makes just this field.
func wordOf(sh *shell.Command, f shell.Field) *shell.Word {
	if sh == nil || f.Span.Empty() {
		return nil
	}
	for i := range sh.Words {
		if sh.Words[i].Span == f.Span {
			return &sh.Words[i]
		}
	}
	return nil
}

// valueSpan is where the text of f from skip on stands, empty where quotes make that uncertain.
func valueSpan(sh *shell.Command, f shell.Field, skip int) source.Span {
	if sh != nil && !sh.Exact {
		return source.Span{}
	}
	whole := source.Span{Start: f.Span.Start + skip, End: f.Span.End}
	if f.Literal && f.Value.IsKnown() && len(f.Value.Text) == f.Span.Len() {
		return whole
	}
	word := wordOf(sh, f)
	if word == nil || len(word.Parts) == 0 || word.Inexact || word.Alternatives != nil {
		return source.Span{}
	}
	// --opt="a b", --opt=$X: the name is plain text, the value all that follows.
	first := word.Parts[0]
	if first.Kind == shell.Literal && !first.Quoted && first.Span.Start == f.Span.Start &&
		first.Span.Len() == len(first.Text) && skip <= len(first.Text) {
		return whole
	}
	return source.Span{}
}

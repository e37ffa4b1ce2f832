package shell

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// word converts a word without brace expansion: assignments and redirections have none.
func (r *reader) word(w *syntax.Word) Word {
	out := Word{Span: r.span(w.Pos(), w.End()), Inexact: r.fixed != nil}
	out.Parts = r.parts(r.newParts(len(w.Parts)), w.Parts, false)
	return out
}

// commandWord converts an argument of a command or an item of a for loop.
func (r *reader) commandWord(w *syntax.Word) Word {
	out := r.word(w)
	if r.bash {
		out.Alternatives = r.braces(w, out.Span)
	}
	return out
}

func (r *reader) litWord(l *syntax.Lit) Word {
	return Word{Span: r.span(l.Pos(), l.End()), Parts: r.lit(nil, l, false), Inexact: r.fixed != nil}
}

func (r *reader) parts(out []Part, parts []syntax.WordPart, quoted bool) []Part {
	for _, part := range parts {
		switch n := part.(type) {
		case *syntax.Lit:
			out = r.lit(out, n, quoted)
		case *syntax.SglQuoted:
			out = append(out, r.single(n))
		case *syntax.DblQuoted:
			before := len(out)
			out = r.parts(out, n.Parts, true)
			if len(out) == before { // "" is an argument of its own
				out = append(out, Part{Kind: Literal, Span: r.inner(n.Left, n.Right, n.Dollar), Quoted: true})
			}
		case *syntax.ParamExp:
			out = append(out, r.param(n, quoted))
		case *syntax.CmdSubst:
			p := Part{Kind: Opaque, Span: r.span(n.Pos(), n.End()), Quoted: quoted}
			if len(n.Stmts) == 0 {
				p.Kind = Literal // `# why libpq5` between words: nothing runs, and nothing is left of it
			}
			out = append(out, p)
		case *syntax.ExtGlob:
			// The text of a pattern stays known, as with * and ?.
			out = append(out, Part{Kind: Literal, Span: r.span(n.Pos(), n.End()), Text: n.Op.String() + n.Pattern.Value + ")"})
		default:
			out = append(out, Part{Kind: Opaque, Span: r.span(n.Pos(), n.End()), Quoted: quoted})
		}
	}
	return out
}

// inner is the span between quotes; dollar tells of $'...' and $"...".
func (r *reader) inner(left, right syntax.Pos, dollar bool) source.Span {
	s := r.span(left, right)
	if r.fixed == nil {
		s.Start = min(s.Start+1, s.End)
		if dollar {
			s.Start = min(s.Start+1, s.End)
		}
	}
	return s
}

func (r *reader) single(n *syntax.SglQuoted) Part {
	part := Part{Kind: Literal, Span: r.inner(n.Left, n.Right, n.Dollar), Text: n.Value, Quoted: true}
	if n.Dollar && strings.Contains(n.Value, `\`) {
		text, ok := ansiC(part.Text)
		if !ok {
			return Part{Kind: Opaque, Span: part.Span, Quoted: true}
		}
		part.Text = text
	}
	return part
}

var continuations = strings.NewReplacer("\x00", "", "\\\r\n", "", "\\\n", "")

func withoutContinuations(text string) string { return continuations.Replace(text) }

// ansiC decodes the simple escapes of $'...'.
func ansiC(text string) (string, bool) {
	simple := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '\\': '\\', '\'': '\'', '"': '"', 'a': 7, 'b': 8, 'e': 27, 'f': 12, 'v': 11, '?': '?'}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		i++
		if i == len(text) {
			return "", false
		}
		c, ok := simple[text[i]]
		if !ok {
			return "", false
		}
		b.WriteByte(c)
	}
	return b.String(), true
}

// lit converts literal text, whose backslashes are still there. An escaped character becomes a
// quoted part of its own: it is no pattern.
func (r *reader) lit(out []Part, l *syntax.Lit, quoted bool) []Part {
	if start, end := int(l.Pos().Offset()), int(l.End().Offset()); start < end && end <= len(r.src) && l.Pos().IsValid() &&
		string(r.src[start:end]) == l.Value && !strings.ContainsAny(l.Value, "\x00\\") { // nearly all
		return append(out, Part{Kind: Literal, Span: r.span(l.Pos(), l.End()), Text: l.Value, Quoted: quoted})
	}
	text, at, exact := []byte(l.Value), 0, false
	if start, end := int(l.Pos().Offset()), int(l.End().Offset()); start <= end && end <= len(r.src) && l.Pos().IsValid() {
		written := r.src[start:end]
		// Inside backquotes the parser has removed a level of escapes, then offsets say nothing.
		if bytes.Equal(written, text) || withoutContinuations(string(written)) == l.Value {
			text, at, exact = written, start, true
		}
	}
	whole := r.span(l.Pos(), l.End())
	spanOf := func(from, to int) source.Span {
		if r.fixed != nil || !exact {
			return whole
		}
		// A continuation at the end of the word is not part of it, see span.
		return source.Span{Start: max(whole.Start, r.base+at+from), End: min(whole.End, r.base+at+to)}
	}
	var plain []byte
	from := 0
	flush := func(to int) {
		if len(plain) > 0 {
			out = append(out, Part{Kind: Literal, Span: spanOf(from, to), Text: string(plain), Quoted: quoted})
			plain = plain[:0]
		}
	}
	for i := 0; i < len(text); {
		if text[i] == 0 {
			i++
			continue
		}
		after := i + 1
		for after < len(text) && text[after] == 0 {
			after++
		}
		if text[i] != '\\' || after == len(text) {
			if len(plain) == 0 {
				from = i
			}
			plain = append(plain, text[i])
			i++
			continue
		}
		next := text[after]
		switch {
		case next == '\n':
			i = after + 1
		case next == '\r' && after+1 < len(text) && text[after+1] == '\n':
			i = after + 2
		case quoted && !strings.ContainsRune("$`\"\\", rune(next)):
			if len(plain) == 0 {
				from = i
			}
			plain = append(plain, '\\')
			i++
		default:
			flush(i)
			_, size := utf8.DecodeRune(text[after:])
			out = append(out, Part{Kind: Literal, Span: spanOf(i, after+size), Text: string(text[after : after+size]), Quoted: true})
			i = after + size
		}
	}
	flush(len(text))
	return out
}

// operators are those of ${NAME:-word} that a Part can express.
var operators = map[syntax.ParExpOperator]string{
	syntax.AlternateUnset: "+", syntax.AlternateUnsetOrNull: ":+",
	syntax.DefaultUnset: "-", syntax.DefaultUnsetOrNull: ":-",
	syntax.ErrorUnset: "?", syntax.ErrorUnsetOrNull: ":?",
	syntax.AssignUnset: "=", syntax.AssignUnsetOrNull: ":=",
}

func (r *reader) param(n *syntax.ParamExp, quoted bool) Part {
	span := r.span(n.Pos(), n.End())
	opaque := Part{Kind: Opaque, Span: span, Quoted: quoted}
	if n.Param == nil || n.Excl || n.Length || n.Width || n.IsSet || n.Index != nil || n.Slice != nil ||
		n.Repl != nil || n.Names != 0 || n.Flags != nil || n.NestedParam != nil || len(n.Modifiers) > 0 {
		return opaque
	}
	part := Part{Kind: Parameter, Span: span, Text: n.Param.Value, Quoted: quoted}
	if n.Exp == nil {
		return part
	}
	op, ok := operators[n.Exp.Op]
	if !ok {
		return opaque
	}
	part.Op = op
	if n.Exp.Word != nil {
		w := n.Exp.Word
		part.Arg = &Word{Span: r.span(w.Pos(), w.End()), Parts: r.parts(nil, w.Parts, quoted), Inexact: r.fixed != nil}
	}
	return part
}

// maxAlternatives bounds brace expansion: {a,b}{a,b}{a,b}... doubles with every group.
const maxAlternatives = 64

// braces makes the alternatives of a word, nil when it has no brace expansion. Sequences such as
// {1..9}, and too many alternatives, are one word that nothing is known of.
func (r *reader) braces(w *syntax.Word, span source.Span) []Word {
	copied := &syntax.Word{Parts: append([]syntax.WordPart(nil), w.Parts...)}
	syntax.SplitBraces(copied)
	if !slices.ContainsFunc(copied.Parts, func(part syntax.WordPart) bool { _, ok := part.(*syntax.BraceExp); return ok }) {
		return nil // {a} is text too
	}
	unknown := Word{Span: span, Parts: []Part{{Kind: Opaque, Span: span}}, Inexact: r.fixed != nil}
	lists, ok := alternatives(copied.Parts, 0)
	if !ok {
		return []Word{unknown}
	}
	// The pieces of split literals have no offsets of their own.
	whole := *r
	whole.fixed = &span
	var out []Word
	for _, parts := range lists {
		out = append(out, Word{Span: span, Parts: whole.parts(nil, parts, false), Inexact: r.fixed != nil})
	}
	return out
}

func alternatives(parts []syntax.WordPart, depth int) ([][]syntax.WordPart, bool) {
	if depth > maxAlternatives {
		return nil, false
	}
	lists := [][]syntax.WordPart{nil}
	for _, part := range parts {
		b, ok := part.(*syntax.BraceExp)
		if !ok {
			for i := range lists {
				lists[i] = append(lists[i], part)
			}
			continue
		}
		if b.Sequence {
			return nil, false
		}
		var tails, grown [][]syntax.WordPart
		for _, elem := range b.Elems {
			more, ok := alternatives(elem.Parts, depth+1)
			tails = append(tails, more...)
			if !ok || len(lists)*len(tails) > maxAlternatives {
				return nil, false
			}
		}
		for _, list := range lists {
			for _, tail := range tails {
				grown = append(grown, append(append([]syntax.WordPart(nil), list...), tail...))
			}
		}
		lists = grown
	}
	return lists, true
}

package dockerfile

import (
	"strings"
	"unicode"
)

// flags reads the words that start with "--" and gives the offset of what follows them. It takes
// BuildKit's extractBuilderFlags (v0.34.2) step by step, with its reading of bytes as Latin-1.
func flags(l *logical, from, to int, escape byte) ([]Flag, int) {
	var list []Flag
	for pos := from; ; {
		for pos < to && unicode.IsSpace(rune(l.text[pos])) {
			pos++
		}
		if pos == to || !strings.HasPrefix(l.text[pos:to], "--") {
			return list, pos
		}
		f := flagWord{start: pos, equals: -1}
		pos = f.read(l.text, to, escape)
		if f.text.String() == "--" { // ends the flags, and is no flag itself
			return list, pos
		}
		list = append(list, f.flag(l))
	}
}

// flagWord is a flag with its quotes and escapes resolved.
type flagWord struct {
	start, end int // in the logical line
	text       strings.Builder
	equals     int // where the first '=' stands in text, or -1
	valueStart int // the place in the logical line behind that '='
}

// read takes the word up to the next unquoted blank and gives its end.
func (f *flagWord) read(text string, to int, escape byte) int {
	quote := byte(0)
	pos := f.start
	for ; pos < to; pos++ {
		c := text[pos]
		switch {
		case quote == 0 && unicode.IsSpace(rune(c)):
			f.end = pos
			return pos
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			continue
		case quote != 0 && c == quote:
			quote = 0
			continue
		case c == escape:
			if pos+1 == to { // an escape at the end is dropped
				continue
			}
			pos++
			c = text[pos]
		}
		f.write(c, pos)
	}
	f.end = to
	return to
}

func (f *flagWord) write(c byte, pos int) {
	if c == '=' && f.equals < 0 {
		f.equals = f.text.Len()
		f.valueStart = pos + 1
	}
	f.text.WriteRune(rune(c))
}

func (f *flagWord) flag(l *logical) Flag {
	word := f.text.String()
	out := Flag{Span: l.span(f.start, f.end)}
	if f.equals < 0 {
		out.Name = word[2:]
		out.ValueSpan = out.Span
		out.ValueSpan.Start = out.Span.End
		return out
	}
	out.Name, out.Value, out.HasValue = word[2:f.equals], word[f.equals+1:], true
	out.ValueSpan = l.span(f.valueStart, f.end)
	return out
}

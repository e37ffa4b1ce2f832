package dockerfile

import (
	"strings"
	"unicode"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// instruction reads text[from:to] of a logical line. end is the file offset where the
// instruction's last physical line ends.
func (r *reader) instruction(l *logical, from, to, end int) *Instruction {
	from, to = trimSpace(l.text, from, to)
	in := &Instruction{}
	keyword := from
	for keyword < to && !isSeparator(l.text[keyword]) {
		keyword++
	}
	in.Keyword = upper(l.text[from:keyword])
	in.KeywordSpan = l.span(from, keyword)
	in.Span = source.Span{Start: in.KeywordSpan.Start, End: max(end, in.KeywordSpan.End)}

	body := keyword
	for body < to && isSeparator(l.text[body]) {
		body++
	}
	if body < to {
		in.Flags, body = flags(l, body, to, r.doc.Escape)
	}
	body, to = trimSpace(l.text, body, to)
	if body >= to { // nothing but keyword and flags
		in.Body = in.KeywordSpan
		if n := len(in.Flags); n > 0 {
			in.Body = in.Flags[n-1].Span
		}
		in.Body.Start = in.Body.End
	} else {
		in.Body = l.span(body, to)
	}
	r.arguments(in, l, body, to, end)
	return in
}

// arguments splits text[from:to] as BuildKit's dispatch table says for the keyword.
func (r *reader) arguments(in *Instruction, l *logical, from, to, end int) {
	if from >= to {
		return
	}
	switch in.Keyword {
	case "FROM", "EXPOSE":
		in.Args = fields(l, from, to)
	case "COPY", "ADD", "VOLUME":
		if in.Args, in.JSON = elements(l, from, to); !in.JSON {
			in.Args = fields(l, from, to)
		}
	case "RUN", "CMD", "ENTRYPOINT", "SHELL":
		if in.Args, in.JSON = elements(l, from, to); !in.JSON {
			in.Args = []Arg{argument(l, from, to)}
		}
	case "MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR":
		in.Args = []Arg{argument(l, from, to)}
	case "ENV", "LABEL":
		in.Pairs = r.pairs(l, from, to)
	case "ARG":
		in.Pairs = r.argPairs(l, from, to)
	case "HEALTHCHECK":
		r.healthcheck(in, l, from, to)
	case "ONBUILD":
		in.Trigger = r.instruction(l, from, to, end)
	}
}

// healthcheck reads the type word and what follows it.
func (r *reader) healthcheck(in *Instruction, l *logical, from, to int) {
	// BuildKit looks at single bytes here, as if the text were Latin-1.
	word := from
	for word < to && !unicode.IsSpace(rune(l.text[word])) {
		word++
	}
	if word == from {
		return
	}
	rest := word
	for rest < to && unicode.IsSpace(rune(l.text[rest])) {
		rest++
	}
	var args []Arg
	if rest < to {
		if args, in.JSON = elements(l, rest, to); !in.JSON {
			args = []Arg{argument(l, rest, to)}
		}
	}
	kind := argument(l, from, word)
	in.Args = append([]Arg{kind}, args...)
	if !strings.EqualFold(kind.Text, "CMD") {
		return
	}
	in.Trigger = &Instruction{
		Keyword:     "CMD",
		KeywordSpan: kind.Span,
		Span:        source.Span{Start: kind.Span.Start, End: in.Span.End},
		Body:        l.span(rest, to),
		Args:        args,
		JSON:        in.JSON,
	}
}

// upper is the canonical form of a keyword. BuildKit compares lower-case forms, and the lower-case
// form of the Kelvin sign is a plain k; what has other letters outside ASCII stays as written,
// because its upper-case form might be a keyword that it is not.
func upper(keyword string) string {
	if isASCII(keyword) {
		return strings.ToUpper(keyword)
	}
	if lower := strings.ToLower(keyword); isASCII(lower) {
		return strings.ToUpper(lower)
	}
	return keyword
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// isSeparator tells the bytes at which BuildKit splits plain words (its reWhitespace).
func isSeparator(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\n' }

// trimSpace narrows text[from:to] as strings.TrimSpace does.
func trimSpace(text string, from, to int) (int, int) {
	if from >= to {
		return to, to
	}
	from = to - len(strings.TrimLeftFunc(text[from:to], unicode.IsSpace))
	return from, from + len(strings.TrimRightFunc(text[from:to], unicode.IsSpace))
}

func argument(l *logical, from, to int) Arg {
	text := l.text[from:to]
	return Arg{Span: l.span(from, to), Text: text, Value: text}
}

// fields are the words between blanks; quotes have no meaning.
func fields(l *logical, from, to int) []Arg {
	var args []Arg
	for from < to {
		end := from
		for end < to && !isSeparator(l.text[end]) {
			end++
		}
		if args == nil {
			args = make([]Arg, 0, 4)
		}
		args = append(args, argument(l, from, end))
		for from = end; from < to && isSeparator(l.text[from]); {
			from++
		}
	}
	return args
}

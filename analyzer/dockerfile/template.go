package dockerfile

import (
	"bytes"
	"errors"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// openers start a tag of Jinja, cookiecutter, Go templates, Mustache or ERB.
var openers = []string{"{%", "{{", "{#", "<%"}

// Template tells whether the file is a template that only a generator turns into a Dockerfile, and
// where the first sign of that is. It looks at what can be no Dockerfile: a template tag where an
// instruction would begin or in a FROM, "{%" or "<%" at the start of a continued line, and "{{" on
// the lines that the parser refuses. "{{" in a command, as in docker inspect --format, is no sign.
func Template(f *source.File) (source.Span, bool) {
	d, err := Parse(f)
	if err == nil {
		return d.template()
	}
	var refused *SyntaxError
	if errors.As(err, &refused) {
		if span, ok := tag(f, refused.Span, openers); ok {
			return span, true
		}
	}
	// Without a parse nobody knows where heredocs are, so only tags that end on their line count.
	for line := 1; line <= f.Lines(); line++ {
		if span, ok := lineTag(f, line, openers); ok && closed(f.Text(f.Line(line))) {
			return span, true
		}
		if span := f.Line(line); isFrom(f.Text(span)) {
			if span, ok := tag(f, span, openers); ok {
				return span, true
			}
		}
	}
	return source.Span{}, false
}

func (d *Document) template() (source.Span, bool) {
	f := d.File
	for _, in := range d.Instructions {
		if startsWithTag(in.Keyword, openers) {
			return f.Line(f.LineOf(in.Span.Start)), true
		}
		if in.Keyword == "FROM" {
			if span, ok := tag(f, in.Span, openers); ok {
				return span, true
			}
		}
		// {% if %} between the lines of a RUN ends it as Docker reads it, and so does not stand at
		// an instruction's start.
		for line := f.LineOf(in.Span.Start) + 1; line <= f.LineOf(in.Body.End); line++ {
			if span, ok := lineTag(f, line, []string{"{%", "<%"}); ok {
				return span, true
			}
		}
	}
	return source.Span{}, false
}

// tag finds the first opener inside a span and gives its line.
func tag(f *source.File, span source.Span, openers []string) (source.Span, bool) {
	content := f.Bytes()[span.Start:span.End]
	first := -1
	for _, opener := range openers {
		if i := bytes.Index(content, []byte(opener)); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	if first < 0 {
		return source.Span{}, false
	}
	return f.Line(f.LineOf(span.Start + first)), true
}

// lineTag tells whether a line starts with an opener.
func lineTag(f *source.File, line int, openers []string) (source.Span, bool) {
	span := f.Line(line)
	return span, startsWithTag(strings.TrimSpace(f.Text(span)), openers)
}

func startsWithTag(text string, openers []string) bool {
	for _, opener := range openers {
		if strings.HasPrefix(text, opener) {
			return true
		}
	}
	return false
}

func closed(text string) bool {
	for _, closer := range []string{"%}", "}}", "#}", "%>"} {
		if strings.Contains(text, closer) {
			return true
		}
	}
	return false
}

func isFrom(text string) bool {
	fields := strings.Fields(text)
	return len(fields) > 0 && strings.EqualFold(fields[0], "FROM")
}

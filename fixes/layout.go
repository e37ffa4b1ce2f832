package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Newline is the line ending of the file: "\n" or "\r\n".
func Newline(doc *dockerfile.Document) string { return doc.File.Newline() }

// Indent is the indentation that most continuation lines of the file have, four blanks when there
// is none. Of two that are equally frequent it is the one seen first.
func Indent(doc *dockerfile.Document) string {
	count := map[string]int{}
	best := ""
	for _, in := range doc.Instructions {
		for _, indent := range indents(doc, in) {
			count[indent]++
			if best == "" || count[indent] > count[best] {
				best = indent
			}
		}
	}
	if best == "" {
		return "    "
	}
	return best
}

// indents are the indentations of an instruction's continuation lines that hold code; lines
// without indentation and the bodies of heredocs do not count.
func indents(doc *dockerfile.Document, in *dockerfile.Instruction) []string {
	var found []string
	first, last := doc.File.LineOf(in.Span.Start), doc.File.LineOf(max(in.Span.Start, in.Body.End))
	for n := first + 1; n <= last; n++ {
		line := doc.File.Text(doc.File.Line(n))
		text := strings.TrimLeft(line, blanks)
		if text == "" || text[0] == '#' || len(text) == len(line) {
			continue
		}
		found = append(found, line[:len(line)-len(text)])
	}
	return found
}

// KeywordCase spells a keyword as the file spells its keywords: in lower case when most of them
// are, else in upper case. It serves FROM's AS too.
func KeywordCase(doc *dockerfile.Document, keyword string) string {
	lower := 0
	for _, in := range doc.Instructions {
		written := doc.File.Text(in.KeywordSpan)
		if written == strings.ToLower(written) {
			lower++
		}
	}
	if 2*lower > len(doc.Instructions) {
		return strings.ToLower(keyword)
	}
	return strings.ToUpper(keyword)
}

// SetEnv is the text of an ENV instruction that sets all of the variables, given as name, value,
// name, value, ... Values are quoted where they need it; a "$" in them stays a reference.
func SetEnv(doc *dockerfile.Document, namesAndValues ...string) string {
	var text strings.Builder
	text.WriteString(KeywordCase(doc, "ENV"))
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		text.WriteString(" " + namesAndValues[i] + "=" + quoteValue(doc, namesAndValues[i+1]))
	}
	return text.String()
}

func quoteValue(doc *dockerfile.Document, value string) string {
	if value != "" && !strings.ContainsAny(value, " \t\"'\\`#") {
		return value
	}
	escape := string(doc.Escape)
	return `"` + strings.NewReplacer(escape, escape+escape, `"`, escape+`"`).Replace(value) + `"`
}

// Native turns text written with "\n" and `\` continuations into the file's own conventions.
func Native(doc *dockerfile.Document, text string) string {
	if doc.Escape != 0 && doc.Escape != '\\' {
		text = strings.ReplaceAll(text, "\\\n", string(doc.Escape)+"\n")
	}
	if newline := Newline(doc); newline != "\n" {
		text = strings.ReplaceAll(text, "\n", newline)
	}
	return text
}

const blanks = " \t"

// IsBlankLine tells whether a one-based line holds nothing but blanks. Lines outside the file are blank.
func IsBlankLine(file *source.File, line int) bool {
	return strings.TrimSpace(strings.TrimPrefix(file.Text(file.Line(line)), "\uFEFF")) == ""
}

package dockerfile

import (
	"sort"
	"strings"
	"unicode"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// logical is an instruction's line after Docker has joined the physical ones: without escapes at
// line ends, comment lines and blank lines. It knows the file offset of each of its bytes.
type logical struct {
	text  string
	parts []part // in order; one for an instruction on a single line
	start int    // file offset for a text that is empty
}

// part says that text[at:] comes from the file's bytes from start on.
type part struct {
	at, start int
}

// offset is the file offset of the byte text[i].
func (l *logical) offset(i int) int {
	switch len(l.parts) {
	case 0:
		return l.start
	case 1:
		return l.parts[0].start + i
	}
	n := sort.Search(len(l.parts), func(k int) bool { return l.parts[k].at > i }) - 1
	return l.parts[n].start + i - l.parts[n].at
}

// index undoes offset: where in text the file's byte at a kept offset stands.
func (l *logical) index(offset int) int {
	for i := len(l.parts) - 1; i >= 0; i-- {
		if p := l.parts[i]; p.start <= offset {
			return min(p.at+offset-p.start, len(l.text))
		}
	}
	return 0
}

// span is the place in the file of text[from:to]. An empty range is the place behind the byte
// before it, on that byte's line.
func (l *logical) span(from, to int) source.Span {
	if from < to {
		return source.Span{Start: l.offset(from), End: l.offset(to-1) + 1}
	}
	place := l.offset(0)
	if from > 0 {
		place = l.offset(from-1) + 1
	}
	return source.Span{Start: place, End: place}
}

// firstLine is the span of a line as BuildKit's parser begins an instruction or a directive: all
// CR and LF at its end and all blanks at its start are left out, and a byte order mark.
func (r *reader) firstLine(line int) source.Span {
	span := r.physical(line)
	if line == 1 {
		span.Start = min(r.file.BOM(), span.End)
	}
	span.Start = span.End - len(strings.TrimLeftFunc(r.text[span.Start:span.End], unicode.IsSpace))
	return span
}

// physical is a line without CR and LF at its end, however many.
func (r *reader) physical(line int) source.Span {
	span := r.file.LineWithEnding(line)
	span.End = span.Start + len(strings.TrimRight(r.text[span.Start:span.End], "\r\n"))
	return span
}

// join reads the logical line that starts at the physical line first and ends at last at the
// latest; next is the line behind it, where the bodies of heredocs are. It adds the comment lines
// inside the continuation to the document.
func (r *reader) join(first, last int) (l logical, next int) {
	span := r.firstLine(first)
	l.start = span.Start
	kept, more := trimContinuation(r.text[span.Start:span.End], r.doc.Escape)
	if !more {
		l.text = kept
		l.parts = []part{{0, span.Start}}
		return l, first + 1
	}
	var joined strings.Builder
	add := func(text string, start int) {
		if text == "" {
			return
		}
		l.parts = append(l.parts, part{joined.Len(), start})
		joined.WriteString(text)
	}
	add(kept, span.Start)
	for next = first + 1; more && next <= last; next++ {
		if comment, ok := r.comment(next); ok {
			r.doc.Comments = append(r.doc.Comments, comment)
			continue
		}
		span = r.physical(next)
		text := r.text[span.Start:span.End]
		if strings.TrimLeftFunc(text, unicode.IsSpace) == "" {
			continue
		}
		kept, more = trimContinuation(text, r.doc.Escape)
		add(kept, span.Start)
	}
	l.text = joined.String()
	return l, next
}

// trimContinuation cuts the escape and the blanks behind it from the end of a line that goes on.
// An escape behind another one does not continue the line (the regular expression in BuildKit's
// setEscapeToken).
func trimContinuation(line string, escape byte) (kept string, more bool) {
	n := len(line)
	for n > 0 && (line[n-1] == ' ' || line[n-1] == '\t') {
		n--
	}
	if n == 0 || line[n-1] != escape || n > 1 && line[n-2] == escape {
		return line, false
	}
	return line[:n-1], true
}

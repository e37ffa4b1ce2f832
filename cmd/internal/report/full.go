package report

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

const (
	defaultWidth = 100
	minWidth     = 30
	maxWidth     = 160
	// A span of more lines than this is shown by its first two and its last.
	maxExcerpt = 3
	// Of a habit, and of what belongs to a finding, so many places are shown.
	maxPlaces  = 4
	maxRelated = 2
	// A fix of more lines than this is shown by --diff.
	maxFixLines = 5
	// The second line of a heading stands further in than what follows it.
	hanging = 4
)

// newPrinter makes what shows each finding with its lines, its reason and its fix.
func newPrinter(out *bufio.Writer, run *Run, style Style) *printer {
	if style.Width == 0 {
		style.Width = defaultWidth
	}
	return &printer{out: out, colors: newPalette(style), width: max(minWidth, min(style.Width, maxWidth)), why: run.Why,
		said: map[*analyzer.Rule]bool{}}
}

// printer writes findings; gutter is the width of line numbers in the present finding.
type printer struct {
	out    *bufio.Writer
	colors palette
	width  int
	gutter int
	why    func(*analyzer.Rule) string
	said   map[*analyzer.Rule]bool // rules whose reason was told
	counts *counts
	seen   map[int]bool // lines of the finding's file that are shown whole
}

func (p *printer) target(t *Target) {
	for _, h := range habits(t.Diagnostics) {
		p.gutter = len(strconv.Itoa(p.lastLine(t, h)))
		p.finding(t, h)
		if p.counts != nil {
			p.counts.one(h.Diagnostic)
		}
	}
}

// lastLine bounds the line numbers of a finding.
func (p *printer) lastLine(t *Target, h habit) int {
	last := 1
	for _, d := range append([]analyzer.Diagnostic{h.Diagnostic}, h.others...) {
		last = max(last, t.file(d.Path).LineOf(min(max(0, d.Span.End), t.file(d.Path).Len())))
	}
	if h.Fix != nil {
		for _, e := range h.Fix.Edits {
			last = max(last, t.file(e.Path).LineOf(e.Span.Start)+strings.Count(e.Text, "\n"))
		}
	}
	for _, r := range h.Related {
		last = max(last, t.file(r.Path).LineOf(max(0, r.Span.Start)))
	}
	return last
}

func (p *printer) finding(t *Target, h habit) {
	p.seen = map[int]bool{}
	p.heading(t, h)
	file := t.file(h.Path)
	if file.Len() > 0 {
		p.excerpt(file, h.Span, '^', "", p.colors.of(h.Severity))
		p.others(t, h)
	}
	p.relatedPlaces(t, h)
	if why := p.reason(h); why != "" {
		p.note("why", why)
	}
	do, reason := advice(h.Diagnostic)
	switch {
	case h.Fix != nil:
		p.fix(t, h)
	case do != "" && reason != "":
		p.note("do", fmt.Sprintf("%s (no fix: %s)", do, reason))
	case do != "":
		p.note("do", do)
	case reason != "":
		p.note("no fix", reason)
	}
	fmt.Fprintln(p.out)
}

// reason is why findings of the rule matter, for those who have to decide: told once in a report, and neither where the fix is safe nor where the
// message has said it.
func (p *printer) reason(h habit) string {
	if p.why == nil || p.said[h.Rule] || h.Fix != nil && h.Fix.Safety == analyzer.Safe {
		return ""
	}
	p.said[h.Rule] = true
	why := p.why(h.Rule)
	words, known := 0, 0
	message := strings.ToLower(h.Message)
	for word := range strings.FieldsFuncSeq(strings.ToLower(why), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) < 4 {
			continue
		}
		if words++; strings.Contains(message, word) {
			known++
		}
	}
	// What is longer is read on the rule's page.
	most := 1
	if h.Fix != nil {
		most = 2
	}
	if known*3 >= words*2 || len(wrapFrom(why, p.gutter+len("why: ")+1, p.width, p.gutter+3)) > most {
		return ""
	}
	return why
}

// heading is the place, the rule and the message, broken between words.
func (p *printer) heading(t *Target, h habit) {
	file := t.file(h.Path)
	message := h.Message
	if n := len(h.others); n > 0 && h.oneMessage() {
		message += fmt.Sprintf(" (%d places)", n+1)
	} else if n > 0 {
		message += fmt.Sprintf(" (and the like at %s)", words.Count(n, "more place"))
	}
	plain, colored := header(file, h.Diagnostic, p.colors)
	lines := wrapFrom(message, displayWidth(plain)+1, p.width, hanging)
	for i, line := range lines {
		switch {
		case i > 0:
			fmt.Fprintln(p.out, strings.Repeat(" ", hanging)+line)
		case line == "":
			fmt.Fprintln(p.out, colored)
		default:
			fmt.Fprintln(p.out, colored+" "+line)
		}
	}
}

// others shows the further places of a habit, which are in the same file.
func (p *printer) others(t *Target, h habit) {
	for i, d := range h.others {
		if i+1 >= maxPlaces && len(h.others) > maxPlaces {
			var lines []string
			for _, d := range h.others[i:] {
				lines = append(lines, strconv.Itoa(t.file(d.Path).Position(d.Span.Start).Line))
			}
			p.note("also", "on lines "+strings.Join(lines, ", "))
			return
		}
		p.excerpt(t.file(d.Path), d.Span, '^', "", p.colors.of(d.Severity))
	}
}

// row writes a line with a number, or without one for 0.
func (p *printer) row(number int, text string) { p.marked(number, p.colors.gutter("|"), text) }

// marked is row with another sign between the number and the text.
func (p *printer) marked(number int, sign, text string) {
	label := ""
	if number > 0 {
		label = strconv.Itoa(number)
	}
	label = fmt.Sprintf("%*s ", p.gutter, label)
	if text != "" {
		text = " " + text
	}
	fmt.Fprintln(p.out, p.colors.gutter(label)+sign+text)
}

func (p *printer) bar(text string) { p.row(0, text) }

// note writes "word: text" below the source, wrapped.
func (p *printer) note(word, text string) {
	lead := strings.Repeat(" ", p.gutter+1)
	lines := wrapFrom(text, len(lead)+len(word)+2, p.width, len(lead)+2)
	for i, line := range lines {
		if i == 0 {
			fmt.Fprintln(p.out, strings.TrimRight(lead+p.colors.name(word+":")+" "+line, " "))
			continue
		}
		fmt.Fprintln(p.out, lead+"  "+line)
	}
}

// relatedPlaces shows what else belongs to a finding: lines of the same file with the message behind the mark, where there is room,
// and places of other files by name.
func (p *printer) relatedPlaces(t *Target, h habit) {
	for i, r := range h.Related {
		more := len(h.Related) - i - 1
		file := t.file(r.Path)
		if r.Path == h.Path && file.Len() > 0 && p.excerpt(file, r.Span, '-', clean(r.Message), p.colors.related) {
			if i+1 == maxRelated && more > 0 {
				p.note("see", words.Count(more, "more place"))
				return
			}
			continue
		}
		at := file.Position(r.Span.Start)
		text := fmt.Sprintf("%s:%d:%d: %s", file.Name(), at.Line, at.Column, r.Message)
		if more > 0 {
			text += fmt.Sprintf(" (and %s)", words.Count(more, "more place"))
		}
		p.note("see", text)
		return
	}
}

// room is the number of columns for source text.
func (p *printer) room() int { return max(20, p.width-p.gutter-3) }

// excerpt shows the lines of a span and marks it: at their left where it is whole lines, but for a keyword. A label stands behind the
// mark; without room for it nothing is shown, and the result is false.
func (p *printer) excerpt(file *source.File, span source.Span, mark rune, label string, color paint) bool {
	span = visible(file, span)
	first, last := file.LineOf(span.Start), file.LineOf(max(span.Start, span.End-1))
	if first != last {
		if label == "" {
			p.manyLines(file, first, last, color)
		}
		return label == ""
	}
	line := shown(file, first)
	if label == "" && wholeLine(file, line, span) {
		p.manyLines(file, first, last, color)
		p.seen[first] = true
		return true
	}
	w := view(file.Text(line), span.Start-line.Start, span.End-line.Start, p.room())
	marks := strings.Repeat(string(mark), max(1, w.to-w.from))
	if label != "" {
		// What ends a line and is most of it needs no mark of its own.
		if behind := w.text + "  <- " + label; w.to == displayWidth(w.text) && 2*(w.to-w.from) > w.to && displayWidth(behind) <= p.room() {
			p.row(first, w.text+"  "+color("<- "+label))
			p.seen[first] = true
			return true
		}
		marks += " " + label
		if w.from+displayWidth(marks) > p.room() {
			return false
		}
	}
	p.row(first, w.text)
	p.seen[first] = true
	p.bar(strings.Repeat(" ", w.from) + color(marks))
	return true
}

// wholeLine tells whether a span is all of a line but its first word and the brackets of the exec form.
func wholeLine(file *source.File, line, span source.Span) bool {
	before, after := line, line
	before.End, after.Start = span.Start, span.End
	return len(strings.Fields(strings.TrimRight(file.Text(before), `["`))) <= 1 && strings.Trim(file.Text(after), " \t\r\"]") == ""
}

// visible trims what can't be marked: line endings and blanks at the end, blank lines at the start.
func visible(file *source.File, span source.Span) source.Span {
	span.Start = max(0, min(span.Start, file.Len()))
	span.End = max(span.Start, min(span.End, file.Len()))
	text := file.Text(span)
	span.End -= len(text) - len(strings.TrimRight(text, " \t\r\n"))
	if span.End > span.Start {
		text = file.Text(span)
		span.Start += len(text) - len(strings.TrimLeft(text, "\r\n"))
	}
	if span.Start < file.BOM() {
		span.Start, span.End = file.BOM(), max(file.BOM(), span.End)
	}
	return span
}

// shown is a line without its ending and without a byte order mark.
func shown(file *source.File, line int) source.Span {
	s := file.Line(line)
	if line == 1 {
		s.Start = min(s.End, file.BOM())
	}
	return s
}

// manyLines marks the lines of a span, which may be one, at their left:
//
//	7 > RUN apt-get update && \
//	8 >     apt-get install -y gcc
func (p *printer) manyLines(file *source.File, first, last int, color paint) {
	for line := first; line <= last; line++ {
		if skipped := last - first + 1 - maxExcerpt; skipped > 1 && line == first+maxExcerpt-1 {
			p.marked(0, color(">"), p.colors.dim(fmt.Sprintf("... %d more lines", skipped)))
			line = last
		}
		w := view(file.Text(shown(file, line)), 0, 0, p.room())
		p.marked(line, color(">"), w.text)
	}
}

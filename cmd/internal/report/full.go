package report

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

const (
	defaultWidth = 100
	minWidth     = 40
	maxWidth     = 160
	// A span of more lines than this loses its middle.
	maxExcerpt = 7
	maxRelated = 4
	// A fix of more lines than this is cut; --diff shows all of it.
	maxFixLines = 24
)

// newPrinter makes what shows each finding with its lines, its reason and its fix.
func newPrinter(out *bufio.Writer, run *Run, style Style) *printer {
	if style.Width == 0 {
		style.Width = defaultWidth
	}
	return &printer{out: out, colors: newPalette(style.Color), width: max(minWidth, min(style.Width, maxWidth)), why: run.Why}
}

// printer writes findings; gutter is the width of line numbers in the present file.
type printer struct {
	out    *bufio.Writer
	colors palette
	width  int
	gutter int
	why    func(*analyzer.Rule) string
}

func (p *printer) target(t *Target) {
	said := map[*analyzer.Rule]bool{}
	for _, d := range t.Diagnostics {
		p.gutter = len(strconv.Itoa(p.lastLine(t, d)))
		p.finding(t, d, !said[d.Rule])
		said[d.Rule] = true
	}
}

// lastLine bounds the line numbers of a finding; all excerpts of one file are equally wide.
func (p *printer) lastLine(t *Target, d analyzer.Diagnostic) int {
	last := t.file(d.Path).Lines()
	if d.Fix != nil {
		for _, e := range d.Fix.Edits {
			last = max(last, t.file(e.Path).LineOf(e.Span.Start)+strings.Count(e.Text, "\n"))
		}
	}
	for _, r := range d.Related {
		last = max(last, t.file(r.Path).LineOf(r.Span.Start))
	}
	return last
}

func (p *printer) finding(t *Target, d analyzer.Diagnostic, sayWhy bool) {
	fmt.Fprintln(p.out, header(t, d, p.colors))
	file := t.file(d.Path)
	if file.Len() > 0 {
		p.bar("")
		p.excerpt(file, d.Span, '^', d.Severity.String(), p.colors.of(d.Severity))
		p.bar("")
	}
	if p.why != nil && sayWhy {
		p.note("why", p.why(d.Rule))
	}
	for i, r := range d.Related {
		if i == maxRelated {
			p.note("see", fmt.Sprintf("%d more places", len(d.Related)-i))
			break
		}
		p.related(t, r)
	}
	switch {
	case d.Fix != nil:
		p.fix(t, d.Fix)
	case d.NoFixReason != "":
		p.note("no fix", d.NoFixReason)
	}
	fmt.Fprintln(p.out)
}

// row writes a line with a number, or without one for 0.
func (p *printer) row(number int, text string) {
	label := ""
	if number > 0 {
		label = strconv.Itoa(number)
	}
	label = fmt.Sprintf("%*s |", p.gutter, label)
	if text != "" {
		text = " " + text
	}
	fmt.Fprintln(p.out, p.colors.gutter(label)+text)
}

func (p *printer) bar(text string) { p.row(0, text) }

// note writes "  = word: text", wrapped.
func (p *printer) note(word, text string) {
	lead := fmt.Sprintf("%*s = ", p.gutter, "")
	indent := strings.Repeat(" ", len(lead)+len(word)+2)
	for i, line := range Wrap(text, p.width-len(indent)) {
		if i == 0 {
			fmt.Fprintln(p.out, p.colors.gutter(lead)+p.colors.name(word+":")+" "+line)
			continue
		}
		fmt.Fprintln(p.out, indent+line)
	}
}

func (p *printer) related(t *Target, r analyzer.Related) {
	file := t.file(r.Path)
	at := file.Position(r.Span.Start)
	p.note("see", fmt.Sprintf("%s:%d:%d: %s", file.Name(), at.Line, at.Column, r.Message))
	if file.Len() > 0 {
		p.bar("")
		p.excerpt(file, r.Span, '-', "", p.colors.related)
		p.bar("")
	}
}

// room is the number of columns for source text.
func (p *printer) room() int { return max(20, p.width-p.gutter-3) }

// excerpt shows the lines of a span and marks it.
func (p *printer) excerpt(file *source.File, span source.Span, mark rune, label string, color paint) {
	span = visible(file, span)
	first, last := file.LineOf(span.Start), file.LineOf(max(span.Start, span.End-1))
	if first != last {
		p.manyLines(file, span, first, last, mark, label, color)
		return
	}
	line := shown(file, first)
	w := view(file.Text(line), span.Start-line.Start, span.End-line.Start, p.room())
	p.row(first, w.text)
	marks := strings.Repeat(string(mark), max(1, w.to-w.from))
	if label != "" {
		marks += " " + label
	}
	p.bar(strings.Repeat(" ", w.from) + color(marks))
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

// manyLines draws a bracket at the left of a span of several lines:
//
//	7 | / RUN apt-get update && \
//	8 | |     apt-get install -y gcc
//	  | |__________________________^ warning
func (p *printer) manyLines(file *source.File, span source.Span, first, last int, mark rune, label string, color paint) {
	for line := first; line <= last; line++ {
		if skipped := last - first + 1 - maxExcerpt; skipped > 1 && line == first+maxExcerpt-2 {
			p.bar(color("|") + " " + p.colors.dim(fmt.Sprintf("... %d more lines", skipped+1)))
			line = last
		}
		whole := shown(file, line)
		w := view(file.Text(whole), 0, 0, p.room()-2)
		if line == first {
			p.opening(file, span, whole, w, mark, color)
			continue
		}
		p.row(line, strings.TrimRight(color("|")+" "+w.text, " "))
	}
	whole := shown(file, last)
	// The mark is cut with the line: it must not stand beyond the ellipsis.
	end := displayWidth(file.Text(source.Span{Start: whole.Start, End: span.End}))
	tail := strings.Repeat("_", max(1, min(end, p.room()-2))) + string(mark)
	if label != "" {
		tail += " " + label
	}
	p.bar(color("|" + tail))
}

// opening draws the first line of a bracket, which may begin in mid-line.
func (p *printer) opening(file *source.File, span, whole source.Span, w window, mark rune, color paint) {
	before := file.Text(source.Span{Start: whole.Start, End: span.Start})
	if strings.TrimLeft(before, " \t") == "" {
		p.row(file.LineOf(span.Start), color("/")+" "+w.text)
		return
	}
	p.row(file.LineOf(span.Start), "  "+w.text)
	p.bar(" " + color(strings.Repeat("_", max(1, min(displayWidth(before), p.room()-3))+1)+string(mark)))
}

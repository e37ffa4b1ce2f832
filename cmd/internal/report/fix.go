package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// diffLine is a line of a fix as it is shown.
type diffLine struct {
	kind   byte // '-', '+', ' ', or '~' for lines that are left out
	number int  // in the old text for '-', in the new text otherwise
	text   string
}

// fix shows what a fix would change.
func (p *printer) fix(t *Target, fix *analyzer.Fix) {
	p.note("fix", fmt.Sprintf("%s (%s)", fix.Title, fix.Safety))
	paths := map[string][]analyzer.Edit{}
	for _, e := range fix.Edits {
		paths[e.Path] = append(paths[e.Path], e)
	}
	names := make([]string, 0, len(paths))
	for path := range paths {
		names = append(names, path)
	}
	sort.Strings(names)
	budget := maxFixLines
	for _, path := range names {
		file := t.file(path)
		lines := diffOf(file, paths[path])
		if len(lines) == 0 {
			continue
		}
		p.bar("")
		if path != "" {
			p.bar(p.colors.dim(clean(file.Name())))
		}
		for i, line := range lines {
			if budget == 0 && i < len(lines)-1 {
				p.bar(p.colors.dim(fmt.Sprintf("... %d more lines; --diff shows them", len(lines)-i)))
				break
			}
			p.diffLine(line)
			budget = max(0, budget-1)
		}
	}
	p.bar("")
}

func (p *printer) diffLine(line diffLine) {
	text := cut(line.text, p.room()-2)
	switch line.kind {
	case '-':
		p.row(line.number, p.colors.removed(strings.TrimRight("- "+text, " ")))
	case '+':
		p.row(line.number, p.colors.added(strings.TrimRight("+ "+text, " ")))
	case '~':
		p.bar(p.colors.dim("..."))
	default:
		p.row(line.number, strings.TrimRight("  "+text, " "))
	}
}

// diffOf compares the lines that edits touch; nil when the edits can't be applied.
func diffOf(file *source.File, edits []analyzer.Edit) []diffLine {
	sorted := slices.Clone(edits)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Span.Start < sorted[j].Span.Start })
	var lines []diffLine
	shift := 0 // how many lines the new text is ahead of the old one
	for len(sorted) > 0 {
		// Edits within a few lines of each other are shown together.
		first, last := linesOf(file, sorted[0])
		n := 1
		for ; n < len(sorted); n++ {
			from, to := linesOf(file, sorted[n])
			if from > last+4 {
				break
			}
			last = max(last, to)
		}
		// One line more on both sides tells where an insertion stands.
		part, ok := hunk(file, max(1, first-1), min(file.Lines(), last+1), sorted[:n], &shift)
		if !ok {
			return nil
		}
		if len(lines) > 0 && len(part) > 0 {
			lines = append(lines, diffLine{kind: '~'})
		}
		lines = append(lines, part...)
		sorted = sorted[n:]
	}
	return lines
}

func linesOf(file *source.File, e analyzer.Edit) (first, last int) {
	return file.LineOf(max(0, e.Span.Start)), file.LineOf(max(0, e.Span.End))
}

// hunk compares the lines first to last before and after the edits, which lie within them.
func hunk(file *source.File, first, last int, edits []analyzer.Edit, shift *int) ([]diffLine, bool) {
	region := shown(file, first).Join(file.LineWithEnding(last))
	region.Start = shown(file, first).Start
	local := make([]analyzer.Edit, len(edits))
	for i, e := range edits {
		// An edit at the very start of a file may stand before its byte order mark.
		e.Span.Start, e.Span.End = max(e.Span.Start, region.Start), max(e.Span.End, region.Start)
		e.Span.Start -= region.Start
		e.Span.End -= region.Start
		local[i] = e
	}
	before := file.Text(region)
	changed, err := fixes.Apply([]byte(before), local)
	if err != nil {
		return nil, false
	}
	after := string(changed)
	old, next := display(before), display(after)
	diff, err := udiff.ToUnifiedDiff("", "", old, udiff.Lines(old, next), 1)
	if err != nil {
		return nil, false
	}
	var lines []diffLine
	for i, h := range diff.Hunks {
		if i > 0 {
			lines = append(lines, diffLine{kind: '~'})
		}
		from, to := first+h.FromLine-1, first+h.ToLine-1+*shift
		for _, l := range h.Lines {
			line := diffLine{kind: ' ', number: to, text: strings.TrimRight(l.Content, "\n")}
			switch l.Kind {
			case udiff.Delete:
				line.kind, line.number = '-', from
				from++
			case udiff.Insert:
				line.kind = '+'
				to++
			default:
				from, to = from+1, to+1
			}
			lines = append(lines, line)
		}
	}
	*shift += strings.Count(after, "\n") - strings.Count(before, "\n")
	return lines, true
}

// display takes out carriage returns, which differ in nothing that can be seen, and closes the last line.
func display(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

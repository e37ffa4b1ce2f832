package report

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/diff"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// diffLine is a line of a fix as it is shown.
type diffLine struct {
	kind   byte // '-', '+', ' ', or '~' for lines that are left out, 'f' for the name of a file
	number int  // in the old text for '-', in the new text otherwise
	text   string
}

// fix shows what a fix would change: of a habit that at its first place; of a long one what shows it.
func (p *printer) fix(t *Target, h habit) {
	title := fmt.Sprintf("%s (%s)", h.Fix.Title, h.Fix.Safety)
	if len(h.others) > 0 {
		title += ", and so at the other places"
	}
	lines := p.unseen(h.Path, changedLines(t, h.Fix))
	if len(lines) > maxFixLines && h.Fix.Safety != analyzer.Suggestion {
		unsafe := ""
		if h.Fix.Safety == analyzer.Unsafe {
			unsafe = "--unsafe-fixes "
		}
		title += fmt.Sprintf(", %d lines: see --select %s %s--diff", len(lines), h.Rule.Code, unsafe)
		lines = nil
	}
	p.note("fix", title)
	for _, line := range lines {
		if line.kind == 'f' && path.Dir(line.text) == path.Dir(t.file(h.Path).Name()) && strings.Contains(h.Fix.Title, path.Base(line.text)) {
			continue // the title says it
		}
		p.diffLine(line)
	}
}

// changedLines are the lines that a fix takes out and puts in, without what is around them and without blank ones; 'f' names another
// file than the Dockerfile.
func changedLines(t *Target, fix *analyzer.Fix) (lines []diffLine) {
	paths := map[string][]analyzer.Edit{}
	for _, e := range fix.Edits {
		paths[e.Path] = append(paths[e.Path], e)
	}
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		file := t.file(name)
		diff := slices.DeleteFunc(diffOf(file, paths[name]), func(l diffLine) bool {
			return l.kind != '-' && l.kind != '+' || strings.TrimSpace(l.text) == ""
		})
		if len(diff) > 0 && name != "" {
			lines = append(lines, diffLine{kind: 'f', text: file.Name()})
		}
		lines = append(lines, diff...)
	}
	return lines
}

// unseen leaves out the old form of lines that stand above, marked, where the new form follows.
func (p *printer) unseen(file string, lines []diffLine) []diffLine {
	name := file != ""
	var left []diffLine
	for i, line := range lines {
		if line.kind == 'f' {
			name = true // another file than the finding's
		}
		next := slices.IndexFunc(lines[i:], func(l diffLine) bool { return l.kind != '-' })
		if line.kind == '-' && !name && p.seen[line.number] && next > 0 && lines[i+next].kind == '+' {
			continue
		}
		left = append(left, line)
	}
	return left
}

func (p *printer) diffLine(line diffLine) {
	text := cut(line.text, p.room())
	switch line.kind {
	case '-':
		p.marked(line.number, p.colors.removed("-"), p.colors.removed(text))
	case '+':
		p.marked(line.number, p.colors.added("+"), p.colors.added(text))
	case 'f':
		p.marked(0, " ", p.colors.dim(text))
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
	var lines []diffLine
	for i, h := range diff.Hunks(old, next, 1) {
		if i > 0 {
			lines = append(lines, diffLine{kind: '~'})
		}
		from, to := first+h.From-1, first+h.To-1+*shift
		for _, l := range h.Lines {
			line := diffLine{number: to, text: strings.TrimRight(l.Text, "\n")}
			switch line.kind = l.Kind; l.Kind {
			case '-':
				line.number = from
				from++
			case '+':
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

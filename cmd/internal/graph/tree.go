package graph

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// tree draws the graph for a terminal: an image at the root, the stages that are built from it as its branches.
type tree struct {
	b     strings.Builder
	g     *Graph
	color bool
	width int
}

// The escape sequences of the colours, without a library: graph is drawn the same into files and terminals.
const (
	bold   = "1"
	dim    = "2"
	green  = "32"
	yellow = "33"
	blue   = "34"
	cyan   = "36"
)

func (t *tree) paint(code, text string) string {
	if !t.color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func writeTree(w io.Writer, g *Graph, style Style) error {
	t := &tree{g: g, color: style.Color, width: style.Width}
	if t.width == 0 {
		t.width = 100
	}
	t.b.WriteString(t.paint(bold, g.File) + "\n")
	var roots []End
	for _, s := range g.Stages {
		if s.Base.Kind != kindStage && !has(roots, s.Base) {
			roots = append(roots, s.Base)
		}
	}
	for _, root := range roots {
		t.root(root)
	}
	if len(g.Stages) > 0 {
		t.final()
	}
	_, err := io.WriteString(w, t.b.String())
	return err
}

func has(ends []End, end End) bool {
	for _, e := range ends {
		if e == end {
			return true
		}
	}
	return false
}

func (t *tree) root(root End) {
	var below []*Stage
	for i := range t.g.Stages {
		if t.g.Stages[i].Base == root {
			below = append(below, &t.g.Stages[i])
		}
	}
	text := t.paint(cyan, root.Name)
	if f := facts(below[0]); f != "" {
		text += "  " + t.paint(dim, f)
	}
	t.b.WriteString("\n" + text + "\n")
	for i, s := range below {
		t.stage(s, "", i == len(below)-1)
	}
}

func (t *tree) stage(s *Stage, indent string, last bool) {
	branch, next := "├── ", indent+"│   "
	if last {
		branch, next = "└── ", indent+"    "
	}
	head := t.paint(bold, s.Label)
	switch {
	case s.Final:
		head = t.paint(bold+";"+green, s.Label) + "  " + t.paint(green, "★ final image")
	case s.Ships:
		head += "  " + t.paint(green, "part of the final image")
	case s.Feeds:
		head += "  " + t.paint(dim, "stays behind")
	default:
		head = t.paint(dim, s.Label) + "  " + t.paint(yellow, "✗ feeds nothing: not built")
	}
	if size := megabytes(s.Bytes); size != "" {
		head += "  " + size
	}
	t.b.WriteString(t.paint(dim, indent+branch) + head + t.paint(dim, fmt.Sprintf("  line %d", s.Line)) + "\n")
	below := t.g.builtFrom(s)
	inner := next
	if len(below) > 0 {
		inner += "│ "
	} else {
		inner += "  "
	}
	for _, r := range t.g.rows(s) {
		if r.kind != "base" {
			t.row(r, inner)
		}
	}
	for i, child := range below {
		t.stage(child, next, i == len(below)-1)
	}
}

func (g *Graph) builtFrom(s *Stage) []*Stage {
	var below []*Stage
	for i := range g.Stages {
		if g.Stages[i].Base.ID == s.ID {
			below = append(below, &g.Stages[i])
		}
	}
	return below
}

func (t *tree) row(r row, indent string) {
	sign, text := "+", r.text
	switch r.kind {
	case "copy", "mount":
		sign = t.paint(blue, "←")
	case "os":
		text += " (" + r.note + ")"
		r.note = ""
		if r.build {
			r.note = "build tools"
		}
		sign = t.paint(yellow, sign)
	case "python":
		sign = t.paint(green, sign)
	}
	where := ""
	if r.where != "" {
		where = " → " + r.where
	}
	var notes []string
	switch r.kind {
	case "copy":
		notes = append(notes, "from "+r.from.Name)
	case "mount":
		notes = append(notes, "mounted from "+r.from.Name)
	}
	for _, text := range []string{r.note, r.size} {
		if text != "" {
			notes = append(notes, text)
		}
	}
	t.b.WriteString(t.paint(dim, indent) + sign + " ")
	t.lines(utf8.RuneCountInString(indent)+2, t.paint(dim, indent)+"  ", text+where, strings.Join(notes, ", "))
}

// lines writes a text and, dimmed, a note, in lines that go on below each other. The first begins where something is written already, at a column;
// the others begin with indent, which ends at that column, too.
func (t *tree) lines(column int, indent, text, note string) {
	room := max(t.width-column, 24)
	parts := broken(text, room)
	t.b.WriteString(strings.Join(parts, "\n"+indent))
	if note != "" {
		if utf8.RuneCountInString(parts[len(parts)-1]+note)+2 <= room {
			t.b.WriteString("  " + t.paint(dim, note))
		} else {
			for _, part := range broken(note, room) {
				t.b.WriteString("\n" + indent + t.paint(dim, part))
			}
		}
	}
	t.b.WriteString("\n")
}

// cut shortens a text to n characters.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:max(n-1, 0)]) + "…"
}

func (t *tree) final() {
	f := t.g.Final
	t.b.WriteString("\n" + t.paint(bold, "In the final image") + "\n")
	added := "no OS packages added"
	if f.Packages > 0 {
		added = words.Count(f.Packages, "OS package") + " added"
	}
	t.pair("base", f.Base.Name+", "+added, megabytes(f.BaseBytes))
	if f.Bytes > 0 {
		t.pair("size", megabytes(f.Bytes), "")
	}
	for _, h := range f.holdings() {
		note := list4(h.parts)
		if h.from != "" {
			note += ", from " + h.from
		}
		t.pair("Python", list4(h.what)+" in "+h.where(), note)
	}
	if f.Start != "" {
		user := ""
		if f.User != "" {
			user = "as " + f.User
		}
		t.pair("starts", f.Start, user)
	}
	said := false
	for _, l := range f.Left {
		var parts []string
		if len(l.Packages) > 0 {
			parts = append(parts, words.Count(len(l.Packages), "OS package")+" ("+list4(l.Packages)+")")
		}
		for _, p := range l.Python {
			parts = append(parts, p+" (Python)")
		}
		if len(parts) == 0 {
			continue
		}
		if !said {
			t.b.WriteString("\n" + t.paint(bold, "Stays behind") + "\n")
			said = true
		}
		t.pair(l.Stage, strings.Join(parts, ", "), "")
	}
}

func (t *tree) pair(name, text, note string) {
	pad := strings.Repeat(" ", max(8-utf8.RuneCountInString(name), 0)+1)
	t.b.WriteString("  " + t.paint(cyan, name) + pad)
	column := 2 + utf8.RuneCountInString(name+pad)
	t.lines(column, strings.Repeat(" ", column), text, note)
}

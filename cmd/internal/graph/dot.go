package graph

import (
	"fmt"
	"io"
	"strings"
)

// writeDOT writes the language of Graphviz.
func writeDOT(w io.Writer, g *Graph) error {
	var b strings.Builder
	b.WriteString("digraph stages {\n  rankdir=" + g.direction() + ";\n  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#59636e\", fontname=\"sans-serif\", fontsize=11];\n" +
		"  edge [color=\"#59636e\", fontname=\"sans-serif\", fontsize=9];\n")
	for _, n := range nodes(g) {
		attributes := ""
		switch {
		case n.stage == nil:
			attributes = ", shape=note, style=filled, fillcolor=\"#ddf4ff\""
			if n.end.Kind == kindImage {
				attributes = ", shape=cylinder, style=filled, fillcolor=\"#ddf4ff\""
			}
		case n.stage.Final:
			attributes = ", fillcolor=\"#dafbe1\", color=\"#1a7f37\", penwidth=2"
		case !n.stage.Feeds:
			attributes = ", style=\"rounded,filled,dashed\", fontcolor=\"#59636e\""
		}
		fmt.Fprintf(&b, "  %s [label=\"%s\"%s];\n", n.id, dotText(strings.Join(n.lines, "\n"), `\l`), attributes)
	}
	for _, e := range edges(g) {
		style := map[string]string{"base": "dashed", "mount": "dotted"}[e.kind]
		if style != "" {
			style = ", style=" + style
		}
		fmt.Fprintf(&b, "  %s -> %s [label=\"%s\"%s];\n", e.from, e.to, dotText(strings.Join(e.labels, "\n"), `\n`), style)
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// direction is LR where the picture goes to the right, and TB where that would be wide: from four stages on that stand behind each other.
func (g *Graph) direction() string {
	depth := map[string]int{}
	for _, f := range g.Flows { // in the order of the file: what a stage takes from stands above it
		if f.From.Kind == kindStage {
			depth[f.To] = max(depth[f.To], depth[f.From.ID]+1)
		}
		if depth[f.To] > 2 {
			return "TB"
		}
	}
	return "LR"
}

// dotText is a text between quotes; end is what ends a line.
func dotText(text, end string) string {
	text = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
	if strings.Contains(text, "\n") && end == `\l` {
		text += "\n"
	}
	return strings.ReplaceAll(text, "\n", end)
}

// node is a stage or an origin with what is written into it.
type node struct {
	id    string // of letters, digits and "_"
	stage *Stage // nil for an origin
	end   End
	lines []string
}

// nodes are the origins and the stages.
func nodes(g *Graph) []node {
	var list []node
	for i, end := range g.origins() {
		list = append(list, node{id: fmt.Sprintf("%s_%d", end.Kind, i), end: end, lines: broken(end.Name, 60)})
	}
	for i := range g.Stages {
		s := &g.Stages[i]
		n := node{id: strings.ReplaceAll(s.ID, "-", "_"), stage: s, end: End{kindStage, s.ID, s.Label}}
		head := s.Label
		switch {
		case s.Final:
			head += " (final image)"
		case !s.Feeds:
			head += " (feeds nothing)"
		}
		n.lines = append(n.lines, head)
		for _, r := range g.rows(s) {
			if r.kind != "os" && r.kind != "python" {
				continue
			}
			text := r.text
			if r.where != "" {
				text += " → " + r.where
			}
			n.lines = append(n.lines, broken(text, 60)...)
		}
		list = append(list, n)
	}
	return list
}

// edge is everything of one kind that flows between two nodes.
type edge struct {
	kind, from, to string
	labels         []string
}

func edges(g *Graph) []edge {
	ids := map[End]string{}
	for _, n := range nodes(g) {
		ids[n.end] = n.id
	}
	var list []edge
	at := map[[3]string]int{}
	for i := range g.Stages {
		s := &g.Stages[i]
		to := strings.ReplaceAll(s.ID, "-", "_")
		for _, r := range g.rows(s) {
			if r.from.Kind == "" {
				continue
			}
			key := [3]string{r.kind, ids[r.from], to}
			n, known := at[key]
			if !known {
				n = len(list)
				at[key] = n
				list = append(list, edge{kind: r.kind, from: key[1], to: to})
			}
			if r.kind == "base" {
				list[n].labels = []string{"FROM"}
				continue
			}
			list[n].labels = append(list[n].labels, broken(r.text, 40)...)
		}
	}
	return list
}

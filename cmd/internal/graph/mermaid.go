package graph

import (
	"fmt"
	"io"
	"strings"
)

// writeMermaid writes a flowchart of Mermaid, which GitHub and GitLab draw in Markdown.
func writeMermaid(w io.Writer, g *Graph) error {
	var b strings.Builder
	b.WriteString("flowchart " + g.direction() + "\n")
	classes := map[string][]string{}
	for _, n := range nodes(g) {
		left, right, class := `["`, `"]`, "origin"
		switch {
		case n.stage == nil && n.end.Kind == kindImage:
			left, right = `[("`, `")]`
		case n.stage == nil:
			left, right = `[/"`, `"/]`
		case n.stage.Final:
			class = "final"
		case n.stage.Ships:
			class = "ships"
		case !n.stage.Feeds:
			class = "unused"
		default:
			class = "behind"
		}
		classes[class] = append(classes[class], n.id)
		lines := make([]string, len(n.lines))
		for i, line := range n.lines {
			lines[i] = mermaidText(line)
		}
		if n.stage != nil {
			lines[0] = "<b>" + lines[0] + "</b>"
		}
		fmt.Fprintf(&b, "  %s%s%s%s\n", n.id, left, strings.Join(lines, "<br>"), right)
	}
	for _, e := range edges(g) {
		arrow := map[string]string{"base": "-.->", "copy": "==>", "mount": "-->"}[e.kind]
		labels := make([]string, len(e.labels))
		for i, label := range e.labels {
			labels[i] = mermaidText(label)
		}
		fmt.Fprintf(&b, "  %s %s|\"%s\"| %s\n", e.from, arrow, strings.Join(labels, "<br>"), e.to)
	}
	// Fill and text are given together, so that they can be read on a light page and on a dark one.
	for _, class := range []struct{ name, style string }{
		{"final", "fill:#dafbe1,stroke:#1a7f37,stroke-width:3px,color:#0b3d1a"},
		{"ships", "fill:#f0fff4,stroke:#1a7f37,color:#0b3d1a"},
		{"behind", "fill:#f6f8fa,stroke:#59636e,color:#1f2328"},
		{"unused", "fill:#fff8c5,stroke:#9a6700,stroke-dasharray:4 3,color:#59440b"},
		{"origin", "fill:#ddf4ff,stroke:#0969da,color:#0a3069"},
	} {
		if ids := classes[class.name]; len(ids) > 0 {
			fmt.Fprintf(&b, "  classDef %s %s\n  class %s %s\n", class.name, class.style, strings.Join(ids, ","), class.name)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mermaidText is a text between quotes. Mermaid reads Markdown and HTML there: what means something to either is written as
// Mermaid's numeric entity.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\"#&<>`*_\\[]{}|;", r) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

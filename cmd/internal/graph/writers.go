//go:build !playground

package graph

import "io"

// writers are the formats.
var writers = map[string]func(io.Writer, *Graph, Style) error{
	"tree":    writeTree,
	"dot":     func(w io.Writer, g *Graph, _ Style) error { return writeDOT(w, g) },
	"mermaid": func(w io.Writer, g *Graph, _ Style) error { return writeMermaid(w, g) },
	"svg":     func(w io.Writer, g *Graph, _ Style) error { return writeSVG(w, g) },
	"json":    func(w io.Writer, g *Graph, _ Style) error { return writeJSON(w, g) },
}

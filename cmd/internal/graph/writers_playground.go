//go:build playground

package graph

import "io"

// writers are the formats that the playground shows: the page is small because it has no others.
var writers = map[string]func(io.Writer, *Graph, Style) error{
	"svg": func(w io.Writer, g *Graph, _ Style) error { return writeSVG(w, g) },
}

package graph

import (
	"encoding/json"
	"io"
)

func writeJSON(w io.Writer, g *Graph) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(g)
}

package graph

import (
	"fmt"
	"strings"
)

// Weight is what the layer of an instruction has in a built image.
type Weight struct {
	First, Last int // the lines of the instruction
	Bytes       int64
}

// Weigh puts the bytes of a built image on the graph: base is what its base image has, weights are those of the instructions.
func (g *Graph) Weigh(base int64, weights []Weight) {
	g.Final.BaseBytes, g.Final.Bytes = base, base
	for _, w := range weights {
		g.Final.Bytes += w.Bytes
		for i := len(g.Stages) - 1; i >= 0; i-- {
			if g.Stages[i].Line <= w.First {
				g.Stages[i].Bytes += w.Bytes
				break
			}
		}
	}
	g.weights = weights
}

// weighed adds its megabytes to the row of each instruction, the first where it has several.
func (g *Graph) weighed(rows []row) {
	for _, w := range g.weights {
		for i := range rows {
			if r := &rows[i]; w.First <= r.line && r.line <= w.Last {
				if w.Bytes > 0 {
					r.size = megabytes(w.Bytes)
				}
				break
			}
		}
	}
}

// megabytes is a size for people; "" for nothing.
func megabytes(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 100_000:
		return fmt.Sprintf("%d kB", max(1, n/1000))
	case n < 99_500_000:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/1e6), ".0") + " MB"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}

// Package diff compares two texts line by line and shows what changed, for people and for patch.
package diff

import (
	"log"

	"github.com/aymanbagabas/go-udiff"
)

// Hunk is a group of changed lines with the unchanged ones around them.
type Hunk struct {
	From, To int // the one-based number of its first line in the old and in the new text
	Lines    []Line
}

// Line is a line of a Hunk, with its ending.
type Line struct {
	Kind byte // '-' for one that goes, '+' for one that comes, ' ' for one that stays
	Text string
}

// contextLines are the unchanged lines on both sides of a change, as diff -u shows them.
const contextLines = 3

// Unified is the difference in the unified format, ready for patch and git apply; "" when there is none.
func Unified(oldName, newName, before, after string) string {
	u := compare(before, after, contextLines)
	u.From, u.To = oldName, newName
	return u.String()
}

// Hunks are the groups of changes with at most so many unchanged lines on both sides.
func Hunks(before, after string, context int) []Hunk {
	var list []Hunk
	for _, h := range compare(before, after, context).Hunks {
		hunk := Hunk{From: h.FromLine, To: h.ToLine}
		for _, line := range h.Lines {
			hunk.Lines = append(hunk.Lines, Line{kinds[line.Kind], line.Content})
		}
		list = append(list, hunk)
	}
	return list
}

var kinds = map[udiff.OpKind]byte{udiff.Delete: '-', udiff.Insert: '+', udiff.Equal: ' '}

func compare(before, after string, context int) udiff.UnifiedDiff {
	u, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), context)
	if err != nil {
		log.Panicf("edits that were computed from a text do not fit it: %v", err)
	}
	// go-udiff v0.4.1 forgets the unchanged lines between two changes of one hunk when it counts where later hunks begin in the new text.
	ahead := 0 // how many lines the new text is ahead of the old one
	for _, hunk := range u.Hunks {
		hunk.ToLine = hunk.FromLine + ahead
		for _, line := range hunk.Lines {
			switch line.Kind {
			case udiff.Delete:
				ahead--
			case udiff.Insert:
				ahead++
			}
		}
	}
	return u
}

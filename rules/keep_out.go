package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// keepOut gives the finding a fix that appends lines to the ignore file in force, or makes a new one, where stopped agrees; else it
// says why there is none.
func keepOut(p *analyzer.Pass, d *analyzer.Diagnostic, lines []string, stopped func([]string) (bool, string), what string, safety analyzer.Safety) {
	name, _, exists := p.Context.IgnoreFile()
	edit, after, ok := fixes.IgnoreInContext(p.Context, lines...)
	switch good, reason := stopped(after); {
	case !good:
		d.NoFixReason = reason
	case ok:
		title := "Keep " + what + " out with " + name
		if !exists {
			title = "Create " + name + " to keep " + what + " out"
		}
		d.Fix = &analyzer.Fix{Title: title, Safety: safety, Edits: []analyzer.Edit{edit}}
	}
}

// copiedHereToo points at all copies but the first.
func copiedHereToo(trees []analyzer.ContextTree) []analyzer.Related {
	var related []analyzer.Related
	for _, tree := range trees[1:] {
		related = append(related, analyzer.Related{Span: tree.Source.Span, Message: "it is copied here too"})
	}
	return related
}

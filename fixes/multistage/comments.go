package multistage

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// comments are the comments above a step, and those above them that a blank line keeps apart, as far as they belong to no other
// instruction. They go with the step to the first stage that has a part of it.
func (w *stageWriter) comments(p *placed) []string {
	if w.stage != w.home(p) {
		return nil
	}
	var lines []string
	previous := w.previousEnd(p.step)
	for _, comment := range w.doc.Comments {
		if comment.Span.Start >= previous && comment.Span.End <= p.step.Instruction.Span.Start {
			lines = append(lines, strings.TrimRight(w.doc.File.Text(comment.Span), "\r"))
			if fixes.IsBlankLine(w.doc.File, w.doc.File.LineOf(comment.Span.Start)+1) {
				lines = append(lines, "") // it stands alone
			}
		}
	}
	return lines
}

func (w *stageWriter) previousEnd(step *analyzer.Step) int {
	if step.Index == 0 {
		return w.conversion.stage.From.Span.End
	}
	return w.conversion.stage.Steps[step.Index-1].Instruction.Span.End
}

// home is the stage that a step's comments go to: that of the packages that leave if they speak of building, else the first.
func (w *stageWriter) home(p *placed) place {
	at := p.at
	for _, one := range p.pieces {
		if one.follows == itself {
			at |= one.at
		}
	}
	if at == 0 {
		for _, one := range p.pieces {
			at |= one.at
		}
	}
	first := place(0)
	for _, stage := range []place{inBase, inBuilder, inRuntime} {
		if at&stage == 0 {
			continue
		}
		if first == 0 {
			first = stage
		}
		if stage == inBuilder && (w.speaksOfBuilding(p.step) || mostlyLeaves(p)) {
			return stage
		}
	}
	return first
}

// mostlyLeaves tells whether more of a step's packages go to the builder than to the base stage.
func mostlyLeaves(p *placed) bool {
	leaves, stays := 0, 0
	for _, one := range p.pieces {
		leaves += len(one.leaves)
		stays += len(one.stays)
	}
	return leaves > stays
}

func (w *stageWriter) speaksOfBuilding(step *analyzer.Step) bool {
	for _, comment := range step.Instruction.Leading {
		text := strings.ToLower(comment.Text)
		for name := range w.moved {
			if strings.Contains(text, name) {
				return true
			}
		}
		if strings.Contains(text, "build") || strings.Contains(text, "compil") {
			return true
		}
	}
	return false
}

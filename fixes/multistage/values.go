package multistage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// mentioned matches the variables of an instruction's text.
var mentioned = pattern.New(`\$\{?([A-Za-z_]\w*)`)

// variablesIn are the names of the variables that a text mentions.
func variablesIn(text string) (found []string) {
	for _, m := range mentioned.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// keepExpansions puts what only describes the image, such as `LABEL v=$V`, in front of an ENV or ARG of the base stage that stands behind it
// in the file and sets one of its variables: in the final stage it would get a value that did not reach it.
func (c *conversion) keepExpansions() {
	for i := len(c.steps) - 1; i >= 0; i-- {
		if c.steps[i].at&inBase == 0 {
			continue
		}
		set := variablesSet(c.steps[i].step)
		for j := i - 1; j >= 0; j-- {
			p := c.steps[j]
			names := variablesIn(c.doc.File.Text(p.step.Instruction.Span))
			if p.at != inRuntime || !describes(p) || !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(set, name) }) {
				continue
			}
			for _, before := range c.steps[:j+1] { // in their old order
				if before.at == inRuntime && describes(before) {
					before.at = inBase
				}
			}
			break
		}
	}
}

// describes tells whether an instruction only says something about the container, and does nothing while the image is built.
func describes(p *placed) bool {
	switch p.step.Instruction.Keyword {
	case "LABEL", "EXPOSE", "STOPSIGNAL", "MAINTAINER":
		return true
	}
	return false
}

// variablesSet are the variables that an ENV or ARG sets.
func variablesSet(step *analyzer.Step) (names []string) {
	if in := step.Instruction; in.Keyword == "ENV" || in.Keyword == "ARG" {
		for _, pair := range in.Pairs {
			names = append(names, pair.Key)
		}
	}
	return names
}

// sameValues tells whether every instruction finds the same values in the variables that it mentions, in all the stages that it went to.
func (c *conversion) sameValues(_, after *analyzer.Build) string {
	for _, p := range c.steps {
		old := p.step
		for _, name := range variablesIn(c.doc.File.Text(old.Instruction.Span)) {
			if name == "PATH" || name == "PYTHONUSERBASE" || name == "VIRTUAL_ENV" || name == "HOME" {
				continue
			}
			for _, now := range c.writtenAs(p, after) {
				if old.Before.Lookup(name) != now.Before.Lookup(name) {
					return fmt.Sprintf("%s would see another value of %s", c.lineOf(old.Instruction), name)
				}
			}
		}
	}
	return ""
}

// writtenAs are the steps of the new stages that hold a step of the old one: the same instruction, or a RUN with one of its commands.
func (c *conversion) writtenAs(p *placed, after *analyzer.Build) (found []*analyzer.Step) {
	text := c.doc.File.Text(p.step.Instruction.Span)
	for _, s := range after.Stages[c.stage.Index : c.stage.Index+len(c.stages())] {
		for _, step := range s.Steps {
			if step.Instruction.Keyword != p.step.Instruction.Keyword {
				continue
			}
			written := after.File.Text(step.Instruction.Span)
			if written == text || slices.ContainsFunc(p.pieces, func(one piece) bool {
				return one.follows == itself && len(one.rewrites) == 0 && strings.Contains(written, c.doc.File.Text(one.span))
			}) {
				found = append(found, step)
			}
		}
	}
	return found
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// fileFloats are the lines of a requirements file, and of what it includes, that do not say which release they mean, and the number of
// all lines that name a package. Hashes and constraints pin a line; a constraint file that can't be read may pin all of them.
func fileFloats(in *analyzer.Installation, use analyzer.RequirementsUse) (floating []project.RequirementLine, named int) {
	context := in.Command.Step.Stage.Build().Context
	lines, complete := context.AllRequirements(use.InContext)
	constraints, known := context.AllConstraints(use.InContext)
	if !complete || !known || in.HeldByIndex() {
		return nil, 0
	}
	for _, c := range in.Constraints {
		more, ok := context.AllRequirements(c.InContext)
		if c.File == nil || !ok {
			return nil, 0
		}
		constraints = append(constraints, more...)
	}
	pinned := map[string]bool{}
	for _, line := range append(constraints, lines...) {
		if line.Requirement.Pinned() || len(line.Hashes) > 0 {
			pinned[line.Requirement.Name] = true
		}
	}
	for _, line := range lines {
		r := line.Requirement
		if r.Kind != installer.Named || r.Name == "" {
			continue
		}
		named++
		if !pinned[r.Name] {
			floating = append(floating, line)
		}
	}
	return floating, named
}

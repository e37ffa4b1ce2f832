package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// eachInstall visits the installations of all stages that can reach the final image, in file order.
func eachInstall(p *analyzer.Pass, visit func(*analyzer.Installation)) {
	for stage := range p.Feeding() {
		for _, in := range stage.Installs() {
			visit(in)
		}
	}
}

// eachRequirementsFile visits each requirements file of the build context that pip or the like reads once, at its first use by eachInstall, with the lines of the
// files that it includes. Files that can't be read whole are left out.
func eachRequirementsFile(p *analyzer.Pass, visit func(*analyzer.Installation, analyzer.RequirementsUse, []project.RequirementLine)) {
	seen := map[string]bool{}
	eachInstall(p, func(in *analyzer.Installation) {
		if in.Call.Tool == installer.Conda {
			return // its files have another grammar, and no hashes
		}
		for _, use := range in.Files {
			if use.File == nil || use.File.Encoding != "" || use.Span.Empty() || seen[use.InContext] {
				continue
			}
			seen[use.InContext] = true
			if lines, complete := p.Context.AllRequirements(use.InContext); complete {
				visit(in, use, lines)
			}
		}
	})
}

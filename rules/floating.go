package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// reportFloating reports each command of a stage that can reach the final image and that names packages without an exact
// version: those that are installers, or all others. The fix takes the versions that are given.
func reportFloating(p *analyzer.Pass, installers bool, given map[string]string) {
	const mostRelated = 5
	var versions map[string]told
	for stage := range p.Feeding() {
		for _, in := range stage.Installs() {
			var floating []installer.Requirement
			var names []string
			for _, r := range findFloating(in) {
				if installer.IsInstaller(r.Name) == installers && !p.Allowed(r.Name) {
					floating = append(floating, r)
					names = append(names, r.Text)
				}
			}
			if len(floating) == 0 {
				continue
			}
			if versions == nil {
				versions = versionsInProject(p)
			}
			verb := "have"
			if len(floating) == 1 {
				verb = "has"
			}
			d := analyzer.Diagnostic{
				Span:    floating[0].Span,
				Message: fmt.Sprintf("%s %s no exact version, so two builds may install different releases", words.List(names), verb),
				Fix:     pin(p, floating, in, given, versions),
			}
			if d.Fix == nil && installers {
				if told := toldVersions(versions, floating); told != "" {
					d.NoFixReason = "a version is never made up, but the project tells one: " + told
				}
			}
			for i, r := range floating[1:min(len(floating), mostRelated+1)] {
				if r.Span != floating[i].Span { // several from one variable
					d.Related = append(d.Related, analyzer.Related{Span: r.Span, Message: r.Text + " has no exact version either"})
				}
			}
			p.Report(d)
		}
	}
}

func requirementNames(list []installer.Requirement) []string {
	var names []string
	for _, r := range list {
		names = append(names, r.Name)
	}
	return names
}

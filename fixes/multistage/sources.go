package multistage

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/sources"
)

// leaveSources keeps the source tree in the builder where the final stage runs the project as pip has installed it, and nothing else of the tree.
func (c *conversion) leaveSources() {
	builds := sources.ProjectBuilds(c.stage)
	if len(builds) != 1 || len(builds[0].MissingInputs()) > 0 || sources.InstalledInPlace(c.stage, builds[0].At) || c.localRequirements() != 1 {
		return
	}
	app := builds[0]
	var trees []*placed
	var leave []*analyzer.Step
	for _, p := range c.steps {
		if p.at == inBuilder|inRuntime && bringsTree(p.step.Copy, app) {
			trees, leave = append(trees, p), append(leave, p.step)
		}
	}
	if len(leave) == 0 || !sources.Idle(c.stage, app.Project, app.At, leave) {
		return
	}
	for _, p := range trees {
		p.at = inBuilder
	}
}

// localRequirements counts what the application's installations take from directories of the image.
func (c *conversion) localRequirements() (n int) {
	for _, in := range c.apps {
		for _, r := range in.Requirements {
			if r.Kind != installer.Named {
				n++
			}
		}
		for _, use := range in.Files {
			lines, complete := c.build.Context.AllRequirements(use.InContext)
			if use.InContext == "" || !complete || slices.ContainsFunc(lines, func(l project.RequirementLine) bool { return l.Requirement.Kind != installer.Named }) {
				return -1
			}
		}
	}
	return n
}

// bringsTree tells whether a COPY brings the sources of the project, or a part of them, to where it is built, and nothing else.
func bringsTree(copied *analyzer.Copy, app sources.ProjectBuild) bool {
	if copied == nil || !copied.FromContext() || !copied.Dest.IsKnown() || !analyzer.Under(app.At, copied.Dest.Text) {
		return false
	}
	return !slices.ContainsFunc(copied.Sources, func(s analyzer.CopySource) bool {
		return !s.Text.IsKnown() || s.Heredoc || s.Remote || strings.ContainsAny(s.Text.Text, "*?[") || app.Project.Dir != "." && !analyzer.Under(app.Project.Dir, s.Text.Text)
	})
}

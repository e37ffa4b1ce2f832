package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// shippedTools are programs that install packages, in a user base that is copied into the final image.
type shippedTools struct {
	content analyzer.Content
	tools   []installer.Requirement
	// alone tells that the command installs nothing else, and Option is its --user, nil where something else asks for the user base.
	alone  bool
	option *installer.Option
}

// shippable are installers that no application imports. Cython, virtualenv and the like are wanted by some that run.
var shippable = map[string]bool{
	"pip": true, "setuptools": true, "wheel": true, "pipenv": true, "poetry": true, "poetry-plugin-export": true, "uv": true, "pdm": true,
	"hatch": true, "flit": true, "build": true, "pip-tools": true, "pipx": true, "twine": true, "tox": true, "nox": true, "micropipenv": true,
}

// ShippedTools are those that installations name, that stay installed, and that nothing in the final image calls. setuptools alone is none:
// programs import pkg_resources from it.
func findShippedTools(b *analyzer.Build) []shippedTools {
	var found []shippedTools
	seen := map[*analyzer.Installation]bool{}
	for _, c := range b.Received() {
		in := c.Install
		if in.Place != analyzer.UserSite || in.Implicit || !c.Libs || seen[in] || installs(b.Target) {
			continue
		}
		seen[in] = true
		removed, anything := in.Command.Step.Stage.Uninstalled()
		if anything {
			continue
		}
		shipped := shippedTools{content: c, alone: len(in.Files) == 0}
		for _, r := range in.Requirements {
			if r.Kind == installer.Named && shippable[r.Name] && !removed[r.Name] && !b.Target.StartMentions(r.Name) {
				shipped.tools = append(shipped.tools, r)
			} else {
				shipped.alone = false
			}
		}
		if !slices.ContainsFunc(shipped.tools, func(r installer.Requirement) bool { return r.Name != "setuptools" }) {
			continue
		}
		if o, ok := in.Call.Option("--user"); ok && !in.Command.Setting("--user").Is("true") && !in.Command.State.Sets("PIP_USER") {
			shipped.option = &o
		}
		found = append(found, shipped)
	}
	return found
}

// installs tells whether a RUN of the stage's chain calls an installer, or something that can't be read.
func installs(s *analyzer.Stage) bool {
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" || slices.ContainsFunc(step.Commands, func(c *analyzer.Command) bool { return c.Installer != nil || c.MayDoAnything() }) {
			return true
		}
	}
	return false
}

// leavesOut tells whether the tools bring libraries that applications use too: installed for the interpreter itself, they would be
// left out of the user base by what is installed afterwards.
func (t shippedTools) leavesOut() bool {
	return slices.ContainsFunc(t.tools, func(r installer.Requirement) bool {
		return r.Name != "pip" && r.Name != "setuptools" && r.Name != "wheel"
	})
}

package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// lostPython is a virtual environment that the final image receives while the interpreter which uv has downloaded for it stays
// behind.
type lostPython struct {
	content analyzer.Content
	dir     string      // where uv keeps its interpreters in the builder
	maker   source.Span // the command that made the environment
}

// lostPythons finds them.
func lostPythons(b *analyzer.Build) []lostPython {
	var found []lostPython
	seen := map[string]bool{}
	for _, c := range b.Received() {
		maker := c.Install.VenvMaker()
		if c.Install.Place != analyzer.VirtualEnv || maker == nil || c.OneScript != "" || seen[c.Dir] || c.Copy.Step.Stage == maker.Step.Stage {
			continue
		}
		dir, ok := maker.ManagedPython()
		if !ok || mayHavePython(b.Target, dir) {
			continue
		}
		seen[c.Dir] = true
		found = append(found, lostPython{c, dir, maker.Installer.Span})
	}
	return found
}

// mayHavePython tells whether a COPY of the chain may bring the directory, or part of it, or a command may make it.
func mayHavePython(s *analyzer.Stage, dir string) bool {
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		if step.Copy != nil && !step.Copy.FromContext() && slices.ContainsFunc(step.Copy.Sources, func(from analyzer.CopySource) bool {
			return mayBringTo(step.Copy, from, dir)
		}) {
			return true
		}
		for _, c := range step.Commands {
			if c.Installer != nil && c.Installer.Tool == installer.Uv || c.MayDoAnything() || c.HasText("uv/python") || c.HasText(dir) {
				return true
			}
		}
	}
	return false
}

// mayBringTo tells whether a source of a COPY may bring the directory, or part of it, to its own place.
func mayBringTo(c *analyzer.Copy, from analyzer.CopySource, dir string) bool {
	text, to := from.Text.Text, c.Dest.Text
	switch {
	case !from.Text.IsKnown() || !c.Dest.IsKnown() || analyzer.HasPattern(text):
		return true
	case analyzer.Under(text, dir):
		return path.Join(to, strings.TrimPrefix(dir, text)) == dir
	}
	return analyzer.Under(dir, text) && analyzer.Under(dir, to)
}

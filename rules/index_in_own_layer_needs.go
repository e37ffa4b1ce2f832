package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
)

// needsIndexElsewhere tells whether something besides those steps may install with the lists that this step leaves: a script, or a stage
// that is built from this one.
func needsIndexElsewhere(step *analyzer.Step, readers []*analyzer.Step) bool {
	for _, stage := range step.Stage.Build().Stages {
		if stage.Base == step.Stage {
			return true
		}
	}
	for _, later := range step.Stage.Steps[step.Index+1:] {
		if caches.ReadsLists(later) == analyzer.Maybe && !slices.Contains(readers, later) {
			return true
		}
	}
	return false
}

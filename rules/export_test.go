package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// RunRules is Run over a given list of rules, which need not be registered.
func RunRules(build *analyzer.Build, sel Selection, all []*analyzer.Rule) ([]analyzer.Diagnostic, []error) {
	return run(build, sel, slices.DeleteFunc(slices.Clone(all), func(r *analyzer.Rule) bool { return !sel.Has(r) }))
}

package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// nested tells whether the command stands inside a quoted word or a JSON form, where quotes can't simply be added.
func nested(c *analyzer.Command) bool {
	if c.Step.Instruction.JSON || !c.Shell.Exact {
		return true
	}
	for _, other := range c.Step.Commands {
		for _, w := range other.Shell.Words {
			if other != c && w.Span.Contains(c.Shell.Span) {
				return true
			}
		}
	}
	return false
}

package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// usesPython tells whether the stage is part of the final image, is built from a Python image or installs Python packages.
func usesPython(s *analyzer.Stage) bool {
	if s.Ships || s.Image.Python != nil && s.Image.Official {
		return true
	}
	return slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool { return c.Install != nil })
}

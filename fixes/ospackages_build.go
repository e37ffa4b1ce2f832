package fixes

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// mayBuild tells whether a RUN of the stage itself may compile something: it installs Python packages, or runs a program that
// is not known to be harmless. RUNs of its bases are not looked at.
func mayBuild(s *analyzer.Stage) bool {
	for _, step := range s.Steps {
		if step.Instruction.Keyword == "ONBUILD" || step.Unreadable != "" {
			return true
		}
		if slices.ContainsFunc(step.Commands, func(c *analyzer.Command) bool { return commandMayBuild(c) }) {
			return true
		}
	}
	return false
}

// isBase tells whether another stage is built from this one.
func isBase(s *analyzer.Stage) bool {
	return slices.ContainsFunc(s.Build().Stages, func(other *analyzer.Stage) bool { return other.Base == s })
}

func commandMayBuild(c *analyzer.Command) bool {
	if c.OS != nil || len(c.Argv) == 0 {
		return false
	}
	if c.Installer != nil {
		return c.Install != nil || c.Installer.Opaque != ""
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return true
	}
	facts, known := program.Lookup(shell.Program(argv[0]))
	return !known || !facts.MakesNoFiles()
}

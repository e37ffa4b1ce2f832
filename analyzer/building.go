package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// MayBuild tells whether a RUN of the stage itself may compile something: it installs Python packages, or runs a program that
// is not known to be harmless. RUNs of its bases are not looked at.
func (s *Stage) MayBuild() bool {
	for _, step := range s.Steps {
		if step.Instruction.Keyword == "ONBUILD" || step.Unreadable != "" {
			return true
		}
		if slices.ContainsFunc(step.Commands, (*Command).mayBuild) {
			return true
		}
	}
	return false
}

func (c *Command) mayBuild() bool {
	if c.OS != nil || len(c.Argv) == 0 {
		return false
	}
	if c.Installer != nil {
		return c.Install != nil || c.Installer.Opaque != ""
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	return len(argv) == 0 || !bystander[shell.Program(argv[0])]
}

// IsBase tells whether another stage is built from this one.
func (s *Stage) IsBase() bool {
	return slices.ContainsFunc(s.build.Stages, func(other *Stage) bool { return other.Base == s })
}

// UsesAtStart tells whether the start command, its script or the health check mentions one of the programs of an OS
// package that is otherwise used for building only, such as make.
func (s *Stage) UsesAtStart(pkg ospkg.Package) bool {
	if strings.HasSuffix(pkg.Name, "-dev") || strings.HasSuffix(pkg.Name, "-devel") {
		return false
	}
	return s.StartMentions(pkg.Name)
}

package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// VersionedLib matches paths in the library of a minor version of Python: the prefix that it belongs to, and the version.
var VersionedLib = pattern.New(`^(/.*)/lib(?:64)?/python(3\.\d+)(?:/|$)`)

// Searches tells whether PYTHONPATH may have a directory with that part in its name.
func (s *Stage) Searches(part string) bool {
	v := s.After.Env("PYTHONPATH")
	return s.After.Sets("PYTHONPATH") && !v.IsKnown() || strings.Contains(v.Text, part)
}

// RootFrom is the FROM that names the image at the root of the stage's chain of bases.
func (s *Stage) RootFrom() *dockerfile.Instruction { return s.Chain()[0].From }

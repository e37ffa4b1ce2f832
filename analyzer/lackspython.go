package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// LacksPython tells whether the finished stage certainly has no Python interpreter: its base image has none, and nothing of its chain
// can have brought one.
func (s *Stage) LacksPython() bool {
	if !s.Image.NoPython && (s.Image.Has("python3") != image.No || s.Image.Has("python") != image.No) || s.After.Python() != nil {
		return false
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" || step.Copy != nil && (step.Copy.bringsTree("/usr") || step.Copy.bringsTree("/usr/local")) {
			return false
		}
		for _, c := range step.Commands {
			switch {
			// Many packages depend on the distribution's Python.
			case c.OS != nil && (c.OS.Verb == ospkg.Install || c.OS.Verb == ospkg.Upgrade || c.OS.Opaque != ""):
				return false
			case c.OS == nil && c.Installer != nil && c.Install == nil, c.mayPutPython("/usr"), c.mayPutPython("/usr/local"):
				return false
			case c.OS == nil && c.Installer == nil:
				switch c.Effect() {
				case ShellState, Nothing, Accounts, Files, IndexCleanup, PipCleanup:
				default:
					return false
				}
			}
		}
	}
	return true
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// lacksPython tells whether the finished stage certainly has no Python interpreter: its base image has none, and nothing of its chain
// can have brought one.
func lacksPython(s *analyzer.Stage) bool {
	if !s.Image.NoPython && (s.Image.Has("python3") != image.No || s.Image.Has("python") != image.No) || s.After.Python() != nil {
		return false
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" || step.Copy != nil && (step.Copy.BringsPython("/usr") || step.Copy.BringsPython("/usr/local")) {
			return false
		}
		for _, c := range step.Commands {
			switch {
			// Many packages depend on the distribution's Python.
			case c.OS != nil && (c.OS.Verb == ospkg.Install || c.OS.Verb == ospkg.Upgrade || c.OS.Opaque != ""):
				return false
			case c.OS == nil && c.Installer != nil && c.Install == nil, c.MayPutPython("/usr"), c.MayPutPython("/usr/local"):
				return false
			case c.OS == nil && c.Installer == nil:
				switch c.Concern() {
				case analyzer.ShellState, analyzer.Nothing, analyzer.Accounts, analyzer.Files, analyzer.IndexCleanup, analyzer.PipCleanup:
				default:
					return false
				}
			}
		}
	}
	return true
}

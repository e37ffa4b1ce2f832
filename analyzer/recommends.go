package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Recommending gives the commands of the stage's chain with which apt certainly installs recommended packages too: neither an
// option nor apt's configuration, as far as the file shows, keeps them out or asks for them.
func (s *Stage) Recommending() []*Command {
	if s.mentions(aptRecommends) {
		return nil
	}
	var found []*Command
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Manager != ospkg.Apt || c.OS.Verb != ospkg.Install || c.OS.NoRecommends || c.OS.Recommends || c.OS.Opaque != "" || len(c.OS.Packages) == 0 {
			continue
		}
		if c.Shell.Certain || c.Shell.Attempted {
			found = append(found, c)
		}
	}
	return found
}

var aptRecommends = pattern.New(`(?i)apt::(?:get::)?install-recommends|apt\.conf`)

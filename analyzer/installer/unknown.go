package installer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// UnknownOption is a word that its tool takes for an option which it does not have.
type UnknownOption struct {
	Word    shell.Field // written out in the file
	Written string      // the option in it: "--foo" of "--foo=1", "-y" of "-qy"; the whole word where its dash is no hyphen
	Known   []string    // the long options that the tool has at this place, sorted
	// Late tells that the option is known behind the subcommand, in front of which it stands.
	Late bool
}

// unknown remembers the first reason for doubt if it is an option that certainly does not exist.
func (s *scanner) unknown(f shell.Field, written string) {
	if s.cmd.Opaque != "" || !f.Literal || f.Many || f.Span.Empty() {
		return
	}
	u := &UnknownOption{Word: f, Written: written}
	for _, set := range s.layers {
		for name := range set {
			if strings.HasPrefix(name, "--") {
				u.Known = append(u.Known, name)
				if strings.HasPrefix(written, "--") && s.g.abbreviates && strings.HasPrefix(name, written) {
					return // the beginning of several
				}
			}
		}
	}
	slices.Sort(u.Known)
	u.Known = slices.Compact(u.Known)
	if s.global && s.g.verbs != nil {
		u.Late = parseOptions(s.g.verbs["install"])[written] != nil
	}
	s.cmd.Unknown = u
}

// typographicDash tells a word that begins with a dash which word processors make of hyphens.
func typographicDash(text string) bool {
	return strings.HasPrefix(text, "\u2013") || strings.HasPrefix(text, "\u2014") || strings.HasPrefix(text, "\u2212")
}

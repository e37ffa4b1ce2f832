package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// unknownUser is a user that an instruction names and that certainly does not exist at that point.
type unknownUser struct {
	name string
	span source.Span
	copy bool // in --chown
}

// unknownUsers finds USER instructions and --chown flags of the stage with the name of a user that neither the base image has nor
// anything before has made. Groups are not looked at.
func unknownUsers(s *analyzer.Stage) []unknownUser {
	var found []unknownUser
	for _, step := range s.Steps {
		u := unknownUser{}
		switch {
		case step.Instruction.Keyword == "USER":
			u.span = step.Instruction.Body
			u.name = namedUser(step, s.Build().File.Text(u.span))
		case step.Copy != nil:
			f, ok := step.Instruction.Flag("chown")
			if !ok {
				continue
			}
			u.span, u.copy = f.ValueSpan, true
			u.name = namedUser(step, f.Value)
		}
		if u.name == "" || step.HasUser(u.name).Presence != analyzer.No {
			continue
		}
		if cut := strings.IndexByte(s.Build().File.Text(u.span), ':'); cut > 0 {
			u.span.End = u.span.Start + cut
		}
		found = append(found, u)
	}
	return found
}

// namedUser is the user in "user[:group]", "" for a number and for what is not known.
func namedUser(step *analyzer.Step, text string) string {
	v := analyzer.UserName(env.Expand(text, step.Stage.Build().Doc.Escape, step.Before.Lookup))
	if !v.IsKnown() || v.Text == "" || strings.Trim(v.Text, "0123456789") == "" {
		return ""
	}
	return v.Text
}

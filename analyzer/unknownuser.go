package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// UnknownUser is a user that an instruction names and that certainly does not exist at that point.
type UnknownUser struct {
	Name string
	Span source.Span
	Copy bool // in --chown
}

// UnknownUsers finds USER instructions and --chown flags of the stage with the name of a user that neither the base image has nor
// anything before has made. Groups are not looked at.
func (s *Stage) UnknownUsers() []UnknownUser {
	if !s.Image.UsersKnown {
		return nil
	}
	var found []UnknownUser
	var runs []*Step // before the step
	chain := s.ChainSteps()
	for i, step := range chain {
		if i > 0 && chain[i-1].mayMakeUsers() {
			return found // whatever is named from here on may be there
		}
		if step.Instruction.Keyword == "RUN" {
			runs = append(runs, step)
		}
		if step.Stage != s {
			continue
		}
		u := UnknownUser{}
		switch {
		case step.Instruction.Keyword == "USER":
			u.Span = step.Instruction.Body
			u.Name = namedUser(step, s.build.File.Text(u.Span))
		case step.Copy != nil:
			f, ok := step.Instruction.Flag("chown")
			if !ok {
				continue
			}
			u.Span, u.Copy = f.ValueSpan, true
			u.Name = namedUser(step, f.Value)
		}
		if u.Name == "" || s.mayHaveUser(runs, u.Name) {
			continue
		}
		if cut := strings.IndexByte(s.build.File.Text(u.Span), ':'); cut > 0 {
			u.Span.End = u.Span.Start + cut
		}
		found = append(found, u)
	}
	return found
}

// namedUser is the user in "user[:group]", "" for a number and for what is not known.
func namedUser(step *Step, text string) string {
	v := userName(env.Expand(text, step.Stage.build.Doc.Escape, step.Before.Lookup))
	if !v.IsKnown() || v.Text == "" || strings.Trim(v.Text, "0123456789") == "" {
		return ""
	}
	return v.Text
}

// mayHaveUser tells whether the user exists behind RUNs, or may do so: the image has it, or one of them names it.
func (s *Stage) mayHaveUser(runs []*Step, name string) bool {
	if _, has := s.Image.UserNamed(name); has != image.No {
		return true
	}
	for _, step := range slices.Backward(runs) { // most users are made close to where they are named
		if strings.Contains(s.build.File.Text(step.Instruction.Span), name) ||
			slices.ContainsFunc(step.Commands, func(c *Command) bool { return c.hasText(name) }) {
			return true
		}
	}
	return false
}

// mayMakeUsers tells whether the step may make users whose names can't be read here, as packages of services do, and scripts may.
func (step *Step) mayMakeUsers() bool {
	switch {
	case step.Instruction.Keyword == "ONBUILD", step.Unreadable != "":
		return true
	case step.Copy != nil:
		return !step.Copy.Dest.IsKnown() || under(path.Clean(step.Copy.Dest.Text), "/etc/passwd")
	}
	for _, c := range step.Commands {
		switch {
		case c.OS != nil:
			if c.OS.Verb != ospkg.Install {
				continue
			}
			if c.OS.Opaque != "" {
				return true
			}
			for _, p := range c.OS.Packages {
				if class := ospkg.ClassOf(step.Stage.Image.Distro, p.Name); class == ospkg.Unknown || p.File != "" {
					return true
				}
			}
		case c.Installer != nil:
		default:
			if c.Effects.Reach&effect.AnyUser != 0 {
				return true
			}
		}
	}
	return false
}

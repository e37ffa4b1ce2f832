package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
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
	for _, step := range s.Steps {
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
		if u.Name == "" || s.mayHaveUser(step, u.Name) {
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

// mayHaveUser tells whether the user exists before the step, or may do so: the image has it, something names it, or a
// package or a script may have made it.
func (s *Stage) mayHaveUser(step *Step, name string) bool {
	if _, ok := s.Image.Home[name]; ok || name == "root" {
		return true
	}
	for _, earlier := range append(s.Base.ChainSteps(), s.Steps[:step.Index]...) {
		in := earlier.Instruction
		switch {
		case in.Keyword == "ONBUILD", earlier.Unreadable != "":
			return true
		case in.Keyword == "RUN" && (strings.Contains(s.build.File.Text(in.Span), name) || earlier.mayMakeUser(name)):
			return true
		case earlier.Copy != nil && (!earlier.Copy.Dest.IsKnown() || under(path.Clean(earlier.Copy.Dest.Text), "/etc/passwd")):
			return true
		}
	}
	return false
}

// mayMakeUser tells whether a command of the RUN may make the user: it names it, or makes one that can't be read here, as
// packages of services do, and scripts may.
func (step *Step) mayMakeUser(name string) bool {
	for _, c := range step.Commands {
		if c.hasText(name) {
			return true
		}
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
			if len(c.Argv) > 0 && (!c.Argv[0].Value.IsKnown() || c.runsScript()) {
				return true
			}
			for _, f := range c.Argv {
				// useradd $NAME, chpasswd, echo ... >> /etc/passwd
				if (strings.Contains(c.Argv[0].Text(), "user") || strings.Contains(c.Argv[0].Text(), "passwd")) && !f.Value.IsKnown() {
					return true
				}
			}
			for _, r := range c.Shell.Redirects {
				if r.Target != nil && strings.Contains(r.Target.Value(c.State.Lookup).Or("/etc/passwd"), "passwd") {
					return true
				}
			}
		}
	}
	return false
}

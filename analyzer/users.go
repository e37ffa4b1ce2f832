package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// HasUser tells whether there is a user of that name when the step begins. Numbers are no names.
func (step *Step) HasUser(name string) Answer {
	return step.Stage.index().user(name, step.begin(), &search{})
}

// HasUser tells whether the finished stage has a user of that name. Numbers are no names.
func (s *Stage) HasUser(name string) Answer { return s.index().user(name, s.end(), &search{}) }

// user is find for users: the files that hold them are known by what makes users, not by their text.
func (ix *index) user(name string, before moment, q *search) Answer {
	s := ix.stage
	if q.tooLong() {
		return Answer{}
	}
	for _, e := range slices.Backward(ix.users[:earlierThan(ix.users, before)]) {
		if e.effect.Name == name {
			return Answer{Presence: Yes, Step: e.step, Command: e.command}
		}
	}
	if e, may := ix.last(effect.AnyUser, before); may {
		return Answer{Step: e.step, Command: e.command}
	}
	for _, e := range ix.wide[systemFile][:earlierThan(ix.wide[systemFile], before)] {
		if e.command != nil && e.command.OS != nil && e.command.mayMakeUser(name) {
			return Answer{Step: e.step, Command: e.command}
		}
	}
	for _, step := range ix.passwd {
		if step.begin() >= before {
			break
		}
		switch {
		case step.Instruction.Keyword == "ONBUILD":
			return Answer{Step: step}
		case step.Copy.From == nil || step.Copy.Dest.Text != "/" && !step.Copy.takesFile("/etc/passwd"):
			return Answer{Step: step}
		case step.Copy.takesFile("/etc/passwd"):
			a := step.Copy.From.index().user(name, step.Copy.From.end(), q.outside())
			a.Step = step
			if a.Presence != No {
				return a
			}
		}
	}
	if s.Base != nil {
		return s.Base.index().user(name, s.Base.end(), q.outside())
	}
	switch _, there := s.Image.UserNamed(name); {
	case there == image.Yes || name == "root":
		return Answer{Presence: Yes}
	case there == image.No, (s.Image.Official || s.Image.Beside != nil || plainDistribution(&s.Image)) && s.Image.Deprecated == "" && ospkg.NoServiceUser(name):
		return Answer{Presence: No}
	}
	return Answer{}
}

// takesFile tells whether a source of the COPY is the file, or a directory around it that keeps its place.
func (c *Copy) takesFile(p string) bool {
	return slices.ContainsFunc(c.Sources, func(s CopySource) bool {
		return s.Text.Is(p) || s.Text.IsKnown() && Under(s.Text.Text, p) && c.Dest.Is(s.Text.Text)
	})
}

// mayMakeUser tells whether packages that the command installs may make the user, as those of services do.
func (c *Command) mayMakeUser(name string) bool {
	if c.OS.Verb != ospkg.Install && c.OS.Verb != ospkg.Other {
		return false
	}
	for _, p := range c.OS.Packages {
		unknown := ospkg.ClassOf(c.Step.Stage.Image.Distro, p.Name) == ospkg.Unknown
		if p.Name == "" || p.File != "" || strings.Contains(p.Name, name) || unknown && !ospkg.NoServiceUser(name) {
			return true
		}
	}
	return false
}

// Private tells whether the user of the final image certainly can't enter dir: /root has mode 0700 in
// Debian's, Ubuntu's and Alpine's images, and a chmod or chown of it would be seen.
func (b *Build) Private(dir string) bool {
	if !Under("/root", dir) || !b.Target.After.NonRoot() {
		return false
	}
	for _, c := range b.Target.ChainCommands() {
		if len(c.Argv) == 0 {
			continue
		}
		switch program := c.Argv[0].Text(); {
		case strings.Contains(program, "chown"):
			for _, f := range c.Argv[1:] {
				if at := path.Clean(f.Text()); !f.Value.IsKnown() || at == "/root" || at == "/" {
					return false
				}
			}
			continue
		case !strings.Contains(program, "chmod") && !strings.Contains(program, "setfacl"):
			continue
		}
		for _, f := range c.Argv[1:] {
			if !f.Value.IsKnown() || Under("/root", path.Clean(f.Text())) {
				return false
			}
		}
	}
	return true
}

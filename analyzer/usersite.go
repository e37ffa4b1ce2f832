package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// IgnoredUserSite is a user base of the finished stage that its interpreter is told not to look into.
type IgnoredUserSite struct {
	Content Content
	Reason  string      // a clause
	Span    source.Span // of the start command or the ENV
}

// IgnoredUserSite finds the first one; ok is false when there is none.
func (s *Stage) IgnoredUserSite() (found IgnoredUserSite, ok bool) {
	contents := s.Contents()
	for _, c := range contents {
		if !c.Libs {
			continue
		}
		if c.Install.Place != UserSite || s.FindsUserBase(c.Dir) == Maybe {
			return found, false // other packages may be what the image runs
		}
		found.Content = c
	}
	if found.Content.Install == nil || s.Searches(found.Content.Dir) {
		return found, false
	}
	if v := s.After.Env("PYTHONNOUSERSITE"); v.IsKnown() && v.Text != "" {
		for _, step := range s.ChainSteps() {
			for _, p := range step.Instruction.Pairs {
				if step.Instruction.Keyword == "ENV" && p.Key == "PYTHONNOUSERSITE" {
					found.Reason, found.Span = "PYTHONNOUSERSITE is set", p.Span
				}
			}
		}
		return found, found.Reason != ""
	}
	for _, start := range s.Start().Commands {
		if o, ok := start.isolation(); ok && path.Dir(start.Argv[0].Text()) != found.Content.ScriptsDir() {
			found.Reason, found.Span = "python is started with "+o, start.Span
			return found, true
		}
	}
	return found, false
}

// isolation is the option of the interpreter that keeps the user site out: -s or -I, alone or in a cluster.
// https://docs.python.org/3/using/cmdline.html#cmdoption-I
func (c StartCommand) isolation() (string, bool) {
	if !c.IsInterpreter() {
		return "", false
	}
	for _, f := range c.Argv[1:] {
		text := f.Text()
		if f.Value.Kind != env.Known || !strings.HasPrefix(text, "-") || strings.HasPrefix(text, "--") || len(text) < 2 {
			return "", false
		}
		for _, letter := range text[1:] {
			switch letter {
			case 's', 'I':
				return text, true
			case 'c', 'm', 'W', 'X':
				return "", false // what follows is its value
			}
		}
	}
	return "", false
}

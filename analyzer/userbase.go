package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// FindsUserBase tells whether the interpreter of the finished stage looks for packages in the user base at dir.
// https://docs.python.org/3/library/site.html#site.USER_BASE
func (s *Stage) FindsUserBase(dir string) Presence {
	state := s.After
	base := state.Env("PYTHONUSERBASE")
	if base.IsKnown() && base.Text != "" {
		if path.Clean(base.Text) == dir {
			return Yes
		}
	} else if home := state.Home(); home.IsKnown() && path.Join(home.Text, ".local") == dir {
		return Yes
	} else if !home.IsKnown() && strings.HasSuffix(dir, "/.local") {
		return Maybe
	}
	pythonPath := state.Env("PYTHONPATH")
	for _, entry := range strings.Split(pythonPath.Text, ":") {
		if entry != "" && Under(dir, path.Clean(entry)) {
			return Yes
		}
	}
	switch python := state.Python(); {
	case python != nil && python.Prefix == dir:
		return Yes // merged into the interpreter's own prefix: its site-packages
	case python == nil && (dir == "/usr" || dir == "/usr/local"):
		return Maybe
	}
	// The start command may set the variable itself, and a copied virtual environment is on its own.
	if base.Kind == env.Unknown || pythonPath.Kind == env.Unknown || s.StartMentions("PYTHONUSERBASE") {
		return Maybe
	}
	return No
}

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

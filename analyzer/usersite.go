package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// RefusedUser tells why pip refuses a user install, in a clause; "" when nothing shows that it does. by is the option that
// --user can't stand together with, empty where an environment is the reason.
func (in *Installation) RefusedUser() (reason string, by source.Span) {
	c := in.Command
	if in.Call.Tool != installer.Pip || !c.Shell.Certain || !c.explicitUser() {
		return "", by
	}
	for _, name := range []string{"--target", "--prefix"} {
		// An empty prefix takes a configured one back, which is what makes --user work there.
		if o, ok := in.Call.Option(name); ok && o.Value.IsKnown() && o.Value.Text != "" {
			return "pip refuses --user together with " + name, o.Span
		}
	}
	dir, ok := c.venv()
	if base := in.Interpreter; !ok && base != nil && base.Venv && !strings.Contains(c.Installer.Program.Text()+c.Installer.Python, "/") {
		return "the Python of the image is that of the environment " + base.Prefix + ", and pip refuses --user in it", by
	}
	if !ok || !dir.IsKnown() {
		return "", by
	}
	for _, other := range c.Step.Stage.ChainCommands() {
		if other.Installer == nil {
			continue
		}
		if made, _, ok := madeVenv(other); ok && dir.Is(made) && (other.Installer.Opaque != "" || other.Installer.Has("--system-site-packages")) {
			return "", by // it sees the user site
		}
	}
	return "the environment " + dir.Text + " is active, and pip refuses --user in it", by
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
	if found.Content.Install == nil || s.searches(found.Content.Dir) {
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

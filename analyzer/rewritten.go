package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// rewritten tells whether a command before c may have changed the file p (absolute) since a step put it there: then it is not the file of
// the build context any more. `sed -i '/# tests/,$d' requirements.txt` is common.
func (c *Command) rewritten(p string) bool {
	for _, other := range c.touching(p) {
		// `bash -c 'pip install -r requirements.txt'` names the file in the command around this one.
		if other != c && !other.Shell.Span.Contains(c.Shell.Span) {
			return true
		}
	}
	if c.Step.mounts(p).Presence == Yes {
		return false
	}
	return c.Step.rewrittenBefore(p)
}

// stepPath and stagePath are what is remembered of a file.
type stepPath struct {
	step *Step
	path string
}

type stagePath struct {
	stage *Stage
	path  string
}

// touching are commands that do something to one file: those among the first of a RUN, so many.
type touching struct {
	read int
	list []*Command
}

// touching are the commands of the RUN so far that may rewrite the file; c need not be among them. There may be thousands of commands that
// ask for one file: each goes on from where the one before stopped.
func (c *Command) touching(p string) []*Command {
	t := Remember(c.Step.Stage.build, stepPath{c.Step, p}, func() *touching { return &touching{} })
	for commands := c.Step.Commands; t.read < len(commands); t.read++ {
		other := commands[t.read]
		if other == c && t.read == len(commands)-1 {
			break // not all is known of it yet
		}
		if other.mayRewrite(p) {
			t.list = append(t.list, other)
		}
	}
	return t.list
}

// rewriting tells whether the first steps of a chain, so many, may have changed a file since one of them put it there.
type rewriting struct {
	steps     int
	rewritten bool
}

// rewrittenBefore tells whether a command before the step may have changed the file since a step put it there. As thousands of steps
// may ask for one file, the answer goes on from the last one.
func (step *Step) rewrittenBefore(p string) bool {
	s, steps := step.Stage, step.Earlier()
	r := Remember(s.build, stagePath{s, p}, func() *rewriting { return &rewriting{} })
	if r.steps > len(steps) {
		*r = rewriting{}
	}
	for _, earlier := range slices.Backward(steps[r.steps:]) {
		if earlier.Copy != nil {
			if earlier.Copy.Puts(p) == Yes {
				r.rewritten = false
				break
			}
		}
		if slices.ContainsFunc(earlier.Commands, func(c *Command) bool { return c.mayRewrite(p) }) {
			r.rewritten = true
			break
		}
	}
	r.steps = len(steps)
	return r.rewritten
}

// rewritten tells whether a command of the finished stage's chain may have changed the file since a step put it there.
func (s *Stage) rewritten(p string) bool {
	for at := s; at != nil; at = at.Base {
		if n := len(at.Steps); n > 0 {
			last := at.Steps[n-1]
			return slices.ContainsFunc(last.Commands, func(c *Command) bool { return c.mayRewrite(p) }) || last.rewrittenBefore(p)
		}
	}
	return false
}

// mayRewrite tells whether the command names the file p in a way that may change what it holds. Programs that do not name it are trusted.
func (c *Command) mayRewrite(p string) bool {
	for _, r := range c.Shell.Redirects {
		if !strings.HasPrefix(r.Op, ">") && r.Op != "&>" || r.Target == nil {
			continue
		}
		if target := c.State.Abs(r.Target.Value(c.State.Lookup)); target.Is(p) {
			return true
		}
	}
	if c.OS != nil || c.Install != nil {
		return false
	}
	if c.Installer != nil && !writesRequirements(c.Installer) {
		return false
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) < 2 {
		return false
	}
	name := shell.Program(argv[0])
	facts, known := program.Lookup(name)
	switch {
	case known && facts.MakesNoFiles(), facts.Is(program.Reads):
		return false
	case facts.Is(program.ShellProgram) && strings.HasPrefix(argv[1].Text(), "-") && strings.Contains(argv[1].Text(), "c"):
		return false // what it runs is listed by itself
	case name == "cp", name == "install", name == "ln":
		last := c.State.Abs(argv[len(argv)-1].Value)
		return last.Is(p) || last.Is(path.Dir(p)) && namesFile(argv[1:len(argv)-1], p)
	}
	return namesFile(argv[1:], p)
}

// namesFile tells whether one of the words, or a pattern in it, has the name of the file in it.
func namesFile(words []shell.Field, p string) bool {
	name := path.Base(p)
	for _, w := range words {
		text := w.Text()
		if w.Value.Kind == env.Unknown {
			text = w.Prefix
		}
		if strings.Contains(text, name) {
			return true
		}
		if match, err := path.Match(path.Base(text), name); match && err == nil && strings.ContainsAny(text, "*?[") {
			return true
		}
	}
	return false
}

// writesRequirements tells whether the command may write a requirements file that it names: `uv export -o requirements.txt`.
func writesRequirements(call *installer.Command) bool {
	return call.Tool == installer.PipTools || strings.Contains(call.Verb, "export") || strings.Contains(call.Verb, "compile") ||
		strings.Contains(call.Verb, "lock")
}

package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// rewritten tells whether a command before c may have changed the file p (absolute) since a step put it there: then it is not the file of
// the build context any more. `sed -i '/# tests/,$d' requirements.txt` is common.
func (c *Command) rewritten(p string) bool {
	for _, other := range c.touching(&c.Step.rewriters, p, (*Command).mayRewrite) {
		// `bash -c 'pip install -r requirements.txt'` names the file in the command around this one.
		if other != c && !other.Shell.Span.Contains(c.Shell.Span) {
			return true
		}
	}
	if presence, _ := c.Step.mounts(p); presence == Yes {
		return false
	}
	return c.Step.rewrittenBefore(p)
}

// touching are commands that do something to one file: those among the first of a RUN, so many.
type touching struct {
	read int
	list []*Command
}

// touching are the commands of the RUN so far that do something to the file; c need not be among them. What was asked before is in
// memo: there may be thousands of commands that ask for one file.
func (c *Command) touching(memo *map[string]*touching, p string, does func(*Command, string) bool) []*Command {
	if *memo == nil {
		*memo = map[string]*touching{}
	}
	t := (*memo)[p]
	if t == nil {
		t = &touching{}
		(*memo)[p] = t
	}
	for commands := c.Step.Commands; t.read < len(commands); t.read++ {
		other := commands[t.read]
		if other == c && t.read == len(commands)-1 {
			break // not all is known of it yet
		}
		if does(other, p) {
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
	s, steps := step.Stage, step.earlier()
	r, known := s.rewritings[p]
	if !known || r.steps > len(steps) {
		r = rewriting{}
	}
	for _, earlier := range slices.Backward(steps[r.steps:]) {
		if earlier.Copy != nil {
			if earlier.Copy.puts(p) == Yes {
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
	if s.rewritings == nil {
		s.rewritings = map[string]rewriting{}
	}
	s.rewritings[p] = r
	return r.rewritten
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
	switch program := shell.Program(argv[0]); {
	case bystander[program], reader[program]:
		return false
	case inner[program] && strings.HasPrefix(argv[1].Text(), "-") && strings.Contains(argv[1].Text(), "c"):
		return false // what it runs is listed by itself
	case program == "cp", program == "install", program == "ln":
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

// inner holds the shells.
var inner = map[string]bool{"sh": true, "bash": true, "dash": true, "ash": true, "zsh": true, "ksh": true}

// reader holds the programs that only read the files that they name, or change nothing that matters to pip.
var reader = map[string]bool{
	"cat": true, "grep": true, "egrep": true, "fgrep": true, "head": true, "tail": true, "wc": true, "diff": true, "cmp": true, "sort": true,
	"md5sum": true, "sha1sum": true, "sha256sum": true, "sha512sum": true, "stat": true, "file": true, "dos2unix": true, "tar": true,
}

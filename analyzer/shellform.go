package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// PlainCommand is a CMD or ENTRYPOINT in shell form that gives the shell nothing to do.
type PlainCommand struct {
	Argv []string // as the program receives it
	// Commented tells that a comment stands in the instruction.
	Commented bool
	// Script tells whether the program is a script without a "#!" line, which only a shell can start.
	Script Presence
}

// PlainCommand reads a CMD or ENTRYPOINT of the stage's chain. ok is false for the exec form, for another SHELL than the
// default, and for anything that a shell has to do: variables, patterns, redirections, several commands, its own builtins.
func (s *Stage) PlainCommand(in *dockerfile.Instruction) (p PlainCommand, ok bool) {
	if in == nil || in.JSON || len(in.Heredocs) > 0 {
		return p, false
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction == in && step.Before.Shell != nil {
			return p, false
		}
	}
	script, commands, problem := s.build.script(in, State{})
	if problem != "" || len(script.Items) != 1 || len(commands) != 1 || script.Items[0].Command != commands[0] {
		return p, false
	}
	c := commands[0]
	if len(c.Words) == 0 || len(c.Assigns) > 0 || len(c.Redirects) > 0 {
		return p, false
	}
	for _, w := range c.Words {
		text, plain := plainWord(w)
		if !plain {
			return p, false
		}
		p.Argv = append(p.Argv, text)
	}
	if builtin[p.Argv[0]] || len(p.Argv) == 2 && (p.Argv[1] == "--help" || p.Argv[1] == "--version") {
		return p, false
	}
	rest := strings.TrimSpace(s.build.File.Text(source.Span{Start: c.Span.End, End: in.Body.End}))
	p.Commented = len(in.Comments) > 0 || rest != "" && rest != ";"
	p.Script = s.bareScript(p.Argv[0], c)
	return p, true
}

// plainWord is the text of a word in which nothing is expanded.
func plainWord(w shell.Word) (text string, plain bool) {
	if len(w.Alternatives) > 0 {
		return "", false
	}
	for i, part := range w.Parts {
		if part.Kind != shell.Literal {
			return "", false
		}
		if !part.Quoted && (strings.ContainsAny(part.Text, "*?[") || i == 0 && strings.HasPrefix(part.Text, "~")) {
			return "", false
		}
		text += part.Text
	}
	return text, true
}

// bareScript tells whether the program may be a file without "#!": the kernel refuses it, a shell reads it.
func (s *Stage) bareScript(program string, c *shell.Command) Presence {
	if !strings.Contains(program, "/") && !strings.HasSuffix(program, ".sh") && !strings.HasSuffix(program, ".py") {
		return No
	}
	if isPythonProgram(shell.Program(shell.Fields(c.Words[:1], s.After.Env)[0])) {
		return No
	}
	for _, dir := range []string{"/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"} {
		if strings.HasPrefix(program, dir) && !strings.HasSuffix(program, ".sh") {
			return No
		}
	}
	content, ok := s.startScript(StartCommand{Argv: shell.Fields(c.Words[:1], s.After.Env)})
	switch {
	case !ok:
		return Maybe
	case strings.HasPrefix(string(content), "#!"):
		return No
	}
	return Yes
}

// builtin holds what a POSIX shell does itself, and programs that are over at once.
var builtin = map[string]bool{
	"exec": true, "cd": true, "source": true, ".": true, ":": true, "export": true, "set": true, "eval": true, "ulimit": true,
	"umask": true, "trap": true, "wait": true, "test": true, "[": true, "[[": true, "read": true, "unset": true, "alias": true,
	"command": true, "type": true, "exit": true, "return": true, "kill": true, "true": true, "false": true, "echo": true,
	"printf": true, "pwd": true, "shift": true, "local": true, "readonly": true, "hash": true, "times": true, "jobs": true,
	"fg": true, "bg": true, "getopts": true, "let": true, "declare": true, "ls": true, "cat": true, "date": true, "time": true,
}

// ShellStays tells whether `/bin/sh -c "one command"` remains as the parent of that command, so that signals for process 1
// end in the shell. dash, which Debian and Ubuntu have, forks (seen with 0.5.12); BusyBox's ash (seen with 1.35) and
// bash as sh in the other distributions replace themselves by the command.
func (s *Stage) ShellStays() bool {
	switch s.Image.Distro {
	case "debian", "ubuntu":
		return true
	case "":
		return slices.ContainsFunc(s.ChainCommands(), func(c *Command) bool {
			return c.OS != nil && c.OS.Manager == ospkg.Apt && c.Shell.Certain
		})
	}
	return false
}

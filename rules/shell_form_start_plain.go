package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// plainCommand is a CMD or ENTRYPOINT in shell form that gives the shell nothing to do.
type plainCommand struct {
	argv []string // as the program receives it
	// Commented tells that a comment stands in the instruction.
	commented bool
	// Script tells whether the program is a script without a "#!" line, which only a shell can start.
	script analyzer.Presence
}

// readPlain reads a CMD or ENTRYPOINT of the stage's chain. ok is false for the exec form, for another SHELL than the
// default, and for anything that a shell has to do: variables, patterns, redirections, several commands, its own builtins.
func readPlain(s *analyzer.Stage, in *dockerfile.Instruction) (p plainCommand, ok bool) {
	if in == nil || in.JSON || len(in.Heredocs) > 0 {
		return p, false
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction == in && step.Before.Shell != nil {
			return p, false
		}
	}
	script, commands, problem := s.Build().Script(in, analyzer.State{})
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
		p.argv = append(p.argv, text)
	}
	if isOver(p.argv[0]) || len(p.argv) == 2 && (p.argv[1] == "--help" || p.argv[1] == "--version") {
		return p, false
	}
	rest := strings.TrimSpace(s.Build().File.Text(source.Span{Start: c.Span.End, End: in.Body.End}))
	p.commented = len(in.Comments) > 0 || rest != "" && rest != ";"
	p.script = bareScript(s, p.argv[0], c)
	return p, true
}

// lastServer is the last command of a CMD or ENTRYPOINT that a shell reads, where that is a Python program or a server and everything before it
// is over by then. ok is false for other exec forms, where `exec` is there already, and for traps, which it would drop.
func lastServer(s *analyzer.Stage, in *dockerfile.Instruction) (c *shell.Command, name string, ok bool) {
	if in == nil || len(in.Heredocs) > 0 || in.Keyword != "CMD" && in.Keyword != "ENTRYPOINT" {
		return nil, "", false
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction == in && step.Before.Shell != nil && !in.JSON {
			return nil, "", false
		}
	}
	script, problem := shellCode(s, in)
	if problem || len(script.Items) == 0 {
		return nil, "", false
	}
	for i, item := range script.Items {
		if item.Command == nil || i > 0 && item.Operator != "&&" && item.Operator != ";" {
			return nil, "", false
		}
	}
	for _, other := range script.Commands {
		if len(other.Words) > 0 {
			if text, _ := plainWord(other.Words[0]); text == "trap" {
				return nil, "", false
			}
		}
	}
	c = script.Items[len(script.Items)-1].Command
	if len(c.Words) == 0 || len(c.Assigns) > 0 {
		return nil, "", false
	}
	program, plain := plainWord(c.Words[0])
	name = path.Base(program)
	if !plain || isOver(program) || !analyzer.IsInterpreterName(name) && !analyzer.IsServer(name) {
		return nil, "", false
	}
	if analyzer.IsInterpreterName(name) && len(c.Words) < 2 {
		return nil, "", false
	}
	return c, name, true
}

// shellCode is what the shell reads: the shell form, or the argument of ["sh", "-c", "..."].
func shellCode(s *analyzer.Stage, in *dockerfile.Instruction) (script *shell.Script, problem bool) {
	if !in.JSON {
		script, _, why := s.Build().Script(in, s.After)
		return script, why != ""
	}
	if len(in.Args) != 3 || in.Args[1].Value != "-c" {
		return nil, true
	}
	program, code := in.Args[0].Value, in.Args[2]
	if program != "sh" && program != "/bin/sh" || code.Span.Len() != len(code.Value)+2 {
		return nil, true // bash becomes its last command by itself; or there are escapes
	}
	script, err := shell.Parse([]byte(code.Value), code.Span.Start+1, shell.POSIX)
	return script, err != nil
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
func bareScript(s *analyzer.Stage, program string, c *shell.Command) analyzer.Presence {
	if !strings.Contains(program, "/") && !strings.HasSuffix(program, ".sh") && !strings.HasSuffix(program, ".py") {
		return analyzer.No
	}
	if analyzer.IsPythonName(shell.Program(shell.Fields(c.Words[:1], s.After.Env)[0])) {
		return analyzer.No
	}
	for _, dir := range []string{"/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"} {
		if strings.HasPrefix(program, dir) && !strings.HasSuffix(program, ".sh") {
			return analyzer.No
		}
	}
	content, ok := s.StartScript(analyzer.StartCommand{Argv: shell.Fields(c.Words[:1], s.After.Env)})
	switch {
	case !ok:
		return analyzer.Maybe
	case strings.HasPrefix(string(content), "#!"):
		return analyzer.No
	}
	return analyzer.Yes
}

// isOver tells what a POSIX shell does itself, and programs that are over at once.
func isOver(name string) bool {
	const more = " type readonly hash times jobs fg bg getopts let declare ls cat date time "
	return program.Is(name, program.Builtin) || strings.Contains(more, " "+name+" ")
}

// shellStays tells whether `/bin/sh -c "one command"` remains as the parent of that command, so that signals for process 1
// end in the shell. dash, which Debian and Ubuntu have, forks (seen with 0.5.12); BusyBox's ash (seen with 1.35) and
// bash as sh in the other distributions replace themselves by the command.
func shellStays(s *analyzer.Stage) bool {
	switch s.Image.Distro {
	case "debian", "ubuntu":
		return true
	case "":
		return slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool {
			return c.OS != nil && c.OS.Manager == ospkg.Apt && c.Shell.Certain
		})
	}
	return false
}

package rules

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// StartScriptCannotStart finds a start script of the build context that the kernel refuses to run: its lines end with CRLF, it is not
// executable, or the interpreter that its first line names is not in the image.
//
// The container ends at once, with messages that point elsewhere: "no such file or directory" for a file that is there, when the
// interpreter is called `/bin/sh` and a carriage return, or "permission denied".
//
// Where the image calls a shell for the script (`CMD ["sh", "start.sh"]`), modes do not matter, and line ends do.
//
// Modes are judged where they are known: not for a Dockerfile from standard input, and not on Windows. A RUN that changes modes or line
// ends of the file, or that may do anything, silences the rule; but not one above the COPY that writes the file last (`chmod +x start.sh`, then `COPY . .`).
//
// # Flagged
//
//	FROM python:3.12-alpine
//	COPY app.py start.sh /
//	RUN chmod 755 /start.sh
//	ENTRYPOINT ["/start.sh"]
//	-- start.sh --
//	#!/bin/bash
//	exec python /app.py
//	-- app.py --
//	print("hello")
//
// # Instead
//
//	FROM python:3.12-alpine
//	COPY app.py start.sh /
//	RUN chmod 755 /start.sh
//	ENTRYPOINT ["/start.sh"]
//	-- start.sh --
//	#!/bin/sh
//	exec python /app.py
//	-- app.py --
//	print("hello")
//
// # Fix
//
// Copies a script that is not executable with --chmod=755, where the COPY brings that file alone. Safe: the image does not start as it is.
// Line ends and interpreters are left to their author.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#copy---chmod
//   - https://man7.org/linux/man-pages/man2/execve.2.html
var StartScriptCannotStart = register(&analyzer.Rule{
	Code: "PLD513", Name: "start-script-cannot-start",
	Summary:  "the start script has CRLF line ends, is not executable, or its interpreter is not there",
	Severity: analyzer.Error, Fix: analyzer.Safe, AsksBase: true, Check: checkStartScriptCannotStart,
})

func checkStartScriptCannotStart(p *analyzer.Pass) {
	for _, c := range p.Target.Start().Commands {
		if facts, _ := program.Lookup(c.Program()); facts.Is(program.ShellProgram) || facts.Is(program.Interpreter) {
			reportReturnsForShell(p, c) // the shell reads it, whatever its mode
			continue
		}
		at := p.Target.After.Abs(c.Argv[0].Value)
		if !at.IsKnown() || !strings.Contains(c.Argv[0].Text(), "/") {
			continue
		}
		there := p.Target.HasPath(at.Text)
		if !there.Is(analyzer.Yes) || there.Context == "" || there.Step == nil || there.Step.Copy == nil {
			continue
		}
		changed, madeExecutable := mayChange(p, at.Text, there.Step)
		if changed {
			continue
		}
		text, ok := p.Context.Read(there.Context)
		if !ok || !bytes.HasPrefix(text, []byte("#!")) {
			continue
		}
		line, _, _ := strings.Cut(string(text), "\n")
		d := analyzer.Diagnostic{Span: c.Argv[0].Span, Related: []analyzer.Related{{Span: there.Step.Instruction.Span, Message: "it is copied here"}}}
		executable, known := p.Context.Executable(there.Context)
		switch name, lost := lostInterpreter(p, line); {
		case strings.HasSuffix(line, "\r"):
			d.Message = fmt.Sprintf("%s has CRLF line ends, so its interpreter is looked for as %q, and the container ends at once",
				there.Context, strings.TrimPrefix(line, "#!"))
			d.NoFixReason = keepLF
		case lost:
			d.Message = fmt.Sprintf("%s is run by %s, which the final image does not have, so the container ends at once", there.Context, name)
			d.NoFixReason = "the script must be written for a shell that is there, or the shell be installed"
		case known && !executable && !madeExecutable && !hasMode(there.Step):
			d.Message = fmt.Sprintf("%s is not executable, and nothing makes it so, so the container ends with \"permission denied\"", there.Context)
			d.Fix, d.NoFixReason = copyExecutable(there.Step)
		default:
			continue
		}
		p.Report(d)
	}
}

// reportReturnsForShell finds a script with CRLF line ends that a shell reads: its first line is a comment then, but the carriage return is a part of the
// last word of every command.
func reportReturnsForShell(p *analyzer.Pass, c analyzer.StartCommand) {
	file, text, ok := p.Target.ShellScript(c)
	lines, returns := bytes.Count(text, []byte("\n")), bytes.Count(text, []byte("\r\n"))
	if !ok || lines < 2 || returns < lines {
		return
	}
	for _, word := range c.Argv[1:] {
		at := p.Target.After.Abs(word.Value)
		if !at.IsKnown() {
			continue
		}
		there := p.Target.HasPath(at.Text)
		if there.Context != file || there.Step == nil || there.Step.Copy == nil {
			continue
		}
		if changed, _ := mayChange(p, at.Text, there.Step); changed {
			return
		}
		p.Report(analyzer.Diagnostic{
			Span: word.Span, Related: []analyzer.Related{{Span: there.Step.Instruction.Span, Message: "it is copied here"}},
			Message:     fmt.Sprintf("%s has CRLF line ends, so %s takes the carriage return for a part of each command's last word", file, c.Program()),
			NoFixReason: keepLF,
		})
		return
	}
}

const keepLF = "convert the file to LF, and keep it so with `*.sh text eol=lf` in .gitattributes"

// lostInterpreter is the program in the first line of a script, where the final image certainly lacks it.
func lostInterpreter(p *analyzer.Pass, line string) (name string, lost bool) {
	words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "#!"))
	if len(words) == 0 {
		return "", false
	}
	name = words[0]
	if path.Base(name) == "env" {
		words = words[1:]
		for len(words) > 0 && (strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "=")) {
			words = words[1:]
		}
		if len(words) == 0 {
			return "", false
		}
		name = words[0]
	}
	return name, p.Target.FindProgram(name, p.Target.After).Is(analyzer.No)
}

// mayChange tells whether a command of the final image may change the file's text, or its mode, after the COPY that puts it there last: one before
// it is undone, since COPY writes the file anew with the mode that it has in the build context.
func mayChange(p *analyzer.Pass, file string, copied *analyzer.Step) (text, mode bool) {
	own := slices.Contains(p.Target.ChainSteps(), copied)
	for _, c := range p.Target.ChainCommands() {
		if own && c.Step.Instruction.Span.Start < copied.Instruction.Span.Start {
			continue
		}
		if c.MayDoAnything() || c.Effects.Reach&effect.AnyFile != 0 {
			return true, true
		}
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) == 0 || c.Installer != nil || c.OS != nil || !mayMean(c, argv[1:], file) {
			continue
		}
		name := shell.Program(argv[0])
		switch facts, _ := program.Lookup(name); {
		case facts.Touches == program.Nothing || facts.Touches == program.ShellOnly || facts.Touches == program.OfAccounts:
		case name == "chmod" || name == "chown" || name == "setfacl":
			mode = true
		default:
			return true, true
		}
	}
	return false, mode
}

// mayMean tells whether a word may be the file, or a directory around it.
func mayMean(c *analyzer.Command, words []shell.Field, file string) bool {
	for _, f := range words {
		at := c.State.Abs(f.Value)
		if !f.Value.IsKnown() || f.Glob || strings.Contains(f.Text(), path.Base(file)) || at.IsKnown() && analyzer.Under(at.Text, file) && at.Text != "/" {
			return true
		}
	}
	return false
}

func hasMode(step *analyzer.Step) bool {
	_, ok := step.Instruction.Flag("chmod")
	return ok
}

// copyExecutable gives the COPY of the script alone a mode.
func copyExecutable(step *analyzer.Step) (fix *analyzer.Fix, refused string) {
	in := step.Instruction
	if len(step.Copy.Sources) != 1 || in.JSON || strings.HasSuffix(step.Copy.Sources[0].Text.Text, "/") || path.Ext(step.Copy.Sources[0].Text.Text) == "" {
		return nil, "the COPY brings other files too: run `chmod 755` on the script alone"
	}
	return &analyzer.Fix{Title: "Copy it with --chmod=755", Safety: analyzer.Safe, Edits: []analyzer.Edit{
		{Span: source.Span{Start: in.Args[0].Span.Start, End: in.Args[0].Span.Start}, Text: "--chmod=755 "},
	}}, ""
}

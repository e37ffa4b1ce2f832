package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ShellFormStart finds a CMD or ENTRYPOINT in shell form with a command that needs no shell.
//
// Docker runs the shell form as `/bin/sh -c`. Debian's and Ubuntu's sh, dash, stays as process 1 and starts the program as its child
// (seen with dash 0.5.12). It does not pass signals on: `docker stop` and Kubernetes send SIGTERM to the shell, the program
// goes on, and after the grace period of ten or thirty seconds it is killed in the midst of its requests. (As process 1 a program needs a handler for SIGTERM. Servers have one;
// for others there is `docker run --init`.) The shells of Alpine, Red Hat
// and their like replace themselves by a single command, so images on these are not judged. Nor is a command with
// variables, patterns, redirections or several parts, which the exec form could not run, nor one behind `exec`; but where such a command ends with
// a server, also in `["sh", "-c", "..."]`, the shell can become that server.
//
// `docker init` used to write its CMD for Python in shell form. Docker's guide shows the same template in exec form now, and its build check
// JSONArgsRecommended reports the other.
//
// # Flagged
//
//	FROM python:3.12-slim
//	CMD python -m myapp
//
// # Instead
//
//	FROM python:3.12-slim
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Writes the same words in exec form. Where a shell has something to do, for `$PORT` or a command before, `exec` has it become the server. Safe: the same program gets the same arguments and environment, but for PWD, which only
// a shell sets (to the working directory). Unsafe where the base image may have an entry point of its own, or where
// the program is a file that may lack a `#!` line. None for an ENTRYPOINT next to a CMD, which the shell form ignores and the
// exec form would take as arguments.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#shell-and-exec-form
//   - https://docs.docker.com/reference/build-checks/json-args-recommended/
var ShellFormStart = register(&analyzer.Rule{
	Code: "PLD506", Name: "shell-form-start",
	Summary:  "the start command is in shell form without need, so signals do not reach the program",
	Do:       "write it in the exec form: [\"program\", \"argument\"]",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AsksBase: true, Check: checkShellFormStart,
})

func checkShellFormStart(p *analyzer.Pass) {
	start := p.Target.Start()
	in := start.Entrypoint
	if in == nil {
		in = start.Cmd // behind an entry point in exec form it is that program's business
	}
	if start.OnlyShell() || !shellStays(p.Target) {
		return
	}
	command, ok := readPlain(p.Target, in)
	if !ok {
		reportWithoutExec(p, in)
		return
	}
	d := analyzer.Diagnostic{
		Span: in.Body,
		Message: fmt.Sprintf("the shell form of %s makes /bin/sh process 1, which passes no signals on, so %s never gets SIGTERM",
			in.Keyword, path.Base(command.argv[0])),
	}
	switch {
	case in == start.Entrypoint && start.Cmd != nil:
		d.NoFixReason = "the exec form would take CMD as arguments, which the shell form ignores"
		d.Related = append(d.Related, analyzer.Related{Span: start.Cmd.Span, Message: "this CMD is ignored now"})
	case command.commented:
		d.NoFixReason = "there is a comment in the instruction"
	case strings.ContainsAny(command.argv[0], " \t"):
		d.NoFixReason = "the quotes make one word of the command, and no program has that name"
	case command.script == analyzer.Yes:
		d.NoFixReason = command.argv[0] + " has no #! line, so only a shell can start it"
	default:
		d.Fix = execFormFix(in, command, start.EntrypointUnknown)
	}
	p.Report(d)
}

// reportWithoutExec reports a start command that needs a shell, for a variable or for what comes before, and that ends with a server which the
// shell could become.
func reportWithoutExec(p *analyzer.Pass, in *dockerfile.Instruction) {
	c, name, ok := lastServer(p.Target, in)
	if !ok {
		return
	}
	d := analyzer.Diagnostic{
		Span:    c.Words[0].Span,
		Message: fmt.Sprintf("without exec /bin/sh stays process 1 and passes no signals on, so %s never gets SIGTERM", name),
	}
	if c.Exact {
		d.Fix = &analyzer.Fix{Title: "Start " + name + " with exec", Safety: analyzer.Safe, Edits: []analyzer.Edit{
			fixes.ReplaceSpan(source.Span{Start: c.Words[0].Span.Start, End: c.Words[0].Span.Start}, "exec "),
		}}
	} else {
		d.NoFixReason = "the command can't be edited where it stands"
	}
	p.Report(d)
}

func execFormFix(in *dockerfile.Instruction, command plainCommand, entrypointUnknown bool) *analyzer.Fix {
	safety := analyzer.Safe
	if entrypointUnknown || command.script == analyzer.Maybe {
		safety = analyzer.Unsafe
	}
	return &analyzer.Fix{Title: "Use the exec form", Safety: safety, Edits: []analyzer.Edit{fixes.ReplaceSpan(in.Body, fixes.ExecForm(command.argv))}}
}

package rules

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// StartScriptWithoutExec finds a start script whose last command runs the application as a child of the shell.
//
// The shell of the script is process 1, and a shell passes no signals on: `docker stop` and Kubernetes send SIGTERM to it, the
// application never hears of it, and after ten or thirty seconds it is killed in the midst of its requests. With `exec` the application
// takes the shell's place. bash does that by itself for `bash -c`, but never for the last command of a script.
//
// Commands that end by themselves, such as migrations and tests, are none of these, and dumb-init and `tini -g` send the signal to
// all processes.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --chmod=755 start.sh app.py /
//	CMD ["/start.sh"]
//	-- start.sh --
//	#!/bin/sh
//	python /migrate.py
//	python /app.py
//	-- app.py --
//	print("hello")
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --chmod=755 start.sh app.py /
//	CMD ["/start.sh"]
//	-- start.sh --
//	#!/bin/sh
//	python /migrate.py
//	exec python /app.py
//	-- app.py --
//	print("hello")
//
// # Fix
//
// Puts `exec` in front of the last command of the script. Safe: the same program gets the same arguments, and nothing follows it. None
// where the script has a `trap`, which the exec would drop, or jobs in the background.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example
//   - https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#exec
var StartScriptWithoutExec = register(&analyzer.Rule{
	Code: "PLD514", Name: "start-script-without-exec",
	Summary:  "the start script runs the application without exec, so signals do not reach it",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkStartScriptWithoutExec,
})

func checkStartScriptWithoutExec(p *analyzer.Pass) {
	start := p.Target.Start()
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		if in != nil && signalsAll.MatchString(p.File.Text(in.Span)) {
			return
		}
	}
	for _, c := range start.Commands {
		file, text, ok := p.Target.ShellScript(c)
		if !ok || bytes.ContainsRune(text, '\r') {
			continue
		}
		script, err := shell.Parse(text, 0, dialectOf(text))
		if err != nil || len(script.Items) == 0 {
			continue
		}
		last := script.Items[len(script.Items)-1].Command
		if last == nil || len(last.Words) == 0 || !last.Certain || !last.Exact {
			continue
		}
		name, ok := runsApplication(last, start, c)
		if !ok {
			continue
		}
		d := analyzer.Diagnostic{
			Span:    c.Span,
			Message: fmt.Sprintf("%s runs %s as a child of its shell, which passes no signals on, so %s never gets SIGTERM", file, name, name),
			Related: []analyzer.Related{{Path: file, Span: last.Span, Message: "this lacks an exec"}},
		}
		d.Fix, d.NoFixReason = withExec(file, string(text), script, last)
		p.Report(d)
	}
}

// dialectOf is the language that the first line of a script asks for.
func dialectOf(text []byte) shell.Dialect {
	line, _, _ := strings.Cut(string(text), "\n")
	dialect, _ := shell.DialectOf(strings.Fields(strings.TrimPrefix(line, "#!")))
	return dialect
}

func withExec(file, text string, script *shell.Script, last *shell.Command) (fix *analyzer.Fix, refused string) {
	if slices.ContainsFunc(script.Commands, func(c *shell.Command) bool {
		return len(c.Words) > 0 && shell.Program(shell.Fields(c.Words[:1], nil)[0]) == "trap"
	}) {
		return nil, "the script has a trap, which an exec would drop"
	}
	if backgroundJob.MatchString(text) {
		return nil, "the script has jobs in the background, which would lose their shell"
	}
	at := last.Words[0].Span.Start
	return &analyzer.Fix{Title: "Put exec in front of the last command", Safety: analyzer.Safe, Edits: []analyzer.Edit{
		{Path: file, Span: source.Span{Start: at, End: at}, Text: "exec "},
	}}, ""
}

var (
	signalsAll    = pattern.New(`dumb-init|\btini["',\s]+.*-[a-z]*g`)
	backgroundJob = pattern.New(`(?m)[^&>|]&\s*(?:$|[^&>\s\d])`)
	oneShot       = pattern.New(`(?i)migrat|init|seed|wait|creat|load|setup|test|check|collect|install|build|script|cron|job|import|export|clean`)
)

// runsApplication tells whether the command certainly runs a server or the application, and the name to speak of it.
func runsApplication(c *shell.Command, start analyzer.Start, by analyzer.StartCommand) (name string, ok bool) {
	words := shell.Fields(c.Words, func(string) env.Value { return env.Doubtful() })
	wrappers, _, argv, _ := shell.Unwrap(words)
	if len(argv) == 0 || slices.Contains(wrappers, "exec") {
		return "", false
	}
	if len(argv) == 1 && argv[0].Many { // "$@": what CMD holds
		for _, other := range start.Commands {
			if other.Span != by.Span && isApplication(other.Argv) {
				return other.Program(), true
			}
		}
		return "", false
	}
	return shell.Program(argv[0]), isApplication(argv)
}

func isApplication(argv []shell.Field) bool {
	name := shell.Program(argv[0])
	text := func(i int) string {
		if i < len(argv) {
			return argv[i].Text()
		}
		return ""
	}
	facts, _ := program.Lookup(name)
	switch {
	case facts.Is(program.Server):
		return true
	case name == "flask", name == "fastapi", name == "streamlit":
		return slices.ContainsFunc(argv[1:], func(f shell.Field) bool { return f.Text() == "run" })
	case !facts.Is(program.Interpreter):
		return false
	}
	at := 1
	for text(at) == "-u" || text(at) == "-O" || text(at) == "-B" {
		at++
	}
	operand := text(at)
	switch {
	case operand == "-m":
		module, _ := program.Lookup(text(at + 1))
		return text(at+1) != "" && (module.Is(program.Server) || !module.Is(program.Test) && !oneShot.MatchString(text(at+1)))
	case strings.HasSuffix(operand, "manage.py"):
		return strings.HasPrefix(text(at+1), "runserver")
	}
	return strings.HasSuffix(operand, ".py") && !oneShot.MatchString(operand)
}

package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// BufferedOutput finds an image that runs a Python program while PYTHONUNBUFFERED is unset.
//
// Without a terminal Python collects 8 kB of what is printed before it writes any: `docker logs` shows nothing for minutes, and the
// last lines before a crash or a kill are lost. Servers that log to stderr, as gunicorn and uvicorn do, are not judged: only programs that an
// interpreter is started for by the image itself, without `-u`.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY bot.py /app/
//	CMD ["python", "/app/bot.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	ENV PYTHONUNBUFFERED=1
//	COPY bot.py /app/
//	CMD ["python", "/app/bot.py"]
//
// # Fix
//
// Sets `PYTHONUNBUFFERED=1` above the start command. Safe: the same is printed, at once.
//
// # References
//
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED
var BufferedOutput = register(&analyzer.Rule{
	Code: "PLD507", Name: "buffered-output",
	Summary:  "Python's output is buffered: PYTHONUNBUFFERED is unset",
	Severity: analyzer.Info, Fix: analyzer.Safe, AsksBase: true, Check: checkBufferedOutput,
})

func checkBufferedOutput(p *analyzer.Pass) {
	command, in, ok := bufferedProgram(p.Target)
	if !ok {
		return
	}
	p.Report(analyzer.Diagnostic{
		Span:    command.Script(),
		Message: "Python buffers what the program prints, so the logs come late and their last lines are lost at a crash: PYTHONUNBUFFERED is unset",
		Fix: &analyzer.Fix{Title: "Set PYTHONUNBUFFERED=1", Safety: analyzer.Safe, Edits: []analyzer.Edit{
			fixes.InsertBefore(p.Doc, in, "ENV PYTHONUNBUFFERED=1"),
		}},
	})
}

// bufferedProgram is the command with which the finished stage starts a Python program whose standard output is certainly
// buffered, and the first instruction of the stage that has to do with the start. Modules that are servers of their own, and commands
// that are over at once, are none.
func bufferedProgram(s *analyzer.Stage) (c analyzer.StartCommand, in *dockerfile.Instruction, ok bool) {
	// A command-line tool writes all it has to say when it ends, which is soon.
	if !purpose.Serves(s) || lacksPython(s) || s.After.Env("PYTHONUNBUFFERED").Kind != env.Unset || s.StartMentions("PYTHONUNBUFFERED") {
		return c, nil, false
	}
	start := s.Start()
	for _, step := range s.Steps {
		if step.Instruction == start.Entrypoint || step.Instruction == start.Cmd {
			in = step.Instruction
			break
		}
	}
	if in == nil {
		return c, nil, false
	}
	for _, c := range start.Commands {
		if !c.IsInterpreter() || len(c.Argv) < 2 {
			continue
		}
		for _, f := range c.Argv[1:] {
			text := f.Text()
			if strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "u") && text != "-" {
				return c, nil, false // -u, -uB
			}
			if !strings.HasPrefix(text, "-") {
				break
			}
		}
		args := c.ProgramArgs()
		if len(args) == 0 || args[0].Text() == "" || analyzer.IsServer(args[0].Text()) || purpose.ChecksCode(args[0].Text()) || args[0].Text() == "http.server" || args[0].Text() == "setup.py" || args[0].Text() == "manage.py" {
			continue
		}
		return c, in, true
	}
	return c, nil, false
}

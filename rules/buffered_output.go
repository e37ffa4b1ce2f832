package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
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
var BufferedOutput = register(analyzer.Rule{
	Code: "PLD507", Name: "buffered-output",
	Summary:  "Python's output is buffered: PYTHONUNBUFFERED is unset",
	Severity: analyzer.Info, Fix: analyzer.Safe, AsksBase: true, Check: checkBufferedOutput,
})

func checkBufferedOutput(p *analyzer.Pass) {
	command, in, ok := p.Target.BufferedProgram()
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

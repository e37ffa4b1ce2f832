package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UvWithoutEnvironment finds `uv pip install`, `sync` or `uninstall` where there is no virtual environment and nothing says that the
// system's interpreter is meant.
//
// uv does not install into the system's Python by itself: it ends with "No virtual environment found; run `uv venv` to create an
// environment, or pass `--system`". Any of these cures it: `--system` or UV_SYSTEM_PYTHON=1, `system = true` under [tool.uv.pip], a
// .venv in the working directory or above it, VIRTUAL_ENV, an environment's bin on PATH, `--target`, `--prefix`, or the path of an interpreter as
// `--python`. A version does not: `--python 3.12`, .python-version and UV_PYTHON=3.12 only choose among environments.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/uv
//	RUN uv pip install --no-cache flask==3.1.0
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/uv
//	RUN uv pip install --system --no-cache flask==3.1.0
//	CMD ["flask", "run"]
//
// # Fix
//
// Adds `--system`. Unsafe: a virtual environment may be what is wanted. None for the interpreter of a distribution, which refuses
// packages from elsewhere.
//
// # References
//
//   - https://docs.astral.sh/uv/pip/environments/
//   - https://docs.astral.sh/uv/guides/integration/docker/#installing-a-package
var UvWithoutEnvironment = register(analyzer.Rule{
	Code: "PLD610", Name: "uv-without-environment",
	Summary:  "uv pip finds no virtual environment and is not told to use the system's interpreter",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkUvWithoutEnvironment,
})

func checkUvWithoutEnvironment(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		if !stage.Feeds {
			continue
		}
		for _, step := range stage.Steps {
			for _, c := range step.Commands {
				if !c.LacksEnvironment() {
					continue
				}
				call := c.Installer
				d := analyzer.Diagnostic{
					Span: call.Span,
					Message: fmt.Sprintf("there is no virtual environment for `uv pip %s`, and no --system, so the build fails: "+
						"\"No virtual environment found\"", call.Verb),
				}
				if call.VerbSpan.End > call.Span.Start {
					d.Span.End = call.VerbSpan.End
				}
				python := c.State.Python()
				switch {
				case python == nil || python.ExternallyManaged:
					d.NoFixReason = "the distribution's Python refuses packages from elsewhere: make an environment with `uv venv`"
				case call.VerbSpan.Empty() || !c.Shell.Exact:
					d.NoFixReason = "the command is not written out"
				default:
					d.Fix = &analyzer.Fix{Title: "Add --system", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
						fixes.InsertWord(call.VerbSpan, "--system"),
					}}
				}
				p.Report(d)
			}
		}
	}
}

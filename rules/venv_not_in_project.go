package rules

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// VenvNotInProject finds a COPY of a project's .venv from a stage in which poetry or pipenv makes its environment elsewhere.
//
// Unless they are told otherwise, poetry and pipenv keep virtual environments in directories of their own below the home directory. The COPY
// finds no `.venv`, and the build stops: "failed to compute cache key: /app/.venv: not found". The setting must be there at the first poetry
// command that needs an environment: one that exists already is used further.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	RUN pip install poetry==2.1.2
//	WORKDIR /app
//	COPY pyproject.toml poetry.lock ./
//	RUN poetry install --only main --no-root
//
//	FROM python:3.12-slim
//	COPY --from=builder /app/.venv /app/.venv
//	CMD ["/app/.venv/bin/python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV POETRY_VIRTUALENVS_IN_PROJECT=true
//	RUN pip install poetry==2.1.2
//	WORKDIR /app
//	COPY pyproject.toml poetry.lock ./
//	RUN poetry install --only main --no-root
//
//	FROM python:3.12-slim
//	COPY --from=builder /app/.venv /app/.venv
//	CMD ["/app/.venv/bin/python", "-m", "myapp"]
//
// # Fix
//
// Sets `POETRY_VIRTUALENVS_IN_PROJECT` or `PIPENV_VENV_IN_PROJECT` above the installation. Unsafe: another instruction may
// rely on the other place.
//
// # References
//
//   - https://python-poetry.org/docs/configuration/#virtualenvsin-project
//   - https://pipenv.pypa.io/en/latest/virtualenv.html#virtual-environment-location
var VenvNotInProject = register(&analyzer.Rule{
	Code: "PLD605", Name: "venv-not-in-project",
	Summary:  "a .venv is copied that poetry or pipenv did not put there",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkVenvNotInProject,
})

func checkVenvNotInProject(p *analyzer.Pass) {
	for _, a := range p.AbsentVenvs() {
		step := a.Install.Command.Step
		tool := string(a.Install.Call.Tool)
		d := analyzer.Diagnostic{
			Span: a.Source.Span,
			Message: a.Source.Text.Text + " does not exist: without " + a.Variable + " " + tool +
				" keeps the environment outside of " + path.Dir(a.Source.Text.Text) + ", so this COPY fails",
			Related: []analyzer.Related{{Span: a.Install.Call.Span, Message: "it is made here"}},
		}
		switch {
		case a.System:
			d.Message = a.Source.Text.Text + " does not exist: poetry is told to make no environment and installs into the interpreter's own directories, so this COPY fails"
			d.NoFixReason = "whether these directories or an environment are meant is not known"
		case slices.ContainsFunc(a.Install.Command.Shell.Assigns, func(s shell.Assign) bool { return s.Name == a.Variable }):
			d.NoFixReason = "the command itself sets " + a.Variable
		case step.Stage == a.Copy.From:
			d.Fix = &analyzer.Fix{Title: "Set " + a.Variable, Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
				fixes.InsertBefore(p.Doc, step.Instruction, "ENV "+a.Variable+"="+a.Value),
			}}
		default:
			d.NoFixReason = "a base stage makes the environment"
		}
		p.Report(d)
	}
}

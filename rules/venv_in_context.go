package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// VenvInContext finds a COPY that takes a virtual environment or node_modules of the building machine along.
//
// The interpreter of a virtual environment is a link to that of its own machine, its scripts hold absolute paths, and
// compiled packages are for that machine: in the image it is some hundred megabytes of broken files, and over an environment that the
// image has made at the same place, it breaks that. uv makes `.venv` beside uv.lock; it is looked for even where
// it is not there yet, when `uv sync` of the image uses the same place.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir -r requirements.txt
//	-- requirements.txt --
//	-- .venv/pyvenv.cfg --
//	home = /usr/bin
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir -r requirements.txt
//	-- .dockerignore --
//	**/.venv
//	-- requirements.txt --
//	-- .venv/pyvenv.cfg --
//	home = /usr/bin
//
// # Fix
//
// Appends the directory to the ignore file in force, or creates .dockerignore. Safe: such an environment does not work in the image.
// A `COPY . .` takes the ignore file along.
// There is no fix where something that the Dockerfile names would be hidden.
//
// # References
//
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
//   - https://docs.astral.sh/uv/guides/integration/docker/#installing-a-project
var VenvInContext = register(analyzer.Rule{
	Code: "PLD304", Name: "venv-in-context",
	Summary:  "a virtual environment or node_modules of the building machine is copied into the image",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkVenvInContext,
})

func checkVenvInContext(p *analyzer.Pass) {
	leak := p.EnvironmentLeak()
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{Span: leak.Trees[0].Source.Span, Related: copiedHereToo(leak.Trees)}
	d.Message = fmt.Sprintf("%s of the machine that builds is copied along, but its links, paths and compiled files fit only that machine", leak.Path)
	if !leak.Present {
		d.Message = fmt.Sprintf("the environment that uv keeps in %s would be copied over that of the image, and its paths fit only the machine that builds", leak.Path)
	}
	keepOut(p, &d, leak.Lines, leak.StoppedBy, leak.Path, analyzer.Safe)
	p.Report(d)
}

package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// InterpreterPathMismatch finds a start command whose console script or virtual environment belongs to an interpreter at a
// path that the final image does not have.
//
// The official image has its Python in /usr/local/bin, distributions and distroless images in /usr/bin. Console scripts
// begin with that path, and the python of a virtual environment is a link to it: on the other kind of image they end with
// "no such file or directory". `venv --copies` does not help, for the copied program needs libpython from its old place.
//
// # Flagged
//
//	FROM python:3.11-slim-bookworm AS builder
//	RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir flask==3.1.0
//
//	FROM gcr.io/distroless/python3-debian12
//	COPY --from=builder /venv /venv
//	ENTRYPOINT ["/venv/bin/python", "-m", "flask", "run"]
//
// # Instead
//
//	FROM python:3.11-slim-bookworm AS builder
//	RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir flask==3.1.0
//
//	FROM python:3.11-slim-bookworm
//	COPY --from=builder /venv /venv
//	ENTRYPOINT ["/venv/bin/python", "-m", "flask", "run"]
//
// # References
//
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
//   - https://github.com/GoogleContainerTools/distroless/tree/main/examples/python3-requirements
var InterpreterPathMismatch = register(&analyzer.Rule{
	Code: "PLD109", Name: "interpreter-path-mismatch",
	Summary:  "a copied program belongs to an interpreter that the final image does not have",
	Do:       "build the environment at the path and with the interpreter that the final image has",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkInterpreterPathMismatch,
})

func checkInterpreterPathMismatch(p *analyzer.Pass) {
	seen := map[string]bool{}
	for _, a := range absentPythons(p.Target) {
		c := a.content
		if seen[c.Dir] {
			continue
		}
		seen[c.Dir] = true
		base, _, _ := strings.Cut(p.Target.Image.Reference.Text, "@")
		what := a.start.Program() + " starts"
		if a.environment {
			what = "the python of " + c.Dir + " is that of"
		}
		p.Report(analyzer.Diagnostic{
			Span:    c.Source.Span,
			Message: fmt.Sprintf("%s %s, which %s does not have, so it can't run there", what, a.python, base),
			Related: []analyzer.Related{
				{Span: a.start.Span, Message: "it is started here"},
				{Span: p.Target.RootFrom().Span, Message: "the interpreter of this image is elsewhere"},
			},
		})
	}
}

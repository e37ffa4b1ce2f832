package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// VenvMoved finds a virtual environment, or one of conda, that is copied to another path than the one it was made at.
//
// Console scripts begin with the absolute path of the environment's python. At another path that program is not there, and
// starting a script ends with "not found" (exit code 127), although the file exists. `python -m` goes on to work, so an
// image that starts no script of the environment, as far as can be seen, gets advice only.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	WORKDIR /build
//	RUN python -m venv venv && venv/bin/pip install --no-cache-dir gunicorn==23.0.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /build/venv /venv
//	ENV PATH="/venv/bin:$PATH"
//	CMD ["gunicorn", "app:app"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir gunicorn==23.0.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /venv /venv
//	ENV PATH="/venv/bin:$PATH"
//	CMD ["gunicorn", "app:app"]
//
// # Fix
//
// Copies the environment to the path that it was made at, and changes that path in the rest of the stage. Unsafe: files
// outside the Dockerfile may name the old one.
//
// # References
//
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
//   - https://docs.astral.sh/uv/reference/cli/#uv-venv--relocatable
var VenvMoved = register(&analyzer.Rule{
	Code: "PLD122", Name: "venv-moved",
	Summary:  "a virtual environment is copied to another path than the one it was made at",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, Check: checkVenvMoved,
})

func checkVenvMoved(p *analyzer.Pass) {
	for _, m := range movedVenvs(p.Target) {
		c := m.content
		made := c.Install.Dir.Text
		d := analyzer.Diagnostic{
			Span:    c.Copy.DestSpan,
			Message: fmt.Sprintf("the environment was made at %s, and its scripts start the python there: in %s they are not found", made, c.Dir),
			Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "the packages are installed here"}},
		}
		if m.start != nil {
			d.Message = fmt.Sprintf("the environment was made at %s, and %s starts the python there: in %s it is not found", made, m.start.Program(), c.Dir)
			d.Related = append(d.Related, analyzer.Related{Span: m.start.Span, Message: "it is started here"})
		} else {
			d.Severity = analyzer.Info
		}
		edits, reason := fixes.CopyToSamePath(p.Build, c.Copy, c.Dir, made)
		if d.NoFixReason = reason; reason == "" {
			d.Fix = &analyzer.Fix{Title: "Copy the environment to " + made, Safety: analyzer.Unsafe, Edits: edits}
		}
		p.Report(d)
	}
}

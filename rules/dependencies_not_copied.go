package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// DependenciesNotCopied finds a final image that takes the application from a builder, but not the packages that were
// installed for it there.
//
// COPY brings what its source has and nothing else: packages in site-packages or in a virtual environment elsewhere stay in
// the builder, and the image fails at its first import.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /app /app
//	CMD ["python", "/app/main.py"]
//	-- requirements.txt --
//	flask==3.1.0
//	-- main.py --
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	WORKDIR /app
//	COPY . .
//	RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /opt/venv /opt/venv
//	COPY --from=builder /app /app
//	CMD ["/opt/venv/bin/python", "/app/main.py"]
//	-- requirements.txt --
//	flask==3.1.0
//	-- main.py --
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/
var DependenciesNotCopied = register(&analyzer.Rule{
	Code: "PLD117", Name: "dependencies-not-copied",
	Summary:  "the application is copied from a builder without its packages",
	Do:       "copy the packages too: the whole user base or virtual environment of the builder",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkDependenciesNotCopied,
})

func checkDependenciesNotCopied(p *analyzer.Pass) {
	if c, start, ok := onlyScripts(p.Target); ok {
		p.Report(analyzer.Diagnostic{
			Span: c.Source.Span,
			Message: fmt.Sprintf("only the programs of %s are copied from %s: the packages that they import stay there",
				c.Install.Dir.Text, c.Copy.From.Label()),
			Related: []analyzer.Related{
				{Span: c.Install.Call.Span, Message: "they are installed here"},
				{Span: start.Span, Message: "the application is started here"},
			},
		})
		return
	}
	left, ok := findLeftDependencies(p.Build)
	if !ok {
		return
	}
	p.Report(analyzer.Diagnostic{
		Span: left.source.Span,
		Message: fmt.Sprintf("only %s is copied from %s: the packages in %s stay there, so imports of them fail",
			left.source.Text.Text, left.copy.From.Label(), left.install.Dir.Text),
		Related: []analyzer.Related{
			{Span: left.install.Call.Span, Message: "they are installed here"},
			{Span: left.start.Span, Message: "the application is started here"},
		},
	})
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// SatisfiedBySystem finds a `pip install --user` or `--prefix` in a builder that leaves packages out, since the builder's
// own interpreter has them already.
//
// pip says "Requirement already satisfied" and installs nothing where a tool such as poetry or pipenv has brought the same
// library into the interpreter's site-packages, or a package of the distribution such as python3-requests into those of its own Python. The builder works. The final image has the user base or prefix only, and fails
// with ModuleNotFoundError. `--target` and virtual environments are not affected.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --no-cache-dir poetry==2.1.2
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir --prefix=/install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /install /usr/local
//	CMD ["python", "-m", "myapp"]
//	-- requirements.txt --
//	requests
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --no-cache-dir poetry==2.1.2
//	COPY requirements.txt .
//	RUN pip install --ignore-installed --no-cache-dir --prefix=/install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /install /usr/local
//	CMD ["python", "-m", "myapp"]
//	-- requirements.txt --
//	requests
//
// # Fix
//
// Adds --ignore-installed. Unsafe: a second install with it resolves all dependencies again; give that one --no-deps.
//
// # References
//
//   - https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-I
//   - https://pip.pypa.io/en/stable/user_guide/#user-installs
var SatisfiedBySystem = register(&analyzer.Rule{
	Code: "PLD119", Name: "satisfied-by-system",
	Summary:  "an install for the final image leaves out what the builder's interpreter has",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkSatisfiedBySystem,
})

func checkSatisfiedBySystem(p *analyzer.Pass) {
	for _, s := range satisfiedElsewhere(p.Build) {
		call, what := s.content.Install.Call, s.shared
		if s.tool != "" && s.tool != s.shared {
			what += ", which " + s.tool + " has brought"
		}
		d := analyzer.Diagnostic{
			Span:    call.VerbSpan,
			Message: fmt.Sprintf("pip leaves out %s: it is installed in the builder already, but not copied to the final image", what),
			Related: []analyzer.Related{
				{Span: s.at, Message: "it is installed here"},
				{Span: s.content.Source.Span, Message: "this is all that the final image gets"},
			},
		}
		if !s.certain {
			d.Message = fmt.Sprintf("pip leaves out what %s has brought into the builder in a fitting version, possibly %s, and the final image does not get it", s.tool, s.shared)
		}
		if call.Opaque == "" && call.Shell.Exact {
			d.Fix = &analyzer.Fix{Title: "Add --ignore-installed", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
				fixes.InsertWord(call.VerbSpan, "--ignore-installed"),
			}}
		} else {
			d.NoFixReason = "the command is part of a quoted word"
		}
		p.Report(d)
	}
}

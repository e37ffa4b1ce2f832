package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// IgnoredSource finds a COPY, an ADD or a bind mount of something that .dockerignore hides, so that the build fails.
//
// The builder never sees what the ignore file hides, and stops with `not found`, though the file is there.
// `<name>.dockerignore` beside a Dockerfile replaces the .dockerignore of the context.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY pyproject.toml README.md ./
//	-- .dockerignore --
//	*.md
//	-- pyproject.toml --
//	-- README.md --
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY pyproject.toml README.md ./
//	-- .dockerignore --
//	*.md
//	!README.md
//	-- pyproject.toml --
//	-- README.md --
//
// # Fix
//
// A suggestion appends a line that lets the path in again. It is never applied by itself: the file may be hidden for a reason.
//
// # References
//
//   - https://docs.docker.com/build/concepts/context/#dockerignore-files
//   - https://docs.docker.com/reference/build-checks/copy-ignored-file/
var IgnoredSource = register(&analyzer.Rule{
	Code: "PLD308", Name: "ignored-source",
	Summary:  "a COPY names something that .dockerignore hides",
	Severity: analyzer.Error, Fix: analyzer.Suggestion, Check: checkIgnoredSource,
})

func checkIgnoredSource(p *analyzer.Pass) {
	name, _, _ := p.Context.IgnoreFile()
	seen := map[string]bool{}
	for _, n := range hiddenSources(p.Build) {
		if seen[n.path] {
			continue
		}
		seen[n.path] = true
		d := analyzer.Diagnostic{
			Span:    n.span,
			Message: fmt.Sprintf("%s in %s hides %s from the builder, so the build fails", n.pattern, name, n.path),
			Related: []analyzer.Related{{Path: name, Span: n.line, Message: "this line hides it"}},
		}
		if edit, _, ok := fixes.IgnoreInContext(p.Context, "!"+n.path); ok {
			d.Fix = &analyzer.Fix{Title: "Let " + n.path + " in with " + name, Safety: analyzer.Suggestion, Edits: []analyzer.Edit{edit}}
		}
		p.Report(d)
	}
}

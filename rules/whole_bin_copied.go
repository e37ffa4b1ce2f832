package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// WholeBinCopied finds a COPY of every console script of a user base into the final image where the
// application's own entry point is known and is all that the image starts.
//
// The other scripts come from dependencies: debuggers, converters, pip itself. They are attack surface that
// nothing in the image calls.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	COPY . .
//	RUN pip install --user .
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyroot/lib/ /pyroot/lib/
//	COPY --from=builder /pyroot/bin/ /pyroot/bin/
//	ENTRYPOINT ["myapp"]
//	-- pyproject.toml --
//	[project]
//	name = "myapp"
//	version = "1.0"
//	dependencies = ["flask"]
//	[project.scripts]
//	myapp = "myapp.cli:main"
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	COPY . .
//	RUN pip install --user .
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyroot/lib/ /pyroot/lib/
//	COPY --from=builder /pyroot/bin/myapp /pyroot/bin/
//	ENTRYPOINT ["myapp"]
//	-- pyproject.toml --
//	[project]
//	name = "myapp"
//	version = "1.0"
//	dependencies = ["flask"]
//	[project.scripts]
//	myapp = "myapp.cli:main"
//
// # Fix
//
// Copies the one script that the image starts. Unsafe: the application may run scripts of its dependencies
// (alembic, celery, playwright), which no Dockerfile shows.
//
// # References
//
//   - https://packaging.python.org/en/latest/specifications/entry-points/
var WholeBinCopied = register(&analyzer.Rule{
	Code: "PLD114", Name: "whole-bin-copied",
	Summary:  "every script of every dependency is copied into the final image",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkWholeBinCopied,
})

func checkWholeBinCopied(p *analyzer.Pass) {
	for _, c := range p.Received() {
		if c.Install.Place != analyzer.UserSite || !c.Scripts || c.OneScript != "" || path.Base(c.Source.Text.Text) != "bin" {
			continue
		}
		entries := c.EntryPoints()
		started := startedPrograms(p.Target)
		// Anything but the project's own entry points at start may need other scripts.
		if len(started) == 0 || slices.ContainsFunc(started, func(name string) bool { return entries[name] == "" }) {
			continue
		}
		d := analyzer.Diagnostic{
			Span:    c.Source.Span,
			Message: fmt.Sprintf("this copies the scripts of every dependency, while the image starts only %s", strings.Join(started, " and ")),
		}
		if len(started) == 1 && len(c.Copy.Sources) == 1 && !c.Copy.Step.Instruction.JSON {
			d.Fix = onlyScript(p, c, started[0])
		}
		p.Report(d)
		return
	}
}

// startedPrograms are the distinct programs of the start command; nil when one of them is not known.
func startedPrograms(s *analyzer.Stage) []string {
	var names []string
	for _, c := range s.Start().Commands {
		name := c.Program()
		if name == "" {
			return nil
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func onlyScript(p *analyzer.Pass, c analyzer.Content, name string) *analyzer.Fix {
	source := strings.TrimSuffix(p.File.Text(c.Source.Span), "/")
	dest := strings.TrimSuffix(p.File.Text(c.Copy.DestSpan), "/")
	return &analyzer.Fix{Title: "Copy only " + name, Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
		fixes.ReplaceSpan(c.Source.Span, source+"/"+name),
		fixes.ReplaceSpan(c.Copy.DestSpan, dest+"/"),
	}}
}

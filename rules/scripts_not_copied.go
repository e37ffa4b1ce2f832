package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ScriptsNotCopied finds a start command or health check that is a console script of a package that was copied from another
// stage without its script.
//
// Installers put a package into lib/pythonX.Y/site-packages and the program that starts it into bin. Where only the former
// is copied, `import gunicorn` works, and `gunicorn` itself is "not found": the container ends with exit code 127.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --no-cache-dir gunicorn==23.0.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages
//	CMD ["gunicorn", "app:app"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --no-cache-dir gunicorn==23.0.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages
//	COPY --from=builder /usr/local/bin/gunicorn /usr/local/bin/gunicorn
//	CMD ["gunicorn", "app:app"]
//
// # Fix
//
// Copies the script too. Safe where the package is named, since then the builder is sure to have the script; unsafe where
// it can only come from a file that is not at hand.
//
// # References
//
//   - https://packaging.python.org/en/latest/specifications/entry-points/
//   - https://docs.docker.com/build/building/multi-stage/
var ScriptsNotCopied = register(&analyzer.Rule{
	Code: "PLD113", Name: "scripts-not-copied",
	Summary:  "packages are copied without the console script that the image starts",
	Severity: analyzer.Error, Fix: analyzer.Safe, AsksBase: true, Check: checkScriptsNotCopied,
})

func checkScriptsNotCopied(p *analyzer.Pass) {
	for _, m := range missingScripts(p.Target) {
		d := analyzer.Diagnostic{
			Span:    m.start.Script(),
			Message: fmt.Sprintf("%s stays in %s: only the packages are copied from there, so the program is not found", m.from, m.content.Copy.From.Label()),
			Related: []analyzer.Related{{Span: m.content.Source.Span, Message: "the packages are copied here"}},
		}
		step := m.content.Copy.Step
		if from, ok := step.Instruction.Flag("from"); ok {
			safety := analyzer.Unsafe
			if m.certain {
				safety = analyzer.Safe
			}
			words := []string{fixes.KeywordCase(p.Doc, "COPY"), "--from=" + from.Value, m.from, m.to}
			d.Fix = &analyzer.Fix{Title: "Copy " + m.from + " too", Safety: safety, Edits: []analyzer.Edit{
				fixes.InsertAfter(p.Doc, step.Instruction, strings.Join(words, " ")),
			}}
		}
		p.Report(d)
	}
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MixedHashMode finds requirements without a hash in an installation that checks hashes.
//
// pip checks all hashes or none: one `--hash` in a requirements file turns the check on for everything that the command installs. It
// then refuses what has no hash ("Hashes are required in --require-hashes mode, but they are missing from some requirements"), and
// directories and repositories always, for these can't have one. The build fails. `pip install -r requirements.txt .` with a hashed file is the
// usual case.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY . .
//	RUN pip install --no-cache-dir --require-hashes -r requirements.txt .
//	CMD ["myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY . .
//	RUN pip install --no-cache-dir --require-hashes -r requirements.txt && pip install --no-cache-dir --no-deps .
//	CMD ["myapp"]
//
// # Fix
//
// Installs the project with a second command and `--no-deps`. Safe: the command fails as it is. Hashes are not made up.
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
var MixedHashMode = register(&analyzer.Rule{
	Code: "PLD223", Name: "mixed-hash-mode",
	Summary:  "requirements with and without hashes are installed together",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkMixedHashMode,
})

func checkMixedHashMode(p *analyzer.Pass) {
	eachInstall(p, func(in *analyzer.Installation) {
		mode, on := in.HashMode()
		if !on || !in.Command.Shell.Certain {
			return
		}
		if len(mode.Named) > 0 {
			reportUnhashed(p, in, mode)
		}
		if len(mode.Lines) > 0 {
			reportUnhashedLines(p, mode)
		}
	})
}

func reportUnhashed(p *analyzer.Pass, in *analyzer.Installation, mode analyzer.HashMode) {
	first := mode.Named[0]
	d := analyzer.Diagnostic{
		Span:    first.Span,
		Message: fmt.Sprintf("%s turns hash checking on, and %s has no hash, so pip refuses it and the build fails", mode.Why, first.Text),
	}
	for _, r := range mode.Named[1:] {
		d.Related = append(d.Related, analyzer.Related{Span: r.Span, Message: r.Text + " has no hash either"})
	}
	if edit, ok := fixes.SplitProjects(p.Build, in); ok {
		d.Fix = &analyzer.Fix{Title: "Install the project by a command of its own", Safety: analyzer.Safe, Edits: []analyzer.Edit{edit}}
	} else {
		d.NoFixReason = "the command can't be parted"
	}
	p.Report(d)
}

func reportUnhashedLines(p *analyzer.Pass, mode analyzer.HashMode) {
	const mostRelated = 5
	first := mode.Lines[0]
	d := analyzer.Diagnostic{
		Span: mode.Use.Span,
		Message: fmt.Sprintf("%s turns hash checking on, and %s in %s has no hash, so pip refuses it and the build fails",
			mode.Why, first.Requirement.Text, first.Path),
		NoFixReason: "the hash is not known",
	}
	for _, line := range mode.Lines[:min(len(mode.Lines), mostRelated)] {
		d.Related = append(d.Related, analyzer.Related{Path: line.Path, Span: line.Span, Message: "this has no hash"})
	}
	p.Report(d)
}

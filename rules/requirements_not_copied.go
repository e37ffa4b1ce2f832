package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// RequirementsNotCopied finds a requirements or constraint file, or a project's own file, that nothing has put into the image by the
// time it is read, so that the build fails.
//
// A RUN sees the files of the image, not those beside the Dockerfile. A COPY further down comes too late, one to
// another directory leaves the file where a relative path does not find it, and a COPY of the application does not
// bring a file that lies elsewhere. pip stops with "Could not open requirements file: No such file or directory".
// The same is said of the files that uv, poetry, pdm, pipenv and `pip install .` take a project from, and of what pip-compile and pip wheel read.
// Base images that are not known, scripts, and downloads may bring a file: then there is no finding.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	RUN pip install --no-cache-dir -r requirements.txt
//	COPY . .
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	COPY . .
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#copy
//   - https://pip.pypa.io/en/stable/reference/requirements-file-format/
var RequirementsNotCopied = register(&analyzer.Rule{
	Code: "PLD209", Name: "requirements-not-copied",
	Summary:  "an install reads a requirements file that is not in the image",
	Do:       "copy the file before the installation, or name where it is",
	Severity: analyzer.Error, AsksBase: true, Check: checkRequirementsNotCopied,
})

func checkRequirementsNotCopied(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		for _, in := range stage.Installs() {
			if missing := in.Missing(); len(missing) > 0 {
				p.Report(missingFiles(stage, in.Command.Step, missing))
			}
		}
		for _, step := range stage.Steps {
			for _, c := range step.Commands {
				if missing := neededFiles(c); len(missing) > 0 {
					p.Report(missingFiles(stage, step, missing))
				}
			}
		}
	}
}

func missingFiles(stage *analyzer.Stage, step *analyzer.Step, missing []analyzer.MissingFile) analyzer.Diagnostic {
	first := missing[0]
	d := analyzer.Diagnostic{
		Span:    first.Span,
		Message: fmt.Sprintf("nothing has put %s into the image before this command, so the build fails", first.InImage),
	}
	if first.Within != "" {
		d.Message = fmt.Sprintf("%s includes %s, which nothing has put into the image, so the build fails", first.Within, first.InImage)
		d.Related = append(d.Related, analyzer.Related{Path: first.Within, Span: first.Line, Message: "it is included here"})
	}
	if late := stage.PutsLater(step, first.InImage); late != nil {
		d.Related = append(d.Related, analyzer.Related{Span: late.Instruction.Span, Message: "this copies it, too late"})
	}
	for _, m := range missing[1:] {
		d.Related = append(d.Related, analyzer.Related{Span: m.Span, Message: m.InImage + " is missing too"})
	}
	return d
}

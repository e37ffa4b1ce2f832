package rules

import (
	"fmt"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// UnpinnedRequirementsFile finds requirements files that are installed and have lines without an exact version.
//
// The index decides on the day of the build what such a line means, so two builds of one commit differ, and a test says little about the
// image that is built afterwards. Rename the file requirements.in, where the ranges stay: from it `uv pip compile requirements.in -o requirements.txt`
// (with `--python-version`, where the image has another Python than you) or `pip-compile` writes a file with the versions of all dependencies.
// Lines with hashes or with a constraint that pins them do not float. This rule needs the build context.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["flask", "run"]
//	-- requirements.txt --
//	flask>=3
//	redis
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["flask", "run"]
//	-- requirements.txt --
//	flask==3.1.0
//	redis==5.0.0
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/repeatable-installs/
//   - https://pip-tools.readthedocs.io/
var UnpinnedRequirementsFile = register(&analyzer.Rule{
	Code: "PLD203", Name: "unpinned-requirements-file",
	Summary:  "an installed requirements file has lines without an exact version",
	Do:       "rename it requirements.in, and `uv pip compile requirements.in -o requirements.txt` locks it",
	Severity: analyzer.Info, Allows: analyzer.PackageWords, Check: checkUnpinnedRequirementsFile,
})

func checkUnpinnedRequirementsFile(p *analyzer.Pass) {
	const mostRelated = 5
	eachRequirementsFile(p, func(in *analyzer.Installation, use analyzer.RequirementsUse, _ []project.RequirementLine) {
		floating, named := fileFloats(in, use)
		floating = slices.DeleteFunc(floating, func(l project.RequirementLine) bool { return p.Allowed(l.Requirement.Name) })
		if len(floating) == 0 {
			return
		}
		d := analyzer.Diagnostic{Span: use.Span}
		switch {
		case named == 1:
			d.Message = fmt.Sprintf("the requirement in %s has no exact version, so two builds may install different releases", use.InContext)
		case len(floating) == 1:
			d.Message = fmt.Sprintf("%s in %s has no exact version, so two builds may install different releases", floating[0].Requirement.Text, floating[0].Path)
		case len(floating) == named:
			d.Message = fmt.Sprintf("none of the %d requirements in %s has an exact version, so two builds may install different releases", named, use.InContext)
		default:
			d.Message = fmt.Sprintf("%d of the %d requirements in %s have no exact version, so two builds may install different releases", len(floating), named, use.InContext)
		}
		for _, line := range floating[:min(len(floating), mostRelated)] {
			d.Related = append(d.Related, analyzer.Related{Path: line.Path, Span: line.Span, Message: line.Requirement.Text + " has no exact version"})
		}
		p.Report(d)
	})
}

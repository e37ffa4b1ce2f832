package rules

import (
	"fmt"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// DevDependenciesInImage finds test runners, linters and other tools for developers in the final image: by requirements
// files with names such as requirements-dev.txt, by a project's extra such as `.[dev]`, and by packages such as pytest, black and mypy.
//
// Nobody needs them in order to run the application. They and their dependencies make the image larger, are one more thing to keep free of
// vulnerabilities, and may hold the application's own dependencies at other versions than those it has elsewhere. A stage of its own, which is built with
// `--target test`, can have them. Images for development and tests are not judged. A tool that is named among other packages is advice only,
// and none where the image has no application that could do without it: such an image may be there for the tool.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt requirements-dev.txt ./
//	RUN pip install --no-cache-dir -r requirements.txt -r requirements-dev.txt
//	CMD ["gunicorn", "app:app"]
//
// # Instead
//
//	FROM python:3.12-slim AS base
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//
//	FROM base AS test
//	COPY requirements-dev.txt .
//	RUN pip install --no-cache-dir -r requirements-dev.txt
//
//	FROM base
//	CMD ["gunicorn", "app:app"]
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages
//   - https://docs.docker.com/build/building/multi-stage/
var DevDependenciesInImage = register(&analyzer.Rule{
	Code: "PLD216", Name: "dev-dependencies-in-image",
	Summary:  "the final image has test runners, linters or other tools for developers",
	Do:       "keep them in a group or a file of their own that the image does not install",
	Severity: analyzer.Warning, Allows: analyzer.PackageWords, Check: checkDevDependenciesInImage,
})

func checkDevDependenciesInImage(p *analyzer.Pass) {
	if purpose.ForDevelopment(p.Build) || purpose.StartsWork(p.Build) {
		return
	}
	for _, tools := range findDevTools(p.Build) {
		tools.named = slices.DeleteFunc(tools.named, func(r installer.Requirement) bool { return p.Allowed(r.Name) })
		tools.lines = slices.DeleteFunc(tools.lines, func(l project.RequirementLine) bool { return p.Allowed(l.Requirement.Name) })
		switch {
		case len(tools.files)+len(tools.named)+len(tools.extras)+len(tools.lines) == 0:
		case len(tools.files) > 0:
			reportDevFile(p, tools)
		case len(tools.extras) > 0:
			reportDevExtra(p, tools.extras[0])
		case len(tools.named) > 0:
			reportDevNames(p, tools)
		default:
			reportDevLines(p, tools)
		}
	}
}

func reportDevFile(p *analyzer.Pass, tools devTools) {
	use := tools.files[0]
	p.Report(analyzer.Diagnostic{
		Span:    use.Span,
		Message: fmt.Sprintf("%s is for developers, and its packages become part of the final image", use.Written),
	})
}

func reportDevExtra(p *analyzer.Pass, r installer.Requirement) {
	extra := r.Extras[slices.IndexFunc(r.Extras, devExtra.MatchString)]
	p.Report(analyzer.Diagnostic{
		Span: r.Span, Severity: analyzer.Info,
		Message: fmt.Sprintf("the extra %s is for developers, and its packages become part of the final image", extra),
	})
}

func reportDevNames(p *analyzer.Pass, tools devTools) {
	names := requirementNames(tools.named)
	d := analyzer.Diagnostic{Span: tools.named[0].Span, Severity: analyzer.Info}
	d.Message = fmt.Sprintf("%s is for developers, and becomes part of the final image", names[0])
	if len(names) > 1 {
		d.Message = fmt.Sprintf("%s are for developers, and become part of the final image", words.List(names))
	}
	for i, r := range tools.named[1:] {
		if r.Span != tools.named[i].Span {
			d.Related = append(d.Related, analyzer.Related{Span: r.Span, Message: "this is one too"})
		}
	}
	p.Report(d)
}

// reportDevLines: a file that mixes both needs more than an edit of the Dockerfile.
func reportDevLines(p *analyzer.Pass, tools devTools) {
	const mostRelated = 5
	var names []string
	d := analyzer.Diagnostic{Span: tools.use.Span, Severity: analyzer.Info}
	for i, line := range tools.lines {
		names = append(names, line.Requirement.Name)
		if i < mostRelated {
			d.Related = append(d.Related, analyzer.Related{Path: line.Path, Span: line.Span, Message: "this is for developers"})
		}
	}
	verb := "is for developers, and becomes"
	if len(names) > 1 {
		verb = "are for developers, and become"
	}
	d.Message = fmt.Sprintf("%s in %s %s part of the final image", words.List(names), tools.use.InContext, verb)
	p.Report(d)
}

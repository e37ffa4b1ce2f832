package rules

import (
	"fmt"
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/sources"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MissingBuildInput finds builds of the project, such as `pip install .`, that lack a file which the build backend reads.
//
// hatchling, flit and poetry stop when the README that the metadata names is not there. setuptools says nothing
// when the requirements file of `[tool.setuptools.dynamic]` is missing, and makes a wheel without any dependency. setuptools-scm
// and hatch-vcs stop without .git. The file must be in the image by the time of the build, and no line of .dockerignore may hide it.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY pyproject.toml .
//	COPY demo demo
//	RUN pip install --no-cache-dir .
//	-- pyproject.toml --
//	[build-system]
//	requires = ["hatchling"]
//	build-backend = "hatchling.build"
//	[project]
//	name = "demo"
//	version = "1.0"
//	readme = "README.md"
//	-- README.md --
//	-- demo/__init__.py --
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY pyproject.toml README.md .
//	COPY demo demo
//	RUN pip install --no-cache-dir .
//	-- pyproject.toml --
//	[build-system]
//	requires = ["hatchling"]
//	build-backend = "hatchling.build"
//	[project]
//	name = "demo"
//	version = "1.0"
//	readme = "README.md"
//	-- README.md --
//	-- demo/__init__.py --
//
// # Fix
//
// A suggestion lets a hidden file in again. It is never applied by itself: the file may be hidden for a reason.
//
// # References
//
//   - https://packaging.python.org/en/latest/specifications/pyproject-toml/#readme
//   - https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata
//   - https://setuptools-scm.readthedocs.io/en/latest/
var MissingBuildInput = register(&analyzer.Rule{
	Code: "PLD310", Name: "missing-build-input",
	Summary:  "the project is built without a file that its build backend reads",
	Do:       "copy the file before the project is built",
	Severity: analyzer.Error, Fix: analyzer.Suggestion, AsksBase: true, Check: checkMissingBuildInput,
})

func checkMissingBuildInput(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		for _, build := range sources.AllProjectBuilds(stage) {
			missing := build.MissingInputs()
			if len(missing) == 0 {
				continue
			}
			first := missing[0]
			d := analyzer.Diagnostic{Span: build.Span, Message: inputMessage(p, build, first)}
			for _, other := range missing[1:] {
				d.Related = append(d.Related, analyzer.Related{Span: build.Span, Message: other.Path + " is missing too"})
			}
			d.NoFixReason = "where it is copied best can't be told"
			if first.Hidden {
				name, _, _ := p.Context.IgnoreFile()
				if edit, _, ok := fixes.IgnoreInContext(p.Context, "!"+first.Path); ok {
					d.NoFixReason = ""
					d.Fix = &analyzer.Fix{Title: "Let " + first.Path + " in with " + name, Safety: analyzer.Suggestion, Edits: []analyzer.Edit{edit}}
				}
			}
			p.Report(d)
		}
	}
}

func inputMessage(p *analyzer.Pass, build sources.ProjectBuild, in sources.BuildInput) string {
	why := "nothing has put it into the image before"
	if in.Hidden {
		name, _, _ := p.Context.IgnoreFile()
		why = name + " hides it"
	}
	switch {
	case in.Silent:
		return fmt.Sprintf("setuptools reads the dependencies from %s and %s, so the project is installed without any", path.Base(in.Path), why)
	case in.History:
		return fmt.Sprintf("the version is read from .git and %s, so the build fails", why)
	}
	return fmt.Sprintf("%s reads %s and %s, so the build fails", build.Project.Backend, path.Base(in.Path), why)
}

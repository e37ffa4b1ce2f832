package rules

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/sources"
)

// InstallBeforeSources finds builds of the project, such as `pip install .`, that run before its packages are copied.
//
// Only pyproject.toml or setup.py is there by then. Backends that look for the package stop; setuptools with automatic
// discovery makes an empty wheel, and the program fails when it starts. To have the dependencies in a layer of their own, install them
// from a requirements or lock file first, with `poetry install --no-root` or `uv sync --no-install-project`, and the project behind the
// COPY of its sources. A second build behind that COPY is no finding.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY pyproject.toml .
//	RUN pip install --no-cache-dir .
//	COPY demo demo
//	-- pyproject.toml --
//	[build-system]
//	requires = ["setuptools"]
//	build-backend = "setuptools.build_meta"
//	[project]
//	name = "demo"
//	version = "1.0"
//	-- demo/__init__.py --
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY pyproject.toml .
//	COPY demo demo
//	RUN pip install --no-cache-dir .
//	-- pyproject.toml --
//	[build-system]
//	requires = ["setuptools"]
//	build-backend = "setuptools.build_meta"
//	[project]
//	name = "demo"
//	version = "1.0"
//	-- demo/__init__.py --
//
// # References
//
//   - https://setuptools.pypa.io/en/latest/userguide/package_discovery.html
//   - https://python-poetry.org/docs/cli/#install
var InstallBeforeSources = register(&analyzer.Rule{
	Code: "PLD311", Name: "install-before-sources",
	Summary:  "the project is built before its packages are copied",
	Do:       "copy the packages before the installation, or install the dependencies alone there",
	Severity: analyzer.Error, AsksBase: true, Check: checkInstallBeforeSources,
})

func checkInstallBeforeSources(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		for _, build := range sources.AllProjectBuilds(stage) {
			if build.Editable {
				continue // the sources may come later
			}
			late, ok := sourcesLater(build)
			if !ok {
				continue
			}
			d := analyzer.Diagnostic{
				Span:    build.Span,
				Message: "the project's packages are copied only further down, so its build fails or installs an empty package",
				Related: []analyzer.Related{{Span: late.Instruction.Span, Message: "this copies them, too late"}},
			}
			if m := build.Project; m != nil && !m.BuildSystem && !slices.Contains(m.Files, "setup.py") {
				// Only the dependencies are meant, and the program runs in the copied tree.
				d.Severity = analyzer.Warning
				d.Message = "the project's packages are copied only further down, so an empty package is installed besides the dependencies"
			}
			p.Report(d)
		}
	}
}

// sourcesLater gives the COPY that brings the project's packages only after the build, when none of them is there before and the project
// is not built again.
func sourcesLater(pb sources.ProjectBuild) (step *analyzer.Step, ok bool) {
	command := pb.Command
	s := command.Step.Stage
	packages := pb.Packages()
	if len(packages) == 0 {
		return nil, false
	}
	for _, other := range sources.AllProjectBuilds(s) {
		if other.At == pb.At && other.Span.Start > pb.Span.Start {
			return nil, false
		}
	}
	for _, in := range s.Installs() {
		if in.Command.Step.Index > command.Step.Index && slices.ContainsFunc(in.Requirements, installer.Requirement.IsLocal) {
			return nil, false
		}
	}
	for _, p := range packages {
		if presence, _ := command.Holds(path.Join(pb.At, p)); presence != analyzer.No {
			return nil, false
		}
		if step == nil {
			step = s.PutsLater(command.Step, path.Join(pb.At, p))
		}
	}
	return step, step != nil
}

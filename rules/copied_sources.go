package rules

import (
	"fmt"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// CopiedSources finds a final image that runs the application from a copied source tree although the project is
// installable: it has a build system, or a setup.py, and a name.
//
// The tree brings everything along: tests, fixtures, `__pycache__` of the developer's machine, local settings. An
// installed application consists of what its metadata names, is importable from any directory, and has its
// version and entry points known to importlib.metadata. A project that is installed in place (`pip install -e`, `uv sync`,
// `poetry install`) is not judged, nor is one whose start command does not run its packages.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	COPY . .
//	CMD ["python", "-m", "myapp"]
//	-- pyproject.toml --
//	[build-system]
//	requires = ["hatchling"]
//	build-backend = "hatchling.build"
//	[project]
//	name = "myapp"
//	version = "1.0"
//	-- myapp/__init__.py --
//	-- myapp/__main__.py --
//	print("hello")
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	RUN --mount=type=bind,target=/src,rw pip install --no-cache-dir --no-deps /src
//	CMD ["python", "-m", "myapp"]
//	-- pyproject.toml --
//	[build-system]
//	requires = ["hatchling"]
//	build-backend = "hatchling.build"
//	[project]
//	name = "myapp"
//	version = "1.0"
//	-- myapp/__init__.py --
//	-- myapp/__main__.py --
//	print("hello")
//
// # References
//
//   - https://packaging.python.org/en/latest/tutorials/packaging-projects/
//   - https://docs.docker.com/build/building/best-practices/
var CopiedSources = register(analyzer.Rule{
	Code: "PLD301", Name: "copied-sources",
	Summary:  "the final image runs an installable application from a copied source tree",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkCopiedSources,
})

func checkCopiedSources(p *analyzer.Pass) {
	for _, c := range p.Target.SourceCopies() {
		// Without a [build-system] or a setup.py, metadata is often there for tools alone, and an install would guess
		// what to package.
		meant := c.Project.BuildSystem || slices.Contains(c.Project.Files, "setup.py")
		if !c.Project.Installable || !meant || c.Project.Name == "" || len(c.Project.Problems) > 0 || p.Target.InstalledInPlace(c.Dir) {
			continue
		}
		word, runs := p.Target.RunsProject(c.Project)
		if !runs {
			continue
		}
		p.Report(analyzer.Diagnostic{
			Span: c.Source.Span,
			Message: fmt.Sprintf("%s is installable, but the image runs %s from this copy of the whole source tree, with its tests and caches",
				c.Project.Name, word),
		})
		return
	}
}

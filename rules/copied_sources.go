package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/sources"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// CopiedSources finds a final image that runs the application from a copied source tree although the project is
// installable: it has a build system, or a setup.py, and a name.
//
// The tree brings everything along: tests, fixtures, `__pycache__` of the developer's machine, local settings. An
// installed application consists of what its metadata names, is importable from any directory, and has its
// version and entry points known to importlib.metadata. A project that is installed in place (`pip install -e`, `uv sync`,
// `poetry install`) is not judged, nor is one whose start command does not run its packages. Where the project is installed and the tree
// stays beside it, the rule speaks only if nothing in the image is seen to need the tree: no data or settings lie in it, no code looks around
// in the working directory, and what the start command imports from there is in the installed package as well.
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
// # Fix
//
// Where a builder has installed the project and the final stage copies the tree again, that COPY is removed. It is unsafe: code may read files of
// the tree in a way that can't be seen. In a single stage, converting it to several does the same.
//
// # References
//
//   - https://packaging.python.org/en/latest/tutorials/packaging-projects/
//   - https://docs.docker.com/build/building/best-practices/
var CopiedSources = register(&analyzer.Rule{
	Code: "PLD301", Name: "copied-sources",
	Summary:  "the final image runs an installable application from a copied source tree",
	Do:       "install it in the builder with `pip install --no-deps .` and copy what that installs, not the tree",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkCopiedSources,
})

func checkCopiedSources(p *analyzer.Pass) {
	for _, c := range sourceCopies(p.Target) {
		// Without a [build-system] or a setup.py, metadata is often there for tools alone, and an install would guess
		// what to package.
		meant := c.project.BuildSystem || slices.Contains(c.project.Files, "setup.py")
		if !c.project.Installable || !meant || c.project.Name == "" || len(c.project.Problems) > 0 || sources.InstalledInPlace(p.Target, c.dir) || emptied(p.Target, c.dir) {
			continue
		}
		word, runs := runsProject(p.Target, c.project)
		if !runs {
			continue
		}
		d := analyzer.Diagnostic{
			Span: c.source.Span,
			Message: fmt.Sprintf("%s is installable, but the image runs %s from this copy of the whole source tree, with its tests and caches",
				c.project.Name, word),
		}
		if installed, ok := installedProject(p.Target, c.project); ok {
			if !sources.Idle(p.Target, c.project, c.dir, []*analyzer.Step{c.copy.Step}) {
				continue
			}
			d.Message = fmt.Sprintf("%s is installed, and its whole source tree stays in the image beside it, with tests and caches", c.project.Name)
			d.Fix = removeTree(p.Build, c, installed)
		}
		if d.Fix == nil {
			d.NoFixReason = undeclared(p, c.project)
		}
		p.Report(d)
		return
	}
}

// emptied tells whether a command of the stage removes what lies in the directory: `rm -rf /code/*`.
func emptied(s *analyzer.Stage, dir string) bool {
	return slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool {
		return len(c.Argv) > 1 && c.Argv[0].Text() == "rm" && slices.ContainsFunc(c.Argv[1:], func(f shell.Field) bool {
			at := c.State.Abs(f.Value)
			return at.Is(dir) || at.Is(path.Join(dir, "*"))
		})
	})
}

// undeclared says what setuptools would leave out of the project's packages as long as it is not declared: other backends take whole folders.
// It is "" where that is nothing, or where MANIFEST.in may declare it.
func undeclared(p *analyzer.Pass, m *project.Metadata) string {
	if m.Backend != "setuptools" || p.Context.Exists(path.Join(m.Dir, "MANIFEST.in")) || !slices.Contains(m.Files, "pyproject.toml") {
		return ""
	}
	packages := m.Packages
	if len(packages) == 0 {
		packages = []string{strings.ReplaceAll(installer.NormalizeName(m.Name), "-", "_")}
	}
	for _, name := range packages {
		root := path.Join(m.Dir, m.SourceDir, name)
		var globs []string
		for _, dir := range p.Context.Glob(root + "/*") {
			if !p.Context.IsDir(dir) || p.Context.Exists(path.Join(dir, "__init__.py")) || path.Base(dir)[0] == '_' {
				continue
			}
			globs = append(globs, `"`+path.Base(dir)+`/**"`)
		}
		if len(globs) > 0 && p.Context.Exists(path.Join(root, "__init__.py")) && len(globs) < 6 {
			return fmt.Sprintf("pip would leave data out until pyproject.toml has [tool.setuptools.package-data] %s = [%s]", name, strings.Join(globs, ", "))
		}
	}
	return ""
}

// removeTree takes the COPY of the tree away; nil where the project was built from it.
func removeTree(b *analyzer.Build, c sourceCopy, installed analyzer.Content) *analyzer.Fix {
	if installed.Copy == nil || len(c.copy.Sources) > 1 || c.copy.Step.Stage != b.Target {
		return nil
	}
	edit := fixes.DeleteInstruction(b.Doc, c.copy.Step.Instruction, true)
	return &analyzer.Fix{Title: "Leave the source tree in the builder", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{edit}}
}

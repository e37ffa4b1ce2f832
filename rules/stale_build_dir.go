package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/sources"
)

// StaleBuildDir finds builds of the project, such as `pip install .`, that take the build/lib of an earlier build along.
//
// setuptools copies the modules to build/lib and makes the wheel from there, but deletes nothing in it first: modules that the
// sources have lost since, or had on another branch, get into the wheel and into the image.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir .
//	-- setup.py --
//	from setuptools import setup
//	setup(name="demo", packages=["demo"])
//	-- demo/__init__.py --
//	-- build/lib/demo/__init__.py --
//	-- build/lib/demo/deleted.py --
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir .
//	-- .dockerignore --
//	build/lib
//	-- setup.py --
//	from setuptools import setup
//	setup(name="demo", packages=["demo"])
//	-- demo/__init__.py --
//	-- build/lib/demo/__init__.py --
//	-- build/lib/demo/deleted.py --
//
// # Fix
//
// Appends `build/lib` to the ignore file in force, or creates .dockerignore. Safe: it is made anew from the sources, without the
// modules that these have lost. A `COPY . .` takes the ignore file along. There is no fix where something that the Dockerfile
// names would be hidden.
//
// # References
//
//   - https://setuptools.pypa.io/en/latest/userguide/miscellaneous.html
//   - https://github.com/pypa/setuptools/issues/1347
var StaleBuildDir = register(&analyzer.Rule{
	Code: "PLD312", Name: "stale-build-dir",
	Summary:  "modules of an earlier build get into the wheel",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkStaleBuildDir,
})

func checkStaleBuildDir(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		for _, build := range sources.ProjectBuilds(stage) {
			leak := staleOutput(build)
			if leak == nil {
				continue
			}
			d := analyzer.Diagnostic{
				Span:    build.Span,
				Message: fmt.Sprintf("%s of an earlier build is copied along, and setuptools packs what is in it again, deleted modules too", leak.path),
			}
			keepOut(p, &d, leak.lines, leak.stoppedBy, leak.path, analyzer.Safe)
			p.Report(d)
			return
		}
	}
}

// staleOutput gives what an earlier build on the machine has left and setuptools packs again: build/lib, where modules live
// on that the sources have deleted. It is nil when it does not reach the build. It has no Trees.
func staleOutput(pb sources.ProjectBuild) *contextLeak {
	b := pb.Command.Step.Stage.Build()
	build := path.Join(pb.Project.Dir, "build")
	if pb.Project.Backend != "setuptools" || b.Context.Exists(path.Join(build, "__init__.py")) {
		return nil
	}
	for _, pattern := range []string{"lib/*/__init__.py", "lib/*.py"} {
		for _, match := range b.Context.Glob(path.Join(build, pattern)) {
			inside := strings.TrimPrefix(match, pb.Project.Dir+"/")
			if presence, _ := pb.Command.Step.Holds(path.Join(pb.At, inside)); presence == analyzer.Yes {
				// Not all of build: scripts of the project may be there too, and a compiled module that no compiler in the image
				// could make again.
				lib := path.Join(build, "lib")
				return &contextLeak{path: lib, present: true, lines: []string{lib}, build: b, probes: []string{match}}
			}
		}
	}
	return nil
}

package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// VenvInContext finds a COPY that takes a virtual environment or node_modules of the building machine along.
//
// The interpreter of a virtual environment is a link to that of its own machine, its scripts hold absolute paths, and
// compiled packages are for that machine: in the image it is some hundred megabytes of broken files, and over an environment that the
// image has made at the same place, it breaks that. uv makes `.venv` beside uv.lock; it is looked for even where
// it is not there yet, when `uv sync` of the image uses the same place.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir -r requirements.txt
//	-- requirements.txt --
//	-- .venv/pyvenv.cfg --
//	home = /usr/bin
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir -r requirements.txt
//	-- .dockerignore --
//	**/.venv
//	-- requirements.txt --
//	-- .venv/pyvenv.cfg --
//	home = /usr/bin
//
// # Fix
//
// Appends the directory to the ignore file in force, or creates .dockerignore. Safe: such an environment does not work in the image.
// A `COPY . .` takes the ignore file along.
// There is no fix where something that the Dockerfile names would be hidden.
//
// # References
//
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
//   - https://docs.astral.sh/uv/guides/integration/docker/#installing-a-project
var VenvInContext = register(&analyzer.Rule{
	Code: "PLD304", Name: "venv-in-context",
	Summary:  "a virtual environment or node_modules of the building machine is copied into the image",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkVenvInContext,
})

func checkVenvInContext(p *analyzer.Pass) {
	leak := environmentLeak(p.Build)
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{Span: leak.trees[0].Source.Span, Related: copiedHereToo(leak.trees)}
	d.Message = fmt.Sprintf("%s of the machine that builds is copied along, but its links, paths and compiled files fit only that machine", leak.path)
	if !leak.present {
		d.Message = fmt.Sprintf("the environment that uv keeps in %s would be copied over that of the image, and its paths fit only the machine that builds", leak.path)
	}
	keepOut(p, &d, leak.lines, leak.stoppedBy, leak.path, analyzer.Safe)
	p.Report(d)
}

// environmentLeak finds virtual environments and node_modules of the machine that builds, and the place of the environment that
// uv makes beside its lock file when a stage runs `uv sync` where it is copied to. Detail is "" or the tool. It is nil where there
// are none.
func environmentLeak(b *analyzer.Build) *contextLeak {
	leak := &contextLeak{build: b}
	note := func(t analyzer.ContextTree, p, detail string, present bool) {
		if t.Excludes(p) {
			return
		}
		leak.add(t, p, detail, present)
		line := p
		if path.Base(p) == ".venv" || path.Base(p) == "node_modules" {
			line = "**/" + path.Base(p)
		}
		if !slices.Contains(leak.lines, line) {
			leak.lines = append(leak.lines, line)
		}
	}
	for _, tree := range b.ContextTrees() {
		for _, p := range environmentsBelow(b, tree.Dir) {
			note(tree, p, "", true)
		}
		at := path.Join(tree.Dir, ".venv")
		if !b.Context.Ignored(at) && !b.Context.Exists(at) && b.Context.Exists(path.Join(tree.Dir, "uv.lock")) && meetsEnvironment(tree) {
			note(tree, at, "uv", false)
		}
	}
	if len(leak.trees) == 0 {
		return nil
	}
	return leak
}

// environmentsBelow are the virtual environments and node_modules in a folder of the build context, looked for once for all
// Dockerfiles that share it.
func environmentsBelow(b *analyzer.Build, dir string) []string {
	return b.Context.Remember("environments below "+dir, func() any {
		var list []string
		b.Context.Walk(dir, func(p string, isDir bool) bool {
			depth := strings.Count(p, "/") - strings.Count(dir, "/")
			switch {
			case depth > 3 || inSamples(p):
			case !isDir && path.Base(p) == "pyvenv.cfg":
				list = append(list, path.Dir(p))
			case isDir && path.Base(p) == "node_modules" && strings.Count(p, "node_modules") == 1:
				list = append(list, p)
			}
			return true
		})
		return list
	}).([]string)
}

// meetsEnvironment tells whether an installation of the stage keeps its environment at .venv in the directory that the tree is copied to.
func meetsEnvironment(t analyzer.ContextTree) bool {
	for _, in := range t.Copy.Step.Stage.Installs() {
		if t.Copy.Dest.IsKnown() && in.Place == analyzer.VirtualEnv && in.Dir.Is(path.Join(t.Copy.Dest.Text, ".venv")) {
			return true
		}
	}
	return false
}

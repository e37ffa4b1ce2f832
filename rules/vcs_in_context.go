package rules

import (
	"bytes"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// VCSInContext finds a COPY of the whole context that takes the history in .git along.
//
// The history is often larger than the sources, changes with every commit and fetch, so that the layer cache misses, and may hold
// what was deleted for good reason. Builds that read it, for a version by setuptools-scm or a call of git, are no finding.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	-- main.py --
//	-- .git/HEAD --
//	ref: refs/heads/main
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	-- .dockerignore --
//	.git
//	-- main.py --
//	-- .git/HEAD --
//	ref: refs/heads/main
//
// # Fix
//
// Appends `.git` to the ignore file in force, or creates .dockerignore. Unsafe: a program may ask for its commit when it runs.
//
// # References
//
//   - https://docs.docker.com/build/concepts/context/#dockerignore-files
var VCSInContext = register(&analyzer.Rule{
	Code: "PLD306", Name: "vcs-in-context",
	Summary:  "the history of version control is copied along",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkVCSInContext,
})

func checkVCSInContext(p *analyzer.Pass) {
	leak := repositoryLeak(p.Build)
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{
		Span: leak.trees[0].Source.Span, Related: copiedHereToo(leak.trees),
		Message: leak.path + " is copied along, so the layer holds the whole history and changes with every commit",
	}
	keepOut(p, &d, leak.lines, leak.stoppedBy, leak.path, analyzer.Unsafe)
	p.Report(d)
}

// repositoryLeak finds the history of version control in a COPY. It is nil where the build reads it, as far as can be seen, and
// where the ignore file lets it in by name.
func repositoryLeak(b *analyzer.Build) *contextLeak {
	if _, file, ok := b.Context.IgnoreFile(); ok && strings.Contains(string(file.Bytes()), "!.git") {
		return nil // let in on purpose
	}
	leak := &contextLeak{lines: project.ClutterLines(project.Repository), build: b}
	for _, tree := range b.ContextTrees() {
		at := path.Join(tree.Dir, ".git")
		// What a builder keeps does not ship, and its layer changes with the sources anyway.
		if tree.Copy.Step.Stage.Ships && b.Context.IsDir(at) && !b.Context.Ignored(at) && !tree.Excludes(at) && tree.Dir == "." {
			leak.add(tree, at, "", true)
		}
	}
	if len(leak.trees) == 0 || readsRepository(b) {
		return nil
	}
	return leak
}

// readsRepository tells whether something in the build may ask git for a version.
func readsRepository(b *analyzer.Build) bool {
	if contextReadsRepository(b) {
		return true
	}
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Unreadable != "" {
				return true
			}
			for _, c := range step.Commands {
				_, _, argv, _ := shell.Unwrap(c.Argv)
				if len(argv) > 1 && shell.Program(argv[0]) == "git" && argv[1].Text() != "clone" && argv[1].Text() != "config" {
					return true
				}
			}
		}
	}
	return false
}

// contextReadsRepository tells whether a project or a script of the build context may; it is found out once for all Dockerfiles that
// share the context.
func contextReadsRepository(b *analyzer.Build) bool {
	return b.Context.Remember("reads the repository", func() any {
		scm := false
		b.Context.Walk(".", func(p string, isDir bool) bool {
			if !isDir && path.Base(p) == "pyproject.toml" || !isDir && path.Base(p) == "setup.py" {
				meta, ok := b.Context.Project(path.Dir(p))
				scm = scm || ok && meta.UsesSCM
			}
			if base := strings.ToLower(path.Base(p)); !isDir && (base == "setup.py" || path.Ext(base) == ".sh" || base == "makefile") {
				content, _ := b.Context.Read(p)
				scm = scm || bytes.Contains(content, []byte("git "))
			}
			return !scm
		})
		return scm
	}).(bool)
}

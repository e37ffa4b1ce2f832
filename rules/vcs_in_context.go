package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

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
var VCSInContext = register(analyzer.Rule{
	Code: "PLD306", Name: "vcs-in-context",
	Summary:  "the history of version control is copied along",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkVCSInContext,
})

func checkVCSInContext(p *analyzer.Pass) {
	leak := p.RepositoryLeak()
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{
		Span: leak.Trees[0].Source.Span, Related: copiedHereToo(leak.Trees),
		Message: leak.Path + " is copied along, so the layer holds the whole history and changes with every commit",
	}
	keepOut(p, &d, leak.Lines, leak.StoppedBy, leak.Path, analyzer.Unsafe)
	p.Report(d)
}

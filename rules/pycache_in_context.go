package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// PycacheInContext finds a COPY of a directory with Python sources from which .dockerignore does not keep the byte code
// out.
//
// Byte code of the machine that builds is copied along. It changes whenever somebody runs the program or its tests, so the
// layer cache misses for sources that are the same. Python also trusts it: a `.pyc` whose recorded time and size fit the source
// wins over the source, one with an unchecked hash always does, and one beside a deleted module is still imported. Patterns of
// .dockerignore start at the root of the context, so that `__pycache__` and `*.pyc` match there and in no
// directory below, and a later `!` takes back what was hidden before it.
//
// It is advice only where an ignore file is there, and no byte code is there now: on a clean checkout what the author wants to keep
// out may be all that those who build the image ever have, as in uv's own example.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	CMD ["python", "-m", "myapp"]
//	-- .dockerignore --
//	__pycache__
//	*.pyc
//	-- myapp/__main__.py --
//	print("hello")
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	CMD ["python", "-m", "myapp"]
//	-- .dockerignore --
//	**/__pycache__
//	**/*.py[cod]
//	-- myapp/__main__.py --
//	print("hello")
//
// # Fix
//
// Appends `**/__pycache__` and `**/*.py[cod]` to the ignore file in force, or creates .dockerignore. Safe: Python makes byte code
// anew. A `COPY . .` takes the ignore file along. There is no fix where a byte code file stands without its source, or
// where something that the Dockerfile names would be hidden.
//
// # References
//
//   - https://docs.docker.com/build/concepts/context/#dockerignore-files
//   - https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation
var PycacheInContext = register(&analyzer.Rule{
	Code: "PLD302", Name: "pycache-in-context",
	Summary:  ".dockerignore lets __pycache__ and *.pyc of the building machine into a COPY",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkPycacheInContext,
})

func checkPycacheInContext(p *analyzer.Pass) {
	leak := findByteCode(p.Build)
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{Span: leak.trees[0].Source.Span, Message: leakMessage(p, leak)}
	name, _, exists := p.Context.IgnoreFile()
	if exists && !leak.present {
		d.Severity = analyzer.Info
	}
	if !leak.line.Empty() {
		text := "this pattern starts at the root of the context"
		if leak.bringsBack {
			text = "this takes back what was hidden above"
		}
		d.Related = append(d.Related, analyzer.Related{Path: name, Span: leak.line, Message: text})
	}
	d.Related = append(d.Related, copiedHereToo(leak.trees)...)
	keepOut(p, &d, leak.lines, leak.stoppedBy, "byte code", analyzer.Safe)
	p.Report(d)
}

func leakMessage(p *analyzer.Pass, leak *byteCodeLeak) string {
	name, _, exists := p.Context.IgnoreFile()
	cause := fmt.Sprintf("%s has no pattern for __pycache__", name)
	switch {
	case !exists:
		cause = "there is no .dockerignore"
	case leak.bringsBack:
		cause = fmt.Sprintf("%s in %s takes back what was hidden before", leak.pattern, name)
	case leak.pattern != "":
		cause = fmt.Sprintf("%s in %s does not match %s", leak.pattern, name, leak.path)
	}
	if leak.present {
		return fmt.Sprintf("%s, so the byte code in %s is copied into the image and may be older than its sources", cause, leak.path)
	}
	return cause + ", so byte code of the machine that builds is copied along and spoils the layer cache"
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// BuilderLeftoversCopied finds a COPY that takes from a builder what only building needed: an installer's download cache, wheels that nothing
// installs, the build and egg-info directories of setuptools, or the builder's whole root.
//
// A cache holds archives of what is installed, and is of no use at run time. Where it is copied so that a second installation need not fetch
// anything, the layer keeps it all the same, even if a later `rm` removes it. The whole root brings every compiler, package list and cache that the
// builder was there to keep out; onto `FROM scratch` it makes one layer of many, and is not judged. Copy what has been installed instead: a user base or
// a virtual environment.
//
// # Flagged
//
//	FROM python:3.12 AS builder
//	COPY requirements.txt .
//	RUN pip install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /root/.cache /root/.cache
//	COPY requirements.txt .
//	RUN pip install -r requirements.txt && rm -rf /root/.cache
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	COPY requirements.txt .
//	RUN pip install --user -r requirements.txt
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// A cache that one RUN installs from is mounted for that RUN, writable, since pip puts the wheels that it builds there; what it adds
// is thrown away. What nothing uses is no longer copied. Unsafe: a program may look for the directory when it runs. A mount needs BuildKit, which is
// Docker's default since 23.0.
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/caching/
//   - https://docs.docker.com/reference/dockerfile/#run---mounttypebind
var BuilderLeftoversCopied = register(&analyzer.Rule{
	Code: "PLD121", Name: "builder-leftovers-copied",
	Summary:  "caches, idle wheels, build directories or the whole root of a builder are copied into the final image",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkBuilderLeftoversCopied,
})

func checkBuilderLeftoversCopied(p *analyzer.Pass) {
	for _, l := range leftovers(p.Target) {
		message, why := leftoverMessage(l)
		d := analyzer.Diagnostic{
			Span:    l.source.Span,
			Message: message,
			Related: []analyzer.Related{{Span: l.made.Installer.Span, Message: why}},
		}
		d.Fix, d.NoFixReason = withoutLeftover(p, l)
		p.Report(d)
	}
}

func leftoverMessage(l leftover) (message, why string) {
	path := l.source.Text.Text
	switch l.kind {
	case wholeRoot:
		return fmt.Sprintf("the whole root of %s comes into the final image, with its caches and all that it has for building: copy what has been installed instead", l.copy.FromText.Text), "this is what it was there for"
	case idleWheels:
		return "nothing installs the wheels in " + path + ", which stay in the final image: copy what has been installed instead", "they are put there here"
	case buildTree:
		return path + " is what setuptools leaves beside the sources of what it has installed: copy what has been installed instead", "it is left here"
	default:
		return path + " is a download cache, which stays in a layer of the final image for good: copy what has been installed instead", "it is filled here"
	}
}

func withoutLeftover(p *analyzer.Pass, l leftover) (fix *analyzer.Fix, refused string) {
	if l.kind == wholeRoot {
		return nil, "only you know what the image needs"
	}
	if l.kind == downloadCache {
		reader, ok := l.cacheReader()
		if !ok {
			return nil, "not exactly one RUN installs from the cache"
		}
		edits, refused := fixes.Bind(p.Build, reader, true)
		if refused != "" {
			return nil, refused
		}
		return &analyzer.Fix{Title: "Mount " + reader.Dir + " instead of copying it", Safety: analyzer.Unsafe, Edits: edits}, ""
	}
	if len(l.copy.Sources) > 1 {
		return nil, "the COPY has more than one source"
	}
	return &analyzer.Fix{Title: "Do not copy " + l.source.Text.Text, Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
		fixes.DeleteInstruction(p.Doc, l.copy.Step.Instruction, false),
	}}, ""
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/order"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// SourcesBeforeDependencies finds a COPY of all sources that stands before an installation which needs no more of them
// than the file that lists the dependencies.
//
// Docker reuses a layer as long as the layers before it are the same. After a COPY of the sources they are not: any edit, be it of
// a comment, installs every dependency again, which makes a build of seconds one of minutes. With the list of the dependencies copied
// first, they are installed again only when that list changes; copied behind all sources, that list saves nothing. Installations that build the project itself (`pip install .`) need
// the sources and are not judged, but for `uv sync`: with --no-install-project it installs the dependencies in a step of their own.
//
// Short samples, such as Google's for Cloud Run and those of AWS for containers in Lambda, copy everything first, and uv's guide begins so before it comes to
// intermediate layers. For a folder of two files that never change
// that does no harm; in an application it is what makes each build slow, as Docker's own guide says.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["python", "main.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	COPY . .
//	CMD ["python", "main.py"]
//
// # Fix
//
// Copies the requirements files, with those that they include, in the place of the sources, and the sources below the RUN. Unsafe:
// layers change their order. It needs the build context, and there is none where the RUN, or an instruction between, may
// need the sources.
//
// # References
//
//   - https://docs.docker.com/build/cache/optimize/#order-your-layers
//   - https://docs.docker.com/build/building/best-practices/
//   - https://docs.astral.sh/uv/guides/integration/docker/#intermediate-layers
var SourcesBeforeDependencies = register(&analyzer.Rule{
	Code: "PLD401", Name: "sources-before-dependencies",
	Summary:  "all sources are copied before dependencies are installed, so that any edit installs them again",
	Do:       "copy the files that name the dependencies first, install, then copy the sources",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkSourcesBeforeDependencies,
})

func checkSourcesBeforeDependencies(p *analyzer.Pass) {
	for s := range p.Feeding() {
		early, ok := order.Find(s)
		if !ok {
			continue
		}
		what := "the whole build context"
		if name := early.Source.Text.Text; name != "." && name != "*" {
			what = "all of " + name
		}
		d := analyzer.Diagnostic{
			Span: early.Source.Span,
			Message: fmt.Sprintf("%s is copied before %s installs from %s, so any edit installs all dependencies again",
				what, early.Install.Call.Tool, early.File),
			Related: []analyzer.Related{{Span: early.Span, Message: "its dependencies need only " + early.File}},
		}
		var move order.CopyMove
		var edits []analyzer.Edit
		reason := "the COPY is to be moved below the installation"
		if !early.Elsewhere {
			move, reason = early.Move()
		}
		if reason == "" {
			edits, reason = fixes.CopyDependenciesFirst(p.Doc, early.Copy, move)
		}
		if reason == "" {
			d.Fix = &analyzer.Fix{Title: "Copy " + early.File + " first and the sources after the installation", Safety: analyzer.Unsafe, Edits: edits}
		}
		d.NoFixReason = reason
		p.Report(d)
	}
}

package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/sizes"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// BuildToolsInRuntime finds a final image that gets its Python packages from another stage, installed or as wheels and archives to install,
// and installs compilers, headers or build tools all the same.
//
// A builder stage exists to leave these behind: gcc, libc6-dev and libpq-dev make a layer of some 400 MB where libpq5 and
// the packages need 139 MB, and they bring most of what a scanner reports. What the packages load at run time is the shared
// library, which is in a package of its own: libpq5 for libpq-dev. Packages that the same RUN removes again or that only a condition installs are not judged, nor is make without a compiler, which people run tasks with, nor an image that is for
// development going by the name of its file or stage.
//
// # Flagged
//
//	FROM python:3.12-slim-bookworm AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev
//	RUN pip install --user psycopg2==2.9.10
//
//	FROM python:3.12-slim-bookworm
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim-bookworm AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev
//	RUN pip install --user psycopg2==2.9.10
//
//	FROM python:3.12-slim-bookworm
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Replaces the packages by those that hold their run-time part, for releases of Debian, Ubuntu and Alpine where these are known.
// Unsafe: some programs compile at run time (torch.compile, triton, cffi's verify). There is none where a RUN of the
// final stage may need the tools.
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/
//   - https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages
var BuildToolsInRuntime = register(&analyzer.Rule{
	Code: "PLD111", Name: "build-tools-in-runtime",
	Summary:  "compilers, headers or build tools stay in a final image that another stage builds for",
	Do:       "install compilers and headers in a builder stage, and the libraries alone here",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Allows: analyzer.PackageWords, Check: checkBuildToolsInRuntime,
})

func checkBuildToolsInRuntime(p *analyzer.Pass) {
	received := fromBuilder(p.Build)
	if received.Empty() || purpose.ForDevelopment(p.Build) || p.Target.Start().OnlyShell() {
		return
	}
	tools := slices.DeleteFunc(p.Target.BuildPackages(), func(u analyzer.PackageUse) bool { return p.Target.UsesAtStart(u.Package) || p.Allowed(u.Package.Name) })
	if len(tools) == 0 {
		return
	}
	kept := "the final image keeps " + words.List(packageNames(tools)) + weight.About(sizes.OfUses(p.Target, tools)) + ", which only building needs, "
	d := analyzer.Diagnostic{
		Span:    tools[0].Package.Span,
		Message: kept + "though its packages come from another stage",
		Related: []analyzer.Related{{Span: received, Message: "packages are copied from a builder here"}},
	}
	for _, u := range tools[1:] {
		if u.Command != tools[0].Command {
			d.Related = append(d.Related, analyzer.Related{Span: u.Package.Span, Message: u.Package.Name + " stays too"})
		}
	}
	if in := installFor(p.Target, mayBuild); in != nil {
		d.Message = kept + "and builds packages itself besides those of another stage"
		d.Related = append(d.Related, analyzer.Related{Span: in.Call.Span, Message: "the builder could install these too"})
	}
	d.Fix, d.NoFixReason = fixes.UseRuntimePackages(p.Build, tools)
	p.Report(d)
}

// mayBuild tells whether an installation takes packages from an index, which it may have to build, or a project.
func mayBuild(in *analyzer.Installation) bool {
	named := func(r installer.Requirement) bool { return r.Kind == installer.Named && !installer.IsInstaller(r.Name) }
	return (len(in.Files) > 0 || len(in.ProjectDirs()) > 0 || slices.ContainsFunc(in.Requirements, named)) &&
		!in.Call.NoIndex() && !in.Call.Has("--find-links")
}

// fromBuilder is the source of the first COPY that brings packages from another stage: installed ones, or wheels and archives that a RUN of
// the final stage installs, which the other stage could do as well.
func fromBuilder(b *analyzer.Build) source.Span {
	for _, c := range b.Received() {
		return c.Source.Span
	}
	for _, w := range wheelCopies(b.Target) {
		if w.Copy.From != nil {
			return w.Source.Span
		}
	}
	return source.Span{}
}

package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MissingRuntimeLibrary finds Python packages that need a library of the system which the final image lacks.
//
// The build succeeds, and the image dies at the first import: "ImportError: libpq.so.5: cannot open shared object file". A builder has the library
// along with its headers (libpq-dev); in a slim image its run-time part must be installed too (libpq5). In one stage it goes again where the headers
// are removed with all that came along: by `apt-get purge --auto-remove`, `apt-get autoremove`, or `apk del` of a virtual package. Judged are
// packages without wheels for Linux (psycopg2, mysqlclient, python-ldap, pygraphviz, PyICU, PyAudio), and wheels that leave a library to the system:
// libGL of opencv-python, libgomp of lightgbm, and as advice those of python-magic, pyzbar, pyenchant, CairoSVG and WeasyPrint. Packages that others
// certainly require count, as opencv-python does behind ultralytics. Everything that the final image installs must be readable.
//
// # Flagged
//
//	FROM python:3.12-bookworm AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user psycopg2==2.9.10
//
//	FROM python:3.12-slim-bookworm
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-bookworm AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user psycopg2==2.9.10
//
//	FROM python:3.12-slim-bookworm
//	ENV PYTHONUSERBASE=/pyroot
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Installs the library, or names it beside its headers, so that it stays when these go. Unsafe, since it adds a package from the network to the image.
//
// # References
//
//   - https://www.psycopg.org/docs/install.html#build-prerequisites
//   - https://github.com/PyMySQL/mysqlclient#install
var MissingRuntimeLibrary = register(&analyzer.Rule{
	Code: "PLD115", Name: "missing-runtime-library",
	Summary:  "the final image lacks a library of the system that a Python package needs",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkMissingRuntimeLibrary,
})

func checkMissingRuntimeLibrary(p *analyzer.Pass) {
	for _, m := range missingLibraries(p.Build) {
		libraries, what := strings.Join(m.packages, " and "), m.requirement
		if m.by != "" {
			what += ", which " + m.by + " requires,"
		}
		d := analyzer.Diagnostic{
			Span:    m.content.Source.Span,
			Message: fmt.Sprintf("%s comes along here, but the final image lacks %s, so importing it fails", what, libraries),
			Related: []analyzer.Related{{Path: m.path, Span: m.span, Message: "it is required here"}},
		}
		before := m.content.Install.Command.Step
		if m.content.Copy != nil {
			before = m.content.Copy.Step
		} else if m.removed == nil {
			d.Span = m.content.Install.Call.Span
			d.Message = fmt.Sprintf("%s is installed here, but the image lacks %s, so importing it fails", what, libraries)
		}
		if m.asked {
			d.Severity = analyzer.Info // a part of the program that nobody calls may want it
		}
		if m.removed == nil {
			d.Fix, d.NoFixReason = fixes.InstallPackages(p.Build, before, m.packages)
			p.Report(d)
			continue
		}
		d.Span = m.removal
		d.Message = fmt.Sprintf("%s goes with %s here, and %s, which was compiled against it, can't be imported without", libraries, m.removed.Package.Name, strings.TrimSuffix(what, ","))
		d.Related = append(d.Related, analyzer.Related{Span: m.removed.Package.Span, Message: "it comes along with this"})
		d.Fix, d.NoFixReason = keepLibrary(p, m)
		p.Report(d)
	}
}

// keepLibrary names the library in the command that installs its headers: what was named stays. apk's virtual packages go as a whole.
func keepLibrary(p *analyzer.Pass, m missingLibrary) (fix *analyzer.Fix, refused string) {
	c, names := m.removed.Command, strings.Join(m.packages, " ")
	switch {
	case c.Step.Stage != p.Target || !c.Shell.Exact || c.Step.Instruction.JSON || !m.removed.Package.Literal:
		return nil, "the command can't be edited where it stands"
	case c.OS.Manager == ospkg.Apk && c.OS.Virtual != "":
		edit, ok := fixes.ReplaceItem(c, "apk add --no-cache "+names, p.File.Text(c.Shell.Span))
		if !ok {
			return nil, "the command is part of another one"
		}
		return &analyzer.Fix{Title: "Install " + names + " beside", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{edit}}, ""
	}
	return &analyzer.Fix{Title: "Name " + names + " too", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{fixes.InsertWord(m.removed.Package.Span, names)}}, ""
}

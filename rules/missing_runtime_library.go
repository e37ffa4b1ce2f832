package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MissingRuntimeLibrary finds Python packages that a builder compiles against a library which the final image lacks.
//
// The build succeeds, and the image dies at the first import: "ImportError: libpq.so.5: cannot open shared object file". The builder has the library
// along with its headers (libpq-dev); in a slim image its run-time part must be installed too (libpq5). Only packages without wheels for Linux
// are judged (psycopg2, mysqlclient, python-ldap, pygraphviz, PyICU, PyAudio), and only where everything that the final image installs can be read.
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
// Installs the library. Unsafe, since it adds a package from the network to the image.
//
// # References
//
//   - https://www.psycopg.org/docs/install.html#build-prerequisites
//   - https://github.com/PyMySQL/mysqlclient#install
var MissingRuntimeLibrary = register(analyzer.Rule{
	Code: "PLD115", Name: "missing-runtime-library",
	Summary:  "the final image lacks a library that a copied Python package was compiled against",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkMissingRuntimeLibrary,
})

func checkMissingRuntimeLibrary(p *analyzer.Pass) {
	for _, m := range missingLibraries(p.Build) {
		d := analyzer.Diagnostic{
			Span: m.content.Source.Span,
			Message: fmt.Sprintf("%s comes along here, but the final image lacks %s, so importing it fails",
				m.requirement, strings.Join(m.packages, " and ")),
			Related: []analyzer.Related{{Path: m.path, Span: m.span, Message: "it is required here, and compiled in the builder"}},
		}
		d.Fix, d.NoFixReason = fixes.InstallPackages(p.Build, m.content.Copy.Step, m.packages)
		p.Report(d)
	}
}

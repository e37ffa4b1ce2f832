package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// UnbuildableRequirement finds a requirement that has no wheel for Linux, in an image without what it takes to build it.
//
// pip then fetches the source and calls the compiler, which a slim image has not: "error: command 'gcc' failed: No such file or directory",
// "pg_config executable not found". Only packages are reported of which PyPI was asked for wheels (November 2026: psycopg2, mysqlclient,
// python-ldap, pycairo, uWSGI and others), where no other index is named. Some have a twin that comes as a wheel: psycopg2-binary,
// pyuwsgi. mysqlclient asks pkg-config for its flags since 2.2.0; the headers of GDAL, python-ldap and PyAudio are not in full images either.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir psycopg2==2.9.10
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev \
//	    && pip install --no-cache-dir psycopg2==2.9.10 \
//	    && apt-get purge -y --auto-remove gcc libc6-dev && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # References
//
//   - https://www.psycopg.org/docs/install.html
//   - https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
var UnbuildableRequirement = register(&analyzer.Rule{
	Code: "PLD226", Name: "unbuildable-requirement",
	Summary:  "a requirement must be compiled, and the image has no compiler or lacks its headers",
	Do:       "install a compiler and the headers in the builder, or take the variant that comes as a wheel",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkUnbuildableRequirement,
})

func checkUnbuildableRequirement(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		if !stage.Feeds {
			continue
		}
		for _, u := range unbuildableRequirements(stage) {
			what := u.requirement
			if u.by != "" {
				what += ", which " + u.by + " requires,"
			}
			d := analyzer.Diagnostic{
				Span: u.span, Path: u.path,
				Message: fmt.Sprintf("%s has no wheel for Linux, so it is compiled here, and the image lacks %s: the build fails",
					what, words.List(u.lacks)),
			}
			if u.instead != "" && u.by == "" {
				d.Message += "; " + u.instead + " comes as a wheel"
			}
			if u.path != "" {
				d.Related = []analyzer.Related{{Span: u.install.Call.Span, Message: "it is installed here"}}
			}
			p.Report(d)
		}
	}
}

package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// PythonVersionMismatch finds packages that are copied between interpreters of different minor versions, and paths with a
// version that the stage does not have.
//
// Packages lie in lib/pythonX.Y/site-packages, and each interpreter searches the directory of its own X.Y: everything is copied,
// and nothing is found (ModuleNotFoundError). Compiled modules could not be loaded from there anyway. It happens when one of two
// FROMs is updated, or both are and a path is forgotten; then the COPY fails, since its source is no more. What --target installs lies in no such
// directory, and is reported where a package has modules that are compiled for one version, such as numpy's.
//
// # Flagged
//
//	FROM python:3.13-slim AS builder
//	RUN pip install --no-cache-dir flask==3.1.0
//
//	FROM python:3.13-slim
//	COPY --from=builder /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages
//	CMD ["python", "-m", "flask", "run"]
//
// # Instead
//
//	FROM python:3.13-slim AS builder
//	RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir flask==3.1.0
//
//	FROM python:3.13-slim
//	COPY --from=builder /opt/venv /opt/venv
//	CMD ["/opt/venv/bin/python", "-m", "flask", "run"]
//
// # References
//
//   - https://docs.python.org/3/library/site.html
//   - https://docs.python.org/3/library/sysconfig.html#installation-paths
var PythonVersionMismatch = register(&analyzer.Rule{
	Code: "PLD107", Name: "python-version-mismatch",
	Summary:  "packages for one version of Python are copied to another one",
	Do:       "build both stages on the same version of Python",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkPythonVersionMismatch,
})

func checkPythonVersionMismatch(p *analyzer.Pass) {
	for s := range p.Feeding() {
		var first *analyzer.Diagnostic
		var of versionGap
		for _, gap := range versionGaps(s) {
			if first == nil || gap.have != of.have || gap.stage != of.stage {
				if first != nil {
					p.Report(*first)
				}
				first, of = describeVersionGap(gap), gap
				continue
			}
			first.Related = append(first.Related, analyzer.Related{Span: gap.span, Message: "here too"})
		}
		if first != nil {
			p.Report(*first)
		}
	}
}

func describeVersionGap(gap versionGap) *analyzer.Diagnostic {
	base, _, _ := strings.Cut(gap.stage.Image.Reference.Text, "@")
	d := &analyzer.Diagnostic{Span: gap.span, Related: []analyzer.Related{{Span: gap.stage.RootFrom().Span, Message: "the interpreter comes from here"}}}
	switch {
	case gap.lost && gap.runs == "":
		d.Severity = analyzer.Warning
		d.Message = fmt.Sprintf("%s moves on to a new version of Python each year, and then %s has no %s and the build fails", base, gap.stage.Label(), gap.path)
	case gap.lost:
		d.Message = fmt.Sprintf("%s has Python %s, so there is no %s and the build fails", gap.stage.Label(), gap.runs, gap.path)
	case gap.compiled != "":
		made := "Python " + gap.have
		if gap.have == "" {
			made = "the newest Python"
		}
		d.Message = fmt.Sprintf("%s is compiled for %s, and Python %s of %s does not load it", gap.compiled, made, gap.runs, base)
	case gap.path != "":
		d.Message = fmt.Sprintf("%s has Python %s, which does not look for packages in %s", base, gap.runs, gap.path)
	default:
		d.Message = fmt.Sprintf("the packages are for Python %s and lie in lib/python%s, where Python %s of %s does not look", gap.have, gap.have, gap.runs, base)
	}
	return d
}

package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// OSPythonPackage finds packages for the distribution's own Python in a final image that has another one.
//
// The interpreter of the official python images is /usr/local/bin/python. `python3-yaml` from apt goes to /usr/lib/python3/dist-packages, where
// only Debian's /usr/bin/python3 looks, which comes along as a second interpreter: the import fails with ModuleNotFoundError, unless pip has installed the package too.
// `python3-dev`, `python3-pip` and `python3-venv` are there already, in the image's own version.
//
// Nothing is reported where /usr/bin/python3, dist-packages or --system-site-packages are named in the file.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends python3-yaml && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir pyyaml==6.0.2
//	CMD ["python", "-m", "myapp"]
//
// # References
//
//   - https://hub.docker.com/_/python
//   - https://github.com/docker-library/python/issues/948
var OSPythonPackage = register(analyzer.Rule{
	Code: "PLD408", Name: "os-python-package",
	Summary:  "packages for the distribution's Python are installed in an image with a Python of its own",
	Do:       "install the package with pip, or use the distribution's own Python throughout",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Allows: analyzer.PackageWords, Check: checkOSPythonPackage,
})

func checkOSPythonPackage(p *analyzer.Pass) {
	uses := slices.DeleteFunc(p.Target.StrayPythonPackages(), func(u analyzer.PackageUse) bool { return p.Allowed(u.Package.Name) })
	for len(uses) > 0 {
		first, n := uses[0], 0
		for n < len(uses) && uses[n].Command.Step == first.Command.Step {
			n++
		}
		same := uses[:n]
		uses = uses[n:]
		d := analyzer.Diagnostic{
			Span: first.Package.Span,
			Message: enumerate(packageNames(same)) + plural(len(packageNames(same)), " is", " are") +
				" for the distribution's own Python, which this brings as a second one: the image's interpreter in /usr/local does not see it",
		}
		for _, u := range same[1:] {
			d.Related = append(d.Related, analyzer.Related{Span: u.Package.Span, Message: "so is this"})
		}
		p.Report(d)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// IneffectiveSetuptoolsPin finds old releases of setuptools (before 60) that are installed for later builds, which do not use them.
//
// pip builds a package in an environment of its own and fetches the newest setuptools that the package allows into it; what is
// installed in the image does not matter. Up to pip 25.2 projects without pyproject.toml were an exception, as long as setuptools and wheel were there;
// pip 25.3 ended it. So the pin that once made an old package build does nothing since pip was upgraded. `--build-constraint` (pip 25.3) reaches the
// builds; a constraint by PIP_CONSTRAINT does so no more with pip 26.2.
//
// # Flagged
//
//	FROM python:3.9-slim
//	RUN pip install --upgrade pip
//	RUN pip install "setuptools<58"
//	RUN pip install -r requirements.txt
//
// # Instead
//
//	FROM python:3.9-slim
//	RUN pip install --upgrade pip
//	RUN echo "setuptools<58" > build.txt && pip install --build-constraint build.txt -r requirements.txt
//
// # References
//
//   - https://pip.pypa.io/en/stable/reference/build-system/#build-isolation
//   - https://pip.pypa.io/en/stable/news/
var IneffectiveSetuptoolsPin = register(&analyzer.Rule{
	Code: "PLD221", OptIn: true, Name: "ineffective-setuptools-pin",
	Summary:  "an old setuptools is installed for builds that do not use it",
	Do:       "hold setuptools back for the build: in pyproject.toml, or with PIP_BUILD_CONSTRAINT",
	Severity: analyzer.Warning, Check: checkIneffectiveSetuptoolsPin,
})

func checkIneffectiveSetuptoolsPin(p *analyzer.Pass) {
	eachInstall(p, func(in *analyzer.Installation) {
		pin, later, ok := idleBuildPin(in)
		if !ok {
			return
		}
		p.Report(analyzer.Diagnostic{
			Span:    pin.Span,
			Message: fmt.Sprintf("pip builds packages in environments of their own with the newest %s, so %s has no effect on later installs", pin.Name, pin.Text),
			Related: []analyzer.Related{{Span: later.Call.Span, Message: "this one builds without it"}},
		})
	})
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
)

// InstallInRuntime finds a final stage that installs again what a builder has installed for it.
//
// The packages come with the COPY, and the second installation finds them there or fetches them once more into another directory. Either it is
// useless, or the builder is, and the final image needs pip, the network and perhaps a compiler at a place where it should only copy. The same is said of the locked projects of uv, poetry,
// pipenv and pdm, unless the second installation brings what the first has left out: the project itself, a group, an extra.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /venv /venv
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["/venv/bin/python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /venv /venv
//	CMD ["/venv/bin/python", "-m", "myapp"]
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/
var InstallInRuntime = register(analyzer.Rule{
	Code: "PLD112", Name: "install-in-runtime",
	Summary:  "the final stage installs again what a builder has installed for it",
	Do:       "copy what the builder installed with COPY --from, and drop this installation",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkInstallInRuntime,
})

func checkInstallInRuntime(p *analyzer.Pass) {
	for _, again := range p.InstalledAgain() {
		d := analyzer.Diagnostic{
			Span:    again.Install.Call.Span,
			Message: "this installs what " + again.By.Command.Step.Stage.Label() + " has installed already, from " + again.Written + ": one of the two is useless",
			Related: []analyzer.Related{
				{Span: again.By.Call.Span, Message: "it is installed here first"},
				{Span: again.Content.Source.Span, Message: "and copied here"},
			},
		}
		p.Report(d)
	}
}

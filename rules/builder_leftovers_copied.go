package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
)

// BuilderLeftoversCopied finds a COPY that takes an installer's download cache from a builder into the final image.
//
// The cache holds archives of what is installed, and is of no use at run time. Where it is copied so that a second installation need not fetch
// anything, the layer keeps it all the same, even if a later `rm` removes it. Copy what has been installed instead: a user base or
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
// # References
//
//   - https://pip.pypa.io/en/stable/topics/caching/
var BuilderLeftoversCopied = register(analyzer.Rule{
	Code: "PLD121", Name: "builder-leftovers-copied",
	Summary:  "the download cache of a builder is copied into the final image",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkBuilderLeftoversCopied,
})

func checkBuilderLeftoversCopied(p *analyzer.Pass) {
	for _, c := range p.Target.CacheCopies() {
		p.Report(analyzer.Diagnostic{
			Span:    c.Source.Span,
			Message: c.Source.Text.Text + " is a download cache, which stays in a layer of the final image for good: copy what has been installed instead",
			Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "it is filled here"}},
		})
	}
}

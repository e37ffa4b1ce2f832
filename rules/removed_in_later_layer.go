package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
)

// RemovedInLaterLayer finds packages and directories that a RUN removes though an earlier layer of the final image brought them.
//
// A layer only adds to those below it. What a later one removes can't be seen any more, but it is still stored, pulled and shipped, and anybody
// can unpack the layer: neither size nor secrecy is won. 20 MB of wheels that were copied, installed and
// removed stay 20 MB; a bind mount leaves none of it.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc
//	RUN pip install --no-cache-dir uwsgi==2.0.28
//	RUN apt-get purge -y gcc
//	CMD ["uwsgi", "--http", ":8000"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc \
//	    && pip install --no-cache-dir uwsgi==2.0.28 \
//	    && apt-get purge -y --auto-remove gcc && rm -rf /var/lib/apt/lists/*
//	CMD ["uwsgi", "--http", ":8000"]
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#run
//   - https://docs.docker.com/reference/dockerfile/#run---mounttypebind
var RemovedInLaterLayer = register(&analyzer.Rule{
	Code: "PLD404", Name: "removed-in-later-layer",
	Summary:  "packages or files are removed in another layer than the one that added them",
	Do:       "do both in one RUN, or leave it in a builder stage",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkRemovedInLaterLayer,
})

func checkRemovedInLaterLayer(p *analyzer.Pass) {
	for _, r := range lateRemovals(p.Target) {
		d := analyzer.Diagnostic{
			Span:    r.span,
			Message: "removing " + r.what + " here frees nothing, since the layer that installed it keeps it: do both in one RUN, or in a builder stage",
			Related: []analyzer.Related{{Span: r.added, Message: "it is installed here"}},
		}
		if r.copy {
			d.Message = "removing " + r.what + " here frees nothing, since the layer of the COPY keeps it: use a bind mount, or a builder stage"
			d.Related[0].Message = "it is copied here"
		}
		p.Report(d)
	}
}

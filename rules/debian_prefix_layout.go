package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// DebianPrefixLayout finds a `pip install --prefix` by Debian's or Ubuntu's own Python whose prefix is copied to /usr/local
// whole.
//
// The Python of Debian 12, Ubuntu 22.04 and later puts packages into PREFIX/local/lib/pythonX.Y/dist-packages and scripts into
// PREFIX/local/bin. Copied to /usr/local they lie in /usr/local/local: imports fail and scripts are not found. The official
// python image has no such level.
//
// # Flagged
//
//	FROM debian:12-slim AS builder
//	RUN apt-get update && apt-get install -y --no-install-recommends python3-pip
//	RUN pip install --no-cache-dir --prefix=/install flask==3.1.0
//
//	FROM debian:12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends python3
//	COPY --from=builder /install /usr/local
//	CMD ["python3", "-m", "flask", "run"]
//
// # Instead
//
//	FROM debian:12-slim AS builder
//	RUN apt-get update && apt-get install -y --no-install-recommends python3-pip
//	RUN pip install --no-cache-dir --prefix=/install flask==3.1.0
//
//	FROM debian:12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends python3
//	COPY --from=builder /install/local /usr/local
//	CMD ["python3", "-m", "flask", "run"]
//
// # Fix
//
// Copies PREFIX/local in place of PREFIX. Safe: what the COPY brings now is not looked for anywhere.
//
// # References
//
//   - https://www.debian.org/doc/packaging-manuals/python-policy/
//   - https://docs.python.org/3/library/sysconfig.html#installation-paths
var DebianPrefixLayout = register(&analyzer.Rule{
	Code: "PLD123", Name: "debian-prefix-layout",
	Summary:  "a prefix of Debian's Python is copied without its local directory in mind",
	Severity: analyzer.Error, Fix: analyzer.Safe, AsksBase: true, Check: checkDebianPrefixLayout,
})

func checkDebianPrefixLayout(p *analyzer.Pass) {
	for _, c := range nestedCopies(p.Target) {
		nested := c.Install.NestedPrefix()
		d := analyzer.Diagnostic{
			Span: c.Source.Span,
			Message: fmt.Sprintf("this Python installs into %s, so the packages end in %s/local, where no interpreter looks",
				nested, strings.TrimSuffix(c.Dir, "/")),
			Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "they are installed here"}},
		}
		written := p.File.Text(c.Source.Span)
		switch python := p.Target.Interpreter(); {
		case python == nil || python.Prefix != "/usr" || c.Dir != "/usr/local":
			d.NoFixReason = "the final image has another layout"
		case strings.ContainsAny(written, "\"'\\"):
			d.NoFixReason = "the source is quoted"
		default:
			d.Fix = &analyzer.Fix{Title: "Copy " + nested, Safety: analyzer.Safe, Edits: []analyzer.Edit{
				fixes.ReplaceSpan(c.Source.Span, strings.TrimRight(written, "/")+"/local"),
			}}
		}
		p.Report(d)
	}
}

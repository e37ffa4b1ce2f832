package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// DependencyConfusion finds installs in which pip asks an index of one's own beside the public one.
//
// pip has no order of indexes: it takes the highest version from any of them. Whoever uploads a private package's name to PyPI
// with a higher version gets its code run in the build and in the image. uv asks in order and stops at the first index that has the
// name, unless --index-strategy says `unsafe-...`. Installs with hashes are safe, and so are extra indexes that hold nothing
// private: PyPI's mirrors and those that makers of packages name in their own guides.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir --extra-index-url https://pypi.example.com/simple -r requirements.txt
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir --index-url https://pypi.example.com/simple -r requirements.txt
//
// # References
//
//   - https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url
//   - https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes
//   - https://medium.com/@alex.birsan/dependency-confusion-4a5d60fec610
var DependencyConfusion = register(&analyzer.Rule{
	Code: "PLD212", Name: "dependency-confusion",
	Summary:  "a private index is asked beside the public one, and the higher version wins",
	Do:       "let one index answer for everything: --index-url with a proxy that knows both, or uv's explicit indexes",
	Severity: analyzer.Warning, Security: 7.5, Allows: analyzer.HostWords, Check: checkDependencyConfusion,
})

func checkDependencyConfusion(p *analyzer.Pass) {
	var found findings
	for stage := range p.Feeding() {
		for _, in := range stage.Installs() {
			extra, ok := mixesIndexes(in)
			if !ok || p.Allowed(extra.Host) {
				continue
			}
			d := analyzer.Diagnostic{Span: extra.Span, Severity: p.Rule.Severity}
			d.Message = fmt.Sprintf("%s takes the highest version from %s and from the other index alike, so a public package of a private name replaces it",
				in.Call.Tool, extra.Host)
			if extra.Path != "" {
				d.Related = append(d.Related, analyzer.Related{Path: extra.Path, Span: extra.Line, Message: "it stands here"})
			}
			found.add(d)
		}
	}
	found.report(p)
}

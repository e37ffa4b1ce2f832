package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MissingSource finds a COPY, an ADD or a bind mount of something that is not in the build context, so that the build fails.
//
// Paths of a COPY start at the root of the context, not at the Dockerfile.
// What git ignores, what a script, a Makefile, a CI file or a guide mentions, and names of built things such as `dist` are left
// alone: they may be made before the build. So is a file of which most sources are not there, for then the context is another.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY requirement.txt .
//	RUN pip install --no-cache-dir -r requirement.txt
//	COPY app app
//	COPY main.py .
//	-- requirements.txt --
//	-- app/__init__.py --
//	-- main.py --
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	COPY app app
//	COPY main.py .
//	-- requirements.txt --
//	-- app/__init__.py --
//	-- main.py --
//
// # Fix
//
// A suggestion names what is there under a similar name. It is never applied by itself: the file may have been forgotten.
//
// # References
//
//   - https://docs.docker.com/build/concepts/context/
//   - https://docs.docker.com/reference/dockerfile/#copy
var MissingSource = register(&analyzer.Rule{
	Code: "PLD309", Name: "missing-source",
	Do:       "correct the path, add the file, or name the build context with --context",
	Summary:  "a COPY names something that is not in the build context",
	Severity: analyzer.Error, Fix: analyzer.Suggestion, Check: checkMissingSource,
})

func checkMissingSource(p *analyzer.Pass) {
	for _, n := range missingSources(p.Build) {
		d := analyzer.Diagnostic{Span: n.span, Message: fmt.Sprintf("%s is not in the build context, so the build fails", n.path)}
		name := similar(path.Base(n.path), n.siblings)
		if there := meantDir(p.Context, n.path); there != "" {
			d.Message += "; there is " + there
			if n.literal && strings.Contains(p.File.Text(n.span), n.path) {
				d.Fix = &analyzer.Fix{
					Title: "Name " + there, Safety: analyzer.Suggestion,
					Edits: []analyzer.Edit{fixes.ReplaceSpan(n.span, strings.Replace(p.File.Text(n.span), n.path, there, 1))},
				}
			}
			p.Report(d)
			continue
		}
		if name == "" {
			d.NoFixReason = "nothing there has a similar name"
			p.Report(d)
			continue
		}
		d.Message += fmt.Sprintf("; there is %s", path.Join(path.Dir(n.path), name))
		if text := p.File.Text(n.span); n.literal && strings.Count(text, path.Base(n.path)) == 1 {
			d.Fix = &analyzer.Fix{
				Title: "Name " + name, Safety: analyzer.Suggestion,
				Edits: []analyzer.Edit{fixes.ReplaceSpan(n.span, strings.Replace(text, path.Base(n.path), name, 1))},
			}
		}
		p.Report(d)
	}
}

// similar gives the name that was probably meant, or "".
func similar(name string, names []string) string {
	best, bestDistance := "", 1+len(name)/6
	for _, candidate := range names {
		d := words.Distance(strings.ToLower(name), strings.ToLower(candidate), bestDistance)
		if d <= bestDistance && candidate != name && (best == "" || d < bestDistance) {
			best, bestDistance = candidate, d
		}
	}
	return best
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/sizes"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// OSPackageCache finds a RUN that leaves the package index of apt, apk or dnf in a layer of the final image.
//
// The lists of a Debian release are about 20 MB, and they are out of date the next day. A removal in another RUN does not take
// them out of this layer. `apt-get clean` is no help: it removes downloaded packages, which Debian's and Ubuntu's images do
// by themselves, and leaves the lists. Builder stages whose layers do not ship are not judged, and neither is an
// index below a cache or tmpfs mount. (Docker's guide for Python leaves the lists in the sample for its hardened images, which is made from a -dev image and kept
// short; its pages on best practices remove them.)
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Appends `rm -rf /var/lib/apt/lists/*` or `dnf clean all` to the RUN, or adds `--no-cache` to `apk add` and drops `apk update`; a
// RUN that does no more than fetch an index which nothing uses is deleted. Alpine before 3.3, whose apk has no such option, gets
// `rm -rf /var/cache/apk/*`.
// Safe: the same packages are installed. There is no fix where a later RUN may install packages with these lists, be it by `xargs apt-get install`,
// by a tool such as ansible or gdebi, or by a script, a makefile or a program of which that is not known.
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#apt-get
//   - https://github.com/gliderlabs/docker-alpine/blob/master/docs/usage.md#disabling-cache
var OSPackageCache = register(&analyzer.Rule{
	Code: "PLD402", Name: "os-package-cache",
	Summary:  "the index of apt, apk or dnf stays in a layer of the final image",
	Do:       "remove the package lists in the same RUN",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkOSPackageCache,
})

func checkOSPackageCache(p *analyzer.Pass) {
	for _, step := range p.Target.ChainSteps() {
		commands := caches.LeavesIndex(step)
		// An update in a layer of its own is another mistake: its lists are what the installations below read.
		if len(commands) == 0 || len(caches.IndexReaders(step)) > 0 {
			continue
		}
		first := commands[0].OS
		d := analyzer.Diagnostic{Span: first.Span, Message: indexMessage(p.Target, first)}
		if first.VerbSpan.End > first.Span.Start {
			d.Span.End = first.VerbSpan.End
		}
		for _, c := range commands[1:] {
			d.Related = append(d.Related, analyzer.Related{Span: c.OS.Span, Message: "this fetches it too"})
		}
		d.Fix, d.NoFixReason = fixes.DropIndex(p.Build, step, commands)
		p.Report(d)
	}
}

func indexMessage(s *analyzer.Stage, c *ospkg.Command) string {
	switch c.Manager {
	case ospkg.Apt:
		return "the package lists" + weight.About(sizes.Of(s, weight.Package{Name: weight.Lists})) + " stay in a layer of the final image: nothing in this RUN removes /var/lib/apt/lists"
	case ospkg.Apk:
		if c.Verb == ospkg.Update {
			return "the package index that `apk update` fetches stays in a layer of the final image"
		}
		return "apk's package index stays in a layer of the final image, since --no-cache is not given"
	}
	return fmt.Sprintf("%s's metadata stays in a layer of the final image: this RUN has no `%s clean all`", c.Program, c.Program)
}

package rules

import (
	"fmt"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// EOLDistribution finds an image on a release of Debian, Ubuntu, Alpine or another distribution that has reached its end of life.
//
// Its packages get no security fixes any more, and one day its package servers are gone: `apt-get update` fails on Debian
// 10 and before since the release has moved to archive.debian.org. Where such an image calls it, that is an error, but for files that name
// other sources. For Debian the end of the long-term support counts. The release is read from the
// image's name (`debian:10`, `alpine:3.15`) or from the suffix of its tag (`python:3.11-buster`); for a full version such as
// `python:3.11.2-slim` it is the one that this tag was last built on.
//
// # Flagged
//
//	FROM python:3.12-alpine3.18
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-alpine3.23
//	CMD ["python", "-m", "myapp"]
//
// # References
//
//   - https://wiki.debian.org/LTS
//   - https://ubuntu.com/about/release-cycle
//   - https://alpinelinux.org/releases/
var EOLDistribution = register(&analyzer.Rule{
	Code: "PLD504", Name: "eol-distribution",
	Summary:  "the image's distribution release is past its end of life",
	Do:       "move to a release that is still maintained, in all stages at once",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Security: 5.0, Allows: analyzer.ReleaseWords, AsksBase: true, Check: checkEOLDistribution,
})

func checkEOLDistribution(p *analyzer.Pass) {
	var found oncePerRelease
	for _, use := range p.Images() {
		end, ok := use.Facts.End()
		if !use.Base || !ok || p.Allowed(end.Product+":"+end.Release) {
			continue
		}
		last := end.Date
		if last.Before(end.Extended) {
			last = end.Extended
		}
		if c := failingUpdate(use); c != nil {
			found.add(use, end, fmt.Sprintf("%s reached its end of life on %s and has left the servers of its maker, so apt-get fails and the build with it", end.Name, last.Format(time.DateOnly)))
			d := found.seen[end.Name]
			d.Severity = analyzer.Error
			d.Related = append(d.Related, analyzer.Related{Span: c.OS.Span, Message: "this finds no package lists"})
			continue
		}
		// An old tag such as python:3.6-slim means an old distribution without naming it: the version is its one cause.
		if _, old := endOfPython(use.Facts, p.Settings.Today); !over(last, p.Settings.Today) || old && !use.Facts.NamesRelease() {
			continue
		}
		consequence := "gets no security fixes any more"
		if end.Product == "ubuntu" {
			consequence = "gets no free security updates any more"
		}
		if !use.Facts.NamesRelease() {
			consequence += fmt.Sprintf("; %s is built on it", use.Text)
		}
		found.add(use, end, fmt.Sprintf("%s reached its end of life on %s and %s", end.Name, last.Format(time.DateOnly), consequence))
	}
	found.report(p)
}

// failingUpdate is the first call that certainly fetches package lists in a stage on the image, where these are gone and nothing names others.
func failingUpdate(use analyzer.ImageUse) *analyzer.Command {
	f := use.Facts
	if !f.ArchiveGone() || !f.Plain() || use.Stage.Image.Reference.Text != f.Reference.Text {
		return nil
	}
	for _, c := range use.Stage.ChainCommands() {
		if c.OS == nil || c.OS.Manager != ospkg.Apt || c.OS.Verb != ospkg.Update || !c.Shell.Certain || c.OS.Opaque != "" {
			continue
		}
		if c.OtherArchive() {
			return nil
		}
		for _, step := range use.Stage.ChainSteps() {
			text := use.Stage.Build().File.Text(step.Instruction.Span)
			if strings.Contains(text, "apt.conf") || strings.Contains(text, "/etc/apt") || strings.Contains(text, "archive.debian") || strings.Contains(strings.ToLower(text), "proxy") {
				return nil
			}
			if step == c.Step {
				break
			}
		}
		return c
	}
	return nil
}

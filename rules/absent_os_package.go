package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// AbsentOSPackage finds packages that the archive of the base image's release does not have.
//
// Debian 13 has no libgl1-mesa-glx, no libtiff5, no libpcre3-dev. `apt-get install` then stops with "Unable to locate package" or "has no
// installation candidate", and the build with it. A tag such as `python:3.12-slim` names no release of Debian: it moved from
// Debian 12 to 13 in August 2025, and a Dockerfile that had built for years stopped building. Where there are no lists at all, since nothing
// has called `apt-get update`, or what it fetched was removed again, apt finds no package.
//
// # Flagged
//
//	FROM python:3.12-slim-trixie
//	RUN apt-get update && apt-get install -y --no-install-recommends libgl1-mesa-glx && rm -rf /var/lib/apt/lists/*
//
// # Instead
//
//	FROM python:3.12-slim-trixie
//	RUN apt-get update && apt-get install -y --no-install-recommends libgl1 && rm -rf /var/lib/apt/lists/*
//
// # Fix
//
// Installs the package that took its place, where there is one. Unsafe: it may be another version of the library.
//
// # References
//
//   - https://packages.debian.org/
//   - https://www.debian.org/releases/trixie/release-notes/
var AbsentOSPackage = register(&analyzer.Rule{
	Code: "PLD407", Name: "absent-os-package",
	Summary:  "a package is installed that this release of the distribution does not have",
	Do:       "install the package that took its place, or find out what needed it",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkAbsentOSPackage,
})

func checkAbsentOSPackage(p *analyzer.Pass) {
	checkLists(p)
	var stage *analyzer.Stage
	var number string
	for _, use := range osPackages(p.Build) {
		if s := use.Command.Step.Stage; s != stage {
			stage, number = s, s.Image.NewestRelease()
		}
		facts, name := stage.Image, use.Package.Name
		if !ospkg.Absent(facts.Distro, number, name) || use.Command.OtherArchive() {
			continue
		}
		release := distroNames[facts.Distro] + " " + number
		successor := ospkg.Successor(facts.Distro, number, name)
		d := analyzer.Diagnostic{
			Span:    use.Package.Span,
			Message: fmt.Sprintf("%s has no package %s, so this command fails", release, name),
		}
		if !use.Command.Shell.Certain {
			d.Severity = analyzer.Warning
		}
		if successor != "" {
			d.Message += "; " + successor + " takes its place"
			if use.Package.Literal && use.Command.Shell.Exact && use.Package.Version == "" {
				d.Fix = &analyzer.Fix{Title: "Install " + successor + " instead", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
					fixes.ReplaceSpan(use.Package.Span, successor),
				}}
			}
		}
		if root := rootStage(use.Command.Step.Stage); len(root.From.Args) > 0 {
			d.Related = []analyzer.Related{{Span: root.From.Args[0].Span, Message: imageIs(facts, release)}}
		}
		p.Report(d)
	}
}

var distroNames = map[string]string{"debian": "Debian", "ubuntu": "Ubuntu", "alpine": "Alpine"}

func imageIs(facts image.Facts, release string) string {
	if facts.Release == "" {
		return "this tag moves on from release to release, and is " + release + " by now"
	}
	return "this image is " + release
}

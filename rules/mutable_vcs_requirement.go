package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// MutableVcsRequirement finds requirements that are taken from a branch of a repository: `git+https://...` without a revision or with a
// branch, or an archive that GitHub or GitLab makes of a branch. It looks at the command line and, with a build context, at the
// requirements files that are installed.
//
// Whoever can push to the branch decides what the next build installs, and no two builds need agree. The text does not change when the
// branch does, so the layer cache goes on with the old code while a build on another machine gets the new. A full commit hash can't be moved; a tag at
// least is not meant to be, and is not reported.
//
// # Flagged
//
//	FROM python:3.12
//	RUN pip install --no-cache-dir git+https://github.com/pallets/flask@main
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM python:3.12
//	RUN pip install --no-cache-dir git+https://github.com/pallets/flask@d61198941adcb191ddb591f08d7d912e40bde8bc
//	CMD ["flask", "run"]
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/vcs-support/
//   - https://pip.pypa.io/en/stable/topics/repeatable-installs/
var MutableVcsRequirement = register(&analyzer.Rule{
	Code: "PLD204", Name: "mutable-vcs-requirement",
	Summary:  "a requirement is taken from a branch of a repository",
	Do:       "name a commit or a tag behind the address: @<40 digits>",
	Severity: analyzer.Warning, Allows: analyzer.RepositoryWords, Check: checkMutableVcsRequirement,
})

func checkMutableVcsRequirement(p *analyzer.Pass) {
	eachInstall(p, func(in *analyzer.Installation) {
		var d analyzer.Diagnostic
		for _, r := range in.Requirements {
			if branch, moving := r.Moving(); moving && !p.Allowed(r.Repository()) {
				addMoving(&d, r.Span, "", r, branch)
			}
		}
		if d.Message != "" {
			p.Report(d)
		}
	})
	eachRequirementsFile(p, func(_ *analyzer.Installation, use analyzer.RequirementsUse, lines []project.RequirementLine) {
		var d analyzer.Diagnostic
		for _, line := range lines {
			if branch, moving := line.Requirement.Moving(); moving && !p.Allowed(line.Requirement.Repository()) {
				if d.Message == "" {
					addMoving(&d, use.Span, line.Path, line.Requirement, branch)
					d.Related = append(d.Related, analyzer.Related{Path: line.Path, Span: line.Span, Message: "this is the requirement"})
					continue
				}
				d.Related = append(d.Related, analyzer.Related{Path: line.Path, Span: line.Span, Message: "this follows a branch too"})
			}
		}
		if d.Message != "" {
			p.Report(d)
		}
	})
}

// addMoving makes the finding, or adds to it what it shares with the first.
func addMoving(d *analyzer.Diagnostic, at source.Span, file string, r installer.Requirement, branch string) {
	if d.Message != "" {
		d.Related = append(d.Related, analyzer.Related{Span: at, Message: "this follows a branch too"})
		return
	}
	what := r.Name
	if what == "" {
		location, _, _ := strings.Cut(strings.TrimSuffix(r.Location, "@"+r.Revision), "#")
		if what = strings.TrimSuffix(path.Base(location), ".git"); r.Kind != installer.VCS {
			what = "this archive"
		}
	}
	if file != "" {
		what += " in " + file
	}
	whence := "the default branch of its repository"
	if branch != "" {
		whence = "the branch " + branch
	}
	d.Span = at
	d.Message = fmt.Sprintf("%s is whatever %s holds on the day of the build, so two builds may install different code", what, whence)
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
)

// UnpinnedRequirement finds packages that a RUN names without an exact version and without a constraint file.
//
// The index decides on the day of the build what goes into the image: two builds of one commit differ, and a new release of a
// package, bad or merely newer, arrives without a change that anyone could review or take back. With the layer cache the
// image is also silently older than it looks. A range such as `flask>=2` floats like a bare name. Dependencies of the named packages
// float too; a requirements file that is compiled with their versions and hashes pins all of them.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install flask 'gunicorn>=20'
//	CMD ["gunicorn", "app:app"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --require-hashes -r requirements.txt
//	CMD ["gunicorn", "app:app"]
//
// # Fix
//
// A suggestion: the versions that a lock file, a requirements file or another line has, where all names of the command have one there. What was
// installed so far may be newer.
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/repeatable-installs/
//   - https://pip.pypa.io/en/stable/user_guide/#constraints-files
var UnpinnedRequirement = register(&analyzer.Rule{
	Code: "PLD202", Name: "unpinned-requirement",
	Summary:  "a package is named without an exact version",
	Do:       "name the version that you tested, as in flask==3.1.0, or lock the requirements in a file",
	Severity: analyzer.Warning, Fix: analyzer.Suggestion, Allows: analyzer.PackageWords, Check: checkUnpinnedRequirement,
})

func checkUnpinnedRequirement(p *analyzer.Pass) {
	reportFloating(p, false, nil)
}

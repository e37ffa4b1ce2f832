package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// DuplicatedLibrary finds shared libraries of a built image with the same content at two paths that are no hard links of each other.
//
// Two environments with the same packages, or an environment that was copied to two places, double what a node stores.
//
// Only `pylint-docker image` reports it: a Dockerfile does not say which files are alike.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN python -m venv /opt/a && /opt/a/bin/pip install numpy==2.1.0
//	RUN python -m venv /opt/b && /opt/b/bin/pip install numpy==2.1.0
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN python -m venv /opt/a && /opt/a/bin/pip install numpy==2.1.0
//
// # References
//
//   - https://docs.python.org/3/library/venv.html
var DuplicatedLibrary = register(&analyzer.Rule{
	Code: "PLD705", Name: "duplicated-library", Summary: "a library that the image has twice under different names",
	Do:       "keep one of the two",
	Severity: analyzer.Info, AnyImage: true, Built: true,
})

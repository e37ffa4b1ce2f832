package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// MissingRequirement finds distributions of a built image whose metadata asks for another one that the interpreter does not find.
//
// What is declared is usually imported: `ModuleNotFoundError` at the first request, if not at the start. The environment
// markers of `Requires-Dist` are evaluated for the image's Python and platform, and requirements of extras are left out.
//
// Only `pylint-docker image` reports it: a Dockerfile does not say what a wheel's metadata asks for.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install --no-deps flask==3.1.0
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install flask==3.1.0
//
// # References
//
//   - https://packaging.python.org/en/latest/specifications/core-metadata/#requires-dist-multiple-use
//   - https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
var MissingRequirement = register(&analyzer.Rule{
	Code: "PLD701", Name: "missing-requirement", Summary: "an installed distribution declares a requirement that the image lacks",
	Do:       "install what is missing, or leave --no-deps out",
	Severity: analyzer.Warning, AnyImage: true, Built: true,
})

package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// UnstrippedLibrary finds extension modules and libraries of a built image that carry sections which only a debugger reads.
//
// Wheels of the package index are stripped by those who build them; what a build compiles itself is not, and debug symbols
// are often several times as large as the code.
//
// Only `pylint-docker image` reports it: a Dockerfile does not say what a compiler writes.
//
// # Flagged
//
//	FROM python:3.12
//	RUN CFLAGS=-g pip install --no-binary lxml lxml==5.3.0
//
// # Instead
//
//	FROM python:3.12
//	RUN CFLAGS=-g0 pip install --no-binary lxml lxml==5.3.0
//
// # References
//
//   - https://sourceware.org/binutils/docs/binutils/strip.html
var UnstrippedLibrary = register(&analyzer.Rule{
	Code: "PLD704", Name: "unstripped-library", Summary: "extension modules with debug symbols",
	Do:       "compile with -g0, or strip the files in the builder stage",
	Severity: analyzer.Info, AnyImage: true, Built: true,
})

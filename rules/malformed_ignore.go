package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// MalformedIgnore finds ignore comments that can't work: without rules in brackets, with a rule
// that does not exist, or at a place where they apply to nothing.
//
// Such a comment suppresses nothing, and the finding that it was written for comes back. A comment that
// names no rule is refused on purpose: it would hide findings that nobody has seen yet. `ignore`
// stands on a line of its own directly above an instruction, `ignore-file` anywhere above the
// first FROM.
//
// # Flagged
//
//	FROM python:3.12-slim
//	# pylint-docker: ignore
//	RUN pip install flask
//
// # Instead
//
//	FROM python:3.12-slim
//	# pylint-docker: ignore[PLD205] -- the cache is wanted here
//	RUN pip install flask
//
// # Fix
//
// Suggests the rule that was probably meant, or the brackets.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#format
var MalformedIgnore = register(analyzer.Rule{
	Code: "PLD003", Name: "malformed-ignore", Summary: "an ignore comment is malformed or misplaced",
	Severity: analyzer.Warning, Fix: analyzer.Suggestion, AnyImage: true,
})

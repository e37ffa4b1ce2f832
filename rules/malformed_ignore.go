package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// MalformedIgnore finds ignore comments that can't work: without rules in brackets, with a rule
// that does not exist, or at a place where they apply to nothing.
//
// Such a comment suppresses nothing, and the finding that it was written for comes back. A comment that
// names no rule is refused on purpose: it would hide findings that nobody has seen yet. `ignore`
// stands on a line of its own directly above an instruction, `ignore-stage` directly above a FROM, `ignore-file` anywhere above the
// first FROM. A Dockerfile has no comments behind code: one there is a part of the instruction.
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
// Moves a comment behind code to a line above; safe behind a RUN, whose shell passes it over, and unsafe behind other instructions, which
// become others. Else suggests the rule that was probably meant, or the brackets.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#format
var MalformedIgnore = register(&analyzer.Rule{
	Code: "PLD003", Name: "malformed-ignore", Summary: "an ignore comment is malformed or misplaced",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AnyImage: true,
})

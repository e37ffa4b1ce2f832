package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// UnusedIgnore finds ignore comments, and single rules in them, that suppress nothing.
//
// The defect that the comment speaks of is gone, or moved elsewhere. The comment then misleads its
// readers, and hides the defect if it ever comes back. Only rules that ran are judged: a comment
// for a disabled rule stays.
//
// # Flagged
//
//	FROM python:3.12-slim
//	# pylint-docker: ignore[PLD001]
//	RUN pip install --no-cache-dir flask
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir flask
//
// # Fix
//
// Deletes the comment, or the rule from its list. Safe: Docker does not read comments. There is no fix where the comment keeps
// Docker from reading a line below as a parser directive.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#format
var UnusedIgnore = register(&analyzer.Rule{
	Code: "PLD002", Name: "unused-ignore", Summary: "an ignore comment suppresses nothing",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AnyImage: true,
})

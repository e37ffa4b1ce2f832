package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// ImageOverBudget finds built images that are larger than `pylint-docker image --budget SIZE` allows.
//
// What is counted are the unpacked bytes of all layers, which every node stores and which a file that a later layer deletes
// still adds to. A budget in CI turns a slow creep into a decision.
//
// Only `pylint-docker image` reports it, and only with a budget.
//
// # Flagged
//
//	FROM python:3.12
//	RUN pip install flask==3.1.0
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir flask==3.1.0
//
// # References
//
//   - https://github.com/opencontainers/image-spec/blob/main/layer.md
var ImageOverBudget = register(&analyzer.Rule{
	Code: "PLD702", Name: "image-over-budget", Summary: "the image is larger than --budget allows",
	Do:       "look at the largest layers, or raise the budget",
	Severity: analyzer.Error, AnyImage: true, Built: true,
})

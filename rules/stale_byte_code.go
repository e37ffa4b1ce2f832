package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// StaleByteCode finds `.pyc` files of a built image that Python does not use, since the time or size that they record is not that of the source.
//
// Python compiles such a module again at every start, and a container whose user can't write there does so for ever: the files
// weigh, and the start is as slow as without them. They come from a developer's machine, or from sources that were touched after
// they had been compiled.
//
// Only `pylint-docker image` reports it: a Dockerfile does not say what is in a file.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY . /app
//	RUN python -m compileall -q /app && touch /app/*.py
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY . /app
//	RUN touch /app/*.py && python -m compileall -q /app
//
// # References
//
//   - https://peps.python.org/pep-0552/
var StaleByteCode = register(&analyzer.Rule{
	Code: "PLD703", Name: "stale-byte-code", Summary: "byte code that does not belong to the sources beside it",
	Do:       "compile after the sources have their last change, or leave byte code out",
	Severity: analyzer.Info, AnyImage: true, Built: true,
})

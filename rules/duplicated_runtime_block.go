package rules

import (
	"fmt"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes/extract"
)

// DuplicatedRuntimeBlock finds stages on the same base image that repeat two or more instructions.
//
// Two copies of one block drift apart: the interpreter or a run-time library is changed in one stage and forgotten in
// the other, and packages built by the first fail in the second. A shared base stage says it once, and the layers are built and stored once.
//
// # Flagged
//
//	FROM alpine:3.20 AS builder
//	RUN apk add --no-cache python3 libpq
//	RUN ln -sf /usr/bin/python3 /usr/bin/python
//	RUN apk add --no-cache py3-pip gcc
//	COPY . /src
//	RUN pip install --prefix=/install /src
//
//	FROM alpine:3.20
//	RUN apk add --no-cache python3 libpq
//	RUN ln -sf /usr/bin/python3 /usr/bin/python
//	COPY --from=builder /install /usr
//	CMD ["myapp"]
//
// # Instead
//
//	FROM alpine:3.20 AS base
//	RUN apk add --no-cache python3 libpq
//	RUN ln -sf /usr/bin/python3 /usr/bin/python
//
//	FROM base AS builder
//	RUN apk add --no-cache py3-pip gcc
//	COPY . /src
//	RUN pip install --prefix=/install /src
//
//	FROM base
//	COPY --from=builder /install /usr
//	CMD ["myapp"]
//
// # Fix
//
// Extracts the block into a stage `base` that the others are built from. Safe where the block stands at the beginning
// of each stage, so that the layers stay identical, or behind nothing but settings that it does not use; unsafe where it has to move
// in front of other work.
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#create-reusable-stages
var DuplicatedRuntimeBlock = register(&analyzer.Rule{
	Code: "PLD110", Name: "duplicated-runtime-block",
	Summary:  "stages on the same base image repeat their instructions",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkDuplicatedRuntimeBlock,
})

// maxCompared is how many stages are compared, each with each. The largest of 100,000 public Dockerfiles has 23.
const maxCompared = 50

func checkDuplicatedRuntimeBlock(p *analyzer.Pass) {
	stages := p.Stages[:min(len(p.Stages), maxCompared)]
	for i, first := range stages {
		group := []*analyzer.Stage{first}
		for _, s := range stages[i+1:] {
			if first.Feeds && s.Feeds && s.Base == nil && s.BaseText == first.BaseText {
				group = append(group, s)
			}
		}
		// All stages that share the block make one finding; failing that, any two do.
		if reportShared(p, group) {
			return
		}
		for _, s := range group[1:] {
			if reportShared(p, []*analyzer.Stage{first, s}) {
				return
			}
		}
	}
}

func runs(step *analyzer.Step) bool { return step.Instruction.Keyword == "RUN" }

// reportShared reports what all the stages share, and tells whether that is anything.
func reportShared(p *analyzer.Pass, stages []*analyzer.Stage) bool {
	shared, ok := extract.FindShared(p.Build, stages...)
	if !ok || !slices.ContainsFunc(shared.Steps[0], runs) {
		return false
	}
	n := len(shared.Stages) - 1
	block := shared.Steps[n]
	d := analyzer.Diagnostic{
		Span: block[0].Instruction.Span,
		Message: fmt.Sprintf("%s repeats %d instructions of %s, so the two can drift apart",
			shared.Stages[n].Label(), shared.Effective(), shared.Stages[0].Label()),
	}
	for _, steps := range shared.Steps[:n] {
		d.Related = append(d.Related, analyzer.Related{Span: steps[0].Instruction.Span, Message: "the block begins here too"})
	}
	d.Fix, d.NoFixReason = extract.Base(p.Build, shared)
	p.Report(d)
	return true
}

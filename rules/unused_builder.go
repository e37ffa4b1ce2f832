package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// UnusedBuilder finds a builder stage of which nothing reaches the final image.
//
// BuildKit does not even build it, so what it makes is missing, or was never needed: a forgotten COPY --from, or a stage that the
// final one was to be built from. Only stages without a name, and those named like a builder, are judged: others may be targets of builds of their own.
//
// # Flagged
//
//	FROM python:3.12 AS builder
//	RUN pip install --prefix=/install flask==3.1.0
//
//	FROM python:3.12-slim
//	COPY src /app
//	CMD ["python", "/app/main.py"]
//
// # Instead
//
//	FROM python:3.12 AS builder
//	RUN pip install --prefix=/install flask==3.1.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /install /usr/local
//	COPY src /app
//	CMD ["python", "/app/main.py"]
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/
var UnusedBuilder = register(&analyzer.Rule{
	Code: "PLD120", Name: "unused-builder",
	Summary:  "nothing of a builder stage reaches the final image",
	Do:       "delete the stage, or copy from it what it was made for",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkUnusedBuilder,
})

func checkUnusedBuilder(p *analyzer.Pass) {
	for _, stage := range unusedBuilders(p.Build) {
		span := stage.From.Span
		if len(stage.From.Args) > 0 {
			span = stage.From.Args[len(stage.From.Args)-1].Span
		}
		p.Report(analyzer.Diagnostic{
			Span:    span,
			Message: "nothing of " + stage.Label() + " reaches the final image, which neither copies from it nor builds on it: BuildKit leaves it out",
		})
	}
}

// unusedBuilders are stages that exist to build something for the final image, going by the lack of a name or by the name that they have, and
// of which nothing is used. Other stages may be targets of builds of their own, and so may all when a target is set.
func unusedBuilders(b *analyzer.Build) []*analyzer.Stage {
	if b.Settings.Target != "" {
		return nil
	}
	var found []*analyzer.Stage
	for _, s := range b.Stages {
		if s.Feeds || s.Name != "" && !builderName.MatchString(strings.ToLower(s.Name)) || readsUnknownStage(b) {
			continue
		}
		if !slices.ContainsFunc(b.Stages, func(other *analyzer.Stage) bool { return other.Uses(s) }) {
			found = append(found, s)
		}
	}
	return found
}

// readsUnknownStage tells whether a FROM or --from has a name that only the build command decides.
func readsUnknownStage(b *analyzer.Build) bool {
	for _, s := range b.Stages {
		if !s.BaseText.IsKnown() {
			return true
		}
		for _, step := range s.Steps {
			if step.Copy != nil && !step.Copy.FromContext() && !step.Copy.FromText.IsKnown() {
				return true
			}
		}
	}
	return false
}

var builderName = pattern.New(`^(?:.*[-_.])?(?:build|builder|buildstage|build-stage|compile|compiler|compile-image|deps|dependencies|wheels)$`)

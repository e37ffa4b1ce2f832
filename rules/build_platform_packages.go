package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// BuildPlatformPackages finds compiled packages that a builder for the building machine installs and the final image gets.
//
// A stage with `--platform=$BUILDPLATFORM` runs natively, which is fast where it cross-compiles, as Go can. pip and its kin install
// for the machine that they run on: build for arm64 on amd64, and the image has amd64's extension modules, which are not found
// there. As long as both are the same, nothing is noticed. A final image that is built so itself holds the building machine's programs,
// whatever platform was asked for.
//
// # Flagged
//
//	FROM --platform=$BUILDPLATFORM python:3.12-slim AS builder
//	RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir numpy==2.2.5
//	FROM python:3.12-slim
//	COPY --from=builder /opt/venv /opt/venv
//	CMD ["/opt/venv/bin/python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir numpy==2.2.5
//	FROM python:3.12-slim
//	COPY --from=builder /opt/venv /opt/venv
//	CMD ["/opt/venv/bin/python", "-m", "myapp"]
//
// # Fix
//
// Suggests to leave the flag out: the builder then runs under emulation for other platforms.
//
// # References
//
//   - https://docs.docker.com/build/building/multi-platform/#cross-compilation
var BuildPlatformPackages = register(&analyzer.Rule{
	Code: "PLD131", Name: "build-platform-packages",
	Summary:  "the image, or compiled packages in it, are for the building machine",
	Severity: analyzer.Warning, Fix: analyzer.Suggestion, Check: checkBuildPlatformPackages,
})

func checkBuildPlatformPackages(p *analyzer.Pass) {
	if ofBuildPlatform(p.Target) {
		if flag, _ := rootStage(p.Target).From.Flag("platform"); !setsBuildPlatform(p) {
			p.Report(analyzer.Diagnostic{
				Span: flag.Span,
				Message: "the final image is for the building machine, whatever platform is asked for: an image that is built for another one " +
					"does not start there",
				Fix: &analyzer.Fix{Title: "Leave the platform out", Safety: analyzer.Suggestion, Edits: []analyzer.Edit{fixes.DeleteWord(p.Doc, flag.Span)}},
			})
		}
		return
	}
	seen := map[*analyzer.Stage]bool{}
	for _, c := range p.Received() {
		stage := c.Install.Command.Step.Stage
		name := c.Install.CompiledPackage()
		if !c.Libs || name == "" || seen[stage] || !ofBuildPlatform(stage) || c.Install.Call.Has("--platform") ||
			c.Install.Call.Has("--python-platform") {
			continue
		}
		seen[stage] = true
		flag, _ := rootStage(stage).From.Flag("platform")
		d := analyzer.Diagnostic{
			Span: flag.Span,
			Message: fmt.Sprintf("%s is compiled for the building machine here, while the final image is for the target platform: built for another one, "+
				"it does not find it", name),
			Related: []analyzer.Related{
				{Span: c.Install.Call.Span, Message: "it is installed here"}, {Span: c.Source.Span, Message: "it is copied here"},
			},
			Fix: &analyzer.Fix{Title: "Leave the platform out", Safety: analyzer.Suggestion, Edits: []analyzer.Edit{fixes.DeleteWord(p.Doc, flag.Span)}},
		}
		p.Report(d)
	}
}

// ofBuildPlatform tells whether the stage is built for the building machine.
func ofBuildPlatform(s *analyzer.Stage) bool {
	flag, ok := rootStage(s).From.Flag("platform")
	return ok && strings.Contains(flag.Value, "BUILDPLATFORM")
}

// setsBuildPlatform tells whether an ARG above the first FROM gives BUILDPLATFORM a value: then it is that platform, which somebody chose.
func setsBuildPlatform(p *analyzer.Pass) bool {
	for _, in := range p.Doc.Instructions {
		switch {
		case in.Keyword == "FROM":
			return false
		case in.Keyword == "ARG" && strings.Contains(p.File.Text(in.Body), "BUILDPLATFORM="):
			return true
		}
	}
	return false
}

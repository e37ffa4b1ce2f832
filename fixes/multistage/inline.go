package multistage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// joining are the edits that make one stage of the final one and the stage above it that it is built from, where that is for nothing else: what
// they are divided by is then chosen anew. nil where there is no such stage.
func joining(build *analyzer.Build) []analyzer.Edit {
	target := build.Target
	base := target.Base
	if base == nil || base.Index != target.Index-1 || build.Settings.Target != "" && !strings.EqualFold(build.Settings.Target, target.Name) || len(target.From.Flags) > 0 {
		return nil
	}
	if base.Name != "" && slices.ContainsFunc(build.Settings.Targets, func(name string) bool { return strings.EqualFold(name, base.Name) }) {
		return nil
	}
	for _, s := range build.Stages {
		if s != target && s.Base == base {
			return nil
		}
	}
	for _, in := range build.Doc.Instructions {
		if in.Keyword == "ONBUILD" {
			return nil
		}
		for _, from := range fixes.FromReferences(in) {
			if _, err := strconv.Atoi(from); err == nil || strings.EqualFold(from, base.Name) || target.Name != "" && strings.EqualFold(from, target.Name) {
				return nil
			}
		}
	}
	// An ENTRYPOINT forgets the CMD of the stage that it is built from, but not one of its own stage.
	starts := func(s *analyzer.Stage, keyword string) bool {
		return slices.ContainsFunc(s.Steps, func(step *analyzer.Step) bool { return step.Instruction.Keyword == keyword })
	}
	if starts(base, "CMD") && starts(target, "ENTRYPOINT") {
		return nil
	}
	args, file := base.From.Args, build.Doc.File
	if len(args) != 3 {
		return nil
	}
	naming := fixes.ReplaceSpan(args[2].Span, target.Name)
	if target.Name == "" {
		naming = fixes.ReplaceSpan(source.Span{Start: args[0].Span.End, End: args[2].Span.End}, "")
	}
	line := file.LineOf(target.From.Span.Start)
	gone := file.LineWithEnding(line)
	if last := file.LineOf(target.From.Span.End); last != line {
		return nil
	}
	if above := line - 1; above >= 1 && fixes.IsBlankLine(file, above) && fixes.IsBlankLine(file, line+1) {
		gone.Start = file.Line(above).Start
	}
	return []analyzer.Edit{naming, fixes.ReplaceSpan(gone, "")}
}

// beneath is the build whose target is the stage that the final one and perhaps others are built from, where these only bring sources and say what
// starts: then that stage is the one to be divided. nil where there is none.
func beneath(build *analyzer.Build) *analyzer.Build {
	base := build.Target.Base
	if base == nil || base.Base != nil || base.Name == "" {
		return nil
	}
	settings := build.Settings
	settings.Target = base.Name
	for _, in := range build.Doc.Instructions {
		if slices.ContainsFunc(fixes.FromReferences(in), func(from string) bool {
			_, err := strconv.Atoi(from)
			return err == nil || strings.EqualFold(from, base.Name)
		}) {
			return nil
		}
	}
	for _, s := range build.Stages {
		switch {
		case s.Base == nil:
			continue
		case s.Base != base || !onlyBrings(s):
			return nil
		}
		texts, complete := s.StartTexts()
		if !complete {
			return nil
		}
		settings.Starts = append(settings.Starts[:len(settings.Starts):len(settings.Starts)], texts...)
	}
	if next := analyzer.Analyze(build.Doc, settings); next.Target != nil && next.Target.Index == base.Index {
		return next
	}
	return nil
}

// onlyBrings tells whether a stage runs nothing while it is built, and leaves PATH as it is.
func onlyBrings(s *analyzer.Stage) bool {
	return !slices.ContainsFunc(s.Steps, func(step *analyzer.Step) bool {
		in := step.Instruction
		return in.Keyword == "RUN" || in.Keyword == "ONBUILD" || in.Keyword == "SHELL" || in.Keyword == "ENV" && setsPathAnew(in.Pairs) || step.Unreadable != ""
	})
}

package extract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/fixes"
)

const blanks = " \t"

// Shared is what stages on one external base image repeat.
type Shared struct {
	Stages []*analyzer.Stage // in file order
	// Steps are the repeated instructions of each stage, one slice per stage, all equally long:
	// Steps[i][k] says the same as Steps[j][k].
	Steps [][]*analyzer.Step
	// Prefix tells that the steps are the first of each stage, so that the layers are identical and
	// extracting them changes nothing. Otherwise they have to move in front of others.
	Prefix bool
}

// Safe tells whether extracting the steps changes nothing in the images: they are a prefix, or they move in front of
// nothing but settings, which they do not use (see commute).
func (s Shared) Safe() bool {
	if s.Prefix {
		return true
	}
	for i, stage := range s.Stages {
		steps := s.Steps[i]
		for _, step := range stage.Steps[:steps[len(steps)-1].Index] {
			if !slices.Contains(steps, step) && !isSetting(step) {
				return false
			}
		}
	}
	return true
}

// isSetting tells whether a step writes to the image's configuration only.
func isSetting(step *analyzer.Step) bool {
	switch step.Instruction.Keyword {
	case "ENV", "ARG", "LABEL", "EXPOSE", "MAINTAINER", "STOPSIGNAL", "CMD", "ENTRYPOINT", "HEALTHCHECK":
		return true
	}
	return false
}

// Effective is the number of repeated instructions that do something to a build: RUN, COPY, ADD,
// ENV, WORKDIR, USER and SHELL.
func (s Shared) Effective() int {
	if len(s.Steps) == 0 {
		return 0
	}
	return countEffective(s.Steps[0])
}

// FindShared finds what two or more stages repeat that could be a stage of its own: at least two
// effective instructions, one of which makes files. ok is false when there is no such block, or
// the stages are not built from the same image for the same platform.
func FindShared(build *analyzer.Build, stages ...*analyzer.Stage) (shared Shared, ok bool) {
	stages = slices.Clone(stages)
	stable.Sort(stages, func(a, b *analyzer.Stage) int { return a.Index - b.Index })
	if len(stages) < 2 || !sameImage(stages) {
		return Shared{}, false
	}
	if steps := commonPrefix(build, stages); worthwhile(steps[0]) {
		return Shared{Stages: stages, Steps: steps, Prefix: true}, true
	}
	if steps := commonMovable(build.Doc, stages); worthwhile(steps[0]) {
		return Shared{Stages: stages, Steps: steps}, true
	}
	return Shared{}, false
}

func sameImage(stages []*analyzer.Stage) bool {
	platform := func(s *analyzer.Stage) string { f, _ := s.From.Flag("platform"); return f.Value }
	for _, s := range stages {
		if s.Base != nil || s.From == nil || len(s.From.Args) == 0 {
			return false
		}
		first := stages[0]
		written := s.From.Args[0].Text == first.From.Args[0].Text
		expanded := s.BaseText.IsKnown() && s.BaseText == first.BaseText
		if !written && !expanded || platform(s) != platform(first) {
			return false
		}
	}
	return true
}

var effectiveKeywords = []string{"RUN", "COPY", "ADD", "ENV", "WORKDIR", "USER", "SHELL"}

func countEffective(steps []*analyzer.Step) int {
	n := 0
	for _, s := range steps {
		if slices.Contains(effectiveKeywords, s.Instruction.Keyword) {
			n++
		}
	}
	return n
}

func worthwhile(steps []*analyzer.Step) bool {
	return countEffective(steps) >= 2 && slices.ContainsFunc(steps, func(s *analyzer.Step) bool {
		return slices.Contains(effectiveKeywords[:3], s.Instruction.Keyword)
	})
}

// commonPrefix gives the steps with which all stages begin.
func commonPrefix(build *analyzer.Build, stages []*analyzer.Stage) [][]*analyzer.Step {
	doc := build.Doc
	n := 0
	for n < len(stages[0].Steps) {
		text := effectiveText(doc, stages[0].Steps[n].Instruction)
		same := !slices.ContainsFunc(stages[1:], func(s *analyzer.Stage) bool {
			return n >= len(s.Steps) || effectiveText(doc, s.Steps[n].Instruction) != text
		})
		if !same || !canLead(build, stages[0].Steps[n], stages[0].Index) {
			break
		}
		n++
	}
	for n > 0 && !slices.Contains(effectiveKeywords, stages[0].Steps[n-1].Instruction.Keyword) {
		n-- // a base stage that ends in labels or ARGs reads oddly
	}
	steps := make([][]*analyzer.Step, len(stages))
	for i, s := range stages {
		steps[i] = s.Steps[:n:n]
	}
	return steps
}

// canLead tells whether a step may become part of a stage that stands before stage index.
func canLead(build *analyzer.Build, step *analyzer.Step, index int) bool {
	switch step.Instruction.Keyword {
	case "CMD", "ENTRYPOINT":
		// ENTRYPOINT resets a CMD that comes from the base, but not one of its own stage:
		// https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
		return false
	case "ONBUILD":
		return false // would fire in the stages themselves
	case "RUN", "COPY", "ADD", "ENV", "ARG", "WORKDIR", "USER", "SHELL", "LABEL", "EXPOSE",
		"VOLUME", "STOPSIGNAL", "HEALTHCHECK", "MAINTAINER":
	default:
		return false
	}
	for _, from := range fixes.FromReferences(step.Instruction) {
		for _, s := range build.Stages[index:] {
			if strings.EqualFold(s.Name, from) || strconv.Itoa(s.Index) == from {
				return false
			}
		}
	}
	return true
}

// effectiveText is an instruction as Docker reads it: keyword in upper case, comments and
// continuations removed, blanks outside quotes joined to one, heredocs appended.
func effectiveText(doc *dockerfile.Document, in *dockerfile.Instruction) string {
	file := doc.File
	var code strings.Builder
	first, last := file.LineOf(in.Span.Start), file.LineOf(max(in.Span.Start, in.Body.End))
	for n := first; n <= last; n++ {
		line := file.Line(n)
		line.Start = max(line.Start, in.Span.Start)
		line.End = max(line.Start, min(line.End, in.Span.End))
		text := file.Text(line)
		if n > first && strings.HasPrefix(strings.TrimLeft(text, blanks), "#") {
			continue
		}
		trimmed := strings.TrimRight(text, blanks)
		if doc.Escape != 0 && strings.HasSuffix(trimmed, string(doc.Escape)) {
			text = trimmed[:len(trimmed)-1]
		}
		code.WriteString(text)
	}
	text := strings.ToUpper(in.Keyword) + " " + joinBlanks(strings.TrimLeft(code.String(), blanks)[len(in.Keyword):])
	for _, h := range in.Heredocs {
		text += "\n" + strings.ReplaceAll(file.Text(h.Body), "\r\n", "\n")
	}
	return text
}

func joinBlanks(text string) string {
	var out strings.Builder
	quote := byte(0)
	text = strings.Trim(text, blanks)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0 && (c == ' ' || c == '\t'):
			if text[i-1] != ' ' && text[i-1] != '\t' {
				out.WriteByte(' ')
			}
			continue
		case c == '\\' && quote != '\'' && i+1 < len(text):
			out.WriteByte(c)
			i++
			c = text[i]
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
		out.WriteByte(c)
	}
	return out.String()
}

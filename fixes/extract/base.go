// Package extract moves what stages repeat into a stage of its own.
package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// Base gives the fix that moves what stages share into a stage of its own, from which they are
// built then. It is safe where Shared.Safe says so. When there is no fix,
// refused says why.
func Base(build *analyzer.Build, shared Shared) (fix *analyzer.Fix, refused string) {
	if len(shared.Steps) < 2 || len(shared.Steps[0]) == 0 {
		return nil, "the stages share nothing"
	}
	x := &extraction{build: build, doc: build.Doc, shared: shared}
	if reason := x.renumber(); reason != "" {
		return nil, reason
	}
	x.name = fixes.FreeStageName(build, "base", "runtime-base", "shared-base", "common-base")
	x.insertStage()
	for i := range shared.Stages {
		x.rebase(shared.Stages[i])
		x.remove(shared.Stages[i], shared.Steps[i])
	}
	safety := analyzer.Unsafe
	if shared.Safe() {
		safety = analyzer.Safe
	}
	stable.Sort(x.edits, fixes.CompareEdits)
	return &analyzer.Fix{
		Title:  fmt.Sprintf("Extract the shared instructions into a stage `%s`", x.name),
		Safety: safety, Edits: x.edits,
	}, ""
}

type extraction struct {
	build  *analyzer.Build
	doc    *dockerfile.Document
	shared Shared
	name   string
	edits  []analyzer.Edit
}

// renumber rewrites references to stages by number, since the new stage shifts them.
func (x *extraction) renumber() (refused string) {
	if _, err := strconv.Atoi(x.build.Settings.Target); err == nil {
		return "the target stage is given by its number, which a new stage would change"
	}
	for _, in := range x.doc.Instructions {
		if in.Trigger != nil && in.Keyword == "ONBUILD" && len(fixes.FromReferences(in.Trigger)) > 0 {
			return "an ONBUILD instruction copies from another stage"
		}
		for _, f := range in.Flags {
			if f.Name == "from" {
				x.renumberAt(f.Value, f.ValueSpan)
			}
			if f.Name != "mount" {
				continue
			}
			if m := mountFrom.FindStringSubmatchIndex(x.doc.File.Text(f.ValueSpan)); m != nil {
				span := source.Span{Start: f.ValueSpan.Start + m[2], End: f.ValueSpan.Start + m[3]}
				x.renumberAt(x.doc.File.Text(span), span)
			}
		}
	}
	return ""
}

var mountFrom = pattern.New(`(?:^|,)"?from=(\d+)"?(?:,|$)`)

func (x *extraction) renumberAt(value string, span source.Span) {
	n, err := strconv.Atoi(value)
	if err != nil || n < x.shared.Stages[0].Index || n >= len(x.build.Stages) {
		return
	}
	text := x.build.Stages[n].Name
	if text == "" {
		text = strconv.Itoa(n + 1)
	}
	x.edits = append(x.edits, fixes.ReplaceSpan(span, text))
}

// insertStage writes the new stage above the first of those that share it.
func (x *extraction) insertStage() {
	first := x.shared.Stages[0]
	file, newline := x.doc.File, fixes.Newline(x.doc)
	from := first.From
	text := file.Text(from.KeywordSpan)
	for _, f := range from.Flags {
		text += " " + file.Text(f.Span)
	}
	text += " " + from.Args[0].Text + " " + x.as() + " " + x.name + newline
	for k, step := range x.shared.Steps[0] {
		if fixes.IsBlankLine(file, file.LineOf(fixes.LeadingStart(x.doc, step.Instruction))-1) {
			text += newline
		}
		for _, comment := range x.comments(k) {
			text += comment + newline
		}
		text += file.Text(x.fullest(k).Span) + newline
	}
	text += strings.Repeat(newline, x.gap())
	at := fixes.LeadingStart(x.doc, from)
	if x.headsFile(first) {
		at = fixes.LineStart(file, from.Span.Start)
	}
	x.edits = append(x.edits, analyzer.Edit{Span: source.Span{Start: at, End: at}, Text: text})
}

// headsFile tells whether the comments above a stage are about the file: they are its first lines, and
// speak neither of a stage nor of this one by name.
func (x *extraction) headsFile(stage *analyzer.Stage) bool {
	leading := stage.From.Leading
	if len(leading) == 0 || leading[0].Span.Start > x.doc.File.BOM() {
		return false
	}
	for _, c := range leading {
		for _, word := range strings.FieldsFunc(strings.ToLower(c.Text), func(r rune) bool { return r == ' ' || r == ':' || r == ',' || r == '.' }) {
			if word == "stage" || word == "builder" || stage.Name != "" && word == strings.ToLower(stage.Name) {
				return false
			}
		}
	}
	return true
}

// as is the AS keyword as the file writes it.
func (x *extraction) as() string {
	for _, s := range x.build.Stages {
		if len(s.From.Args) == 3 {
			return s.From.Args[1].Text
		}
	}
	return fixes.KeywordCase(x.doc, "AS")
}

// gap is the number of blank lines that the file has between stages, at least one.
func (x *extraction) gap() int {
	for _, s := range x.build.Stages[1:] {
		n, line := 0, x.doc.File.LineOf(fixes.LeadingStart(x.doc, s.From))-1
		for ; line > 0 && fixes.IsBlankLine(x.doc.File, line) && n < 3; line-- {
			n++
		}
		if n > 0 {
			return n
		}
	}
	return 1
}

// comments are the comments above a shared step in any stage, each once: none gets lost.
func (x *extraction) comments(k int) []string {
	var all []string
	for _, steps := range x.shared.Steps {
		for _, c := range steps[k].Instruction.Leading {
			if text := x.doc.File.Text(c.Span); !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}

// fullest is the writing of a shared step that has most comments inside.
func (x *extraction) fullest(k int) *dockerfile.Instruction {
	best := x.shared.Steps[0][k].Instruction
	for _, steps := range x.shared.Steps[1:] {
		if in := steps[k].Instruction; len(in.Comments) > len(best.Comments) {
			best = in
		}
	}
	return best
}

// rebase builds a stage from the new one. The platform is the new stage's affair.
func (x *extraction) rebase(stage *analyzer.Stage) {
	from := stage.From
	image := from.Args[0].Span
	if len(from.Flags) > 0 {
		image.Start = from.Flags[0].Span.Start
	}
	x.edits = append(x.edits, fixes.ReplaceSpan(image, x.name))
}

// remove deletes the shared steps from a stage, neighbours together so that no gap remains.
func (x *extraction) remove(stage *analyzer.Stage, steps []*analyzer.Step) {
	file := x.doc.File
	var spans []source.Span
	for _, step := range steps {
		if step.Instruction.Keyword == "ARG" && x.needsArg(stage, steps, step.Instruction) {
			continue
		}
		span := source.Span{Start: fixes.LeadingStart(x.doc, step.Instruction), End: step.Instruction.Span.End}
		if n := len(spans); n > 0 && strings.TrimSpace(file.Text(source.Span{Start: spans[n-1].End, End: span.Start})) == "" {
			spans[n-1].End = span.End
			continue
		}
		spans = append(spans, span)
	}
	for _, span := range spans {
		x.edits = append(x.edits, fixes.DeleteLines(x.doc, span))
	}
}

// needsArg tells whether what stays of a stage may use an ARG of the shared block. The classic builder
// ends the scope of an ARG at the next FROM, so it is declared again where that matters; a RUN sees
// every ARG in its environment.
func (x *extraction) needsArg(stage *analyzer.Stage, shared []*analyzer.Step, arg *dockerfile.Instruction) bool {
	for _, step := range stage.Steps {
		if slices.Contains(shared, step) {
			continue
		}
		text := x.doc.File.Text(step.Instruction.Span)
		for _, p := range arg.Pairs {
			if strings.Contains(text, "$"+p.Key) || strings.Contains(text, "${"+p.Key) {
				return true
			}
		}
		if step.Instruction.Keyword == "RUN" {
			return true
		}
	}
	return false
}

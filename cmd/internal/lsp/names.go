package lsp

import (
	"sort"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

type nameKind uint8

const (
	stageName nameKind = iota
	variableName
)

// name is a place where a stage or a variable is named.
type name struct {
	kind nameKind
	text string
	span source.Span
	// group is the same for all places that mean the same thing.
	group string
	def   bool
	// fixed tells that the place is not spelled as the name, such as --from=0.
	fixed bool
	stage *analyzer.Stage // that it stands in; nil before the first FROM
	step  *analyzer.Step  // nil in FROM and before the first FROM
	pair  *dockerfile.Pair
}

// index collects the names of a build.
type index struct {
	build *analyzer.Build
	args  map[string]bool // ARG names, of which all of the same name are one: the caller of the build sets them
	names []name
}

func indexNames(b *analyzer.Build) []name {
	x := &index{build: b, args: map[string]bool{}}
	for _, in := range b.Doc.Instructions {
		if in.Keyword == "ARG" {
			for _, p := range in.Pairs {
				x.args[p.Key] = true
			}
		}
		if in.Keyword == "FROM" {
			break
		}
	}
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Instruction.Keyword == "ARG" {
				for _, p := range step.Instruction.Pairs {
					x.args[p.Key] = true
				}
			}
		}
	}
	for _, in := range b.Doc.Instructions {
		if in.Keyword == "FROM" {
			break
		}
		x.instruction(in, nil, nil)
	}
	for _, s := range b.Stages {
		x.from(s)
		for _, step := range s.Steps {
			// Triggers of a base run in this stage, but stand in that one.
			if step.Instruction.Span.Start > s.From.Span.Start {
				x.instruction(step.Instruction, s, step)
			}
		}
	}
	sort.SliceStable(x.names, func(i, j int) bool { return x.names[i].span.Start < x.names[j].span.Start })
	kept := x.names[:0]
	for _, n := range x.names {
		if last := len(kept) - 1; last < 0 || kept[last].span != n.span || kept[last].kind != n.kind {
			kept = append(kept, n)
		}
	}
	return kept
}

// group tells variables apart: those that are an ARG anywhere are one, others belong to their chain of stages.
func (x *index) group(s *analyzer.Stage, variable string) string {
	if s == nil || x.args[variable] {
		return "$" + variable
	}
	return "$" + variable + "@" + strconv.Itoa(s.Chain()[0].Index)
}

func stageGroup(s *analyzer.Stage) string { return "stage " + strconv.Itoa(s.Index) }

func (x *index) from(s *analyzer.Stage) {
	args := s.From.Args
	if s.Base != nil && len(args) > 0 && strings.EqualFold(args[0].Value, s.Base.Name) {
		x.names = append(x.names, name{kind: stageName, text: args[0].Value, span: args[0].Span, group: stageGroup(s.Base), stage: s})
	}
	if s.Name != "" && len(args) == 3 {
		x.names = append(x.names, name{kind: stageName, text: s.Name, span: args[2].Span, group: stageGroup(s), def: true, stage: s})
	}
	for _, f := range s.From.Flags {
		x.references(f.ValueSpan, nil, nil, nil)
	}
	if len(args) > 0 {
		x.references(args[0].Span, nil, nil, nil)
	}
}

var mountFrom = pattern.New(`(?:^|,)from=([^,"]*)`)

func (x *index) instruction(in *dockerfile.Instruction, s *analyzer.Stage, step *analyzer.Step) {
	if s != nil {
		x.stageFlags(in, s, step)
	}
	switch in.Keyword {
	case "ENV", "ARG", "LABEL":
		for i := range in.Pairs {
			p := &in.Pairs[i]
			if in.Keyword != "LABEL" {
				x.names = append(x.names, name{
					kind: variableName, text: p.Key, span: p.KeySpan, group: x.group(s, p.Key), def: true, stage: s, step: step, pair: p,
				})
			}
			x.references(p.ValueSpan, in.Comments, s, step)
		}
	case "RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK":
		for _, f := range in.Flags {
			x.references(f.ValueSpan, nil, s, step)
		}
		x.shell(in, s, step)
	case "ONBUILD":
		if in.Trigger != nil {
			x.instruction(in.Trigger, s, step)
		}
	case "MAINTAINER":
	default:
		for _, f := range in.Flags {
			x.references(f.ValueSpan, nil, s, step)
		}
		x.references(in.Body, in.Comments, s, step)
		for _, h := range in.Heredocs {
			if h.Expand {
				x.references(h.Body, nil, s, step)
			}
		}
	}
}

// stageFlags finds the stages of --from and --mount=from.
func (x *index) stageFlags(in *dockerfile.Instruction, s *analyzer.Stage, step *analyzer.Step) {
	for _, f := range in.Flags {
		span, text := f.ValueSpan, f.Value
		if f.Name == "mount" {
			raw := x.build.File.Text(f.ValueSpan)
			at := mountFrom.FindStringSubmatchIndex(raw)
			if at == nil || raw[at[2]:at[3]] != f.Options()["from"] {
				continue
			}
			span, text = source.Span{Start: span.Start + at[2], End: span.Start + at[3]}, raw[at[2]:at[3]]
		} else if f.Name != "from" {
			continue
		}
		for i := s.Index - 1; i >= 0; i-- {
			other := x.build.Stages[i]
			named := other.Name != "" && strings.EqualFold(other.Name, text)
			if named || text == strconv.Itoa(i) {
				x.names = append(x.names, name{
					kind: stageName, text: text, span: span, group: stageGroup(other), fixed: !named, stage: s, step: step,
				})
				break
			}
		}
	}
}

// references finds variables in text that Docker itself expands.
func (x *index) references(span source.Span, comments []dockerfile.Comment, s *analyzer.Stage, step *analyzer.Step) {
	text := x.build.File.Text(span)
	if !strings.Contains(text, "$") {
		return
	}
	for _, c := range comments {
		if span.Contains(c.Span) {
			from, to := c.Span.Start-span.Start, c.Span.End-span.Start
			text = text[:from] + strings.Repeat(" ", to-from) + text[to:]
		}
	}
	for _, r := range env.References(text, x.build.Doc.Escape) {
		x.variable(r.Name, source.Span{Start: span.Start + r.NameStart, End: span.Start + r.NameEnd}, s, step)
	}
}

func (x *index) variable(text string, span source.Span, s *analyzer.Stage, step *analyzer.Step) {
	if x.build.File.Text(span) != text {
		return
	}
	x.names = append(x.names, name{kind: variableName, text: text, span: span, group: x.group(s, text), stage: s, step: step})
}

// shell finds variables in code that a shell runs.
func (x *index) shell(in *dockerfile.Instruction, s *analyzer.Stage, step *analyzer.Step) {
	script := (*shell.Script)(nil)
	switch {
	case step != nil && in == step.Instruction && in.Keyword == "RUN":
		script = step.Script
	case in.Keyword == "HEALTHCHECK" && in.Trigger != nil:
		x.shell(in.Trigger, s, step)
		return
	case !in.JSON && len(in.Comments) == 0 && len(in.Heredocs) == 0:
		code := x.build.File.Bytes()[in.Body.Start:in.Body.End]
		script, _ = shell.Parse(code, in.Body.Start, shell.POSIX)
	}
	if script == nil {
		return
	}
	for _, c := range script.Commands {
		for _, a := range c.Assigns {
			if a.Value != nil {
				x.word(*a.Value, s, step)
			}
		}
		for _, w := range c.Words {
			x.word(w, s, step)
		}
		for _, r := range c.Redirects {
			if r.Target != nil {
				x.word(*r.Target, s, step)
			}
		}
	}
	for _, l := range script.Loops {
		for _, w := range l.Items {
			x.word(w, s, step)
		}
	}
}

func (x *index) word(w shell.Word, s *analyzer.Stage, step *analyzer.Step) {
	if w.Inexact {
		return
	}
	for _, p := range w.Parts {
		if p.Kind != shell.Parameter {
			continue
		}
		text := x.build.File.Text(p.Span)
		at := strings.IndexByte(text, '$') + 1
		if strings.HasPrefix(text[at:], "{") {
			at++
		}
		if at > 0 && strings.HasPrefix(text[at:], p.Text) {
			x.variable(p.Text, source.Span{Start: p.Span.Start + at, End: p.Span.Start + at + len(p.Text)}, s, step)
		}
		if p.Arg != nil {
			x.word(*p.Arg, s, step)
		}
	}
}

// nameAt gives the name at an offset; the end of a name belongs to it.
func (a *analysis) nameAt(offset int) (found name, ok bool) {
	for _, n := range a.names {
		if n.span.Start <= offset && offset <= n.span.End {
			return n, true
		}
	}
	return found, false
}

// same are all places of the thing that n names.
func (a *analysis) same(n name) []name {
	var list []name
	for _, other := range a.names {
		if other.group == n.group {
			list = append(list, other)
		}
	}
	return list
}

package lsp

import (
	"maps"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// document reads the file as far as it can be read: all of it, or else what stands before the line of a number. nil when neither can.
func (v *view) document(number int) *dockerfile.Document {
	if doc, err := dockerfile.Parse(v.file); err == nil {
		return doc
	}
	above := source.Span{End: v.file.LineWithEnding(number).Start}
	if doc, err := dockerfile.Parse(source.New(v.file.Name(), []byte(v.file.Text(above)))); err == nil {
		return doc
	}
	return nil
}

// scope is what is set at a place: names with where they come from.
type scope struct {
	values map[string]string // value by name of ARG and ENV, as far as it is known
	detail map[string]string
	args   map[string]bool // ARGs, which a running container does not have
	names  []string        // in the order of the file
}

func (s *scope) clone() *scope {
	return &scope{maps.Clone(s.values), maps.Clone(s.detail), maps.Clone(s.args), slices.Clone(s.names)}
}

func newScope() *scope {
	return &scope{map[string]string{}, map[string]string{}, map[string]bool{}, nil}
}

func (s *scope) set(name, detail string, arg bool) {
	if s.detail[name] == "" {
		s.names = append(s.names, name)
	}
	s.detail[name] = detail
	if s.args[name] = arg; arg {
		return
	}
	delete(s.args, name)
}

// platformArgs are set by BuildKit for FROM, and for stages that declare them.
// https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
var platformArgs = []string{
	"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT",
}

// scopeAt gives what is set where the instruction that holds offset begins, and that instruction: nil for one that can't be read.
func scopeAt(doc *dockerfile.Document, offset int) (*scope, *dockerfile.Instruction) {
	global, stages := newScope(), map[string]*scope{}
	var stage *scope
	for _, in := range doc.Instructions {
		if in.Span.Start > offset {
			break
		}
		if in.Span.End >= offset {
			if stage == nil || in.Keyword == "FROM" {
				return global.forFrom(), in
			}
			return stage, in
		}
		switch {
		case in.Keyword == "FROM":
			stage = scopeOf(in, global, stages, doc.Escape)
		case in.Keyword == "ARG" && stage == nil:
			global.pairs(in, doc)
		case stage != nil:
			stage.pairs(in, doc)
		}
	}
	if stage == nil {
		return global.forFrom(), nil
	}
	return stage, nil
}

func (s *scope) forFrom() *scope {
	for _, name := range platformArgs {
		s.set(name, "set by BuildKit", true)
	}
	return s
}

// scopeOf is what a stage begins with: what its base stage has, or the ENV of its base image.
func scopeOf(from *dockerfile.Instruction, global *scope, stages map[string]*scope, escape byte) *scope {
	s := newScope()
	if len(from.Args) == 0 {
		return s
	}
	base := env.Expand(from.Args[0].Value, escape, func(name string) env.Value {
		if value, ok := global.values[name]; ok {
			return env.Of(value)
		}
		return env.Doubtful()
	})
	if parent := stages[strings.ToLower(from.Args[0].Value)]; parent != nil {
		s = parent.clone()
	} else if base.IsKnown() {
		facts := image.Lookup(base.Text)
		for _, name := range slices.Sorted(maps.Keys(facts.Env)) {
			s.set(name, facts.Env[name]+" (of the base image)", false)
		}
		for _, name := range slices.Sorted(maps.Keys(facts.EnvDoubtful)) {
			s.set(name, "of the base image", false)
		}
	}
	if len(from.Args) == 3 {
		stages[strings.ToLower(from.Args[2].Value)] = s
	}
	return s
}

// pairs takes what an ARG or ENV sets.
func (s *scope) pairs(in *dockerfile.Instruction, doc *dockerfile.Document) {
	if in.Keyword != "ARG" && in.Keyword != "ENV" {
		return
	}
	for _, p := range in.Pairs {
		s.set(p.Key, in.Keyword+" "+doc.File.Text(p.Span), in.Keyword == "ARG")
		value := env.Expand(p.Value, doc.Escape, func(name string) env.Value {
			if value, ok := s.values[name]; ok {
				return env.Of(value)
			}
			return env.Doubtful()
		})
		if p.HasValue && value.IsKnown() {
			s.values[p.Key] = value.Text
		}
	}
}

var (
	atStart     = pattern.New(`(?i)^\s*(?:ONBUILD\s+)?(?:CMD|ENTRYPOINT|HEALTHCHECK)\s`)
	notExpanded = pattern.New(`(?i)^\s*(?:ONBUILD\s+)?(?:RUN|CMD|ENTRYPOINT|SHELL)\s+(?:--\S+\s+)*\[`)
	shellCode   = pattern.New(`(?i)^\s*(?:ONBUILD\s+)?(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)\s`)
	shellSets   = pattern.New("(?:^|[\\s;&|(`{])(?:for\\s+([A-Za-z_]\\w*)\\s+in\\b|read\\s+(?:-\\w+\\s+)*([A-Za-z_]\\w*)|([A-Za-z_]\\w*)=)")
)

// variables proposes what is set before the instruction: by ARG and ENV of the stage and of those that it is built from, by the base
// image, and by the shell code in front of the cursor. What starts in a container sees no ARG, and the JSON form expands nothing.
func (p *proposals) variables(number int) {
	doc := p.document(number)
	if doc == nil {
		return
	}
	scope, in := scopeAt(doc, p.span.Start)
	text := p.before(number, p.span.Start)
	if in != nil {
		text = p.file.Text(source.Span{Start: in.Span.Start, End: p.span.Start})
	}
	if notExpanded.MatchString(text) {
		return
	}
	if shellCode.MatchString(text) {
		for _, m := range shellSets.FindAllStringSubmatch(text, -1) {
			if name := m[1] + m[2] + m[3]; name != "" {
				p.add(name, completionVariable, "set by the shell")
			}
		}
	}
	for _, name := range slices.Backward(scope.names) {
		if scope.args[name] && atStart.MatchString(text) {
			continue
		}
		p.add(name, completionVariable, scope.detail[name])
	}
}

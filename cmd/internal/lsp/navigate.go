package lsp

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// here gives the name at the position that a request is about.
func (v *view) here(ctx context.Context) (*analysis, name, bool, error) {
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, name{}, false, err
	}
	n, ok := a.nameAt(v.encoding.offset(v.file, v.params.Position))
	return a, n, ok, nil
}

func (v *view) locations(names []name) []Location {
	list := []Location{}
	for _, n := range names {
		list = append(list, Location{v.uri, v.encoding.rangeOf(v.file, n.span)})
	}
	return list
}

func definition(ctx context.Context, v *view) (any, error) {
	a, n, ok, err := v.here(ctx)
	if err != nil {
		return nil, err
	}
	if !ok {
		if target, found := v.fileAt(a); found {
			return []Location{{URI: target}}, nil
		}
		return nil, nil
	}
	return v.locations(a.definitions(n)), nil
}

// definitions are where the thing gets its meaning for the place n: the last definition above it in its chain of stages, and the
// global ARG that a bare ARG takes its value from; failing these, every definition.
func (a *analysis) definitions(n name) []name {
	var all, near []name
	chain := n.stage.Chain()
	for _, other := range a.same(n) {
		if !other.def {
			continue
		}
		all = append(all, other)
		inChain := other.stage == nil && n.stage == nil || other.stage != nil && slices.Contains(chain, other.stage)
		if n.kind == variableName && inChain && other.span.Start <= n.span.Start {
			near = []name{other}
		}
	}
	if len(near) == 0 {
		return all
	}
	if p := near[0].pair; p != nil && !p.HasValue && near[0].stage != nil {
		for _, other := range all {
			if other.stage == nil {
				near = append(near, other)
			}
		}
	}
	return near
}

func references(ctx context.Context, v *view) (any, error) {
	a, n, ok, err := v.here(ctx)
	if err != nil {
		return nil, err
	}
	if !ok {
		return v.fileReferences(a)
	}
	list := []name{}
	for _, n := range a.same(n) {
		if !n.def || v.params.Context.IncludeDeclaration {
			list = append(list, n)
		}
	}
	found := v.locations(list)
	if n.kind == stageName && v.host == nil {
		for _, b := range v.linter.Named(v.path, nil) {
			if b.Dockerfile == v.path && strings.EqualFold(b.Target, n.text) {
				line := Position{Line: b.Line - 1}
				found = append(found, Location{uriOf(b.File), Range{line, line}})
			}
		}
	}
	return found, nil
}

// fileReferences are the places that name the same file as that at the request's position.
func (v *view) fileReferences(a *analysis) (any, error) {
	target, ok := v.fileAt(a)
	if !ok {
		return nil, nil
	}
	list := []Location{}
	for _, l := range a.links(v.snapshot) {
		if l.target == target {
			list = append(list, Location{v.uri, v.encoding.rangeOf(v.file, l.span)})
		}
	}
	return list, nil
}

func prepareRename(ctx context.Context, v *view) (any, error) {
	a, n, ok, err := v.here(ctx)
	if err != nil || !ok {
		return nil, err
	}
	if err := v.renamable(a, n); err != nil {
		return nil, err
	}
	return map[string]any{"range": v.encoding.rangeOf(v.file, n.span), "placeholder": n.text}, nil
}

var (
	// https://docs.docker.com/reference/dockerfile/#from: BuildKit compares names in lower case.
	validStage    = pattern.New(`^[a-zA-Z][a-zA-Z0-9_.-]*$`)
	validVariable = pattern.New(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
	// meaningful are variables that programs read: under another name they do something else.
	meaningful = pattern.New(`^(PATH|HOME|LANG|LC_.*|TZ|DEBIAN_FRONTEND|(?i:[a-z]+_proxy)|(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)|SOURCE_DATE_EPOCH|BUILDKIT_.*|(PIP|PYTHON|UV|POETRY|PDM|PIPENV|CONDA|LD|VIRTUAL_ENV).*)$`)
)

// renamable says why the thing that n names can't be renamed.
func (v *view) renamable(a *analysis, n name) error {
	all := a.same(n)
	switch {
	case !slices.ContainsFunc(all, func(n name) bool { return n.def }):
		return failf(codeRequestFailed, "%s is not defined in this file", n.text)
	case n.kind == stageName:
		return nil
	case meaningful.MatchString(n.text):
		return failf(codeRequestFailed, "%s means something to programs under this name", n.text)
	}
	known := map[int]bool{}
	for _, other := range a.names {
		if other.text == n.text {
			known[other.span.Start] = true
		}
	}
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(n.text) + `\b`)
	for _, in := range a.result.Build.Doc.Instructions {
		text := v.file.Text(in.Span)
		runs := in.Keyword == "RUN" || in.Keyword == "CMD" || in.Keyword == "ENTRYPOINT" || in.Keyword == "HEALTHCHECK" || in.Keyword == "ONBUILD"
		for _, at := range word.FindAllStringIndex(text, -1) {
			offset := in.Span.Start + at[0]
			// Code may mention a variable without a dollar sign; elsewhere the name is a variable only behind one.
			before := text[:at[0]]
			dollar := strings.HasSuffix(before, "$") || strings.HasSuffix(before, "${")
			if known[offset] || !runs && !dollar {
				continue
			}
			return failf(codeRequestFailed, "line %d mentions %s in a way that can't be renamed with certainty", v.file.LineOf(offset), n.text)
		}
	}
	return nil
}

func rename(ctx context.Context, v *view) (any, error) {
	a, n, ok, err := v.here(ctx)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, failf(codeRequestFailed, "there is no stage or variable to rename here")
	}
	if err := v.renamable(a, n); err != nil {
		return nil, err
	}
	valid, what := validVariable, "variable"
	if n.kind == stageName {
		valid, what = validStage, "stage"
	}
	fresh := v.params.NewName
	if !valid.MatchString(fresh) {
		return nil, failf(codeInvalidParams, "%q is not a valid name for a %s", fresh, what)
	}
	if err := v.free(a, n, fresh, what); err != nil {
		return nil, err
	}
	b := v.edit()
	for _, other := range a.same(n) {
		if !other.fixed {
			b.add(v.uri, false, TextEdit{v.encoding.rangeOf(v.file, other.span), fresh})
		}
	}
	return b.build(), nil
}

// free says why the new name of what n names means something already.
func (v *view) free(a *analysis, n name, fresh, what string) error {
	for _, other := range a.names {
		taken := other.text == fresh || n.kind == stageName && strings.EqualFold(other.text, fresh)
		if other.kind == n.kind && other.group != n.group && taken {
			return failf(codeRequestFailed, "there is a %s %s already", what, other.text)
		}
	}
	if n.kind == variableName {
		for _, s := range a.result.Build.Stages {
			if s.After.Lookup(fresh).Kind == env.Known {
				return failf(codeRequestFailed, "%s is set in %s already", fresh, s.Label())
			}
		}
		return nil
	}
	// https://docs.docker.com/reference/dockerfile/#from: scratch is no image, and a stage hides an image of its name.
	if strings.EqualFold(fresh, "scratch") || strings.EqualFold(fresh, "context") {
		return failf(codeRequestFailed, "%s means something to Docker", fresh)
	}
	for _, s := range a.result.Build.Stages {
		if s.Name != "" && strings.EqualFold(s.Name, fresh) && stageGroup(s) != n.group {
			return failf(codeRequestFailed, "there is a stage %s already", s.Name)
		}
		for _, f := range s.Flows() {
			if f.From == nil && f.Image.IsKnown() && strings.EqualFold(f.Image.Text, fresh) {
				return failf(codeRequestFailed, "line %d takes an image of that name", v.file.LineOf(s.From.Span.Start))
			}
		}
	}
	return nil
}

// fileAt is the file that the place at the request's position names.
func (v *view) fileAt(a *analysis) (uri string, ok bool) {
	offset := v.encoding.offset(v.file, v.params.Position)
	for _, l := range a.links(v.snapshot) {
		if l.span.Contains(source.Span{Start: offset, End: offset}) && strings.HasPrefix(l.target, "file:") {
			return l.target, true
		}
	}
	return "", false
}

package lsp

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes/extract"
	"github.com/pylint-docker/pylint-docker/rules"
)

// The kinds of code actions.
const (
	kindQuickFix = "quickfix"
	kindRewrite  = "refactor.rewrite"
	kindFixAll   = "source.fixAll.pylint-docker"
)

var actionKinds = []string{kindQuickFix, kindRewrite, kindFixAll}

func codeActions(ctx context.Context, v *view) (any, error) {
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	list := []CodeAction{}
	span := v.encoding.span(v.file, v.params.Range)
	if v.wants(kindQuickFix) {
		list = append(list, v.quickFixes(a, span)...)
	}
	if v.wants(kindRewrite) {
		list = append(list, v.multiStage(a, span)...)
		list = append(list, v.extractBase(a, span)...)
	}
	if v.wants(kindFixAll) {
		// An editor asks at each move of the cursor.
		v.fixOnce.Do(func() { v.fixed, v.fixErr = v.fixAll(a) })
		if v.fixErr != nil {
			return nil, v.fixErr
		}
		if v.fixed != nil {
			list = append(list, *v.fixed)
		}
	}
	return list, nil
}

// wants tells whether the client asks for actions of a kind: of it, or of one that it is a part of.
func (v *view) wants(kind string) bool {
	only := v.params.Context.Only
	return len(only) == 0 || slices.ContainsFunc(only, func(o string) bool {
		return o == "" || o == kind || strings.HasPrefix(kind, o+".")
	})
}

// quickFixes are the fix of each finding and, after all of them, the ignore comments.
func (v *view) quickFixes(a *analysis, span source.Span) []CodeAction {
	var list, ignores []CodeAction
	for _, d := range a.touching(span) {
		if action, ok := v.quickFix(a, d); ok {
			list = append(list, action)
		}
		if action, ok := v.ignore(a, d); ok {
			same := func(other CodeAction) bool { return other.Title == action.Title }
			if !slices.ContainsFunc(ignores, same) {
				ignores = append(ignores, action)
			}
		}
	}
	return append(list, ignores...)
}

// shown is the finding as the client has it.
func (v *view) shown(a *analysis, d analyzer.Diagnostic) []Diagnostic {
	shown, ok := a.convert(v.snapshot, v.client, d)
	if !ok || d.Path != "" {
		return nil
	}
	return []Diagnostic{shown}
}

func (v *view) quickFix(a *analysis, d analyzer.Diagnostic) (action CodeAction, ok bool) {
	if d.Fix == nil || len(d.Fix.Edits) == 0 {
		return action, false
	}
	edit := v.edit()
	if !edit.fix(a, d.Fix.Edits) {
		return action, false
	}
	return CodeAction{
		Title: marked(d.Fix.Title, d.Fix.Safety), Kind: kindQuickFix, Diagnostics: v.shown(a, d), IsPreferred: d.Fix.Safety == analyzer.Safe, Edit: edit.build(),
	}, true
}

// ignore adds an ignore comment above the instruction of a finding. Findings of the machinery itself (syntax,
// malformed and unused comments) are not for ignoring.
func (v *view) ignore(a *analysis, d analyzer.Diagnostic) (action CodeAction, ok bool) {
	if d.Path != "" || a.result.Build == nil || d.Rule.Check == nil {
		return action, false
	}
	edit, ok := rules.AddIgnore(a.result.Build.Doc, d.Span.Start, d.Rule)
	if !ok {
		return action, false
	}
	b := v.edit()
	b.fix(a, []analyzer.Edit{edit})
	return CodeAction{Title: "Ignore " + d.Rule.Code + " here", Kind: kindQuickFix, Diagnostics: v.shown(a, d), Edit: b.build()}, true
}

// fixAll applies all safe fixes, as `check --fix` does; nil when there are none.
func (v *view) fixAll(a *analysis) (*CodeAction, error) {
	fixable := func(d analyzer.Diagnostic) bool { return d.Fix != nil && d.Fix.Safety == analyzer.Safe }
	if !slices.ContainsFunc(a.result.Diagnostics, fixable) {
		return nil, nil
	}
	unit, err := v.open()
	if err != nil {
		return nil, failf(codeRequestFailed, "%v", err)
	}
	defer unit.Close()
	before := unit.Files()
	fixed, err := unit.Loop(analyzer.Safe)
	if err != nil {
		return nil, failf(codeRequestFailed, "%v", err)
	}
	b := v.edit()
	for _, path := range slices.Sorted(maps.Keys(fixed.Files.Others)) {
		after := fixed.Files.Others[path]
		file := unit.Source(path, before)
		if file == nil || string(file.Bytes()) != string(after) {
			b.replace(a.uri(path), file, after)
		}
	}
	b.replace(v.uri, v.file, fixed.Files.Dockerfile)
	if len(b.changes) == 0 {
		return nil, nil
	}
	return &CodeAction{Title: "Fix all safely fixable problems", Kind: kindFixAll, Edit: b.build()}, nil
}

// marked says in the title of an action what its fix is when it is not safe.
func marked(title string, safety analyzer.Safety) string {
	if safety == analyzer.Safe {
		return title
	}
	return title + " (" + safety.String() + ")"
}

// multiStage offers to split the build, at the finding that asks for it and at the FROM of what it is about. The quick fix of the
// finding does the same; this is where an editor's refactoring menu and commands look. A menu of everything shows it once.
func (v *view) multiStage(a *analysis, span source.Span) []CodeAction {
	for _, d := range a.result.Diagnostics {
		if d.Rule != rules.SingleStageBuild || d.Path != "" || v.wants(kindQuickFix) && touches(d.Span, span) {
			continue
		}
		places := []source.Span{d.Span}
		for _, r := range d.Related {
			if r.Path == "" {
				places = append(places, r.Span)
			}
		}
		for _, s := range a.result.Build.Target.Chain() {
			places = append(places, s.From.Span)
		}
		if !slices.ContainsFunc(places, func(p source.Span) bool { return touches(p, span) }) {
			continue
		}
		if action, ok := v.quickFix(a, d); ok {
			action.Title, action.Kind, action.IsPreferred = marked("Convert to a multi-stage build", d.Fix.Safety), kindRewrite, false
			return []CodeAction{action}
		}
	}
	return nil
}

// extractBase offers to extract what stages share, where the span touches one of these stages' shared instructions.
func (v *view) extractBase(a *analysis, span source.Span) []CodeAction {
	build := a.result.Build
	if build == nil {
		return nil
	}
	for i, first := range build.Stages {
		group := []*analyzer.Stage{first}
		for _, s := range build.Stages[i+1:] {
			if s.Base == nil && first.Base == nil && s.BaseText == first.BaseText {
				group = append(group, s)
			}
		}
		shared, ok := extract.FindShared(build, group...)
		for _, s := range group[1:] {
			if ok {
				break
			}
			shared, ok = extract.FindShared(build, first, s)
		}
		if !ok || !concerns(shared, span) {
			continue
		}
		fix, _ := extract.Base(build, shared)
		if fix == nil {
			continue
		}
		title := marked("Extract the shared runtime into a base stage", fix.Safety)
		b := v.edit()
		if b.fix(a, fix.Edits) {
			return []CodeAction{{Title: title, Kind: kindRewrite, Edit: b.build()}}
		}
	}
	return nil
}

// touches tells whether two spans share a place; being next to each other is enough.
func touches(a, b source.Span) bool { return a.Start <= b.End && b.Start <= a.End }

func concerns(shared extract.Shared, span source.Span) bool {
	for i, stage := range shared.Stages {
		inside := func(s *analyzer.Step) bool { return touches(s.Instruction.Span, span) }
		if touches(stage.From.Span, span) || slices.ContainsFunc(shared.Steps[i], inside) {
			return true
		}
	}
	return false
}

package lsp

import (
	"context"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// CallHierarchyItem is a stage, which "calls" those that it is built from and takes files of.
type CallHierarchyItem struct {
	DocumentSymbol

	URI string `json:"uri"`
}

func prepareCalls(ctx context.Context, v *view) (any, error) {
	a, s, err := v.stageHere(ctx)
	if err != nil || s == nil {
		return nil, err
	}
	return []CallHierarchyItem{v.callItem(a.result.Build, s)}, nil
}

func incomingCalls(ctx context.Context, v *view) (any, error) {
	return v.calls(ctx, "from", func(here, other *analyzer.Stage, n name) bool { return n.stage == other && n.group == stageGroup(here) })
}

func outgoingCalls(ctx context.Context, v *view) (any, error) {
	return v.calls(ctx, "to", func(here, other *analyzer.Stage, n name) bool { return n.stage == here && n.group == stageGroup(other) })
}

// calls are the other stages with the places that match; as is what each is to the one at the request's position.
func (v *view) calls(ctx context.Context, as string, match func(here, other *analyzer.Stage, n name) bool) (any, error) {
	list := []map[string]any{}
	a, here, err := v.stageHere(ctx)
	if err != nil || here == nil {
		return list, err
	}
	for _, other := range a.result.Build.Stages {
		var ranges []Range
		for _, n := range a.names {
			if n.kind == stageName && !n.def && match(here, other, n) {
				ranges = append(ranges, v.encoding.rangeOf(v.file, n.span))
			}
		}
		if ranges != nil {
			list = append(list, map[string]any{as: v.callItem(a.result.Build, other), "fromRanges": ranges})
		}
	}
	return list, nil
}

// stageHere is the stage that is named at the request's position, or else the one that it is in.
func (v *view) stageHere(ctx context.Context) (*analysis, *analyzer.Stage, error) {
	a, n, named, err := v.here(ctx)
	if err != nil || a.result.Build == nil {
		return nil, nil, err
	}
	var found *analyzer.Stage
	offset := v.encoding.offset(v.file, v.params.Position)
	for _, s := range a.result.Build.Stages {
		if named && n.kind == stageName {
			if stageGroup(s) == n.group {
				return a, s, nil
			}
		} else if s.From.Span.Start <= offset {
			found = s
		}
	}
	return a, found, nil
}

func (v *view) callItem(b *analyzer.Build, s *analyzer.Stage) CallHierarchyItem {
	item := CallHierarchyItem{v.stageSymbol(b, s.Index, s), v.uri}
	item.Children = nil
	return item
}

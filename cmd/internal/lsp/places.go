package lsp

import (
	"context"
	"encoding/json"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// Highlight is a place that means the same as that of the cursor.
type Highlight struct {
	Range Range `json:"range"`
	Kind  int   `json:"kind"`
}

const (
	highlightText  = 1
	highlightRead  = 2
	highlightWrite = 3
)

// documentHighlight marks all places of a stage, a variable or a file.
func documentHighlight(ctx context.Context, v *view) (any, error) {
	a, n, ok, err := v.here(ctx)
	if err != nil {
		return nil, err
	}
	list := []Highlight{}
	if ok {
		for _, other := range a.same(n) {
			kind := highlightRead
			if other.def {
				kind = highlightWrite
			}
			list = append(list, Highlight{v.encoding.rangeOf(v.file, other.span), kind})
		}
		return list, nil
	}
	if target, ok := v.fileAt(a); ok {
		for _, l := range a.links(v.snapshot) {
			if l.target == target {
				list = append(list, Highlight{v.encoding.rangeOf(v.file, l.span), highlightText})
			}
		}
	}
	return list, nil
}

// linkedEditing gives the places of a stage's name, which change together.
func linkedEditing(ctx context.Context, v *view) (any, error) {
	a, n, ok, err := v.here(ctx)
	if err != nil || !ok || n.kind != stageName || n.fixed {
		return nil, err
	}
	ranges := []Range{}
	for _, other := range a.same(n) {
		switch {
		case other.fixed:
		case other.text != n.text:
			return nil, nil // BuildKit takes Builder for builder, an editor does not
		default:
			ranges = append(ranges, v.encoding.rangeOf(v.file, other.span))
		}
	}
	if len(ranges) < 2 {
		return nil, nil
	}
	return map[string]any{"ranges": ranges, "wordPattern": `[a-zA-Z][a-zA-Z0-9_.\-]*`}, nil
}

// SelectionRange is a place with what is around it.
type SelectionRange struct {
	Range  Range           `json:"range"`
	Parent *SelectionRange `json:"parent,omitempty"`
}

// selectionRanges grow from a word to an argument, a command, an instruction, a stage and the file.
func selectionRanges(ctx context.Context, v *view) (any, error) {
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	list := []SelectionRange{}
	for _, p := range v.params.Positions {
		offset := v.encoding.offset(v.file, p)
		list = append(list, *v.selection(a.around(v.file, offset), offset))
	}
	return list, nil
}

// selection nests the spans that hold an offset, the smallest first.
func (v *view) selection(spans []source.Span, offset int) *SelectionRange {
	at := source.Span{Start: offset, End: offset}
	sort.SliceStable(spans, func(i, j int) bool { return spans[i].Len() < spans[j].Len() })
	var inner, outer *SelectionRange
	last := source.Span{Start: offset, End: offset}
	for _, s := range spans {
		if !s.Contains(at) || inner != nil && (s == last || !s.Contains(last)) {
			continue
		}
		next := &SelectionRange{Range: v.encoding.rangeOf(v.file, s)}
		if inner == nil {
			inner = next
		} else {
			outer.Parent = next
		}
		outer, last = next, s
	}
	return inner
}

// around are all spans of a file that somebody may want to select, those of other instructions aside.
func (a *analysis) around(file *source.File, offset int) []source.Span {
	spans := []source.Span{{End: file.Len()}, wordAt(file, offset)}
	b := a.result.Build
	if b == nil {
		return append(spans, file.Line(file.LineOf(offset)))
	}
	for i := range b.Stages {
		spans = append(spans, stageSpan(b, i))
	}
	for _, c := range b.Doc.Comments {
		spans = append(spans, c.Span)
	}
	in := b.Doc.InstructionAt(offset)
	if in == nil {
		return spans
	}
	spans = append(spans, in.Span, in.Body, in.KeywordSpan)
	if len(in.Leading) > 0 {
		spans = append(spans, in.Leading[0].Span.Join(in.Span))
	}
	for _, f := range in.Flags {
		spans = append(spans, f.Span, f.ValueSpan)
	}
	for _, arg := range in.Args {
		spans = append(spans, arg.Span)
	}
	for _, p := range in.Pairs {
		spans = append(spans, p.Span, p.KeySpan, p.ValueSpan)
	}
	for _, h := range in.Heredocs {
		spans = append(spans, h.Body)
	}
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Instruction != in {
				continue
			}
			for _, c := range step.Commands {
				spans = append(spans, c.Shell.Span)
				for _, w := range c.Shell.Words {
					spans = append(spans, w.Span)
				}
			}
		}
	}
	return spans
}

// wordAt is the run of letters, digits, dots and hyphens around an offset.
func wordAt(file *source.File, offset int) source.Span {
	part := func(c byte) bool {
		return c == '_' || c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
	}
	s, content := source.Span{Start: offset, End: offset}, file.Bytes()
	for s.Start > 0 && part(content[s.Start-1]) {
		s.Start--
	}
	for s.End < len(content) && part(content[s.End]) {
		s.End++
	}
	return s
}

// maxSymbols bounds how many symbols of the workspace are given, maxSymbolFiles how many files are looked into.
const (
	maxSymbols     = 200
	maxSymbolFiles = 2000
)

// workspaceSymbols finds stages in all Dockerfiles of the workspace by a part of their name.
func (s *Server) workspaceSymbols(ctx context.Context, raw json.RawMessage) (any, error) {
	p, err := parse[struct {
		Query string `json:"query"`
	}](raw)
	if err != nil {
		return nil, err
	}
	y, open := s.opened()
	if y == nil {
		return nil, context.Canceled
	}
	list := []SymbolInformation{}
	add := func(uri string, file *source.File) {
		doc, err := dockerfile.Parse(file)
		if err != nil {
			return
		}
		for _, in := range doc.Instructions {
			if in.Keyword != "FROM" || len(in.Args) != 3 || len(list) >= maxSymbols {
				continue
			}
			if name := in.Args[2]; strings.Contains(strings.ToLower(name.Value), strings.ToLower(p.Query)) {
				list = append(list, SymbolInformation{
					Name: name.Value, Kind: symbolModule, Location: Location{uri, y.encoding.rangeOf(file, name.Span)}, ContainerName: in.Args[0].Value,
				})
			}
		}
	}
	seen := map[string]bool{}
	for _, o := range open {
		seen[o.path] = true
		add(o.uri, o.file)
	}
	for i, folder := range y.folders {
		files, _ := discover.Files([]string{folder}, y.linters[i].Excluded)
		for _, f := range files[:min(len(files), maxSymbolFiles)] {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if seen[f.Path] {
				continue
			}
			seen[f.Path] = true
			if content, err := lint.ReadFile(f.Path); err == nil {
				add(uriOf(f.Path), source.New(f.Path, content))
			}
		}
	}
	return list, nil
}

// opened asks the owner of the documents what the workspace is and which Dockerfiles are open; nil when the conversation is over.
func (s *Server) opened() (y *survey, open []*snapshot) {
	ready := make(chan struct{})
	go s.do(func() {
		y = s.survey()
		for _, d := range s.documents {
			if d.lints {
				open = append(open, d.snapshot)
			}
		}
		close(ready)
	})
	select {
	case <-ready:
		sort.Slice(open, func(i, j int) bool { return open[i].uri < open[j].uri })
		return y, open
	case <-s.done:
		return nil, nil
	}
}

// maxUsers bounds how many Dockerfiles are asked whether they use a file.
const maxUsers = 200

// fileUses are the places in the Dockerfiles of the workspace that name a file which is none: requirements, a project's metadata, sources.
func (s *Server) fileUses(ctx context.Context, uri string) (any, error) {
	y, open := s.opened()
	if y == nil {
		return nil, context.Canceled
	}
	list, seen := []Location{}, map[string]bool{}
	ask := func(sn *snapshot) error {
		seen[sn.path] = true
		a, err := sn.analyse(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return nil // a broken configuration is shown where the Dockerfile is open
		}
		sn.asking.Lock()
		defer sn.asking.Unlock()
		for _, l := range a.links(sn) {
			if l.target == uri {
				list = append(list, Location{sn.uri, sn.encoding.rangeOf(sn.file, l.span)})
			}
		}
		return nil
	}
	for _, sn := range open {
		if err := ask(sn); err != nil {
			return nil, err
		}
	}
	for i, folder := range y.folders {
		files, _ := discover.Files([]string{folder}, y.linters[i].Excluded)
		for _, f := range files[:min(len(files), maxUsers)] {
			if seen[f.Path] {
				continue
			}
			sn, ok := y.snapshot(f.Path, y.linters[i])
			if !ok {
				continue
			}
			if err := ask(sn); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

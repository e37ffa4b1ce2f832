package lsp

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func documentSymbols(ctx context.Context, v *view) (any, error) {
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	tree := []DocumentSymbol{}
	if b := a.result.Build; b != nil {
		for i, s := range b.Stages {
			tree = append(tree, v.stageSymbol(b, i, s))
		}
	}
	if v.client.symbolTree {
		return tree, nil
	}
	flat := []SymbolInformation{}
	for _, s := range tree {
		flat = append(flat, SymbolInformation{Name: s.Name, Kind: s.Kind, Location: Location{v.uri, s.Range}})
		for _, c := range s.Children {
			flat = append(flat, SymbolInformation{Name: c.Name, Kind: c.Kind, Location: Location{v.uri, c.Range}, ContainerName: s.Name})
		}
	}
	return flat, nil
}

// stageSpan is a stage from its FROM to the end of its last instruction.
func stageSpan(b *analyzer.Build, i int) source.Span {
	span := b.Stages[i].From.Span
	for _, in := range b.Doc.Instructions {
		if in.Span.Start < span.Start {
			continue
		}
		if i+1 < len(b.Stages) && in.Span.Start >= b.Stages[i+1].From.Span.Start {
			break
		}
		span.End = max(span.End, in.Span.End)
	}
	return span
}

func (v *view) stageSymbol(b *analyzer.Build, i int, s *analyzer.Stage) DocumentSymbol {
	selection := s.From.Span
	if len(s.From.Args) > 0 {
		selection = s.From.Args[len(s.From.Args)-1].Span
	}
	symbol := DocumentSymbol{
		Name: s.Label(), Kind: symbolModule, Detail: v.file.Text(s.From.Body),
		Range: v.encoding.rangeOf(v.file, stageSpan(b, i)), SelectionRange: v.encoding.rangeOf(v.file, selection),
	}
	for _, step := range s.Steps {
		in := step.Instruction
		if in.Span.Start < s.From.Span.Start {
			continue // a trigger of the base stage
		}
		switch in.Keyword {
		case "ARG", "ENV":
			for _, p := range in.Pairs {
				kind := symbolVariable
				if in.Keyword == "ENV" {
					kind = symbolConstant
				}
				symbol.Children = append(symbol.Children, DocumentSymbol{
					Name: p.Key, Kind: kind, Detail: in.Keyword,
					Range: v.encoding.rangeOf(v.file, p.Span), SelectionRange: v.encoding.rangeOf(v.file, p.KeySpan),
				})
			}
		case "CMD", "ENTRYPOINT":
			symbol.Children = append(symbol.Children, DocumentSymbol{
				Name: in.Keyword, Kind: symbolFunction, Detail: v.file.Text(in.Body),
				Range: v.encoding.rangeOf(v.file, in.Span), SelectionRange: v.encoding.rangeOf(v.file, in.KeywordSpan),
			})
		}
	}
	return symbol
}

func foldingRanges(ctx context.Context, v *view) (any, error) {
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	list := []FoldingRange{}
	b := a.result.Build
	if b == nil {
		return list, nil
	}
	add := func(span source.Span, kind string) {
		lines := v.encoding.rangeOf(v.file, span)
		first, last := lines.Start.Line, lines.End.Line
		if last > first {
			list = append(list, FoldingRange{first, last, kind})
		}
	}
	for i := range b.Stages {
		add(stageSpan(b, i), "region")
	}
	for _, in := range b.Doc.Instructions {
		add(in.Span, "")
		for _, h := range in.Heredocs {
			if v.file.LineOf(h.Body.Start) > v.file.LineOf(in.Span.Start)+1 {
				add(h.Body.Join(h.Terminator), "") // the first one folds with its instruction
			}
		}
	}
	comments := b.Doc.Comments
	for i := 0; i < len(comments); {
		j := i + 1
		for j < len(comments) && v.file.LineOf(comments[j].Span.Start) == v.file.LineOf(comments[j-1].Span.Start)+1 {
			j++
		}
		add(comments[i].Span.Join(comments[j-1].Span), "comment")
		i = j
	}
	return list, nil
}

// link is a place that names something which can be opened.
type link struct {
	span    source.Span
	target  string
	tooltip string
}

func documentLinks(ctx context.Context, v *view) (any, error) {
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	list := []DocumentLink{}
	for _, l := range a.links(v.snapshot) {
		list = append(list, DocumentLink{v.encoding.rangeOf(v.file, l.span), l.target, l.tooltip})
	}
	return list, nil
}

// links are the files of the build context that are copied or installed from, and the pages of images on Docker Hub.
func (a *analysis) links(sn *snapshot) []link {
	var list []link
	b := a.result.Build
	if b == nil {
		return nil
	}
	file := func(span source.Span, path, tooltip string) {
		if a.context == "" || path == "" || !filepath.IsLocal(filepath.FromSlash(path)) {
			return
		}
		absolute := filepath.Join(a.context, filepath.FromSlash(path))
		if info, err := os.Stat(absolute); err == nil && !info.IsDir() {
			list = append(list, link{span, uriOf(absolute), tooltip})
		}
	}
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Instruction.Span.Start < s.From.Span.Start {
				continue
			}
			if c := step.Copy; c != nil && c.FromContext() {
				for _, src := range c.Sources {
					if src.Text.IsKnown() && !src.Heredoc && !src.Remote {
						file(src.Span, strings.TrimPrefix(src.Text.Text, "/"), "copied from the build context")
					}
				}
			}
			for _, c := range step.Commands {
				if c.Install == nil || !c.Shell.Exact {
					continue
				}
				for _, f := range append(c.Install.Files[:len(c.Install.Files):len(c.Install.Files)], c.Install.Constraints...) {
					file(f.Span, f.InContext, "installed from the build context")
				}
			}
		}
	}
	for _, use := range b.Images() {
		ref := use.Facts.Reference
		// The name must be written there; its tag may be a variable.
		written, _, _ := strings.Cut(sn.file.Text(use.Span), ":")
		if page := pageOf(ref); use.Base && page != "" && !strings.Contains(written, "$") && strings.HasPrefix(use.Text, written) {
			list = append(list, link{use.Span, page, ref.Name})
		}
	}
	return list
}

// pageOf is the page of an image, "" where its registry has none for people.
func pageOf(ref image.Reference) string {
	switch ref.Registry {
	case "docker.io":
		if official, ok := strings.CutPrefix(ref.Path, "library/"); ok {
			return "https://hub.docker.com/_/" + official
		}
		return "https://hub.docker.com/r/" + ref.Path
	case "quay.io":
		return "https://quay.io/repository/" + ref.Path
	case "ghcr.io":
		return "https://ghcr.io/" + ref.Path
	case "public.ecr.aws":
		return "https://gallery.ecr.aws/" + ref.Path
	case "mcr.microsoft.com":
		return "https://mcr.microsoft.com/artifact/mar/" + ref.Path
	}
	return ""
}

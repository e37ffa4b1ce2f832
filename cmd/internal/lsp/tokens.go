package lsp

import (
	"context"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// tokenTypes is the legend of semantic tokens: the number of a type is its place here, from 1.
var tokenTypes = []string{"keyword", "comment", "string", "variable", "property", "parameter", "function", "operator", "namespace", "class", "macro"}

const (
	noToken = iota
	tokenKeyword
	tokenComment
	tokenString
	tokenVariable
	tokenProperty
	tokenParameter
	tokenFunction
	tokenOperator
	tokenNamespace
	tokenClass
	tokenMacro
)

// canvas has for each byte of a file the type of its token. What is painted later covers what was there.
type canvas struct {
	file  *source.File
	types []uint8
}

func (c *canvas) paint(s source.Span, kind uint8) {
	for i := max(0, s.Start); i < min(s.End, len(c.types)); i++ {
		c.types[i] = kind
	}
}

// semanticTokens colours a file, the shell code of its commands too.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocument_semanticTokens
func semanticTokens(ctx context.Context, v *view) (any, error) {
	c := &canvas{v.file, make([]uint8, v.file.Len())}
	var guests []*guest
	if v.hosts {
		guests = v.guests()
	} else if err := c.snapshot(ctx, v.snapshot); err != nil {
		return nil, err
	}
	for _, g := range guests {
		inner := &canvas{g.file, make([]uint8, g.file.Len())}
		if err := inner.snapshot(ctx, &g.snapshot); err != nil {
			return nil, err
		}
		for i, offset := range g.at.Offsets() {
			if i < len(inner.types) && offset < len(c.types) {
				c.types[offset] = inner.types[i]
			}
		}
	}
	return map[string]any{"data": c.encoded(v.encoding)}, nil
}

func (c *canvas) snapshot(ctx context.Context, sn *snapshot) error {
	a, err := sn.analyse(ctx)
	if err != nil {
		return err
	}
	sn.asking.Lock()
	defer sn.asking.Unlock()
	if b := a.result.Build; b != nil {
		c.document(b)
		for _, n := range a.names {
			switch {
			case n.kind == stageName:
				c.paint(n.span, tokenNamespace)
			case !n.def:
				c.paint(n.span, tokenVariable)
			}
		}
	}
	return nil
}

func (c *canvas) document(b *analyzer.Build) {
	for _, d := range b.Doc.Directives {
		c.paint(d.Span, tokenMacro)
	}
	scripts := map[*dockerfile.Instruction]*shell.Script{}
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			scripts[step.Instruction] = step.Script
		}
	}
	for _, in := range b.Doc.Instructions {
		c.instruction(b, in, scripts[in])
		for _, comment := range in.Comments {
			c.paint(comment.Span, tokenComment)
		}
	}
	for _, comment := range b.Doc.Comments {
		c.paint(comment.Span, tokenComment)
	}
}

func (c *canvas) instruction(b *analyzer.Build, in *dockerfile.Instruction, script *shell.Script) {
	c.paint(in.KeywordSpan, tokenKeyword)
	for _, p := range in.Pairs {
		c.paint(p.KeySpan, tokenProperty)
		c.paint(p.ValueSpan, tokenString)
	}
	if script == nil {
		if code, span, ok := b.Doc.Shell(in); ok {
			script, _ = shell.Parse(code, span.Start, shell.POSIX)
		}
	}
	switch {
	case in.Keyword == "FROM":
		for i, a := range in.Args {
			c.paint(a.Span, []uint8{tokenClass, tokenKeyword, tokenNamespace}[min(i, 2)])
		}
	case script != nil:
		c.script(script)
	case in.JSON:
		for _, a := range in.Args {
			c.paint(a.Span, tokenString)
		}
	}
	for _, f := range in.Flags {
		c.paint(source.Span{Start: f.Span.Start, End: f.Span.Start + len("--") + len(f.Name)}, tokenParameter)
		c.paint(f.ValueSpan, tokenString)
	}
	for _, h := range in.Heredocs {
		c.paint(h.Marker, tokenMacro)
		c.paint(h.Terminator, tokenMacro)
	}
	if in.Trigger != nil {
		c.instruction(b, in.Trigger, nil)
	}
}

func (c *canvas) script(s *shell.Script) {
	for _, i := range s.Items {
		c.paint(i.OperatorSpan, tokenOperator)
	}
	for _, cmd := range s.Commands {
		for _, a := range cmd.Assigns {
			c.paint(source.Span{Start: a.Span.Start, End: a.Span.Start + len(a.Name)}, tokenProperty)
			if a.Value != nil {
				c.word(*a.Value)
			}
		}
		for i, w := range cmd.Words {
			c.word(w)
			text := c.file.Text(w.Span)
			switch {
			case i == 0:
				c.paint(w.Span, tokenFunction)
			case strings.HasPrefix(text, "-"):
				name, _, _ := strings.Cut(text, "=")
				c.paint(source.Span{Start: w.Span.Start, End: w.Span.Start + len(name)}, tokenParameter)
			}
		}
		for _, r := range cmd.Redirects {
			c.paint(source.Span{Start: r.Span.Start, End: r.Span.Start + len(r.Number) + len(r.Op)}, tokenOperator)
			if r.Target != nil {
				c.word(*r.Target)
			}
		}
	}
}

// word paints what is quoted, and the variables in it.
func (c *canvas) word(w shell.Word) {
	if w.Inexact {
		return
	}
	if text := c.file.Text(w.Span); strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "'") {
		c.paint(w.Span, tokenString)
	}
	for _, p := range w.Parts {
		switch {
		case p.Kind == shell.Parameter:
			c.paint(p.Span, tokenVariable)
		case p.Quoted:
			c.paint(p.Span, tokenString)
		}
	}
}

// encoded are the tokens as the protocol packs them: five numbers each, places relative to the token before. No token spans lines.
func (c *canvas) encoded(e encoding) []int {
	data := []int{}
	last := Position{}
	content := c.file.Bytes()
	for i := 0; i < len(c.types); {
		kind := c.types[i]
		j := i + 1
		for j < len(c.types) && c.types[j] == kind && content[j] != '\n' && content[j] != '\r' && content[j-1] != '\n' && content[j-1] != '\r' {
			j++
		}
		if kind != noToken && strings.TrimSpace(string(content[i:j])) != "" {
			from, to := e.position(c.file, i), e.position(c.file, j)
			if from.Line == to.Line {
				if from.Line != last.Line {
					last.Character = 0
				}
				data = append(data, from.Line-last.Line, from.Character-last.Character, to.Character-from.Character, int(kind)-1, 0)
				last = from
			}
		}
		i = j
	}
	return data
}

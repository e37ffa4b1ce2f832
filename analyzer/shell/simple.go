package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// simple adds a simple command, and those inside its words. It gives false for compound statements.
func (r *reader) simple(stmt *syntax.Stmt, p place) bool {
	cmd := &Command{
		Certain: p.mode == certain, Attempted: p.mode == attempted,
		Piped: p.piped, Subshell: p.subshell, Substitution: p.substitution,
		Function: p.function, User: p.user, Scope: p.scope, ParentScope: p.parent,
		Exact: r.fixed == nil,
	}
	var args []*syntax.Word
	switch c := stmt.Cmd.(type) {
	case nil:
		if len(stmt.Redirs) == 0 {
			return false
		}
	case *syntax.CallExpr:
		args = c.Args
		for _, a := range c.Assigns {
			cmd.Assigns = append(cmd.Assigns, r.assign(a))
		}
		cmd.Words = make([]Word, 0, len(c.Args))
		for _, w := range c.Args {
			cmd.Words = append(cmd.Words, r.commandWord(w))
		}
	case *syntax.DeclClause:
		cmd.Words = append(cmd.Words, r.litWord(c.Variant))
		for _, a := range c.Args {
			cmd.Words = append(cmd.Words, r.declared(a))
		}
	case *syntax.LetClause:
		cmd.Words = append(cmd.Words, r.fixedWord("let", r.token(c.Let, "let")))
		for _, x := range c.Exprs {
			span := r.span(x.Pos(), x.End())
			cmd.Words = append(cmd.Words, Word{Span: span, Parts: []Part{{Kind: Opaque, Span: span, Quoted: true}}, Inexact: r.fixed != nil})
		}
	case *syntax.TestClause:
		cmd.Words = append(cmd.Words, r.fixedWord("[[", r.token(c.Left, "[[")))
		cmd.Words = r.testWords(cmd.Words, c.X)
		cmd.Words = append(cmd.Words, r.fixedWord("]]", r.token(c.Right, "]]")))
	default:
		return false
	}
	for _, redirect := range stmt.Redirs {
		cmd.Redirects = append(cmd.Redirects, r.redirect(redirect))
	}
	cmd.Span = cmd.extent()
	if r.made != nil {
		r.made[stmt] = cmd
	}
	r.out.Commands = append(r.out.Commands, cmd)

	inner := p.at(attempted)
	if stmt.Cmd != nil {
		r.substitutions(stmt.Cmd, inner)
	}
	for _, redirect := range stmt.Redirs {
		r.substitutions(redirect.Word, inner)
		r.substitutions(redirect.Hdoc, inner)
	}
	if len(args) > 0 {
		r.nested(cmd, args, p)
		if ends(args, p.fallback) {
			*p.ended = true
		}
	}
	return true
}

// ends tells whether the command leaves the shell with what may be success.
func ends(args []*syntax.Word, fallback bool) bool {
	switch args[0].Lit() {
	case "exit":
		return !exitFails(args, fallback)
	case "exec":
		return len(args) > 1
	}
	return false
}

// extent is the smallest span around all parts.
func (c *Command) extent() source.Span {
	span, found := source.Span{}, false
	add := func(s source.Span) {
		if found {
			s = span.Join(s)
		}
		span, found = s, true
	}
	for _, a := range c.Assigns {
		add(a.Span)
	}
	for _, w := range c.Words {
		add(w.Span)
	}
	for _, d := range c.Redirects {
		add(d.Span)
	}
	return span
}

func (r *reader) redirect(d *syntax.Redirect) Redirect {
	out := Redirect{Op: d.Op.String(), Span: r.span(d.Pos(), d.OpPos)}
	if d.N != nil {
		out.Number = d.N.Value
	}
	if d.Word != nil {
		out.Span = r.span(d.Pos(), d.Word.End()) // not d.End(), which is behind the heredoc's body
	}
	switch {
	case d.Op == syntax.Hdoc || d.Op == syntax.DashHdoc:
		if d.Hdoc != nil {
			start, end := int(d.Hdoc.Pos().Offset()), int(d.Hdoc.End().Offset())
			if start <= end && end <= len(r.src) {
				out.Heredoc = string(r.src[start:end])
			}
		}
	case d.Word != nil:
		w := r.word(d.Word)
		out.Target = &w
	}
	return out
}

func (r *reader) assign(a *syntax.Assign) Assign {
	out := Assign{Span: r.span(a.Pos(), a.End())}
	if a.Name != nil {
		out.Name = a.Name.Value
	}
	switch {
	case a.Array != nil || a.Index != nil:
		out.Value = &Word{Span: out.Span, Parts: []Part{{Kind: Opaque, Span: out.Span, Quoted: true}}, Inexact: r.fixed != nil}
	case a.Value != nil:
		w := r.word(a.Value)
		out.Value = &w
	}
	if a.Append && a.Index == nil && a.Array == nil {
		at := r.span(a.Name.Pos(), a.Name.End())
		value := Word{Span: at, Parts: []Part{{Kind: Parameter, Span: at, Text: out.Name, Quoted: true}}, Inexact: r.fixed != nil}
		if out.Value != nil {
			value.Span = out.Value.Span
			value.Parts = append(value.Parts, out.Value.Parts...)
		}
		out.Value = &value
	}
	return out
}

// declared is an argument of export, readonly, local or declare as an ordinary word. Its value is
// not split into fields (POSIX.1-2024 "declaration utility"; bash, dash >= 0.5.11 and busybox do so).
func (r *reader) declared(a *syntax.Assign) Word {
	if a.Name == nil {
		return r.word(a.Value)
	}
	w := Word{Span: r.span(a.Pos(), a.End()), Inexact: r.fixed != nil}
	name := Part{Kind: Literal, Text: a.Name.Value, Span: r.span(a.Name.Pos(), a.Name.End()), Quoted: true}
	if a.Naked && a.Index == nil {
		w.Parts = []Part{name}
		return w
	}
	if a.Index != nil || a.Array != nil {
		w.Parts = []Part{name, {Kind: Opaque, Span: w.Span, Quoted: true}}
		return w
	}
	name.Text += "="
	if a.Append {
		name.Text = a.Name.Value + "+="
	}
	w.Parts = []Part{name}
	if a.Value != nil {
		for _, part := range r.word(a.Value).Parts {
			part.Quoted = true
			w.Parts = append(w.Parts, part)
		}
	}
	return w
}

// testWords lists the words and operators inside [[ ]]; nothing is split there.
func (r *reader) testWords(words []Word, x syntax.TestExpr) []Word {
	switch x := x.(type) {
	case *syntax.Word:
		w := r.word(x)
		for i := range w.Parts {
			w.Parts[i].Quoted = true
		}
		return append(words, w)
	case *syntax.UnaryTest:
		words = append(words, r.fixedWord(x.Op.String(), r.token(x.OpPos, x.Op.String())))
		return r.testWords(words, x.X)
	case *syntax.BinaryTest:
		words = r.testWords(words, x.X)
		words = append(words, r.fixedWord(x.Op.String(), r.token(x.OpPos, x.Op.String())))
		return r.testWords(words, x.Y)
	case *syntax.ParenTest:
		words = append(words, r.fixedWord("(", r.token(x.Lparen, "(")))
		words = r.testWords(words, x.X)
		return append(words, r.fixedWord(")", r.token(x.Rparen, ")")))
	}
	return words
}

func (r *reader) fixedWord(text string, span source.Span) Word {
	return Word{Span: span, Parts: []Part{{Kind: Literal, Span: span, Text: text, Quoted: true}}, Inexact: r.fixed != nil}
}

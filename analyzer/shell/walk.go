package shell

import (
	"bytes"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// reader turns one parsed text into commands. Nested texts (`sh -c '...'`) have readers of their own
// that add to the same Script.
type reader struct {
	src   []byte // see joined
	base  int
	fixed *source.Span // where everything stands when offsets are not true; nil when they are
	bash  bool
	depth int

	out       *Script
	lastScope *int
	made      map[*syntax.Stmt]*Command // of the outermost text
	computes  bool                      // see mayCompute
	room      *[]Part                   // for the parts that come next
}

// mayCompute tells whether there may be a command or process substitution in a text: few have any.
func mayCompute(text []byte) bool {
	return bytes.ContainsAny(text, "(`") || bytes.Contains(text, []byte("${"))
}

// newParts makes room for so many parts of a word.
func (r *reader) newParts(n int) []Part {
	if len(*r.room) < n {
		*r.room = make([]Part, max(n, min(32, len(r.src)/8)))
	}
	parts := (*r.room)[:0:n]
	*r.room = (*r.room)[n:]
	return parts
}

// span converts positions, and keeps them inside the text whatever the parser says.
func (r *reader) span(from, to syntax.Pos) source.Span {
	if r.fixed != nil {
		return *r.fixed
	}
	start := min(int(from.Offset()), len(r.src))
	end := max(start, min(int(to.Offset()), len(r.src)))
	// A continuation glued to a word (`pip install\` at the end of a line) is no part of it.
	for end > start && r.src[end-1] == 0 {
		end--
	}
	for start < end && r.src[start] == 0 {
		start++
	}
	return source.Span{Start: r.base + start, End: r.base + end}
}

// token is the span of a fixed token.
func (r *reader) token(at syntax.Pos, text string) source.Span {
	s := r.span(at, at)
	if r.fixed == nil {
		s.End = min(s.Start+len(text), r.base+len(r.src))
	}
	return s
}

type mode uint8

const (
	never mode = iota // or not known to run
	attempted
	certain
)

// place is what a command inherits from where it stands.
type place struct {
	mode          mode
	piped         bool
	subshell      bool
	substitution  bool
	function      string
	user          string
	scope, parent int
	// skippable: the list continues after this statement, so an && in it may have stopped early.
	skippable bool
	// fallback: directly behind "||", where a bare `exit` fails.
	fallback bool
	// ended becomes true when the shell may have left successfully.
	ended *bool
}

func (p place) at(m mode) place {
	p.mode = min(p.mode, m)
	return p
}

// child is the place in a shell process of its own.
func (r *reader) child(p place) place {
	*r.lastScope++
	p.parent, p.scope = p.scope, *r.lastScope
	p.subshell, p.fallback = true, false
	p.ended = new(bool)
	return p
}

func (r *reader) stmts(list []*syntax.Stmt, p place) {
	p.fallback = false
	outer := p.skippable
	for i, stmt := range list {
		p.skippable = outer || i < len(list)-1
		r.stmt(stmt, p)
	}
}

func (r *reader) stmt(stmt *syntax.Stmt, p place) {
	if *p.ended {
		p.mode = never
	}
	if stmt.Negated {
		p = p.at(attempted)
	}
	if stmt.Background || stmt.Coprocess || stmt.Disown {
		p = r.child(p.at(never))
	}
	if r.simple(stmt, p) {
		return
	}
	for _, redirect := range stmt.Redirs {
		r.substitutions(redirect.Word, p.at(attempted))
		r.substitutions(redirect.Hdoc, p.at(attempted))
	}
	switch c := stmt.Cmd.(type) {
	case *syntax.BinaryCmd:
		r.binary(stmt, c, p)
	case *syntax.Block:
		r.stmts(c.Stmts, p)
	case *syntax.Subshell:
		r.stmts(c.Stmts, r.child(p))
	case *syntax.IfClause:
		r.ifClause(c, p)
	case *syntax.WhileClause:
		r.stmts(c.Cond, p.at(attempted))
		r.stmts(c.Do, p.at(never))
	case *syntax.ForClause:
		r.forClause(c, p)
	case *syntax.CaseClause:
		r.substitutions(c.Word, p.at(attempted))
		for _, item := range c.Items {
			for _, pattern := range item.Patterns {
				r.substitutions(pattern, p.at(never))
			}
			r.stmts(item.Stmts, p.at(never))
		}
	case *syntax.FuncDecl:
		// The body runs when the function is called; an exit in it leaves the caller, but it is
		// not known whether it is reached at all.
		inner := r.child(p.at(never))
		inner.subshell = p.subshell
		if c.Name != nil {
			inner.function = c.Name.Value
		}
		r.stmt(c.Body, inner)
	case *syntax.TimeClause:
		if c.Stmt != nil {
			r.stmt(c.Stmt, p)
		}
	case *syntax.CoprocClause:
		r.stmt(c.Stmt, r.child(p.at(never)))
	case *syntax.ArithmCmd:
		r.substitutions(c, p.at(attempted))
	}
}

func (r *reader) ifClause(c *syntax.IfClause, p place) {
	p.fallback = false
	r.stmts(c.Cond, p.at(attempted))
	for ; c != nil; c = c.Else {
		r.stmts(c.Then, p.at(never))
		if c.Else != nil {
			r.stmts(c.Else.Cond, p.at(never))
		}
	}
}

func (r *reader) forClause(c *syntax.ForClause, p place) {
	if loop, ok := c.Loop.(*syntax.WordIter); ok {
		found := Loop{Scope: p.scope, Body: r.span(c.DoPos, c.DonePos)}
		if loop.Name != nil {
			found.Variable = loop.Name.Value
		}
		for _, item := range loop.Items {
			found.Items = append(found.Items, r.commandWord(item))
			r.substitutions(item, p.at(attempted))
		}
		r.out.Loops = append(r.out.Loops, found)
	} else {
		r.substitutions(c.Loop, p.at(attempted))
	}
	r.stmts(c.Do, p.at(never))
}

func (r *reader) binary(stmt *syntax.Stmt, c *syntax.BinaryCmd, p place) {
	switch c.Op {
	case syntax.AndStmt:
		r.and(stmt, p)
	case syntax.OrStmt:
		left, right := p, p.at(never)
		if !leaves(c.Y, true) {
			left = p.at(attempted)
		}
		left.fallback, right.fallback = false, true
		r.stmt(c.X, left)
		r.stmt(c.Y, right)
	default:
		p.piped = true
		for _, part := range pipeline(stmt) {
			r.stmt(part, r.child(p))
		}
	}
}

// pipeline takes `a | b | c` apart.
func pipeline(stmt *syntax.Stmt) []*syntax.Stmt {
	var parts []*syntax.Stmt
	for {
		b, ok := stmt.Cmd.(*syntax.BinaryCmd)
		if !ok || b.Op != syntax.Pipe && b.Op != syntax.PipeAll {
			break
		}
		parts = append(parts, b.Y)
		stmt = b.X
	}
	parts = append(parts, stmt)
	slices.Reverse(parts)
	return parts
}

func (r *reader) and(stmt *syntax.Stmt, p place) {
	// A redirection or "!" belongs to a group, never to a bare list, so that the chain is complete.
	parts, _ := andChain(&syntax.Stmt{Cmd: stmt.Cmd, Position: stmt.Position})
	p.fallback = false
	for i, part := range parts {
		if i > 0 && p.mode == attempted {
			p.mode = never
		}
		r.stmt(part, p)
		if p.skippable && asks(part) {
			p.mode = never
		}
	}
}

// leaves tells whether a statement always ends the shell with a failure: `exit 1`, `{ echo x; exit 1; }`.
func leaves(stmt *syntax.Stmt, fallback bool) bool {
	if stmt.Negated || stmt.Background {
		return false
	}
	switch c := stmt.Cmd.(type) {
	case *syntax.Block:
		return len(c.Stmts) > 0 && leaves(c.Stmts[len(c.Stmts)-1], false)
	case *syntax.CallExpr:
		if len(c.Args) == 0 || c.Args[0].Lit() != "exit" {
			return false
		}
		return exitFails(c.Args, fallback)
	}
	return false
}

// exitFails tells whether the exit whose words are given has a status that is surely not 0.
func exitFails(args []*syntax.Word, fallback bool) bool {
	if len(args) == 1 {
		return fallback // the status of what stands before "||"
	}
	status := args[1].Lit()
	if status == "" {
		return false
	}
	zero := true
	for _, b := range []byte(status) {
		if b < '0' || b > '9' {
			return false
		}
		zero = zero && b == '0'
	}
	return !zero
}

// questions are programs that are run for their exit status: "no" is an everyday answer of theirs.
var questions = map[string]bool{
	"[": true, "[[": true, "test": true, "grep": true, "egrep": true, "fgrep": true, "false": true,
	"command": true, "which": true, "type": true, "hash": true, "getent": true, "id": true,
	"diff": true, "cmp": true, "expr": true, "pgrep": true, "let": true, "read": true,
}

// asks tells whether a statement of an and-list may fail in the normal course of things.
func asks(stmt *syntax.Stmt) bool {
	if stmt.Negated {
		return true
	}
	switch c := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		return len(c.Args) > 0 && questions[c.Args[0].Lit()]
	case *syntax.TestClause, *syntax.ArithmCmd, *syntax.LetClause:
		return true
	case *syntax.BinaryCmd:
		return asks(c.Y) || c.Op == syntax.AndStmt && asks(c.X)
	case *syntax.Block:
		return len(c.Stmts) > 0 && asks(c.Stmts[len(c.Stmts)-1])
	case *syntax.Subshell:
		return len(c.Stmts) > 0 && asks(c.Stmts[len(c.Stmts)-1])
	}
	return false
}

// substitutions walks the command and process substitutions below a node.
func (r *reader) substitutions(node syntax.Node, p place) {
	if !r.computes || absent(node) {
		return
	}
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CmdSubst:
			inner := r.child(p)
			inner.substitution = true
			r.stmts(n.Stmts, inner)
			return false
		case *syntax.ProcSubst:
			inner := r.child(p.at(never))
			inner.substitution = true
			r.stmts(n.Stmts, inner)
			return false
		case *syntax.ParamExp:
			if n.Exp != nil && n != node {
				r.substitutions(n, p.at(never)) // ${X:-$(cmd)} may not need its word
				return false
			}
		}
		return true
	})
}

// absent tells whether a node is a nil pointer in an interface.
func absent(node syntax.Node) bool {
	switch n := node.(type) {
	case nil:
		return true
	case *syntax.Word:
		return n == nil
	}
	return false
}

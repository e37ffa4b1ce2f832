package shell

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Error is shell code that cannot be read.
type Error struct {
	Span    source.Span // where reading stopped; at least one byte unless the code is empty
	Message string      // one clause without a final period
}

func (e *Error) Error() string { return e.Message }

// Limits of what is read. They keep the recursion of the parser shallow: every opener may be one
// level, which costs it some 2 KB of stack.
const (
	maxSize    = 256 << 10
	maxOpeners = 16 << 10
	maxNesting = 5 // of sh -c inside sh -c
)

// Parse reads shell code. masked has the length of the region of the file that starts at base, and
// what Docker removes from it is blank (but for a backslash directly before a newline, which is
// understood here), so that an offset in masked plus base is an offset in the file. With POSIX, code that only Bash accepts is read as Bash. The error is always an *Error.
// Parse does not keep or change masked.
func Parse(masked []byte, base int, dialect Dialect) (script *Script, err error) {
	whole := source.Span{Start: base, End: base + len(masked)}
	defer func() {
		if recover() != nil { // a bug of the parser is no reason to fall over
			script, err = nil, &Error{whole, "the shell code cannot be read"}
		}
	}()
	src := joined(masked)
	file, used, err := parseFile(src, base, dialect)
	if err != nil {
		return nil, err
	}
	script = &Script{Span: whole, Dialect: used}
	r := &reader{src: src, base: base, bash: used == Bash, out: script, lastScope: new(int), made: map[*syntax.Stmt]*Command{},
		computes: mayCompute(src), room: new([]Part)}
	r.stmts(file.Stmts, place{mode: certain, parent: -1, ended: new(bool)})
	script.Items = r.items(file.Stmts)
	sort.SliceStable(script.Commands, func(i, k int) bool {
		return script.Commands[i].Span.Start < script.Commands[k].Span.Start
	})
	sort.SliceStable(script.Loops, func(i, k int) bool { return script.Loops[i].Body.Start < script.Loops[k].Body.Start })
	return script, nil
}

// parseFile runs the parser, and tells the dialect that it succeeded with.
func parseFile(src []byte, base int, dialect Dialect) (*syntax.File, Dialect, error) {
	openers := 0
	for _, b := range src {
		switch b {
		case '(', '{', '[', '`':
			openers++
		}
	}
	if len(src) > maxSize || openers > maxOpeners {
		return nil, dialect, &Error{source.Span{Start: base, End: base + len(src)}, "the shell code is too long or too deeply nested"}
	}
	if dialect == Bash {
		file, err := parseAs(syntax.LangBash, src)
		return file, Bash, asError(err, len(src), base)
	}
	file, err := parseAs(syntax.LangPOSIX, src)
	if err == nil {
		return file, POSIX, nil
	}
	file, again := parseAs(syntax.LangBash, src)
	if again == nil {
		return file, Bash, nil
	}
	if errors.As(err, new(syntax.LangError)) { // what stops Bash too is the true cause
		err = again
	}
	return nil, POSIX, asError(err, len(src), base)
}

// parsers are those that are at rest: each is larger than what it makes of most commands.
var parsers = sync.Pool{New: func() any { return syntax.NewParser(syntax.KeepComments(true)) }}

// parseAs runs the parser once, or more often where a comment ends in a backslash: mvdan.cc/sh v3.14
// then reads on in the next line, which no shell does.
func parseAs(lang syntax.LangVariant, src []byte) (file *syntax.File, err error) {
	for range 10 {
		parser := parsers.Get().(*syntax.Parser)
		syntax.Variant(lang)(parser)
		file, err = parser.Parse(bytes.NewReader(src), "")
		parsers.Put(parser)
		fixed := src
		if file == nil || bytes.IndexByte(src, '#') < 0 || !bytes.Contains(src, []byte("\\\n")) && !bytes.Contains(src, []byte("\\\r\n")) {
			return file, err
		}
		syntax.Walk(file, func(n syntax.Node) bool {
			comment, ok := n.(*syntax.Comment)
			if !ok || !strings.HasSuffix(comment.Text, "\\\n") {
				return true
			}
			start := int(comment.Hash.Offset())
			end := bytes.IndexByte(src[start:], '\n')
			if end < 0 {
				return true
			}
			at := start + len(bytes.TrimSuffix(src[start:start+end], []byte("\r"))) - 1
			if src[at] == '\\' {
				if &fixed[0] == &src[0] {
					fixed = bytes.Clone(src)
				}
				fixed[at] = ' '
			}
			return true
		})
		if &fixed[0] == &src[0] {
			return file, err
		}
		src = fixed
	}
	return file, err
}

func asError(err error, size, base int) error {
	if err == nil {
		return nil
	}
	offset, message := 0, err.Error()
	var bad syntax.ParseError
	var other syntax.LangError
	switch {
	case errors.As(err, &bad):
		offset, message = int(bad.Pos.Offset()), bad.Text
	case errors.As(err, &other):
		offset, message = int(other.Pos.Offset()), other.Feature+" is not a feature of this shell"
	}
	offset = max(0, min(offset, size-1))
	return &Error{source.Span{Start: base + offset, End: base + min(size, offset+1)}, message}
}

// joined gives the code as the shell gets it, with its offsets. In the shell form of an instruction
// Docker takes every continuation out before a shell sees it: inside single quotes and comments
// too (after `a # note \` the rest of the instruction is a comment), and of `\\` at the end of a
// line one backslash stays. Null bytes stand in their place; the parser reads over them. In a
// heredoc, where not every newline is behind a backslash, the shell gets the lines as they stand.
func joined(src []byte) []byte {
	out := bytes.Clone(src)
	for i, b := range src {
		if b != '\n' {
			continue
		}
		before := bytes.TrimSuffix(src[:i], []byte("\r"))
		if !bytes.HasSuffix(before, []byte(`\`)) {
			return src
		}
		clear(out[len(before)-1 : i+1])
	}
	return out
}

// items makes the flat list of the top level.
func (r *reader) items(stmts []*syntax.Stmt) []Item {
	var list []Item
	var before *syntax.Stmt
	for _, stmt := range stmts {
		chain, ops := andChain(stmt)
		list = slices.Grow(list, len(chain))
		for i, part := range chain {
			item := Item{Span: r.span(part.Pos(), plainEnd(part))}
			if c := r.made[part]; c != nil && !part.Negated && !part.Background {
				item.Command, item.Span = c, c.Span
			}
			item.OperatorSpan = source.Span{Start: item.Span.Start, End: item.Span.Start}
			switch {
			case i > 0:
				item.Operator = "&&"
				item.OperatorSpan = r.token(ops[i-1], "&&")
			case before != nil:
				item.Operator, item.OperatorSpan = r.separator(before, list[len(list)-1].Span, item.Span)
			}
			list = append(list, item)
		}
		before = stmt
	}
	return list
}

// separator finds what stands between two statements.
func (r *reader) separator(before *syntax.Stmt, left, right source.Span) (string, source.Span) {
	if before.Semicolon.IsValid() {
		at := r.token(before.Semicolon, ";")
		if before.Background {
			return "&", at
		}
		return ";", at
	}
	from, to := left.End-r.base, right.Start-r.base
	for i := max(0, from); i < to && i < len(r.src); i++ {
		if r.src[i] == '\n' && (i == 0 || r.src[i-1] != '\\') {
			return "\n", source.Span{Start: r.base + i, End: r.base + i + 1}
		}
	}
	return "\n", source.Span{Start: right.Start, End: right.Start}
}

// andChain takes `a && b && c` apart. Anything else is a chain of itself.
func andChain(stmt *syntax.Stmt) (parts []*syntax.Stmt, ops []syntax.Pos) {
	n := 0
	for b := andOf(stmt); b != nil; b = andOf(b.X) {
		n++
	}
	parts, ops = make([]*syntax.Stmt, n+1), make([]syntax.Pos, n)
	for ; n > 0; n-- {
		b := andOf(stmt)
		parts[n], ops[n-1], stmt = b.Y, b.OpPos, b.X
	}
	parts[0] = stmt
	return parts, ops
}

// andOf is the last `&&` of a statement that is nothing else, nil for others.
func andOf(stmt *syntax.Stmt) *syntax.BinaryCmd {
	b, ok := stmt.Cmd.(*syntax.BinaryCmd)
	if !ok || b.Op != syntax.AndStmt || stmt.Negated || stmt.Background || len(stmt.Redirs) > 0 {
		return nil
	}
	return b
}

// plainEnd is the end of a statement without the ";" or "&" behind it.
func plainEnd(stmt *syntax.Stmt) syntax.Pos {
	bare := *stmt
	bare.Semicolon = syntax.Pos{}
	return bare.End()
}

package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// nested reads the script that a command hands to a shell: sh -c, su -c and eval.
func (r *reader) nested(cmd *Command, args []*syntax.Word, p place) {
	if r.depth >= maxNesting || len(cmd.Words) != len(args) {
		return
	}
	if text, plain := cmd.Words[0].Literal(); plain && !mayRunCode(Program(Field{Value: env.Of(text)})) {
		return
	}
	fields := Fields(cmd.Words, func(string) env.Value { return env.Doubtful() })
	if len(fields) != len(args) { // brace expansion: words and fields are no longer the same
		return
	}
	_, _, rest, user := Unwrap(fields)
	if len(rest) == 0 {
		return
	}
	args = args[len(args)-len(rest):]
	name := Program(rest[0])
	if name == "busybox" && len(rest) > 1 {
		rest, args = rest[1:], args[1:]
		name = Program(rest[0])
	}
	if user != "" {
		p.user = user
	}
	dialect, isShell := dialectOfProgram(name)
	switch {
	case isShell:
		if i := scriptOfShell(rest); i > 0 {
			r.script(args[i], dialect, r.child(p))
		}
	case name == "su" || name == "runuser":
		i, who := scriptOfSu(rest)
		if i > 0 {
			p.user = who
			r.script(args[i], POSIX, r.child(p))
		}
	case name == "eval":
		r.eval(args, p)
	}
}

// mayRunCode tells whether the program is one that nested reads the script of, or a wrapper in front of one.
func mayRunCode(name string) bool {
	switch name {
	case "busybox", "su", "runuser", "eval":
		return true
	}
	_, isWrapper := wrappers[name]
	_, isShell := dialectOfProgram(name)
	return isWrapper || isShell
}

// scriptOfShell finds the argument that `sh -c` runs: the first operand when -c is given
// (`bash -c -e 'x'` and `bash -euxo pipefail -c 'x'` are both fine). 0 is none.
func scriptOfShell(argv []Field) int {
	command := false
	for i := 1; i < len(argv); i++ {
		arg := argv[i].Text()
		switch {
		case arg == "--" || arg == "-":
			if command && i+1 < len(argv) {
				return i + 1
			}
			return 0
		case arg == "--rcfile" || arg == "--init-file":
			i++
		case strings.HasPrefix(arg, "--"):
		case len(arg) > 1 && (arg[0] == '-' || arg[0] == '+'):
			command = command || arg[0] == '-' && strings.Contains(arg, "c")
			i += strings.Count(arg[1:], "o") + strings.Count(arg[1:], "O") // each takes an option's name
		case command:
			return i
		default:
			return 0
		}
	}
	return 0
}

// scriptOfSu finds the argument of -c in `su [options] [-] [user]`, and the user ("root" is the default).
func scriptOfSu(argv []Field) (script int, user string) {
	user = "root"
	named := false
	for i := 1; i < len(argv); i++ {
		arg := argv[i].Text()
		switch {
		case arg == "" && !argv[i].Value.IsKnown() && !named:
			named, user = true, UnknownUser // su "$USER" -c '...'
		case arg == "-c" || arg == "-lc" || arg == "--command" || arg == "--session-command":
			i++
			if i < len(argv) {
				script = i
			}
		case arg == "-s" || arg == "--shell" || arg == "-g" || arg == "--group" || arg == "-G" || arg == "-w" || arg == "-u":
			i++
			if arg == "-u" && i < len(argv) {
				named, user = true, userOf(argv[i])
			}
		case strings.HasPrefix(arg, "-"):
		case !named:
			named, user = true, arg
		}
	}
	return script, user
}

// script reads the word as shell code. Code that cannot be read adds nothing.
func (r *reader) script(w *syntax.Word, dialect Dialect, p place) {
	text, start, exact := r.code(w)
	span := r.span(w.Pos(), w.End())
	r.read(text, start, exact, span, dialect, p)
}

// eval joins its arguments with blanks and runs them in the same shell.
func (r *reader) eval(args []*syntax.Word, p place) {
	if len(args) < 2 {
		return
	}
	dialect := POSIX
	if r.bash {
		dialect = Bash
	}
	if len(args) == 2 {
		r.script(args[1], dialect, p)
		return
	}
	texts := make([]string, 0, len(args))
	for _, w := range args[1:] {
		text, _, _ := r.code(w)
		texts = append(texts, text)
	}
	span := r.span(args[1].Pos(), args[len(args)-1].End())
	r.read(strings.Join(texts, " "), 0, false, span, dialect, p)
}

func (r *reader) read(text string, start int, exact bool, span source.Span, dialect Dialect, p place) {
	file, used, err := parseFile([]byte(text), 0, dialect)
	if err != nil {
		return
	}
	inner := &reader{
		src: []byte(text), base: r.base + start, bash: used == Bash,
		depth: r.depth + 1, out: r.out, lastScope: r.lastScope, computes: mayCompute([]byte(text)), room: r.room,
	}
	if !exact || r.fixed != nil {
		inner.fixed = &span
		if r.fixed != nil {
			inner.fixed = r.fixed
		}
	}
	inner.stmts(file.Stmts, p)
}

// nothing stands in for a command substitution of the outer shell. It is valid in every place of a
// word, is Opaque, and holds no commands: those of the substitution are listed once, by the outer shell.
const nothing = "$((0))"

// code is the text that the inner shell gets. exact tells that it is the bytes of this text
// from start on; else the outer shell's variables stand in it as written.
func (r *reader) code(w *syntax.Word) (text string, start int, exact bool) {
	if len(w.Parts) == 1 {
		var from, to int
		simple := false
		switch n := w.Parts[0].(type) {
		case *syntax.Lit:
			from, to, simple = int(n.Pos().Offset()), int(n.End().Offset()), !strings.Contains(n.Value, `\`)
		case *syntax.SglQuoted:
			from, to, simple = int(n.Left.Offset())+1, int(n.Right.Offset()), !n.Dollar
		case *syntax.DblQuoted:
			from, to, simple = int(n.Left.Offset())+1, int(n.Right.Offset()), !n.Dollar
			for _, part := range n.Parts {
				lit, ok := part.(*syntax.Lit)
				simple = simple && ok && !strings.Contains(withoutContinuations(lit.Value), `\`)
			}
		}
		if simple && from <= to && to <= len(r.src) && !r.rewritten(w) {
			return string(r.src[from:to]), from, true
		}
	}
	var b strings.Builder
	r.writeCode(&b, w.Parts, false)
	return b.String(), 0, false
}

// rewritten tells whether the parser removed escapes from a word inside backquotes.
func (r *reader) rewritten(w *syntax.Word) bool {
	start, end := int(w.Pos().Offset()), int(w.End().Offset())
	if start > end || end > len(r.src) {
		return true
	}
	written := withoutContinuations(string(r.src[start:end]))
	for _, part := range w.Parts {
		text := ""
		switch n := part.(type) {
		case *syntax.Lit:
			text = n.Value
		case *syntax.SglQuoted:
			text = n.Value
		case *syntax.DblQuoted:
			for _, p := range n.Parts {
				if lit, ok := p.(*syntax.Lit); ok {
					text += lit.Value
				}
			}
		}
		if !strings.Contains(written, withoutContinuations(text)) && !strings.Contains(written, "\r") {
			return true
		}
	}
	return false
}

func (r *reader) writeCode(b *strings.Builder, parts []syntax.WordPart, quoted bool) {
	for _, part := range parts {
		switch n := part.(type) {
		case *syntax.Lit:
			for _, p := range r.lit(nil, n, quoted) {
				b.WriteString(p.Text)
			}
		case *syntax.SglQuoted:
			b.WriteString(r.single(n).Text)
		case *syntax.DblQuoted:
			r.writeCode(b, n.Parts, true)
		case *syntax.ParamExp:
			start, end := int(n.Pos().Offset()), int(n.End().Offset())
			written := nothing
			if start <= end && end <= len(r.src) && !strings.ContainsAny(string(r.src[start:end]), "(`\\") {
				written = string(r.src[start:end])
			}
			b.WriteString(written)
		default:
			b.WriteString(nothing)
		}
	}
}

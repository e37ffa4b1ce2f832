package shell

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// check proves what Parse promises of every script.
func check(t *testing.T, code []byte, base int, script *Script) {
	t.Helper()
	whole := source.Span{Start: base, End: base + len(code)}
	inside := func(what string, outer, inner source.Span) {
		if inner.Start > inner.End || !outer.Contains(inner) {
			t.Errorf("%s %v is not inside %v", what, inner, outer)
		}
	}
	last := base
	for _, c := range script.Commands {
		inside("command", whole, c.Span)
		if c.Span.Start < last {
			t.Errorf("command %v stands after one at %d", c.Span, last)
		}
		last = c.Span.Start
		for _, w := range c.Words {
			inside("word", c.Span, w.Span)
			for _, p := range w.Parts {
				inside("part", w.Span, p.Span)
			}
		}
		for _, a := range c.Assigns {
			inside("assignment", c.Span, a.Span)
		}
		for _, r := range c.Redirects {
			inside("redirection", c.Span, r.Span)
		}
		if c.ParentScope >= c.Scope || c.Certain && c.Attempted {
			t.Errorf("scope %d below %d, certain %v, attempted %v", c.Scope, c.ParentScope, c.Certain, c.Attempted)
		}
		for _, f := range Fields(c.Words, vars) {
			inside("field", c.Span, f.Span)
		}
		argv := Fields(c.Words, vars)
		if _, _, rest, _ := Unwrap(argv); len(argv) > 0 && len(rest) == 0 {
			t.Errorf("nothing left of %v", argv)
		}
	}
	for i, item := range script.Items {
		inside("item", whole, item.Span)
		inside("operator", whole, item.OperatorSpan.Join(item.Span))
		if i > 0 && item.Span.Start < script.Items[i-1].Span.Start {
			t.Errorf("item %v stands after %v", script.Items[i-1].Span, item.Span)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a && b || c; d & e\nf", "sh -c \"a \\\"b\\\" $X\"", "cat <<EOF > f\n$(a)\nEOF\n", "x=$(a `b \\`c\\``) y",
		"for i in {a,b}{1..3}; do x; done", "f() { export X=\"$Y\"; }; [[ a =~ b ]] && let x=1", "a=(b c) d[1]=2 e+=f",
		"su - u -c 'bash -lc \"a\"'", "a \\\r\n && b\r\nc", "\x00a\x00b", "${X:-${Y:+z}} $'\\n' \"\"''", "eval a \"$(b)\" 'c'",
		"a\xff", "! a | b", "coproc a", "((x))", "a <<-'E' b\n\tE", "case $x in a|b) c;; esac", "sudo -u env A=b \"$@\"", "time", "if",
		"`sh -c '\\`a\\`'`", "sh -c $'a\\'b'", "eval {a,b}", "\"a\\\nb\" 'c\\\nd'",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, code []byte, bash bool) {
		dialect := POSIX
		if bash {
			dialect = Bash
		}
		const base = 7
		copied := append([]byte(nil), code...)
		script, err := Parse(code, base, dialect)
		again, errAgain := Parse(code, base, dialect)
		if diff := cmp.Diff(script, again); diff != "" || (err == nil) != (errAgain == nil) {
			t.Errorf("two readings differ: %s", diff)
		}
		if string(copied) != string(code) {
			t.Error("Parse changed its input")
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Message == "" || e.Span.Start < base || e.Span.End > base+len(code) {
				t.Errorf("error %#v", err)
			}
			return
		}
		check(t, code, base, script)
	})
}

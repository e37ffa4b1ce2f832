package shell_test

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestBinds(t *testing.T) {
	script, err := shell.Parse([]byte("for x in a b; do read -r line rest; getopts ab opt; echo $x; done; y=1; export z=2"), 0, shell.POSIX)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"x": true, "line": true, "rest": true, "opt": true, "1": true, "@": true, "RANDOM": true,
		"y": false, "z": false, "HOME": false, "a": false,
	} {
		if got := script.Binds(name); got != want {
			t.Errorf("Binds(%q) = %v", name, got)
		}
	}
}

func TestInner(t *testing.T) {
	argv := func(words ...string) []shell.Field {
		var fields []shell.Field
		at := 0
		for _, w := range words {
			fields = append(fields, shell.Field{Value: env.Of(w), Span: source.Span{Start: at, End: at + len(w)}, Literal: true})
			at += len(w) + 3
		}
		return fields
	}
	if s := shell.Inner(argv("bash", "-c", "pip install x && true")); s == nil || len(s.Commands) != 2 || s.Commands[0].Span.Start != 12 {
		t.Errorf("bash -c: %+v", s)
	}
	for _, words := range [][]string{{"python", "-c", "pip install x"}, {"bash", "script.sh"}, {"bash", "-c", "if"}, {"gunicorn"}} {
		if s := shell.Inner(argv(words...)); s != nil {
			t.Errorf("%q: %+v", words, s)
		}
	}
	escaped := argv("sh", "-c", "a b")
	escaped[2].Span.End++ // the file has an escape there
	if s := shell.Inner(escaped); s != nil {
		t.Errorf("a script whose bytes are not the file's: %+v", s)
	}
}

func TestWordEndsBeforeContinuation(t *testing.T) {
	const text = "pip install\\\n  flask\\\n&& true"
	script, err := shell.Parse([]byte(text), 0, shell.POSIX)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range script.Commands[0].Words {
		got = append(got, text[w.Span.Start:w.Span.End])
	}
	if len(got) != 3 || got[1] != "install" || got[2] != "flask" {
		t.Errorf("words %q", got)
	}
}

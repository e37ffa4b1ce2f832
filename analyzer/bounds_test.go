package analyzer_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// TestGrowth: values that double with each line become unknown before they fill the memory; what is of a usual length does not.
func TestGrowth(t *testing.T) {
	const python = "FROM python:3.12-slim\nENV A=0123456789\n"
	for _, test := range []struct{ name, text, want string }{
		{"ENV", python + strings.Repeat("ENV A=$A$A\n", 60), "unknown"},
		{"ENV, quoted", python + strings.Repeat("ENV A=\"$A$A\"\n", 60), "unknown"},
		{"ENV, replaced", python + strings.Repeat("ENV A=${A//0/00}\n", 60), "unknown"},
		{"ARG", "FROM python:3.12-slim\nARG A=0123456789\n" + strings.Repeat("ARG A=$A$A\n", 60), "unknown"},
		{"global ARG", "ARG A=0123456789\n" + strings.Repeat("ARG A=$A$A\n", 60) + "FROM python:3.12-slim\nARG A", "unknown"},
		{"PATH", "FROM python:3.12-slim\nENV A=1\n" + strings.Repeat("ENV PATH=$PATH:/x/bin:$PATH A=2\n", 60), `"2"`},
		{"RUN", python + "RUN " + strings.Repeat("A=$A$A; ", 60) + "pip install --user $A", `"0123456789"`},
		{"RUN, fields", python + "RUN A='a b c d e f'; " + strings.Repeat("A=\"$A $A\"; ", 60) + "pip install --user $A$A$A", `"0123456789"`},
		{"a long list", python + "ENV A=" + strings.Repeat("x", 5000), `"` + strings.Repeat("x", 5000) + `"`},
		{"a few doublings", python + strings.Repeat("ENV A=$A$A\n", 3), `"` + strings.Repeat("0123456789", 8) + `"`},
	} {
		b := analyze(t, test.text, analyzer.Settings{})
		if got := show(b.Target.After.Lookup("A")); got != test.want {
			t.Errorf("%s: got %.50s, want %.50s", test.name, got, test.want)
		}
		if dirs, _ := b.Target.After.PathList(); len(dirs) > 1<<14 {
			t.Errorf("%s: PATH has %d entries", test.name, len(dirs))
		}
	}
}

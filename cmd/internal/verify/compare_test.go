package verify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

func TestCompare(t *testing.T) {
	for name, test := range map[string]struct {
		before, after engine.Result
		problem       string // a part; "" if they are alike
		detail        []string
	}{
		"alike":                  {engine.Result{Stdout: "a\n"}, engine.Result{Stdout: "a\n"}, "", nil},
		"warnings name a path":   {engine.Result{Stderr: "/usr/local/lib/x.py: old"}, engine.Result{Stderr: "/pyroot/lib/x.py: old"}, "", nil},
		"fails alike":            {engine.Result{Code: 2}, engine.Result{Code: 2}, "", nil},
		"code":                   {engine.Result{}, engine.Result{Code: 1, Stderr: "no module\n"}, "exit code 1, before with 0", []string{"no module"}},
		"code, told on stdout":   {engine.Result{Code: 1}, engine.Result{Stdout: "fine\n"}, "exit code 0, before with 1", []string{"fine"}},
		"another line":           {engine.Result{Stdout: "a\nb\n"}, engine.Result{Stdout: "a\nc\n"}, "something else", []string{`line 2 before: "b"`, `line 2 after:  "c"`}},
		"a line more":            {engine.Result{Stdout: "a"}, engine.Result{Stdout: "a\nb"}, "something else", []string{"line 2 before: (there is none)", `line 2 after:  "b"`}},
		"the last end of a line": {engine.Result{Stdout: "a\n"}, engine.Result{Stdout: "a"}, "something else", []string{`line 2 before: ""`, "line 2 after:  (there is none)"}},
	} {
		t.Run(name, func(t *testing.T) {
			problem, detail := compare(&test.before, &test.after)
			if (problem == "") != (test.problem == "") || !strings.Contains(problem, test.problem) {
				t.Errorf("got %q, want %q", problem, test.problem)
			}
			if diff := cmp.Diff(test.detail, detail); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for _, test := range []struct {
		before, after int64
		want          string
	}{
		{478_123_456, 156_000_000, "478 MB before, 156 MB after: 67 % smaller"},
		{1_234_000_000, 99_940_000, "1.23 GB before, 99.9 MB after: 92 % smaller"},
		{999_600_000, 99_960_000, "1.00 GB before, 100 MB after: 90 % smaller"},
		{100_000_000, 112_000_000, "100 MB before, 112 MB after: 12 % larger"},
		{100_000_000, 99_500_000, "100 MB before, 99.5 MB after: 0.5 % smaller"},
		{100_000_000, 100_000_001, "100 MB before, 100 MB after: nearly the same"},
		{5_000, 5_000, "5 kB before, 5 kB after: the same"},
		{999, 1_000_000, "999 bytes before, 1.0 MB after: 100000 % larger"},
		{0, 7, "0 bytes before, 7 bytes after"},
	} {
		if got := Sizes(test.before, test.after); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestLast(t *testing.T) {
	if got := last(" \n\n"); got != nil {
		t.Errorf("got %q of nothing", got)
	}
	long := strings.Repeat("x\n", 100) + "end\n\n"
	if got := last(long); len(got) != maxDetail || got[maxDetail-1] != "end" {
		t.Errorf("got %q", got)
	}
}

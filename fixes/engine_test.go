package fixes

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func rule(code string) *analyzer.Rule { return &analyzer.Rule{Code: code, Name: strings.ToLower(code)} }

// finder is a rule of a test: it finds text in a file and edits each place. When creates is set it
// creates that file instead.
type finder struct {
	code, path, find, replace string
	safety                    analyzer.Safety
}

func judgeWith(finders ...finder) Judge {
	return func(files Files) ([]analyzer.Diagnostic, error) {
		var found []analyzer.Diagnostic
		for _, f := range finders {
			content := files.Dockerfile
			if f.path != "" {
				content = files.Others[f.path]
			}
			for at := 0; ; {
				i := bytes.Index(content[at:], []byte(f.find))
				if i < 0 {
					break
				}
				span := source.Span{Start: at + i, End: at + i + len(f.find)}
				found = append(found, analyzer.Diagnostic{
					Rule: rule(f.code), Path: f.path, Span: span,
					Fix: &analyzer.Fix{Title: "fix " + f.find, Safety: f.safety, Edits: []analyzer.Edit{{Path: f.path, Span: span, Text: f.replace}}},
				})
				at = span.End
			}
		}
		return found, nil
	}
}

func TestLoop(t *testing.T) {
	const start = "FROM scratch\nRUN one\nRUN two\n"
	tests := []struct {
		name    string
		finders []finder
		level   analyzer.Safety
		want    string
		applied []string
		dropped []string
		err     string
	}{
		{name: "nothing to fix", level: analyzer.Safe, want: start},
		{
			name: "one sweep over two places", level: analyzer.Safe,
			finders: []finder{{"A", "", "one", "1", analyzer.Safe}, {"B", "", "two", "2", analyzer.Safe}},
			want:    "FROM scratch\nRUN 1\nRUN 2\n", applied: []string{"A:2", "B:3"},
		},
		{
			name: "an unsafe fix waits for its level", level: analyzer.Safe,
			finders: []finder{{"A", "", "one", "1", analyzer.Unsafe}}, want: start,
		},
		{
			name: "suggestions are never applied", level: analyzer.Suggestion,
			finders: []finder{{"A", "", "one", "1", analyzer.Suggestion}, {"B", "", "two", "2", analyzer.Unsafe}},
			want:    "FROM scratch\nRUN one\nRUN 2\n", applied: []string{"B:3"},
		},
		{
			name: "the second of two overlapping fixes comes in the next round", level: analyzer.Safe,
			finders: []finder{{"B", "", "RUN one", "RUN o", analyzer.Safe}, {"A", "", "one\nRUN two", "one\nRUN t", analyzer.Safe}},
			want:    "FROM scratch\nRUN o\nRUN two\n", applied: []string{"B:2"},
		},
		{
			name: "a fix that makes work for another", level: analyzer.Safe,
			finders: []finder{{"A", "", "one", "two", analyzer.Safe}, {"B", "", "two", "3", analyzer.Safe}},
			want:    "FROM scratch\nRUN 3\nRUN 3\n", applied: []string{"A:2", "B:3", "B:2"},
		},
		{
			name: "rules that undo each other", level: analyzer.Safe,
			finders: []finder{{"A", "", "one", "1", analyzer.Safe}, {"B", "", "RUN 1", "RUN one", analyzer.Safe}},
			want:    start, err: "fixes undo each other: A a, B b",
		},
		{
			name: "a rule that feeds on its output", level: analyzer.Safe,
			finders: []finder{{"A", "", "one", "one more", analyzer.Safe}},
			want:    start, err: "fixes do not come to an end: A a",
		},
		{
			name: "the guilty fix is dropped and the others go on", level: analyzer.Safe,
			finders: []finder{
				{"A", "", "one", "1", analyzer.Safe},
				{"B", "", "RUN two\n", "ENV broken\n", analyzer.Safe},
				{"C", "", "scratch", "busybox", analyzer.Safe},
			},
			want: "FROM busybox\nRUN 1\nRUN two\n", applied: []string{"C:1", "A:2"}, dropped: []string{"B:3"},
		},
		{
			name: "what waited for a dropped fix gets its turn", level: analyzer.Safe,
			finders: []finder{{"A", "", "RUN two\n", "ENV broken\n", analyzer.Safe}, {"B", "", "two", "2", analyzer.Safe}},
			want:    "FROM scratch\nRUN one\nRUN 2\n", applied: []string{"B:3"},
		},
		{
			name: "an edit that changes nothing is dropped", level: analyzer.Safe,
			finders: []finder{{"A", "", "one", "one", analyzer.Safe}},
			want:    start, dropped: []string{"A:2"},
		},
		{
			name: "another file", level: analyzer.Safe,
			finders: []finder{{"A", "list", "x", "y", analyzer.Safe}}, want: start, applied: []string{"A:2"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := Files{Dockerfile: []byte(start), Others: map[string][]byte{"list": []byte("a\nx\n")}}
			got, err := Loop(files, nil, judgeWith(test.finders...), test.level)
			message := ""
			if err != nil {
				message = err.Error()
			}
			if message != test.err {
				t.Fatalf("error %q, want %q", message, test.err)
			}
			var applied, dropped []string
			for _, a := range got.Applied {
				applied = append(applied, fmt.Sprintf("%s:%d", a.Rule.Code, a.Line))
			}
			for _, d := range got.Dropped {
				dropped = append(dropped, fmt.Sprintf("%s:%d", d.Rule.Code, d.Line))
				if !strings.Contains(d.Err.Error(), d.Rule.Name) {
					t.Errorf("error %q does not name the rule", d.Err)
				}
			}
			if diff := cmp.Diff(test.want, string(got.Files.Dockerfile)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.applied, applied); diff != "" {
				t.Error("applied", diff)
			}
			if diff := cmp.Diff(test.dropped, dropped); diff != "" {
				t.Error("dropped", diff)
			}
			if string(files.Dockerfile) != start || string(files.Others["list"]) != "a\nx\n" {
				t.Error("the files that were given have changed")
			}
		})
	}
}

func fixOf(code string, edits ...analyzer.Edit) analyzer.Diagnostic {
	return analyzer.Diagnostic{Rule: rule(code), Fix: &analyzer.Fix{Title: "t", Safety: analyzer.Safe, Edits: edits}}
}

// once judges the first time only.
func once(found ...analyzer.Diagnostic) Judge {
	return func(Files) ([]analyzer.Diagnostic, error) {
		now := found
		found = nil
		return now, nil
	}
}

func TestLoopOnOtherFiles(t *testing.T) {
	at := func(n int) source.Span { return source.Span{Start: n, End: n} }
	create := analyzer.Edit{Path: ".dockerignore", Text: "x\n", Create: true}
	line := analyzer.Edit{Span: at(13), Text: "ENV A=b\n"}
	tests := []struct {
		name    string
		found   []analyzer.Diagnostic
		want    map[string]string
		dropped int
	}{
		{"created", []analyzer.Diagnostic{fixOf("A", create)}, map[string]string{"": "FROM scratch\n", ".dockerignore": "x\n"}, 0},
		{"created by two rules alike", []analyzer.Diagnostic{fixOf("A", create), fixOf("B", create)}, map[string]string{"": "FROM scratch\n", ".dockerignore": "x\n"}, 0},
		{"the same line by two rules", []analyzer.Diagnostic{fixOf("A", line), fixOf("B", line)}, map[string]string{"": "FROM scratch\nENV A=b\n"}, 0},
		{
			"two insertions at one point", []analyzer.Diagnostic{fixOf("A", line), fixOf("B", analyzer.Edit{Span: at(13), Text: "ENV C=d\n"})},
			map[string]string{"": "FROM scratch\nENV A=b\n"}, 0,
		},
		{"edited from the context", []analyzer.Diagnostic{fixOf("A", analyzer.Edit{Path: "own", Span: at(0), Text: "1"})}, map[string]string{"": "FROM scratch\n", "own": "1o\n"}, 0},
		{"outside the context", []analyzer.Diagnostic{fixOf("A", analyzer.Edit{Path: "../x", Text: "x", Create: true})}, map[string]string{"": "FROM scratch\n"}, 0},
		{"all or nothing", []analyzer.Diagnostic{fixOf("A", line, analyzer.Edit{Path: "own", Create: true})}, map[string]string{"": "FROM scratch\n"}, 0},
		{"not there", []analyzer.Diagnostic{fixOf("A", analyzer.Edit{Path: "none", Text: "x"})}, map[string]string{"": "FROM scratch\n"}, 0},
		{"outside the file", []analyzer.Diagnostic{fixOf("A", analyzer.Edit{Span: at(99), Text: "x"})}, map[string]string{"": "FROM scratch\n"}, 0},
	}
	read := func(path string) ([]byte, bool) { return []byte("o\n"), path == "own" }
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Loop(Files{Dockerfile: []byte("FROM scratch\n")}, read, once(test.found...), analyzer.Safe)
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]string{"": string(got.Files.Dockerfile)}
			for path, content := range got.Files.Others {
				have[path] = string(content)
			}
			if diff := cmp.Diff(test.want, have); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoopGivesTheErrorOfItsJudge(t *testing.T) {
	want := errors.New("broken")
	_, err := Loop(Files{}, nil, func(Files) ([]analyzer.Diagnostic, error) { return nil, want }, analyzer.Safe)
	if !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

// TestApply compares Apply with the obvious way: from the last edit to the first.
func TestApply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "content")
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, len(content)), 0, min(8, len(content)), rapid.ID[int]).Draw(t, "cuts")
		sorted := append([]int(nil), cuts...)
		for i := range sorted {
			for j := i; j > 0 && sorted[j] < sorted[j-1]; j-- {
				sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
			}
		}
		var edits []analyzer.Edit
		for i := 0; i+1 < len(sorted); i += 2 {
			edits = append(edits, analyzer.Edit{
				Span: source.Span{Start: sorted[i], End: sorted[i+1]}, Text: rapid.StringN(0, 5, -1).Draw(t, "text"),
			})
		}
		want := append([]byte(nil), content...)
		for i := len(edits) - 1; i >= 0; i-- {
			e := edits[i]
			want = append(append(append([]byte(nil), want[:e.Span.Start]...), e.Text...), want[e.Span.End:]...)
		}
		shuffled := rapid.Permutation(edits).Draw(t, "order")
		got, err := Apply(content, shuffled)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("got %q, %v; want %q", got, err, want)
		}
	})
}

func TestApplyRefuses(t *testing.T) {
	span := func(a, b int) analyzer.Edit { return analyzer.Edit{Span: source.Span{Start: a, End: b}} }
	for _, edits := range [][]analyzer.Edit{
		{span(0, 2), span(1, 3)}, {span(-1, 1)}, {span(2, 1)}, {span(3, 5)}, {span(0, 3), span(1, 1)},
	} {
		if got, err := Apply([]byte("abcd"), edits); err == nil {
			t.Errorf("%v: got %q", edits, got)
		}
	}
}

// TestLoopProves has a fix that holds only while nobody changes what it has made.
func TestLoopProves(t *testing.T) {
	const start = "FROM scratch\nRUN one\n"
	for _, test := range []struct {
		name, other, want string
		dropped           int
	}{
		{"nothing breaks it", "scratch", "FROM busybox\nRUN two\n", 0},
		{"another fix breaks it", "two", "FROM scratch\nRUN one\n", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			judge := func(files Files) ([]analyzer.Diagnostic, error) {
				found, _ := judgeWith(finder{code: "B", find: test.other, replace: "busybox", safety: analyzer.Safe})(files)
				mine, _ := judgeWith(finder{code: "A", find: "one", replace: "two", safety: analyzer.Unsafe})(files)
				for i := range mine {
					mine[i].Fix.Prove = func(text []byte) string {
						if strings.Contains(string(text), "two") {
							return ""
						}
						return "there is no two"
					}
				}
				return append(mine, found...), nil
			}
			out, err := Loop(Files{Dockerfile: []byte(start)}, nil, judge, analyzer.Unsafe)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(out.Files.Dockerfile); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if len(out.Dropped) != test.dropped {
				t.Errorf("dropped %v", out.Dropped)
			}
			again, err := Loop(out.Files, nil, judge, analyzer.Unsafe)
			if err != nil || string(again.Files.Dockerfile) != string(out.Files.Dockerfile) {
				t.Errorf("a second run gives %q, %v", again.Files.Dockerfile, err)
			}
		})
	}
}

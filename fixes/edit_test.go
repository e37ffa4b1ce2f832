package fixes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func parse(t *testing.T, text string) *dockerfile.Document {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return doc
}

func applied(t *testing.T, doc *dockerfile.Document, edits ...analyzer.Edit) string {
	t.Helper()
	got, err := Apply(doc.File.Bytes(), edits)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dockerfile.Parse(source.New("Dockerfile", got)); err != nil {
		t.Errorf("%q does not parse: %v", got, err)
	}
	return string(got)
}

// find is the instruction of a keyword, or the one after it with "KEYWORD+".
func find(t *testing.T, doc *dockerfile.Document, keyword string) *dockerfile.Instruction {
	t.Helper()
	for _, in := range doc.Instructions {
		if in.Keyword == keyword {
			return in
		}
	}
	t.Fatalf("there is no %s", keyword)
	return nil
}

// variants runs a test on a text as written, with CRLF, and without a final newline; want changes alike.
func variants(t *testing.T, text, want string, edit func(t *testing.T, doc *dockerfile.Document) []analyzer.Edit) {
	t.Helper()
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	cut := func(s string) string { return strings.TrimSuffix(s, "\n") }
	tick := func(s string) string {
		return "# escape=`\n" + strings.ReplaceAll(s, "\\\n", "`\n")
	}
	mark := func(s string) string { return "\uFEFF" + s }
	for name, change := range map[string]func(string) string{
		"as written": func(s string) string { return s },
		"CRLF":       crlf, "no final newline": cut, "backtick": tick, "byte order mark": mark,
		"CRLF without final newline": func(s string) string { return crlf(cut(s)) },
		"backtick and CRLF":          func(s string) string { return crlf(tick(s)) },
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(name, "CRLF") && !strings.Contains(change(text), "\r\n") {
				return // a single line without its ending tells nothing
			}
			doc := parse(t, change(text))
			if diff := cmp.Diff(change(want), applied(t, doc, edit(t, doc)...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInstructionBuilders(t *testing.T) {
	type builder = func(doc *dockerfile.Document, in *dockerfile.Instruction) analyzer.Edit
	before := func(doc *dockerfile.Document, in *dockerfile.Instruction) analyzer.Edit {
		return InsertBefore(doc, in, "RUN x \\\n    && y")
	}
	below := func(doc *dockerfile.Document, in *dockerfile.Instruction) analyzer.Edit {
		return InsertBelowComments(doc, in, "USER me")
	}
	after := func(doc *dockerfile.Document, in *dockerfile.Instruction) analyzer.Edit {
		return InsertAfter(doc, in, "RUN x \\\n    && y")
	}
	remove := func(comments bool) builder {
		return func(doc *dockerfile.Document, in *dockerfile.Instruction) analyzer.Edit {
			return DeleteInstruction(doc, in, comments)
		}
	}
	tests := []struct {
		name, keyword, text, want string
		build                     builder
	}{
		{"before", "CMD", "FROM a\nCMD b\n", "FROM a\nRUN x \\\n    && y\nCMD b\n", before},
		{"before the first", "FROM", "FROM a\n", "RUN x \\\n    && y\nFROM a\n", before},
		{"before, above comments", "CMD", "FROM a\n# c\n# d\nCMD b\n", "FROM a\nRUN x \\\n    && y\n# c\n# d\nCMD b\n", before},
		{"before, below a detached comment", "CMD", "FROM a\n# c\n\nCMD b\n", "FROM a\n# c\n\nRUN x \\\n    && y\nCMD b\n", before},
		{"below comments", "CMD", "FROM a\n# c\nCMD b\n", "FROM a\n# c\nUSER me\nCMD b\n", below},
		{"below comments, indented", "CMD", "FROM a\n  CMD b\n", "FROM a\nUSER me\n  CMD b\n", below},
		{"after", "FROM", "FROM a\nCMD b\n", "FROM a\nRUN x \\\n    && y\nCMD b\n", after},
		{"after the last", "CMD", "FROM a\nCMD b\n", "FROM a\nCMD b\nRUN x \\\n    && y\n", after},
		{"after a continued one", "ENV", "FROM a\nENV b=c \\\n  d=e\nCMD f\n", "FROM a\nENV b=c \\\n  d=e\nRUN x \\\n    && y\nCMD f\n", after},
		{"after a heredoc", "COPY", "FROM a\nCOPY <<E /b\nc\nE\nCMD d\n", "FROM a\nCOPY <<E /b\nc\nE\nRUN x \\\n    && y\nCMD d\n", after},
		{"after a heredoc at the end", "COPY", "FROM a\nCOPY <<E /b\nc\nE\n", "FROM a\nCOPY <<E /b\nc\nE\nRUN x \\\n    && y\n", after},
		{"after a continuation that never comes", "CMD", "FROM a\nCMD b \\\n", "FROM a\nCMD b\nRUN x \\\n    && y\n", after},
		{"delete", "ENV", "FROM a\nENV b=c\nCMD d\n", "FROM a\nCMD d\n", remove(true)},
		{"delete the last", "CMD", "FROM a\nENV b=c\nCMD d\n", "FROM a\nENV b=c\n", remove(true)},
		{"delete a continued one", "ENV", "FROM a\nENV b=c \\\n  # x\n  d=e\nCMD f\n", "FROM a\nCMD f\n", remove(true)},
		{"delete with comments", "ENV", "FROM a\n# b\nENV b=c\nCMD d\n", "FROM a\nCMD d\n", remove(true)},
		{"delete without comments", "ENV", "FROM a\n# b\nENV b=c\nCMD d\n", "FROM a\n# b\nCMD d\n", remove(false)},
		{"delete between blank lines", "ENV", "FROM a\n\nENV b=c\n\nCMD d\n", "FROM a\n\nCMD d\n", remove(true)},
		{"delete below a blank line", "ENV", "FROM a\n\nENV b=c\nCMD d\n", "FROM a\n\nCMD d\n", remove(true)},
		{"delete a heredoc", "COPY", "FROM a\nCOPY <<E /b\nc\n\nE\nCMD d\n", "FROM a\nCMD d\n", remove(true)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			variants(t, test.text, test.want, func(t *testing.T, doc *dockerfile.Document) []analyzer.Edit {
				return []analyzer.Edit{test.build(doc, find(t, doc, test.keyword))}
			})
		})
	}
}

// at is the place of text in the document.
func at(t *testing.T, doc *dockerfile.Document, text string) source.Span {
	t.Helper()
	i := strings.Index(string(doc.File.Bytes()), text)
	if i < 0 {
		t.Fatalf("%q is not there", text)
	}
	return source.Span{Start: i, End: i + len(text)}
}

func TestWordBuilders(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"in a line", "FROM a\nRUN pip -U b\n", "FROM a\nRUN pip b\n"},
		{"at the end of a line", "FROM a\nRUN pip b -U\n", "FROM a\nRUN pip b\n"},
		{"with several blanks", "FROM a\nRUN pip  \t-U  b\n", "FROM a\nRUN pip  b\n"},
		{"alone on a line", "FROM a\nRUN pip \\\n    -U \\\n    b\n", "FROM a\nRUN pip \\\n    b\n"},
		{"alone on the last line", "FROM a\nRUN pip \\\n    b \\\n    -U\n", "FROM a\nRUN pip \\\n    b\n"},
		{"alone on the last line below a comment", "FROM a\nRUN pip \\\n    b \\\n    # c\n    -U\nCMD d\n", "FROM a\nRUN pip \\\n    b\nCMD d\n"},
		{"first of a line", "FROM a\nRUN pip \\\n    -U b \\\n    c\n", "FROM a\nRUN pip \\\n    b \\\n    c\n"},
		{"before a continuation", "FROM a\nRUN pip -U \\\n    b\n", "FROM a\nRUN pip \\\n    b\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			variants(t, test.text, test.want, func(t *testing.T, doc *dockerfile.Document) []analyzer.Edit {
				return []analyzer.Edit{DeleteWord(doc, at(t, doc, "-U"))}
			})
		})
	}
	doc := parse(t, "FROM a\nRUN pip install b\n")
	if got, want := applied(t, doc, InsertWord(at(t, doc, "install"), "--no-cache-dir")), "FROM a\nRUN pip install --no-cache-dir b\n"; got != want {
		t.Errorf("InsertWord: %q", got)
	}
	if got := applied(t, doc, ReplaceSpan(at(t, doc, "pip"), "uv pip")); got != "FROM a\nRUN uv pip install b\n" {
		t.Errorf("ReplaceSpan: %q", got)
	}
}

func TestLayout(t *testing.T) {
	tests := []struct{ text, env, indent string }{
		{"FROM a\n", `ENV A=b C="d e"`, "    "},
		{"from a\nrun b\nCMD c\n", `env A=b C="d e"`, "    "},
		{"FROM a\nrun b\n", `ENV A=b C="d e"`, "    "},
		{"FROM a\nRUN b \\\n  c\nRUN d \\\n\te\nRUN f \\\n\tg\n", `ENV A=b C="d e"`, "\t"},
		{"FROM a\nRUN <<E\n  b\nE\n", `ENV A=b C="d e"`, "    "},
	}
	for _, test := range tests {
		doc := parse(t, test.text)
		if got := SetEnv(doc, "A", "b", "C", "d e"); got != test.env {
			t.Errorf("%q: SetEnv gives %s", test.text, got)
		}
		if got := Indent(doc); got != test.indent {
			t.Errorf("%q: Indent gives %q", test.text, got)
		}
	}
	doc := parse(t, "# escape=`\nFROM a\n")
	if got, want := SetEnv(doc, "A", `C:\x "y" $Z`, "B", "", "C", "$PATH:/b"), "ENV A=\"C:\\x `\"y`\" $Z\" B=\"\" C=$PATH:/b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

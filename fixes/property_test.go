package fixes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// drawDocument is a Dockerfile of random instructions, comments and blank lines.
func drawDocument(t *rapid.T) *dockerfile.Document {
	pieces := []string{
		"RUN a && b\n", "run a \\\n  # c\n  && b \\\n\n  && d\n", "ENV A=b\n", "# c\nCOPY <<E /x\n# d\nE\n", "\n", "# e\n",
		"  CMD [\"x\"]\n", "RUN a; \\\n\tb\n", "\t\n", "# f\nUSER u\n",
	}
	text := "FROM a\n" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 8).Draw(t, "pieces"), "")
	if rapid.Bool().Draw(t, "cut") {
		text = strings.TrimSuffix(text, "\n")
	}
	if rapid.Bool().Draw(t, "crlf") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func texts(doc *dockerfile.Document) []string {
	var all []string
	for _, in := range doc.Instructions {
		all = append(all, doc.File.Text(in.Span))
	}
	return all
}

// TestOtherInstructionsStay: a builder changes the instruction it is asked to and no other.
func TestOtherInstructionsStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		n := rapid.IntRange(0, len(doc.Instructions)-1).Draw(t, "instruction")
		in := doc.Instructions[n]
		want := texts(doc)
		insert := func(at int) []string {
			return append(append(append([]string(nil), want[:at]...), "USER new"), want[at:]...)
		}
		var edit analyzer.Edit
		switch rapid.IntRange(0, 4).Draw(t, "builder") {
		case 0:
			edit, want = InsertBefore(doc, in, "USER new"), insert(n)
		case 1:
			edit, want = InsertBelowComments(doc, in, "USER new"), insert(n)
		case 2:
			edit, want = InsertAfter(doc, in, "USER new"), insert(n+1)
		case 3:
			edit, want = DeleteInstruction(doc, in, true), append(append([]string(nil), want[:n]...), want[n+1:]...)
		case 4:
			edit, want = DeleteInstruction(doc, in, false), append(append([]string(nil), want[:n]...), want[n+1:]...)
		}
		got, err := Apply(doc.File.Bytes(), []analyzer.Edit{edit})
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			return
		}
		after, err := dockerfile.Parse(source.New("Dockerfile", got))
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if diff := cmp.Diff(want, texts(after)); diff != "" {
			t.Fatalf("%q\n%q\n%s", doc.File.Bytes(), got, diff)
		}
		if before := doc.File.Bytes(); strings.HasSuffix(string(before), "\n") != strings.HasSuffix(string(got), "\n") {
			t.Fatalf("the final newline of %q comes or goes: %q", before, got)
		}
		if crlf := strings.Count(string(got), "\r\n"); strings.Contains(string(doc.File.Bytes()), "\r\n") && crlf != strings.Count(string(got), "\n") {
			t.Fatalf("line endings are mixed: %q", got)
		}
	})
}

// TestDeleteAboveBlanks: what TestOtherInstructionsStay found once. A file that ends with blanks and no newline gets none.
func TestDeleteAboveBlanks(t *testing.T) {
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte("FROM a\n\nRUN a && b\n\t")))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Apply(doc.File.Bytes(), []analyzer.Edit{DeleteInstruction(doc, doc.Instructions[1], false)})
	if want := "FROM a\n\t"; err != nil || string(got) != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct{ before, after string }{
		{"from python:3.12 as b\nRun   ls  \n  COPY a   b\n", "FROM python:3.12 AS b\nRUN ls\nCOPY a   b\n"},
		{"from python:3.12 as b\nrun ls\n", "from python:3.12 as b\nrun ls\n"}, // all small is a style, too
		{"FROM a\nRUN apt-get update \\\n&& apt-get install \\\n        gcc \\\n  git\n", "FROM a\nRUN apt-get update \\\n    && apt-get install \\\n            gcc \\\n      git\n"},
		{"FROM a\nRUN x && \\\n\ty && \\\n\tz\n", "FROM a\nRUN x && \\\n    y && \\\n    z\n"},
		{"FROM a\nCMD [ \"a\",\"b\" , \"c d\" ]\n", "FROM a\nCMD [\"a\", \"b\", \"c d\"]\n"},
		{"FROM a\nCOPY --chown=x [ \"a\",\"b\" ]\n", "FROM a\nCOPY --chown=x [\"a\", \"b\"]\n"},
		// Strings and heredocs stay.
		{"FROM a\nRUN echo 'x \\\n  y' && \\\nls\n", "FROM a\nRUN echo 'x \\\n  y' && \\\nls\n"},
		{"FROM a\nRUN python -c \"if x: \\\n  y\"\n", "FROM a\nRUN python -c \"if x: \\\n  y\"\n"},
		{"FROM a\nRUN  <<EOF\n  x  \ny\nEOF\n", "FROM a\nRUN <<EOF\n  x  \ny\nEOF\n"},
		{"FROM a\nLABEL x=\"a \\\nb\" \\\ny=z\n", "FROM a\nLABEL x=\"a \\\nb\" \\\ny=z\n"},
		{"FROM a\nENV A=1 \\\n B=2 \\\n# why  \n C=3\n", "FROM a\nENV A=1 \\\n    B=2 \\\n# why\n    C=3\n"},
		{"\uFEFFfrom a\r\nRUN x \\\r\n  y  \r\n", "\uFEFFFROM a\r\nRUN x \\\r\n    y\r\n"},
		{"# escape=`\nFROM a\nRUN x `\ny\n", "# escape=`\nFROM a\nRUN x `\n    y\n"},
		{"FROM a\nRUN x \\\n\n  y", "FROM a\nRUN x \\\n\n    y"},
		{"FROM a\nONBUILD  run x\n", "FROM a\nONBUILD run x\n"},
	} {
		if got := formatted(t, c.before); got != c.after {
			t.Errorf("%q: (-want +got)\n%s", c.before, cmp.Diff(c.after, got))
		}
	}
}

func formatted(t *testing.T, text string) string {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		return text
	}
	return string(format(doc, "    "))
}

// Formatting changes blanks and the case of letters only, and nothing when it is done again. PYLINT_DOCKER_CORPUS is a folder with
// Dockerfiles to try besides the cases of the rules.
func TestFormatIsHarmless(t *testing.T) {
	files, _ := filepath.Glob("../../../testdata/rules/*/*.txtar")
	more, _ := filepath.Glob(filepath.Join(os.Getenv("PYLINT_DOCKER_CORPUS"), "*", "Dockerfile*"))
	if os.Getenv("PYLINT_DOCKER_CORPUS") == "" {
		more = nil
	}
	bare := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, text)
	}
	changed := 0
	for _, file := range append(files, more...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts := []string{string(b)}
		if strings.HasSuffix(file, ".txtar") {
			texts = nil
			for _, f := range txtar.Parse(b).Files {
				if f.Name == "Dockerfile" {
					texts = append(texts, string(f.Data))
				}
			}
		}
		for _, text := range texts {
			once := formatted(t, text)
			if once != text {
				changed++
			}
			if twice := formatted(t, once); twice != once {
				t.Errorf("%s: not idempotent\n%s", file, cmp.Diff(once, twice))
			}
			if bare(once) != bare(text) {
				t.Errorf("%s: more than blanks changed\n%s", file, cmp.Diff(text, once))
			}
			if before, after := strings.Count(text, "\n"), strings.Count(once, "\n"); before != after {
				t.Errorf("%s: %d lines, then %d", file, before, after)
			}
		}
	}
	if changed == 0 {
		t.Error("nothing was formatted: this proves little")
	}
	t.Logf("%d files changed", changed)
}

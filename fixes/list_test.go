package fixes

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// scriptOf is the shell code of the RUN, as the analyzer gives it to rules.
func scriptOf(t *testing.T, doc *dockerfile.Document) (*dockerfile.Instruction, *shell.Script) {
	t.Helper()
	build := analyzer.Analyze(doc, analyzer.Settings{})
	for _, s := range build.Stages {
		for _, step := range s.Steps {
			if step.Instruction.Keyword == "RUN" && step.Script != nil {
				return step.Instruction, step.Script
			}
		}
	}
	t.Fatalf("no readable RUN in %q", doc.File.Bytes())
	return nil, nil
}

func TestDeleteItem(t *testing.T) {
	tests := []struct {
		name, text string
		index      int
		want       string // "" when it can't be done
	}{
		{"only one", "RUN a", 0, ""},
		{"outside", "RUN a && b", 2, ""},
		{"first of a line", "RUN a && b", 0, "RUN b"},
		{"last of a line", "RUN a && b", 1, "RUN a"},
		{"middle of a line", "RUN a && b x | y && c", 1, "RUN a && c"},
		{"leading operators, first", "RUN a \\\n    && b \\\n    && c", 0, "RUN b \\\n    && c"},
		{"leading operators, middle", "RUN a \\\n    && b 1 \\\n       2 \\\n    && c", 1, "RUN a \\\n    && c"},
		{"leading operators, last", "RUN a \\\n    && b \\\n    && c", 2, "RUN a \\\n    && b"},
		{"trailing operators, first", "RUN a && \\\n    b && \\\n    c", 0, "RUN b && \\\n    c"},
		{"trailing operators, middle", "RUN a && \\\n    b && \\\n    c", 1, "RUN a && \\\n    c"},
		{"trailing operators, last", "RUN a && \\\n    b && \\\n    c", 2, "RUN a && \\\n    b"},
		{"its comment goes with it", "RUN a \\\n    # about b\n    && b \\\n    # about c\n    && c", 1, "RUN a \\\n    # about c\n    && c"},
		{"the next one's comment stays", "RUN a \\\n    # about b\n    && b", 0, "RUN \\\n    # about b\n    b"},
		{"the next one's comment stays behind a trailing operator", "RUN a && \\\n    # about b\n    b", 0, "RUN \\\n    # about b\n    b"},
		{"semicolons", "RUN set -ex; \\\n    a; \\\n    b", 1, "RUN set -ex; \\\n    b"},
		{"its own semicolon stays", "RUN a; b && c", 1, "RUN a; c"},
		{"below flags", "RUN --mount=type=cache,target=/x a && b", 0, "RUN --mount=type=cache,target=/x b"},
		{"fed by a heredoc", "RUN a && cat <<E\nx\nE", 1, ""},
		{"in a heredoc", "RUN <<E\na\nb\nc\nE", 1, "RUN <<E\na\nc\nE"},
		{"first in a heredoc", "RUN <<E\na\nb\nE", 0, "RUN <<E\nb\nE"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := parse(t, "FROM a\n"+test.text+"\n")
			_, script := scriptOf(t, doc)
			if _, ok := DeleteItem(doc, script, test.index); ok != (test.want != "") {
				t.Fatalf("possible: %v", ok)
			}
			if test.want == "" {
				return
			}
			variants(t, "FROM a\n"+test.text+"\n", "FROM a\n"+test.want+"\n", func(t *testing.T, doc *dockerfile.Document) []analyzer.Edit {
				_, script := scriptOf(t, doc)
				edits, _ := DeleteItem(doc, script, test.index)
				return edits
			})
		})
	}
}

func TestAppendItem(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"one", "RUN a", "RUN a && NEW"},
		{"one line", "RUN a && b", "RUN a && b && NEW"},
		{"one over several lines", "RUN a \\\n  b \\\n  c", "RUN a \\\n  b \\\n  c \\\n  && NEW"},
		{"leading operators", "RUN a \\\n && b", "RUN a \\\n && b \\\n && NEW"},
		{"trailing operators", "RUN a && \\\n\tb", "RUN a && \\\n\tb && \\\n\tNEW"},
		{"last with arguments below", "RUN a \\\n    && b \\\n        c", "RUN a \\\n    && b \\\n        c \\\n    && NEW"},
		{"one line, last with arguments below", "RUN a && b \\\n    c \\\n    d", "RUN a && b \\\n    c \\\n    d \\\n    && NEW"},
		{"a comment between", "RUN a \\\n    # b\n    && b", "RUN a \\\n    # b\n    && b \\\n    && NEW"},
		{"a comment between, trailing", "RUN a && \\\n    # b\n    b", "RUN a && \\\n    # b\n    b && \\\n    NEW"},
		{"set -e", "RUN set -eux; \\\n    a; \\\n    b", "RUN set -eux; \\\n    a; \\\n    b; \\\n    NEW"},
		{"semicolons that swallow failures", "RUN a; \\\n    b", "RUN a; \\\n    b && \\\n    NEW"},
		{"semicolons on a line", "RUN a; b", "RUN a; b && NEW"},
		{"or-list", "RUN a || b", "RUN a || b && NEW"},
		{"background", "RUN a &", ""},
		{"a backslash at the end", "RUN a \\\n  && b\\\\", ""},
		{"find -exec", "RUN a && find . -exec b {} \\;", "RUN a && find . -exec b {} \\; && NEW"},
		{"heredoc", "RUN <<E\na\nb\nE", "RUN <<E\na\nb\nNEW\nE"},
		{"heredoc of one", "RUN <<E\n  a\nE", "RUN <<E\n  a\n  NEW\nE"},
		{"a command fed by a heredoc", "RUN cat <<E\na\nE", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := parse(t, "FROM a\n"+test.text+"\nCMD c\n")
			in, script := scriptOf(t, doc)
			if _, ok := AppendItem(doc, in, script, "NEW"); ok != (test.want != "") {
				t.Fatalf("possible: %v", ok)
			}
			if test.want == "" {
				return
			}
			variants(t, "FROM a\n"+test.text+"\n", "FROM a\n"+test.want+"\n", func(t *testing.T, doc *dockerfile.Document) []analyzer.Edit {
				in, script := scriptOf(t, doc)
				edit, ok := AppendItem(doc, in, script, "NEW")
				if !ok || strings.Contains(edit.Text, "\n") && Newline(doc) == "\r\n" && !strings.Contains(edit.Text, "\r\n") {
					t.Errorf("edit %q", edit.Text)
				}
				return []analyzer.Edit{edit}
			})
		})
	}
}

package rules

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

// carried is what the package was built with. All tests see the comments of the sources as they are now.
var carried = func() string {
	old := commentData()
	comments = written()
	return old
}()

// TestComments compares what the program carries with the doc comments in the sources.
func TestComments(t *testing.T) {
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile("comments.txt", []byte(comments), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("comments.txt.gz", packed.Pack([]byte(comments)), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if unixLines(carried) != comments {
		t.Error("comments.txt is stale; `go test ./rules -update` writes it anew")
	}
}

// written is comments.txt as the sources have it, by code.
func written() string {
	byCode := map[string]string{}
	files, _ := filepath.Glob("*.go")
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil || strings.HasSuffix(name, "_test.go") || !bytes.Contains(content, []byte("= register(")) {
			continue
		}
		addComments(byCode, unixLines(string(content)))
	}
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		b.WriteString(commentMark + code + "\n" + byCode[code] + "\n")
	}
	return b.String()
}

// addComments finds the registrations in a file, `var Name = register(&analyzer.Rule{` followed by Code, and the
// comment right above each.
func addComments(comments map[string]string, content string) {
	comment, name := "", "" // the comment above, the variable whose Code is to come
	start := 0
	for at := 0; at < len(content); {
		line := content[at:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		switch {
		case strings.HasPrefix(line, "//"):
			if comment == "" {
				start = at
			}
			comment = content[start : at+len(line)]
		case strings.HasPrefix(line, "var ") && strings.Contains(line, " = register(&analyzer.Rule{"):
			name, _, _ = strings.Cut(line[len("var "):], " ")
			fallthrough
		case name != "":
			if _, after, ok := strings.Cut(line, `Code: "`); ok {
				code, _, _ := strings.Cut(after, `"`)
				comments[code] = sentence(uncomment(comment), name)
				name = ""
			}
		}
		if name == "" && !strings.HasPrefix(line, "//") {
			comment = ""
		}
		at += len(line)
	}
}

func uncomment(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimRight(line, "\n"), "//")
		lines = append(lines, strings.TrimPrefix(line, " "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// sentence drops the variable's name, with which a doc comment begins and which says nothing to a user.
func sentence(comment, name string) string {
	rest, ok := strings.CutPrefix(comment, name+" ")
	if !ok || rest == "" {
		return comment
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}

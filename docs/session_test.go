package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// session is a console block with its mark. Lines that begin with "$ " are commands, the others are what they print:
//
//	<!-- session: testdata/projects/flask-single-stage -->
//
// begins in a copy of that folder, without one in an empty folder, and <!-- session --> goes on where the session before
// it on the page has ended. The exit code of a command is shown by a command of the page, or not at all.
var session = regexp.MustCompile("(?m)^<!-- session(:.*?)? -->\n+```console\n((?:.*\n)*?)```$")

func TestSessionsPrintWhatTheyShow(t *testing.T) {
	program := buildProgram(t)
	for _, page := range pages(t) {
		text := read(t, page)
		found := session.FindAllStringSubmatchIndex(text, -1)
		if marks := strings.Count(text, "<!-- session"); marks != len(found) {
			t.Errorf("%s: %d marks of sessions, but %d of them stand above a console block", page, marks, len(found))
		}
		var fresh strings.Builder
		last, folder := 0, ""
		for _, at := range found {
			if at[2] >= 0 {
				folder = begin(t, strings.TrimSpace(text[at[2]+1:at[3]]))
			}
			if folder == "" {
				t.Fatalf("%s: the first session of a page says where it begins", page)
			}
			got := text[at[4]:at[5]]
			want := replay(t, program, folder, got)
			if got != want && !*update {
				t.Errorf("%s: a session is stale; `go test ./docs -update` writes it anew (-page +printed):\n%s", page, cmp.Diff(got, want))
			}
			fresh.WriteString(text[last:at[4]] + want)
			last = at[5]
		}
		fresh.WriteString(text[last:])
		if *update && fresh.String() != text {
			if err := os.WriteFile(page, []byte(fresh.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// begin makes the folder of a session.
func begin(t *testing.T, copyOf string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "app")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if copyOf == "" {
		return folder
	}
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(root, copyOf))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// replay runs the commands of a block and gives it with what they print now.
func replay(t *testing.T, program, folder, block string) string {
	t.Helper()
	var out strings.Builder
	commands := 0
	for _, line := range strings.SplitAfter(block, "\n") {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		commands++
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = folder
		cmd.Env = shellEnv(program, t.TempDir())
		printed, _ := cmd.CombinedOutput() // findings end with 1, and are shown
		out.WriteString(line)
		out.Write(printed)
	}
	if commands == 0 {
		t.Errorf("a session without a command:\n%s", block)
	}
	return out.String()
}

// TestAnswersAreProven holds the questions to their promise: what an answer says stands on another page, or is run.
func TestAnswersAreProven(t *testing.T) {
	for _, answer := range strings.Split(read(t, filepath.Join(root, "docs", "faq.md")), "\n### ")[1:] {
		question, text, _ := strings.Cut(answer, "\n")
		text, _, _ = strings.Cut(text, "\n## ")
		if !strings.Contains(text, ".md") && !strings.Contains(text, "<!-- session") {
			t.Errorf("%s: the answer names no page and runs no command", question)
		}
	}
}

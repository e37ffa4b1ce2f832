// Package docs_test keeps the documentation true: what a page shows of a file or of a program's
// output is compared with that file or that output, and what it links to must exist.
//
// A mark above a fenced block says where the block comes from:
//
//	<!-- file: testdata/projects/pattern-venv/Dockerfile -->
//	<!-- run: pylint-docker check testdata/projects/origin-2018 | head -n 20 -->
//
// Marks above console blocks, which show commands along with what they print, are read by session_test.go.
//
// Commands run by sh in the root of the repository, with an empty folder in $TMP. `go test ./docs -update` writes the blocks anew.
package docs_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the blocks that show files and output")

const root = ".."

// pages are the Markdown files of the documentation, relative to the root.
func pages(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no page was found (%v)", err)
	}
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".md" {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// block is a mark with the fenced block below it.
var block = regexp.MustCompile("(?m)^<!-- (file|run): (.+) -->\n+(```+)([a-z]*)\n((?:.*\n)*?)(```+)$")

func TestBlocksAreWhatTheyShow(t *testing.T) {
	program := buildProgram(t)
	for _, page := range pages(t) {
		text := read(t, page)
		marks := strings.Count(text, "<!-- file: ") + strings.Count(text, "<!-- run: ")
		blocks := block.FindAllStringSubmatchIndex(text, -1)
		if len(blocks) != marks {
			t.Errorf("%s: %d marks, but %d of them stand above a block", page, marks, len(blocks))
		}
		var fresh strings.Builder
		last := 0
		for _, at := range blocks {
			part := func(n int) string { return text[at[2*n]:at[2*n+1]] }
			want := shown(t, program, part(1), part(2))
			if got := part(5); got != want && !*update {
				t.Errorf("%s: %s is stale; `go test ./docs -update` writes it anew (-page +%s):\n%s", page, part(2), part(1), cmp.Diff(got, want))
			}
			fresh.WriteString(text[last:at[10]] + want)
			last = at[11]
		}
		fresh.WriteString(text[last:])
		if *update && fresh.String() != text {
			if err := os.WriteFile(page, []byte(fresh.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func shown(t *testing.T, program, kind, what string) string {
	t.Helper()
	if kind == "file" {
		return read(t, filepath.Join(root, what))
	}
	cmd := exec.Command("sh", "-c", what)
	cmd.Dir = root
	cmd.Env = shellEnv(program, t.TempDir())
	// A run with findings ends with 1, and says so by its output alone.
	out, err := cmd.CombinedOutput()
	if len(out) == 0 {
		t.Errorf("%s: no output (%v)", what, err)
	}
	if !strings.HasSuffix(string(out), "\n") {
		out = append(out, '\n')
	}
	return string(out)
}

// shellEnv is the environment of a command that a page shows: with the program on PATH, and without colours.
func shellEnv(program, tmp string) []string {
	return append(os.Environ(),
		"PATH="+filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"TMP="+tmp, "NO_COLOR=1", "FORCE_COLOR=", "COLUMNS=100", "LC_ALL=C")
}

// built is the program, in a folder of its own, built once for all tests of the package.
var built = sync.OnceValues(func() (program string, err error) {
	folder, err := os.MkdirTemp("", "docs")
	if err != nil {
		return "", err
	}
	program = filepath.Join(folder, "pylint-docker")
	cmd := exec.Command("go", "build", "-o", program, "./cmd/pylint-docker")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return program, fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if program, _ := built(); program != "" {
		_ = os.RemoveAll(filepath.Dir(program))
	}
	os.Exit(code)
}

func buildProgram(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the commands of the pages need a POSIX shell")
	}
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

var (
	fence   = regexp.MustCompile("(?ms)^(```+).*?^```+$")
	code    = regexp.MustCompile("`[^`\n]*`")
	link    = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		prose := code.ReplaceAllString(fence.ReplaceAllString(read(t, page), ""), "")
		for _, m := range link.FindAllStringSubmatch(prose, -1) {
			if err := follow(t, page, m[1]+m[2]); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

func follow(t *testing.T, page, target string) error {
	t.Helper()
	if strings.Contains(target, "://") {
		return nil // the network is no part of a test
	}
	path, anchor, _ := strings.Cut(target, "#")
	file := page
	if path != "" {
		file = filepath.Join(filepath.Dir(page), filepath.FromSlash(path))
	}
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("the link %s leads nowhere", target)
	}
	if anchor == "" {
		return nil
	}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(read(t, file), ""), -1) {
		if slug(m[1]) == anchor {
			return nil
		}
	}
	return fmt.Errorf("the link %s names a heading that is not there", target)
}

// slug is the anchor that GitHub gives a heading.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, strings.ToLower(title))
}

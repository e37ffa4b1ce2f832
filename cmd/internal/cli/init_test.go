package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What init writes for each project that e2e builds has no finding, and nothing that a fix would change.
func TestInitLintsClean(t *testing.T) {
	projects := filepath.Join("..", "..", "..", "testdata", "projects", "init")
	entries, err := os.ReadDir(projects)
	if err != nil || len(entries) < 10 {
		t.Fatalf("%d projects, %v", len(entries), err)
	}
	for _, entry := range entries {
		for _, layout := range []string{"user-base", "venv"} {
			t.Run(entry.Name()+"/"+layout, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "app")
				if err := os.CopyFS(dir, os.DirFS(filepath.Join(projects, entry.Name()))); err != nil {
					t.Fatal(err)
				}
				run := func(want int, args ...string) string {
					t.Helper()
					var out bytes.Buffer
					if code := Main(append(args, dir), Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != want {
						t.Errorf("%s: exit code %d\n%s", strings.Join(args, " "), code, out.String())
					}
					return out.String()
				}
				run(0, "init", "--isolated", "--layout", layout)
				run(0, "check", "--isolated", "--fail-on", "info")
				run(0, "check", "--isolated", "--diff", "--unsafe-fixes")
				run(2, "init", "--isolated", "--layout", layout)
			})
		}
	}
}

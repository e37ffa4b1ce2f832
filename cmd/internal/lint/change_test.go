package lint

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// folder is a project that --fix changes two files of.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestChangedMeanwhile: whatever another run writes between reading and writing, a change never goes over it, and never adds to it what was
// computed from something else.
func TestChangedMeanwhile(t *testing.T) {
	const lines = "**/__pycache__\n**/*.py[cod]\n"
	for _, test := range []struct {
		name, before string
		early, late  string // what another run writes while this one judges, and before it writes; "" for nothing
		want         string
	}{
		{"nobody else", "*.md\n", "", "", "*.md\n" + lines},
		{"the same lines, while we judge", "*.md\n", "*.md\n" + lines, "", "*.md\n" + lines},
		{"the same lines, before we write", "*.md\n", "", "*.md\n" + lines, "*.md\n" + lines},
		{"other lines", "*.md\n", "", "*.md\nmine\n", "*.md\nmine\n"},
		{"a file where there was none", "", "", lines, lines},
		{"a file where there was none, while we judge", "", lines, "", lines},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"Dockerfile": "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n", "app.py": ""}
			if test.before != "" {
				files[".dockerignore"] = test.before
			}
			dir := folder(t, files)
			write := func(content string) {
				if content == "" {
					return
				}
				if err := os.WriteFile(filepath.Join(dir, ".dockerignore"), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			linter, err := New(Options{Dir: dir, Isolated: true, Today: time.Now(), Share: true, Select: []string{"PLD302"}})
			if err != nil {
				t.Fatal(err)
			}
			unit, err := linter.Open(Input{Path: "Dockerfile", Content: []byte(files["Dockerfile"])})
			if err != nil {
				t.Fatal(err)
			}
			defer unit.Close()
			unit.Run() // reads what is there
			write(test.early)
			fixed, err := unit.Loop(analyzer.Safe)
			if err != nil {
				t.Fatal(err)
			}
			write(test.late)
			for _, change := range unit.Changes(fixed.Files) {
				edited := test.early+test.late != ""
				if err := change.Write(); errors.Is(err, ErrEdited) != edited {
					t.Errorf("changed meanwhile %v, and Write says %v", edited, err)
				}
			}
			if content, err := os.ReadFile(filepath.Join(dir, ".dockerignore")); err != nil || string(content) != test.want {
				t.Errorf("%v: .dockerignore is %q, want %q", err, content, test.want)
			}
		})
	}
}

// TestOutside: a compose or configuration file that puts the build context elsewhere makes nobody write there.
func TestOutside(t *testing.T) {
	const text = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"
	for _, test := range []struct {
		name    string
		files   map[string]string
		named   []string
		context string // of the command line
		fixed   bool
	}{
		{"compose", map[string]string{"app/compose.yaml": "services:\n  web:\n    build:\n      context: ../outside\n      dockerfile: ../app/Dockerfile\n"}, []string{"app"}, "", false},
		{"compose, both named", map[string]string{"app/compose.yaml": "services:\n  web:\n    build:\n      context: ../outside\n      dockerfile: ../app/Dockerfile\n"}, []string{"app", "outside"}, "", true},
		{"compose, --context", map[string]string{"app/compose.yaml": "services:\n  web:\n    build:\n      context: ../outside\n      dockerfile: ../app/Dockerfile\n"}, []string{"app"}, "outside", true},
		{"configuration", map[string]string{"app/.pylint-docker.yaml": "context: ../outside\n"}, []string{"app"}, "", false},
		{"configuration, the folder above named", map[string]string{"app/.pylint-docker.yaml": "context: ../outside\n"}, []string{"."}, "", true},
		{"nothing said", nil, []string{"app"}, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"app/Dockerfile": text, "outside/app.py": "", "app/app.py": "", ".git/HEAD": ""}
			for name, content := range test.files {
				files[name] = content
			}
			dir := folder(t, files)
			var within []string
			for _, name := range test.named {
				within = append(within, filepath.Join(dir, name))
			}
			context := test.context
			if context != "" {
				context = filepath.Join(dir, context)
			}
			linter, err := New(Options{Dir: dir, Today: time.Now(), Share: true, Select: []string{"PLD302"}, Within: within, Context: context})
			if err != nil {
				t.Fatal(err)
			}
			unit, err := linter.Open(Input{Path: "app/Dockerfile", Content: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			defer unit.Close()
			found := unit.Run().Diagnostics
			if len(found) != 1 || (found[0].Fix != nil) != test.fixed || (found[0].NoFixReason == "") != test.fixed {
				t.Errorf("want one finding, fixed: %v; got %+v", test.fixed, found)
			}
			fixed, err := unit.Loop(analyzer.Safe)
			if err != nil || (len(unit.Changes(fixed.Files)) > 0) != test.fixed {
				t.Errorf("%v: changes %v", err, unit.Changes(fixed.Files))
			}
		})
	}
}

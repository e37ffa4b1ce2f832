package playground_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/playground"
)

func ask[Answer any](t *testing.T, function func([]byte) []byte, r playground.Request) (answer Answer) {
	t.Helper()
	request, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(function(request), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func check(t *testing.T, files map[string]string) playground.Checked {
	t.Helper()
	return ask[playground.Checked](t, playground.Check, playground.Request{Files: files})
}

const uncached = "FROM python:3.13-slim\nRUN pip install flask==3.1.2\nUSER 1000\nCMD [\"flask\", \"--version\"]\n"

// find gives the finding of a code; the test fails without one.
func find(t *testing.T, c playground.Checked, code string) playground.Finding {
	t.Helper()
	for _, f := range c.Findings {
		if f.Code == code {
			return f
		}
	}
	t.Fatalf("no %s in %+v", code, c.Findings)
	return playground.Finding{}
}

// Columns count what a browser counts: UTF-16 code units, the byte order mark among them.
func TestPositions(t *testing.T) {
	for _, c := range []struct {
		name, dockerfile string
		want             playground.Position
	}{
		{"plain", uncached, playground.Position{Line: 2, Column: 4}},
		{"CRLF", strings.ReplaceAll(uncached, "\n", "\r\n"), playground.Position{Line: 2, Column: 4}},
		{"beyond the basic plane", strings.Replace(uncached, "RUN pip", "RUN echo 😀 && pip", 1), playground.Position{Line: 2, Column: 15}},
		{"byte order mark", "\ufeff" + uncached, playground.Position{Line: 2, Column: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := find(t, check(t, map[string]string{"Dockerfile": c.dockerfile}), "PLD205")
			if diff := cmp.Diff(playground.Range{Path: "Dockerfile", Start: c.want, End: f.Range.End}, f.Range); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("byte order mark on the line", func(t *testing.T) {
		f := find(t, check(t, map[string]string{"Dockerfile": "\ufeffFROM python:3.5\nUSER 1\n"}), "PLD503")
		if got := (playground.Position{Line: 1, Column: 6}); f.Range.Start != got {
			t.Errorf("got %v, not %v", f.Range.Start, got)
		}
	})
}

// Without other files nothing is known of the context; with them, what is missing is told.
func TestContext(t *testing.T) {
	files := map[string]string{"Dockerfile": "FROM python:3.13-slim\nCOPY main.py app.py requirements.txt absent.txt ./\nUSER 1000\n"}
	has := func(c playground.Checked) bool {
		for _, f := range c.Findings {
			if f.Name == "missing-source" {
				return true
			}
		}
		return false
	}
	if has(check(t, files)) {
		t.Error("a file is missing in an unknown context")
	}
	files["main.py"], files["app.py"], files["requirements.txt"] = "", "", ""
	if !has(check(t, files)) {
		t.Error("no file is missing")
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, request, want string }{
		{"no JSON", `{`, "the request is not JSON: unexpected end of JSON input"},
		{"nothing", ``, "the request is not JSON: unexpected end of JSON input"},
		{"no Dockerfile", `{"files": {}}`, "there is no file Dockerfile"},
		{"outside", `{"files": {"Dockerfile": "", "../a": ""}}`, `"../a" is no name of a file in a build context`},
		{"absolute", `{"files": {"Dockerfile": "", "/a": ""}}`, `"/a" is no name of a file in a build context`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, function := range []func([]byte) []byte{playground.Check, playground.Repair} {
				var answer struct{ Errors []string }
				if err := json.Unmarshal(function([]byte(c.request)), &answer); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{c.want}, answer.Errors); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// What can't be parsed is a finding.
func TestUnparsable(t *testing.T) {
	for name, dockerfile := range map[string]string{"syntax": "FROM a\nRUNN b\n", "empty": "", "binary": "FROM a\x00"} {
		t.Run(name, func(t *testing.T) {
			c := check(t, map[string]string{"Dockerfile": dockerfile})
			if len(c.Findings) != 1 || c.Findings[0].Code != "PLD001" || len(c.Errors) > 0 {
				t.Errorf("got %+v, %v", c.Findings, c.Errors)
			}
		})
	}
}

// The page and the command line say and do the same on the projects of the tests.
func TestSameAsCommandLine(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "pylint-docker")
	if out, err := exec.Command("go", "build", "-o", bin, "../../pylint-docker").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, project := range []string{"flask-single-stage", "origin-2018", "pattern-venv", "e2e/psycopg2-source", "e2e/poetry"} {
		t.Run(project, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join("../../../testdata/projects", project))); err != nil {
				t.Fatal(err)
			}
			files := read(t, dir)
			type place struct {
				Row    int `json:"row"`
				Column int `json:"column"`
			}
			type finding struct {
				Code     string `json:"code"`
				Message  string `json:"message"`
				Filename string `json:"filename"`
				Location place  `json:"location"`
			}
			var want, got []finding
			out, err := command(dir, bin, "check", "--isolated", "--exit-zero", "--output-format", "json").Output()
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatal(err)
			}
			for _, f := range check(t, files).Findings {
				got = append(got, finding{f.Code, f.Message, f.Range.Path, place{f.Range.Start.Line, f.Range.Start.Column + 1}})
			}
			if len(got) == 0 {
				got = []finding{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			for _, level := range []string{"safe", "unsafe"} {
				flags := []string{"check", "--isolated", "--exit-zero", "--quiet", "--fix"}
				if level == "unsafe" {
					flags = append(flags, "--unsafe-fixes")
				}
				if out, err := command(dir, bin, flags...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				fixed := ask[playground.Fixed](t, playground.Repair, playground.Request{Files: files, Level: level})
				for path, text := range fixed.Files {
					files[path] = text
				}
				if diff := cmp.Diff(read(t, dir), files); diff != "" {
					t.Errorf("%s: %s", level, diff)
				}
			}
		})
	}
}

func command(dir, bin string, args ...string) *exec.Cmd {
	cmd := exec.Command(bin, args...)
	cmd.Dir = dir
	return cmd
}

// read gives the files below dir by slash path.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A picture is drawn before and after, and the diff is one that patch reads.
func TestRepair(t *testing.T) {
	fixed := ask[playground.Fixed](t, playground.Repair, playground.Request{Files: map[string]string{"Dockerfile": uncached}, Level: "safe"})
	want := playground.Fixed{
		Files:   map[string]string{"Dockerfile": strings.Replace(uncached, "install ", "install --no-cache-dir ", 1)},
		Diff:    "--- Dockerfile\n+++ Dockerfile\n@@ -1,4 +1,4 @@\n FROM python:3.13-slim\n-RUN pip install flask==3.1.2\n+RUN pip install --no-cache-dir flask==3.1.2\n USER 1000\n CMD [\"flask\", \"--version\"]\n",
		Applied: []string{"Dockerfile:2 PLD205 Add --no-cache-dir"}, Errors: []string{},
		Remaining: fixed.Remaining, Graph: fixed.Graph,
	}
	if diff := cmp.Diff(want, fixed); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(fixed.Graph, "<svg") {
		t.Errorf("no picture: %.40q", fixed.Graph)
	}
}

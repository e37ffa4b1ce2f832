package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

var (
	safeDir  = filepath.Join("..", "testdata", "safe")
	pagesDir = filepath.Join("..", "docs", "rules")
)

// TestSafeCases holds that every rule whose page promises a safe fix has a case, and that the page says
// what the case lets differ.
func TestSafeCases(t *testing.T) {
	cases, err := SafeCases(safeDir)
	if err != nil {
		t.Fatal(err)
	}
	fixes := fixSections(t)
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.Rule] = true
		said, ok := fixes[c.Rule]
		if !ok {
			t.Errorf("%s/%s: the page of the rule promises no safe fix", c.Rule, c.Name)
		}
		for _, d := range c.Differs {
			if !strings.Contains(said, d.Quote) {
				t.Errorf("%s/%s: the page of the rule does not say %q about %s:\n%s", c.Rule, c.Name, d.Quote, d.Pattern, said)
			}
		}
	}
	for rule := range fixes {
		if !seen[rule] {
			t.Errorf("no case in %s shows what the safe fix of %s changes", safeDir, rule)
		}
	}
}

// fixSections gives, for each rule with a safe fix, what its page says of it, in one line.
func fixSections(t *testing.T) map[string]string {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(pagesDir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, ok := strings.Cut(string(text), "\n## Fix\n")
		if !ok || !strings.Contains(head, "safe fix: `--fix` ·") {
			continue
		}
		section, _, _ := strings.Cut(rest, "\n## ")
		sections[strings.TrimSuffix(filepath.Base(page), ".md")] = strings.Join(strings.Fields(section), " ")
	}
	if len(sections) < 20 {
		t.Fatalf("only %d pages promise a safe fix: is their head written otherwise now?", len(sections))
	}
	return sections
}

func TestSafeCaseParse(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"good", "A sentence: with a colon.\n# run fails: 127\n# run: true\n-- Dockerfile --\nFROM a\n-- differs --\n+env A=1 | Sets `A`\n", ""},
		{"no Dockerfile", "A.\n-- Containerfile --\n", "no Dockerfile"},
		{"unknown setting", "A.\n# runs: x\n-- Dockerfile --\n", `unknown setting "runs"`},
		{"difference without a quotation", "A.\n-- Dockerfile --\n-- differs --\n+env A=1\n", `no quotation of the documentation behind "+env A=1"`},
		{"nothing to compare", "A.\n# build fails: x\n# run: true\n-- Dockerfile --\n-- differs --\n+env A=1 | x\n", "what does not build can't be compared"},
		{"nothing shown", "A.\n# build fails: x\n-- Dockerfile --\n", "nothing shows that the fixed image works"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			if err := new(SafeCase).parse(txtar.Parse([]byte(tt.text))); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDifferenceMatches(t *testing.T) {
	for _, tt := range []struct {
		pattern, line string
		want          bool
	}{
		{"-file /root/.cache/**", "-file /root/.cache", true},
		{"-file /root/.cache/**", "-file /root/.cache/pip/http/a", true},
		{"-file /root/.cache/**", "-file /root/.cached", false},
		{"-file /root/.cache/**", "+file /root/.cache/pip", false},
		{"-file **/__pycache__/**", "-file /app/a/__pycache__/a.pyc", true},
		{"-file /app/*.pyc", "-file /app/a/b.pyc", false},
		{"~file /a", "~file /a regular file 644 0:0 -> regular file 600 0:0", false},
		{"+env A=(1)", "+env A=(1)", true},
	} {
		if got := (Difference{Pattern: tt.pattern}).Matches(tt.line); got != tt.want {
			t.Errorf("%q matches %q: %v", tt.pattern, tt.line, got)
		}
	}
}

func TestJudge(t *testing.T) {
	c := &SafeCase{Differs: []Difference{{"+env A=1", ""}, {"-file /a/**", ""}}}
	if got := c.Judge([]string{"+env A=1", "-file /a", "-file /a/b"}); got != "" {
		t.Errorf("documented differences are reported:\n%s", got)
	}
	want := "not documented: +env A=2\nnothing differs like: +env A=1\n"
	if diff := cmp.Diff(want, c.Judge([]string{"+env A=2", "-file /a"})); diff != "" {
		t.Error(diff)
	}
}

func TestDifferences(t *testing.T) {
	const text = "directory\t755\t0:0\t/\t/\n" +
		"directory\t755\t0:0\t/proc\t/proc\n" +
		"regular empty file\t644\t0:0\t/a\t/a\n" +
		"regular file\t644\t0:0\t/a b.pyc\t'/a b.pyc'\n" +
		"symbolic link\t777\t0:0\t/l\t'/l' -> 'a'\n" +
		"regular file\t644\t0:0\t/gone\t/gone\n--\n" +
		"e3b0\x20 /a\n11\x20 /a b.pyc\n22\x20 /gone\n"
	files, err := ParseListing(text)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := ParseListing(strings.NewReplacer(
		"empty file\t644", "file\t755", "e3b0", "ff", "11", "12", "'a'", "'b'", "/gone", "/new", "/proc", "/sys").Replace(text))
	if err != nil {
		t.Fatal(err)
	}
	before := &Contents{Files: files, Config: engine.Config{
		User: "app", Env: []string{"B=1", "A=1"}, Cmd: []string{"/bin/sh", "-c", "x"}, Labels: map[string]string{"a": "b"},
	}}
	after := &Contents{Files: changed, Config: engine.Config{
		User: "app", Env: []string{"A=1", "B=2", "C="}, Cmd: []string{"x"}, ExposedPorts: map[string]struct{}{"80/tcp": {}},
		Healthcheck: &engine.Healthcheck{Test: []string{"NONE"}},
	}}
	want := []string{
		`-cmd ["/bin/sh","-c","x"]`, "-env B=1", "-label a=b",
		`+cmd ["x"]`, "+env B=2", "+env C=", "+port 80/tcp", `+healthcheck {"Test":["NONE"],"Interval":0,"Timeout":0,"StartPeriod":0,"Retries":0}`,
		"~file /a regular file 644 0:0 -> regular file 755 0:0", "-file /gone", "~file /l", "+file /new",
	}
	if diff := cmp.Diff(want, before.Differences(after)); diff != "" {
		t.Error(diff)
	}
	if same := before.Differences(before); same != nil {
		t.Errorf("an image differs from itself: %q", same)
	}
}

func TestIncidental(t *testing.T) {
	image := &Contents{Files: map[string]File{"/a": {}, "/a/m.py": {}, "/b/m.py": {}}}
	for line, want := range map[string]bool{
		"-file /a/__pycache__":                        true,
		"-file /a/__pycache__/m.cpython-311.pyc":      true,
		"+file /b/__pycache__/m.cpython-311.pyc":      true,
		"-file /a/__pycache__/gone.cpython-311.pyc":   false,
		"-file /c/__pycache__":                        false,
		"-file /a/m.pyc":                              false,
		"-file /a/__pycache__/m.txt":                  false,
		"+env A=/a/__pycache__":                       false,
		"-cmd [\"/a/__pycache__/m.cpython-311.pyc\"]": false,
	} {
		if got := image.Incidental(line); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestParseListingBroken(t *testing.T) {
	for _, text := range []string{"", "no tabs\n--\n", "a\tb\n--\n", "directory\t755\t0:0\t/\t/\n--\nno sum\n"} {
		if files, err := ParseListing(text); err == nil {
			t.Errorf("%q is read as %v", text, files)
		}
	}
}

func TestSafeTable(t *testing.T) {
	dir := t.TempDir()
	cases := []SafeCase{
		{Rule: "a", Name: "env", Differs: []Difference{{"+env A=1", "x"}, {"-file /b", "y"}}},
		{Rule: "a", Name: "other"},
		{Rule: "b", Name: "conda"},
		{Rule: "c", Name: "same"},
		{Rule: "c", Name: "typo"},
		{Rule: "d", Name: "left_for_another_run"},
	}
	for i, result := range []string{Documented, "FAILED: x", "not built: no image", SameImage, NowBuilds} {
		row := cases[i].Row()
		row.Result = result
		if err := row.Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := SafeRows(dir, cases)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := WriteSafeTable(&b, rows); err != nil {
		t.Fatal(err)
	}
	const want = "| rule | case | result | documented differences |\n|---|---|---|---|\n" +
		"| a | env | differs as documented | `+env A=1`, `-file /b` |\n" +
		"| a | other | FAILED: x |  |\n" +
		"| b | conda | not built: no image |  |\n" +
		"| c | same | same image |  |\n" +
		"| c | typo | did not build before |  |\n" +
		"\n3 rules, of which 2 were built. 5 cases: 1 with the same image, 1 that differ as documented, 1 that did not build before, 0 that did not run before, 1 not built, 1 failed.\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

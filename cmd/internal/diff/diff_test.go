package diff

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUnified(t *testing.T) {
	numbered := func(changed ...int) (before, after string) {
		for n := 1; n <= 40; n++ {
			line := fmt.Sprintf("line %d\n", n)
			before += line
			for _, c := range changed {
				if c == n {
					line = fmt.Sprintf("changed %d\nand one more\n", n)
				}
			}
			after += line
		}
		return before, after
	}
	for _, test := range []struct {
		name          string
		before, after string
		headers       string
	}{
		{"nothing", "a\n", "a\n", ""},
		{"a new file", "", "a\nb\n", "@@ -0,0 +1,2 @@"},
		{"an emptied file", "a\nb\n", "", "@@ -1,2 +0,0 @@"},
		{"no final newline", "a", "b", "@@ -1 +1 @@"},
		{"two changes apart", text(numbered(5, 30)), second(numbered(5, 30)), "@@ -2,7 +2,8 @@ @@ -27,7 +28,8 @@"},
		{"two changes in a hunk, one behind", text(numbered(5, 10, 30)), second(numbered(5, 10, 30)), "@@ -2,12 +2,14 @@ @@ -27,7 +29,8 @@"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Unified("old", "new", test.before, test.after)
			if headers := strings.Join(header.FindAllString(got, -1), " "); headers != test.headers {
				t.Errorf("headers %q, want %q\n%s", headers, test.headers, got)
			}
			if after, err := apply(got, test.before); err != nil || after != test.after {
				t.Errorf("%v: applied it gives %q", err, after)
			}
		})
	}
}

func text(before, _ string) string  { return before }
func second(_, after string) string { return after }

// TestApplies: what is shown gives the new text when it is applied at exactly the lines that its headers name.
func TestApplies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"a", "b", "", "c\r"})
		old := rapid.SliceOfN(line, 0, 60).Draw(t, "before")
		changed := slices.Clone(old)
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			at := rapid.IntRange(0, len(changed)).Draw(t, "at")
			to := rapid.IntRange(at, min(at+3, len(changed))).Draw(t, "to")
			changed = slices.Replace(changed, at, to, rapid.SliceOfN(line, 0, 3).Draw(t, "lines")...)
		}
		before, after := strings.Join(old, "\n"), strings.Join(changed, "\n")
		if got, err := apply(Unified("old", "new", before, after), before); err != nil || got != after {
			t.Fatalf("%v: got %q", err, got)
		}
	})
}

// TestPrograms: patch and git apply, too, and neither has to look for the place.
func TestPrograms(t *testing.T) {
	programs := map[string][]string{
		"patch": {"patch", "--verbose", "--fuzz=0", "--strip=0", "--batch", "--input", "change.diff"},
		"git":   {"git", "apply", "--verbose", "--unsafe-paths", "-p0", "change.diff"},
	}
	misplaced := regexp.MustCompile(`offset|fuzz|FAILED|malformed`)
	for name, args := range programs {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skip(err)
			}
			dir := t.TempDir()
			random := rand.New(rand.NewPCG(1, 2))
			for range 150 {
				before, after := changedText(random)
				put(t, filepath.Join(dir, "file"), before)
				put(t, filepath.Join(dir, "change.diff"), Unified("file", "file", before, after))
				cmd := exec.Command(args[0], args[1:]...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "LC_ALL=C")
				out, err := cmd.CombinedOutput()
				if got, _ := os.ReadFile(filepath.Join(dir, "file")); err != nil || string(got) != after || misplaced.Match(out) {
					t.Fatalf("%v: %s\nfrom %q\ngot  %q\nwant %q", err, out, before, got, after)
				}
			}
		})
	}
}

// changedText is a text of different lines, and the same with some of them replaced, removed and added.
func changedText(random *rand.Rand) (before, after string) {
	for {
		var old, changed strings.Builder
		for n := range 1 + random.IntN(80) {
			line := fmt.Sprintf("RUN echo %d\n", n)
			old.WriteString(line)
			switch random.IntN(12) {
			case 0:
				fmt.Fprintf(&changed, "RUN pip install %d\n", n)
			case 1: // it goes
			case 2:
				fmt.Fprintf(&changed, "%sENV A=%d\nENV B=%d\n", line, n, n)
			default:
				changed.WriteString(line)
			}
		}
		if before, after = old.String(), changed.String(); before != after && after != "" {
			return before, after
		}
	}
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

var header = regexp.MustCompile(`(?m)^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// apply is patch without its kindness: every number of a header must be right.
func apply(diff, before string) (string, error) {
	old := strings.SplitAfter(before, "\n")
	var out []string
	at := 0 // how many lines of old are done
	lines := strings.SplitAfter(diff, "\n")
	for i := 0; i < len(lines); {
		m := header.FindStringSubmatch(lines[i])
		if i++; m == nil {
			continue
		}
		from, fromCount, to, toCount := number(m[1]), count(m[2]), number(m[3]), count(m[4])
		if fromCount == 0 {
			from++
		}
		if toCount == 0 {
			to++
		}
		for ; at < from-1 && at < len(old); at++ {
			out = append(out, old[at])
		}
		if at != from-1 || len(out) != to-1 {
			return "", fmt.Errorf("%s: stands before line %d of the old and line %d of the new text", strings.TrimSpace(m[0]), at+1, len(out)+1)
		}
		for fromCount > 0 || toCount > 0 {
			kind, line := lines[i][0], lines[i][1:]
			if i++; strings.HasPrefix(lines[i], `\ No newline`) {
				line = strings.TrimSuffix(line, "\n")
				i++
			}
			if kind != '+' {
				if at >= len(old) || old[at] != line {
					return "", fmt.Errorf("line %d of the old text is not %q", at+1, line)
				}
				at, fromCount = at+1, fromCount-1
			}
			if kind != '-' {
				out, toCount = append(out, line), toCount-1
			}
		}
	}
	return strings.Join(append(out, old[at:]...), ""), nil
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

func count(text string) int {
	if text == "" {
		return 1
	}
	return number(text)
}

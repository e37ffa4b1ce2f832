package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// habitRun has a warning at three places, advice above it and an error below.
func habitRun() *Run {
	file := source.New("Dockerfile", []byte("FROM a\nRUN one\nRUN two\nRUN three\nCMD x\n"))
	at := func(rule *analyzer.Rule, line int, message string) analyzer.Diagnostic {
		return analyzer.Diagnostic{Rule: rule, Severity: rule.Severity, Span: file.Line(line), Message: message}
	}
	return &Run{Rules: allRules, Targets: []Target{{File: file, Diagnostics: []analyzer.Diagnostic{
		at(adviceRule, 1, "could be nicer"),
		at(cacheRule, 2, "one is left"),
		at(cacheRule, 3, "two is left"),
		at(cacheRule, 4, "three is left"),
		at(rootRule, 5, "runs as root"),
		at(rootRule, 5, "runs as root in another way"),
	}}}}
}

// People get the gravest first and a habit once; programs get one finding for each place, in the order of the file.
func TestHabits(t *testing.T) {
	var got []string
	for _, h := range habits(habitRun().Targets[0].Diagnostics) {
		got = append(got, fmt.Sprintf("%s %s %d", h.Severity, h.Message, len(h.others)))
	}
	want := []string{"error runs as root 0", "error runs as root in another way 0", "warning one is left 2", "info could be nicer 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for format, n := range map[string]int{"full": 4, "markdown": 4, "concise": 6, "json": 6, "sarif": 6, "github": 6, "gitlab": 6, "junit": 6, "checkstyle": 6} {
		var out bytes.Buffer
		if err := Write(&out, format, habitRun(), Style{Files: 1}); err != nil {
			t.Fatal(err)
		}
		if format == "full" || format == "concise" {
			if want := fmt.Sprintf("Found %d problems", n); !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q:\n%s", format, want, out.String())
			}
			continue
		}
		text := out.String()
		if at := strings.Index(text, `"results"`); at > 0 {
			text = text[at:] // SARIF describes the rules first
		}
		if got := strings.Count(text, "is left") + strings.Count(text, "runs as root") + strings.Count(text, "nicer"); got < n || format == "markdown" && got != n {
			t.Errorf("%s: %d findings, want %d:\n%s", format, got, n, text)
		}
	}
}

func TestAllPlacesOfAHabitAreShown(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, "full", habitRun(), Style{Files: 1, Quiet: true}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"2 > RUN one", "3 > RUN two", "4 > RUN three", "one is left (and the like at 2 more places)"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("no %q:\n%s", line, out.String())
		}
	}
}

// Words stay whole at any width, and no line of words is longer than the terminal.
func TestProseWraps(t *testing.T) {
	for _, width := range []int{30, 47, 80, 100, 140, 160} {
		var out bytes.Buffer
		run := habitRun()
		run.Why = func(*analyzer.Rule) string { return strings.Repeat("a reason, of many short words; ", 6) }
		if err := Write(&out, "full", run, Style{Width: width, Files: 1}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := displayWidth(strings.TrimRight(line, "\n")); n > width && !strings.HasPrefix(line, "Dockerfile:") && !strings.HasPrefix(line, "Found ") {
				t.Errorf("%d columns at %d: %s", n, width, line)
			}
		}
		if got := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(got, "runs as root in another way") {
			t.Errorf("the message is broken within a word at %d:\n%s", width, out.String())
		}
	}
}

func TestLinks(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, "concise", habitRun(), Style{Links: true, Quiet: true}); err != nil {
		t.Fatal(err)
	}
	want := "\x1b]8;;" + rootRule.URL() + "\x1b\\PLD902\x1b]8;;\x1b\\"
	if !strings.Contains(out.String(), want) {
		t.Errorf("no link in %q", out.String())
	}
}

// GitHub shows the first ten of each kind: none of them may be a repetition while another rule waits.
func TestWorstAnnotationsFirst(t *testing.T) {
	file := source.New("Dockerfile", []byte(strings.Repeat("RUN x\n", 40)))
	other := &analyzer.Rule{Code: "PLD904", Name: "another", Severity: analyzer.Warning}
	var found []analyzer.Diagnostic
	for line := 1; line <= 30; line++ {
		rule := cacheRule
		switch line {
		case 29:
			rule = other
		case 30:
			rule = rootRule
		}
		found = append(found, analyzer.Diagnostic{Rule: rule, Severity: rule.Severity, Span: file.Line(line), Message: "m"})
	}
	var out bytes.Buffer
	if err := Write(&out, "github", &Run{Targets: []Target{{File: file, Diagnostics: found}}}, Style{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{"::error title=pylint-docker (PLD902)", "::warning title=pylint-docker (PLD901)", "::warning title=pylint-docker (PLD904)"} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d: %s, want %s", i+1, lines[i], want)
		}
	}
	if want := "GitHub shows 10 errors, warnings and notices each of one step, so not 19 of these"; lines[len(lines)-1] != want {
		t.Errorf("the last line is %s", lines[len(lines)-1])
	}
}

// A page asks for nothing, and what a Dockerfile says is text in it.
func TestPageNeedsNothing(t *testing.T) {
	file := source.New("<img src=x>/Dockerfile", []byte("FROM a\nRUN echo '<script>alert(1)</script>' \"&amp;\"\n"))
	run := &Run{Rules: allRules, Targets: []Target{{File: file, Picture: []byte("<svg/>"), Diagnostics: []analyzer.Diagnostic{
		{Rule: cacheRule, Severity: analyzer.Warning, Span: file.Line(2), Message: "a `<b>` is left"},
		{Rule: rootRule, Severity: analyzer.Error, Span: file.Line(1), Message: "runs as root",
			Fix: &analyzer.Fix{Title: "Add <i>", Safety: analyzer.Safe, Edits: []analyzer.Edit{{Span: source.Span{Start: 7, End: 7}, Text: "USER <u>\n"}}}},
	}}}}
	var out bytes.Buffer
	if err := Write(&out, "html", run, Style{Files: 1}); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, never := range []string{"<img src=x>", "<script>alert", "<b>` is", "Add <i>", "USER <u>", `src="http`, "@import", "url("} {
		if strings.Contains(page, never) {
			t.Errorf("%q is in the page", never)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert", "<code>&lt;b&gt;</code>", "data:image/svg+xml;base64,PHN2Zy8+", "<mark>FROM a</mark>", "USER &lt;u&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if strings.Index(page, "runs as root") > strings.Index(page, "is left") {
		t.Error("the warning stands above the error")
	}
}

// A cell shows what was written, whatever that means in Markdown, and code as code.
func TestMarkdownText(t *testing.T) {
	for text, want := range map[string]string{
		"a_b <i> | c":             "a\\_b &lt;i&gt; \\| c",
		"run `rm -rf /var/*`":     "run `rm -rf /var/*`",
		"`a|b` and _c_ and `<d>`": "`a\\|b` and \\_c\\_ and `<d>`",
		"one ` mark, *bold*":      "one \\` mark, \\*bold\\*",
		"an empty `` one, *bold*": "an empty \\`\\` one, \\*bold\\*",
		"`a\\|b`":                 "\\`a\\\\\\|b\\`",
	} {
		if got := markdownText(text); got != want {
			t.Errorf("%s is shown by %s, want %s", text, got, want)
		}
	}
}

package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Rules that no release will ever have: reports must not depend on the rule set.
var (
	cacheRule = &analyzer.Rule{Code: "PLD901", Name: "cache-left", Summary: "a cache is left in a layer",
		Severity: analyzer.Warning, Fix: analyzer.Safe}
	rootRule = &analyzer.Rule{Code: "PLD902", Name: "root-left", Summary: "the image runs as root",
		Severity: analyzer.Error, Fix: analyzer.Unsafe, Security: 7.5}
	adviceRule = &analyzer.Rule{Code: "PLD903", Name: "mere-advice", Summary: "something could be nicer",
		Severity: analyzer.Info}
	allRules = []*analyzer.Rule{cacheRule, rootRule, adviceRule}
)

func help(r *analyzer.Rule) string {
	return map[*analyzer.Rule]string{cacheRule: "A cache is left.\n", rootRule: "Root.\n", adviceRule: "Advice.\n"}[r]
}

func why(r *analyzer.Rule) string {
	if r == cacheRule {
		return "Every file that a RUN leaves behind is stored in its layer for good, even if a later instruction removes it, and every pull of the image downloads it again."
	}
	return ""
}

// spanOf finds text in a file, the nth time.
func spanOf(t *testing.T, file *source.File, text string) source.Span {
	t.Helper()
	at := strings.Index(string(file.Bytes()), text)
	if at < 0 {
		t.Fatalf("%q is not in %s", text, file.Name())
	}
	return source.Span{Start: at, End: at + len(text)}
}

const sample = "FROM python:3.12\n" +
	"COPY requirements.txt .\n" +
	"RUN pip install -r requirements.txt && \\\n" +
	"\tapt-get update && \\\n" +
	"    apt-get install -y gcc\n" +
	"# 漢字 and a\ttab\n" +
	"LABEL name=\"漢字\" other=\"x\"\n" +
	"CMD [\"python\", \"app.py\"]\n"

// sampleRun has one finding of each kind.
func sampleRun(t *testing.T) *Run {
	docker := source.New("app/Dockerfile", []byte(sample))
	requirements := source.New("app/requirements.txt", []byte("flask\nrequests>=2\n"))
	pip := spanOf(t, docker, "pip install -r requirements.txt")
	insert := spanOf(t, docker, "pip install")
	from := spanOf(t, docker, "python:3.12")
	found := []analyzer.Diagnostic{
		{Rule: rootRule, Severity: analyzer.Error, Span: from, Message: "the image runs as root, so a flaw in the application is a flaw in the host",
			Related: []analyzer.Related{{Span: spanOf(t, docker, `CMD ["python", "app.py"]`), Message: "it starts here"}},
			Fix: &analyzer.Fix{Title: "Add a user", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
				{Span: source.Span{Start: from.End, End: from.End}, Text: "\nRUN useradd app"},
				{Span: source.Span{Start: docker.Len(), End: docker.Len()}, Text: "USER app\n"},
				{Path: ".dockerignore", Text: "**/__pycache__\n.git\n", Create: true},
			}}},
		{Rule: cacheRule, Severity: analyzer.Warning, Span: pip, Message: "pip's cache stays in the layer",
			Fix: &analyzer.Fix{Title: "Add --no-cache-dir", Safety: analyzer.Safe, Edits: []analyzer.Edit{
				{Span: source.Span{Start: insert.End, End: insert.End}, Text: " --no-cache-dir"},
			}}},
		{Rule: cacheRule, Severity: analyzer.Warning, Span: spanOf(t, docker, "requirements.txt && \\\n\tapt-get update && \\\n    apt-get install -y gcc"), Message: "spans lines from mid-line",
			NoFixReason: "the command can't be split"},
		{Rule: cacheRule, Severity: analyzer.Warning, Span: spanOf(t, docker, sample[len("FROM python:3.12\nCOPY requirements.txt .\n"):len(sample)-len("# 漢字 and a\ttab\nLABEL name=\"漢字\" other=\"x\"\nCMD [\"python\", \"app.py\"]\n")]), Message: "spans lines from the start"},
		{Rule: adviceRule, Severity: analyzer.Info, Span: spanOf(t, docker, "other=\"x\""), Message: "stands after wide characters"},
		{Rule: adviceRule, Severity: analyzer.Info, Path: "requirements.txt", Span: spanOf(t, requirements, "requests>=2"), Message: "floats"},
	}
	Sort(found)
	return &Run{
		Rules: allRules, Why: why, Version: "1.2.3",
		Help: help,
		Targets: []Target{{
			File: docker, Diagnostics: found,
			Open: func(path string) *source.File {
				if path == "requirements.txt" {
					return requirements
				}
				return nil
			},
			NameOf: func(path string) string { return "app/" + path },
		}},
	}
}

// golden compares with testdata/name, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, format := range Formats {
		var out bytes.Buffer
		if err := Write(&out, format, sampleRun(t), Style{Files: 1}); err != nil {
			t.Fatal(err)
		}
		golden(t, "sample."+format, out.Bytes())
		if !utf8.Valid(out.Bytes()) || bytes.ContainsRune(out.Bytes(), 0x1b) {
			t.Errorf("%s: control sequences or invalid UTF-8", format)
		}
	}
}

func TestGoldenOfNothing(t *testing.T) {
	for _, format := range Formats {
		var out bytes.Buffer
		if err := Write(&out, format, &Run{Rules: allRules, Help: help, Version: "1.2.3"}, Style{Files: 2}); err != nil {
			t.Fatal(err)
		}
		golden(t, "nothing."+format, out.Bytes())
	}
}

func TestColorOnlyAddsEscapes(t *testing.T) {
	var plain, colored bytes.Buffer
	if err := Write(&plain, "full", sampleRun(t), Style{}); err != nil {
		t.Fatal(err)
	}
	if err := Write(&colored, "full", sampleRun(t), Style{Color: true}); err != nil {
		t.Fatal(err)
	}
	golden(t, "sample.full.color", colored.Bytes())
	if diff := cmp.Diff(plain.String(), stripEscapes(colored.String())); diff != "" {
		t.Error(diff)
	}
}

func stripEscapes(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(after, "m")
	}
}

// No line of the report may be wider than the terminal, whatever the source looks like, and marks
// stand below what they mark.
func TestExcerptsFitAndPoint(t *testing.T) {
	long := strings.Repeat("abcdefghij", 400)
	for _, c := range []struct {
		name, content, span string
		want                string // the marked text as it is shown
	}{
		{"short", "RUN pip install x\n", "pip", "pip"},
		{"after tab", "RUN\tpip install x\n", "pip", "pip"},
		{"after wide", "RUN 漢字 pip\n", "pip", "pip"},
		{"wide", "RUN 漢字 pip\n", "漢字", "漢字"},
		{"combining", "RUN e\u0301e\u0301 pip\n", "pip", "pip"},
		{"far right", "RUN " + long + " pip install\n", "pip", "pip"},
		{"in the middle", "RUN " + long + " pip " + long + "\n", "pip", "pip"},
		{"BOM", "\uFEFFRUN pip\n", "RUN", "RUN"},
		{"CRLF", "RUN x pip\r\nRUN x\r\n", "pip\r\n", "pip"},
		{"control", "RUN \x1b[31mred pip\n", "pip", "pip"},
		{"invalid", "RUN \xff\xfe pip\n", "pip", "pip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := source.New("Dockerfile", []byte(c.content))
			run := &Run{Targets: []Target{{File: file, Diagnostics: []analyzer.Diagnostic{{
				Rule: cacheRule, Severity: analyzer.Warning, Span: spanOf(t, file, c.span), Message: "m"}}}}}
			var out bytes.Buffer
			if err := Write(&out, "full", run, Style{Width: 60, Quiet: true}); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(out.String(), "\n")
			var text, marks string
			for i, line := range lines {
				if strings.Contains(line, "^") {
					text, marks = lines[i-1], line
				}
				if i > 0 && displayWidth(line) > 60 {
					t.Errorf("%d columns: %s", displayWidth(line), line)
				}
			}
			from := strings.IndexByte(marks, '^')
			n := strings.Count(marks, "^")
			var got strings.Builder
			column := 0
			for _, cell := range cells(text) {
				if column >= from && column < from+n {
					got.WriteString(cell.text)
				}
				column += cell.width
			}
			if got.String() != c.want {
				t.Errorf("marked %q, want %q:\n%s", got.String(), c.want, out.String())
			}
		})
	}
}

// A span that is all of a line but a keyword is marked at the left, without a line of marks.
func TestWholeLinesAreMarkedAtTheirLeft(t *testing.T) {
	for _, c := range []struct{ content, span, want string }{
		{"FROM python\n", "python", "1 > FROM python\n"},
		{"flask\r\n", "flask\r\n", "1 > flask\n"},
		{"CMD [\"a\", \"b\"]\n", "a\", \"b", "1 > CMD [\"a\", \"b\"]\n"},
		{"FROM python AS x\n", "python", "1 | FROM python AS x\n  |      ^^^^^^\n"},
		{"RUN pip install x\n", "x", "1 | RUN pip install x\n  |                 ^\n"},
		{"CMD [\"a\", \"b\"]\n", "a", "1 | CMD [\"a\", \"b\"]\n  |       ^\n"},
		{"RUN " + strings.Repeat("a", 200) + "\n", strings.Repeat("a", 200), "1 > RUN " + strings.Repeat("a", 50) + "…\n"},
	} {
		file := source.New("Dockerfile", []byte(c.content))
		run := &Run{Targets: []Target{{File: file, Diagnostics: []analyzer.Diagnostic{{
			Rule: cacheRule, Severity: analyzer.Warning, Span: spanOf(t, file, c.span), Message: "m"}}}}}
		var out bytes.Buffer
		if err := Write(&out, "full", run, Style{Width: 60, Quiet: true}); err != nil {
			t.Fatal(err)
		}
		_, got, _ := strings.Cut(out.String(), " m\n")
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%q of %q is shown as\n%s", c.span, c.content, got)
		}
	}
}

// Findings at odd places must not break a report.
func TestOddSpans(t *testing.T) {
	for _, content := range []string{"", "\n", "\n\n\n", "FROM x", "\uFEFF", "a\r\nb\r\n", "\xff"} {
		file := source.New("Dockerfile", []byte(content))
		for start := -1; start <= len(content)+1; start++ {
			for end := -1; end <= len(content)+2; end++ {
				span := source.Span{Start: start, End: end}
				run := &Run{Rules: allRules, Targets: []Target{{File: file, Diagnostics: []analyzer.Diagnostic{{
					Rule: cacheRule, Severity: analyzer.Warning, Span: span, Message: "m",
					Related: []analyzer.Related{{Span: span, Path: "gone", Message: "r"}, {Span: span}},
					Fix:     &analyzer.Fix{Safety: analyzer.Safe, Edits: []analyzer.Edit{{Span: span, Text: "x\n"}}},
				}}}}}
				for _, format := range Formats {
					var out bytes.Buffer
					if err := Write(&out, format, run, Style{}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

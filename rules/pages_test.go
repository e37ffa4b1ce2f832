package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// pagesDir is where the pages are from here.
var pagesDir = filepath.Join("..", filepath.FromSlash(analyzer.PageFolder))

// firstScreen is how many lines of a page a reader sees without scrolling: by then the page has shown
// the flagged code and begun to tell what to write instead.
const firstScreen = 60

// series are the headings of the index, by the first digit of the code.
var series = map[string]string{
	"PLD0": "The file", "PLD1": "The multi-stage pattern", "PLD2": "pip and pins", "PLD3": "Sources and context",
	"PLD4": "Layers and cache", "PLD5": "Base image and run time", "PLD6": "pipenv, poetry, uv, pdm and conda",
	"PLD7": "Only in the built image",
}

// TestPages compares the pages of docs/rules with what the rules say of themselves, and refuses pages of
// rules that are no more. `go test ./rules -run TestPages -update` writes and removes them.
func TestPages(t *testing.T) {
	want := map[string]string{"README.md": index(t)}
	for _, rule := range rules.All() {
		text := page(t, rule)
		want[rule.Page()] = text
		if at := strings.Index(text, "\n## Instead\n"); at < 0 || strings.Count(text[:at], "\n") > firstScreen {
			t.Errorf("%s %s: its page does not tell in %d lines what to do instead", rule.Code, rule.Name, firstScreen)
		}
	}
	got := map[string]string{}
	entries, err := os.ReadDir(pagesDir)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(pagesDir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		// A checkout with CRLF is no stale page.
		got[entry.Name()] = strings.ReplaceAll(string(content), "\r\n", "\n")
	}
	if *update {
		writePages(t, got, want)
		return
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s/%s is the page of no rule; `go test ./rules -run TestPages -update` removes it", analyzer.PageFolder, name)
			delete(got, name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is stale; `go test ./rules -run TestPages -update` writes it anew (-rules +pages):\n%s", analyzer.PageFolder, diff)
	}
}

func writePages(t *testing.T, got, want map[string]string) {
	t.Helper()
	if err := os.MkdirAll(pagesDir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name := range got {
		if _, ok := want[name]; ok {
			continue
		}
		if err := os.Remove(filepath.Join(pagesDir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range want {
		if got[name] == text {
			continue
		}
		if err := os.WriteFile(filepath.Join(pagesDir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// page is a rule's page: what and why, the two examples, the fix, how to ignore a finding, where to read on.
func page(t *testing.T, rule *analyzer.Rule) string {
	t.Helper()
	e := rules.Explain(rule)
	var out strings.Builder
	paragraph := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n\n", args...) }
	paragraph("# %s %s", rule.Code, rule.Name)
	paragraph("%s.", capital(rule.Summary))
	paragraph("%s", badges(t, rule, e))
	text := sectionsOf(e.Markdown)
	paragraph("%s", text[""])
	paragraph("## Flagged\n\n%s", text["Flagged"])
	paragraph("## Instead\n\n%s", text["Instead"])
	if text["Fix"] != "" {
		paragraph("## Fix\n\n%s", text["Fix"])
	}
	paragraph("## Ignore a finding\n\n%s", suppression(t, rule, e.Flagged))
	paragraph("## References\n\n%s", text["References"])
	file := strings.ReplaceAll(rule.Name, "-", "_") + ".go"
	fmt.Fprintf(&out, "---\n\n[All rules](README.md). This page is written from [%s](../../rules/%s) by `go test ./rules -run TestPages -update`.\n", file, file)
	return out.String()
}

// capital writes the first letter of a sentence large, unless the first word is the name of a program.
func capital(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if strings.Trim(first, "abcdefghijklmnopqrstuvwxyz") != "" || first == "" || strings.Contains(programs, " "+first+" ") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

const programs = " pip pipenv poetry uv pdm conda mamba hatch apk apt dnf npm git curl wget python pytest "

// badges is the line of facts at the head of a page.
func badges(t *testing.T, rule *analyzer.Rule, e rules.Explanation) string {
	t.Helper()
	facts := []string{"**" + rule.Severity.String() + "**"}
	switch rule.Fix {
	case analyzer.Safe:
		facts = append(facts, "safe fix: `--fix`")
	case analyzer.Unsafe:
		facts = append(facts, "unsafe fix: `--fix --unsafe-fixes`")
	case analyzer.Suggestion:
		facts = append(facts, "suggestion in the editor")
	default:
		facts = append(facts, "no fix")
	}
	if rule.OptIn {
		facts = append(facts, "opt-in: `--extend-select "+rule.Code+"`")
	} else {
		facts = append(facts, "on by default")
	}
	if rule.Security > 0 {
		facts = append(facts, fmt.Sprintf("security: %.1f of 10", rule.Security))
	}
	if rule.Allows != analyzer.NoWords {
		facts = append(facts, "[`allow`](../configuration.md#what-a-rule-accepts): "+string(rule.Allows))
	}
	if rule.Built {
		facts = append(facts, "[built images](../image.md)")
	} else if rule.AnyImage {
		facts = append(facts, "every Dockerfile")
	} else {
		facts = append(facts, "Python images")
	}
	if rule.AsksBase {
		facts = append(facts, "asks the [base image](../configuration.md#images-of-your-own)")
	}
	if readsContext(t, rule, e.Flagged) {
		facts = append(facts, "reads the build context")
	}
	return strings.Join(facts, " · ")
}

// readsContext tells whether the rule is silent about its own example without the files beside it.
func readsContext(t *testing.T, rule *analyzer.Rule, e rules.Example) bool {
	t.Helper()
	if _, config := e.Files[configFile]; rule.Built || e.Files == nil || config {
		return false
	}
	return !strings.Contains(findings(t, []byte(e.Dockerfile), nil, testSettings(), only(rule)), " "+rule.Code+" ")
}

// suppression tells how to ignore the finding of the flagged example. What it shows was tried.
func suppression(t *testing.T, rule *analyzer.Rule, e rules.Example) string {
	t.Helper()
	const elsewhere = "For whole files there is `per-file-ignores` in the [configuration](../configuration.md#keys)."
	if rule.Built {
		return elsewhere
	}
	found := exampleDiagnostics(t, rule, e, e.Dockerfile)
	if len(found) == 0 {
		t.Errorf("%s %s: the flagged example gives no finding", rule.Code, rule.Name)
		return elsewhere
	}
	comment := "# pylint-docker: ignore[" + rule.Code + "] -- the reason"
	lines := strings.Split(strings.TrimSuffix(e.Dockerfile, "\n"), "\n")
	start, end := instructionAt(lines, e.Dockerfile, found[0])
	if found[0].Path == "" && start >= 0 {
		shown := append([]string{comment}, lines[start:end]...)
		ignored := strings.Join(append(append(append([]string(nil), lines[:start]...), shown...), lines[end:]...), "\n") + "\n"
		if len(exampleDiagnostics(t, rule, e, ignored)) < len(found) {
			return "Where it is meant so, write the reason above the instruction:\n\n```dockerfile\n" + strings.Join(shown, "\n") + "\n```\n\n" + elsewhere
		}
	}
	comment = strings.Replace(comment, "ignore[", "ignore-file[", 1)
	if len(exampleDiagnostics(t, rule, e, comment+"\n"+e.Dockerfile)) == 0 {
		return "Where it is meant so, write the reason above the first FROM:\n\n```dockerfile\n" + comment + "\n```\n\n" + elsewhere
	}
	return "No comment in the file can ignore this. " + elsewhere
}

// instructionAt gives the lines [start,end) of the instruction that the finding begins in; start is -1 when
// it can't be told.
func instructionAt(lines []string, text string, d analyzer.Diagnostic) (start, end int) {
	at := strings.Count(text[:min(d.Span.Start, len(text))], "\n")
	if at >= len(lines) {
		return -1, -1
	}
	start, end = at, at+1
	for start > 0 && strings.HasSuffix(lines[start-1], "\\") {
		start--
	}
	for end < len(lines) && strings.HasSuffix(lines[end-1], "\\") {
		end++
	}
	if trimmed := strings.TrimSpace(lines[start]); trimmed == "" || trimmed[0] == '#' {
		return -1, -1
	}
	return start, end
}

// exampleDiagnostics are the findings of the rule alone in an example whose Dockerfile was replaced.
func exampleDiagnostics(t *testing.T, rule *analyzer.Rule, e rules.Example, dockerfile string) []analyzer.Diagnostic {
	t.Helper()
	settings := configured(testSettings(), e.Files[configFile])
	judge := rules.Judge("Dockerfile", nil, "", settings, only(rule))
	if e.Files != nil {
		context := fstest.MapFS{"Dockerfile": {Data: []byte(dockerfile)}}
		for name, text := range e.Files {
			context[name] = &fstest.MapFile{Data: []byte(text)}
		}
		settings.Services = services(context)
		judge = rules.Judge("Dockerfile", context, "Dockerfile", settings, only(rule))
	}
	all, err := judge(fixes.Files{Dockerfile: []byte(dockerfile)})
	if err != nil {
		t.Error(err)
	}
	var found []analyzer.Diagnostic
	for _, d := range all {
		if d.Rule == rule {
			found = append(found, d)
		}
	}
	return found
}

// sectionsOf cuts Markdown at its headings of the second level; what stands before them is "".
func sectionsOf(markdown string) map[string]string {
	parts := map[string]string{}
	title, fenced := "", false
	var lines []string
	flush := func() {
		parts[title] = strings.Trim(strings.Join(lines, "\n"), "\n")
		lines = nil
	}
	for line := range strings.SplitSeq(markdown, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if next, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			flush()
			title = next
			continue
		}
		lines = append(lines, line)
	}
	flush()
	return parts
}

// index is the list of all rules.
func index(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	out.WriteString("# Rules\n\n" +
		"`pylint-docker rule CODE` shows a rule's page in the terminal. A safe fix is applied by `--fix` and leaves the image's behaviour as it is;\n" +
		"an unsafe one needs `--unsafe-fixes` too; a suggestion is offered by editors alone. Rules marked opt-in run only where they are selected.\n")
	last := ""
	for _, rule := range rules.All() {
		if group := rule.Code[:4]; group != last {
			last = group
			if series[group] == "" {
				t.Errorf("%s: the series %s has no heading", rule.Code, group)
			}
			fmt.Fprintf(&out, "\n## %s\n\n| code | name | severity | fix | default | what it finds |\n|---|---|---|---|---|---|\n", series[group])
		}
		standard := "on"
		if rule.OptIn {
			standard = "opt-in"
		}
		fmt.Fprintf(&out, "| [%s](%s) | `%s` | %s | %s | %s | %s |\n", rule.Code, rule.Page(), rule.Name, rule.Severity, rule.Fix, standard,
			strings.ReplaceAll(capital(rule.Summary), "|", `\|`))
	}
	out.WriteString("\nThis list is written from the rules by `go test ./rules -run TestPages -update`.\n")
	return out.String()
}

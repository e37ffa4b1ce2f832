package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// TestConversions converts every single-stage file below the folder PYLINT_DOCKER_CORPUS that PLD101 complains of, by all fixes as
// `--fix --unsafe-fixes` does it, and counts what was converted and what was refused why. With PYLINT_DOCKER_CORPUS_CONTEXT=1 each file's
// folder is its build context. PYLINT_DOCKER_CONVERTED names a folder to write the results to, for reading.
func TestConversions(t *testing.T) {
	root := os.Getenv("PYLINT_DOCKER_CORPUS")
	if root == "" {
		t.Skip("PYLINT_DOCKER_CORPUS names no folder")
	}
	count := &conversions{reasons: map[string]int{}}
	for _, path := range corpusFiles(t, root) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		settings := testSettings()
		if os.Getenv("PYLINT_DOCKER_CORPUS_CONTEXT") != "" {
			settings.Context = project.Open(os.DirFS(filepath.Dir(path)), filepath.Base(path))
		}
		count.convert(t, filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), content, settings)
	}
	t.Logf("%d files with the finding, %d converted (%.1f %%)", count.found, count.converted, 100*float64(count.converted)/float64(max(1, count.found)))
	var reasons []string
	for reason := range count.reasons {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b string) int { return count.reasons[b] - count.reasons[a] })
	for _, reason := range reasons {
		t.Logf("%6d %s", count.reasons[reason], reason)
	}
}

type conversions struct {
	found, converted int
	reasons          map[string]int
}

func (count *conversions) convert(t *testing.T, name string, content []byte, settings analyzer.Settings) {
	_, before, _ := rules.Lint(source.New(name, content), settings, rules.Default())
	if !has(before, "PLD101") {
		return
	}
	count.found++
	fixed, problem := corpusLoop(name, content, settings)
	if problem != "" {
		t.Errorf("%s: %s", name, problem)
		return
	}
	_, after, _ := rules.Lint(source.New(name, fixed), settings, rules.Default())
	if i := slices.IndexFunc(after, func(d analyzer.Diagnostic) bool { return d.Rule.Code == "PLD101" }); i >= 0 {
		count.reasons[shortReason(after[i].NoFixReason)]++
		return
	}
	count.converted++
	for _, d := range after {
		if d.Severity == analyzer.Error && strings.HasPrefix(d.Rule.Code, "PLD1") && !has(before, d.Rule.Code) {
			t.Errorf("%s: the result has an error: %s %s", name, d.Rule.Code, d.Message)
		}
	}
	if doc, err := dockerfile.Parse(source.New(name, fixed)); err != nil || len(dockerfile.Validate(doc)) > len(validate(content)) {
		t.Errorf("%s: the result is not valid: %v", name, err)
	}
	if again, problem := corpusLoop(name, fixed, settings); problem != "" || string(again) != string(fixed) {
		t.Errorf("%s: the second run changes the result: %s", name, problem)
	}
	if dir := os.Getenv("PYLINT_DOCKER_CONVERTED"); dir != "" {
		base := filepath.Join(dir, strconv.Itoa(count.converted))
		for suffix, text := range map[string][]byte{".before.Dockerfile": content, ".after.Dockerfile": fixed} {
			if err := os.WriteFile(base+suffix, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func validate(content []byte) []*dockerfile.SyntaxError {
	doc, err := dockerfile.Parse(source.New("Dockerfile", content))
	if err != nil {
		return nil
	}
	return dockerfile.Validate(doc)
}

func has(found []analyzer.Diagnostic, code string) bool {
	return slices.ContainsFunc(found, func(d analyzer.Diagnostic) bool { return d.Rule.Code == code })
}

func corpusLoop(name string, content []byte, settings analyzer.Settings) (fixed []byte, problem string) {
	judge := func(files fixes.Files) ([]analyzer.Diagnostic, error) {
		_, found, _ := rules.Lint(source.New(name, files.Dockerfile), settings, rules.Default())
		return found, nil
	}
	outcome, err := fixes.Loop(fixes.Files{Dockerfile: content}, nil, judge, analyzer.Unsafe)
	if err != nil {
		return nil, err.Error()
	}
	return outcome.Files.Dockerfile, ""
}

var (
	lineNumber = regexp.MustCompile(`^line \d+:? `)
	detail     = regexp.MustCompile(`(?::| with | of | by |, | names | installs | runs ).*`)
)

func shortReason(reason string) string {
	text := lineNumber.ReplaceAllString(reason, "")
	if cut := detail.FindStringIndex(text); cut != nil && cut[0] > 0 {
		return text[:cut[1]-len(text[cut[0]:cut[1]])]
	}
	return text
}

package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/rules"
)

var (
	codeForm = regexp.MustCompile(`^PLD\d{3}$`)
	nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

func TestRulesAreWellFormed(t *testing.T) {
	for _, rule := range rules.All() {
		if !codeForm.MatchString(rule.Code) || !nameForm.MatchString(rule.Name) {
			t.Errorf("%s %s: malformed code or name", rule.Code, rule.Name)
		}
		if rule.Summary == "" || strings.HasSuffix(rule.Summary, ".") || rule.Severity == 0 {
			t.Errorf("%s: no summary, a final period in it, or no severity", rule.Code)
		}
		if built := strings.HasPrefix(rule.Code, "PLD7"); rule.Built != built || (rule.Check == nil) != built && !strings.HasPrefix(rule.Code, "PLD00") {
			t.Errorf("%s checks nothing, or is no rule for built images, or should be one", rule.Code)
		}
		name := strings.ReplaceAll(rule.Name, "-", "_") + ".go"
		content, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(content), `"`+rule.Code+`"`) {
			t.Errorf("%s is not registered in %s (%v)", rule.Code, name, err)
		}
	}
}

func TestDocumentationIsComplete(t *testing.T) {
	for _, rule := range rules.All() {
		e := rules.Explain(rule)
		for section, text := range map[string]string{
			"what": e.What, "why": e.Why, "Flagged": e.Flagged.Dockerfile, "Instead": e.Instead.Dockerfile, "References": e.References,
		} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s %s: section %s is missing", rule.Code, rule.Name, section)
			}
		}
		if fixes := e.Fix != "" && !strings.HasPrefix(e.Fix, "None"); fixes != (rule.Fix != analyzer.NoFix) {
			t.Errorf("%s %s: fix is %s, but section Fix says %q", rule.Code, rule.Name, rule.Fix, e.Fix)
		}
	}
}

func TestExamplesBehaveAsDocumented(t *testing.T) {
	for _, rule := range rules.All() {
		if rule.Built {
			continue // what a Dockerfile can't tell; internal/inspect builds images with these faults
		}
		t.Run(rule.Name, func(t *testing.T) {
			e := rules.Explain(rule)
			if got := exampleFindings(t, rule, e.Flagged); !strings.Contains(got, " "+rule.Code+" ") {
				t.Errorf("Flagged gives no finding of the rule, but:\n%s", got)
			}
			if got := exampleFindings(t, rule, e.Instead); got != "" {
				t.Errorf("Instead gives findings:\n%s", got)
			}
		})
	}
}

func exampleFindings(t *testing.T, rule *analyzer.Rule, e rules.Example) string {
	t.Helper()
	settings := configured(testSettings(), e.Files[configFile])
	if e.Files == nil {
		return findings(t, []byte(e.Dockerfile), nil, settings, only(rule))
	}
	context := fstest.MapFS{"Dockerfile": {Data: []byte(e.Dockerfile)}}
	for name, text := range e.Files {
		context[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return findings(t, []byte(e.Dockerfile), context, settings, only(rule))
}

func TestMatch(t *testing.T) {
	for selector, want := range map[string][]string{
		"PLD002": {"PLD002"}, "pld002": {"PLD002"}, "unused-ignore": {"PLD002"},
		"PLD00": {"PLD001", "PLD002", "PLD003"},
		"P":     nil, "unused": nil, "PLD9999": nil, "": nil,
	} {
		var got []string
		for _, rule := range rules.Match(selector) {
			got = append(got, rule.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", selector, diff)
		}
	}
	if got := rules.Match("all"); len(got) != len(rules.All()) {
		t.Errorf("ALL matches %d rules of %d", len(got), len(rules.All()))
	}
}

func TestNearest(t *testing.T) {
	for text, want := range map[string]string{
		"unused-ignores": "unused-ignore", "PDL002": "PLD002", "malformd-ignore": "malformed-ignore", "DL3008x9": "", "": "",
	} {
		if got := rules.Nearest(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The configuration guide lists the rules that take words to allow.
func TestGuideNamesRulesThatAllow(t *testing.T) {
	guide, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules.All() {
		listed := false
		for line := range strings.Lines(string(guide)) {
			kind, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), ":")
			listed = listed || rule.Allows != "" && kind == string(rule.Allows) && strings.Contains(line, "`"+rule.Name+"`")
			if strings.HasPrefix(line, "| ") && strings.Contains(line, ": `") && strings.Contains(line, "`"+rule.Name+"`") && kind != string(rule.Allows) {
				t.Errorf("%s takes %q, and the guide says %q", rule.Name, rule.Allows, kind)
			}
		}
		if !listed && rule.Allows != "" {
			t.Errorf("%s takes %s, and the guide does not say so", rule.Name, rule.Allows)
		}
	}
}

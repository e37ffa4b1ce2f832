package rules_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

func TestAddIgnore(t *testing.T) {
	tests := []struct{ text, want string }{
		{"FROM a\nRUN x\n", "FROM a\n# pylint-docker: ignore[PLD001]\nRUN x\n"},
		{"FROM a\n# c\nRUN y \\\n  x\n", "FROM a\n# c\n# pylint-docker: ignore[PLD001]\nRUN y \\\n  x\n"},
		{"FROM a\n# pylint-docker: ignore[PLD002] -- r\nRUN x\n", "FROM a\n# pylint-docker: ignore[PLD002, PLD001] -- r\nRUN x\n"},
		{"FROM a\n# x\n\nRUN y\n", ""},
	}
	for _, test := range tests {
		doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(test.text)))
		if err != nil {
			t.Fatal(err)
		}
		edit, ok := rules.AddIgnore(doc, strings.Index(test.text, "x"), rules.SyntaxError)
		if ok != (test.want != "") {
			t.Errorf("%q: possible %v", test.text, ok)
		}
		if !ok {
			continue
		}
		got, err := fixes.Apply([]byte(test.text), []analyzer.Edit{edit})
		if err != nil || string(got) != test.want {
			t.Errorf("got %q, %v; want %q", got, err, test.want)
		}
	}
}

func TestAPanickingRuleDoesNotEndTheRun(t *testing.T) {
	broken := &analyzer.Rule{Code: "PLD999", Name: "broken", AnyImage: true}
	broken.Check = func(*analyzer.Pass) { panic("oh") }
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte("FROM a\nRUNN x\n")))
	if err != nil {
		t.Fatal(err)
	}
	build := analyzer.Analyze(doc, analyzer.Settings{})
	found, failures := rules.RunRules(build, rules.Selection{}.With(rules.SyntaxError, broken), []*analyzer.Rule{broken, rules.SyntaxError})
	if len(found) != 1 || len(failures) != 1 || !strings.Contains(failures[0].Error(), "PLD999 broken") {
		t.Errorf("found %v, failures %v", found, failures)
	}
}

func TestSeverityIsOverridden(t *testing.T) {
	sel := rules.Selection{}.With(rules.SyntaxError)
	file := source.New("Dockerfile", []byte("FROM a\nRUNN x\n"))
	for severity, sel := range map[analyzer.Severity]rules.Selection{
		analyzer.Error: sel, analyzer.Info: sel.WithSeverity(rules.SyntaxError, analyzer.Info),
	} {
		_, found, _ := rules.Lint(file, analyzer.Settings{}, sel)
		if len(found) != 1 || found[0].Severity != severity {
			t.Errorf("want one of %s, got %v", severity, found)
		}
	}
	if _, found, _ := rules.Lint(file, analyzer.Settings{}, sel.Without(rules.SyntaxError)); len(found) != 0 {
		t.Errorf("a disabled rule ran: %v", found)
	}
}

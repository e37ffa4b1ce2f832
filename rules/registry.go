// Package rules judges a build: one file per rule, each a question asked of the analyzer's model.
//
// A rule is a struct value in a package variable. Its doc comment is its documentation: the first
// paragraph says what the rule finds, the paragraphs up to the first heading why that is bad, then
// come the sections Flagged, Instead, Fix (for rules that have one) and References. The two
// examples run as tests. Files of the build context may follow the Dockerfile in an example.
//
//	// UpgradedPip finds pip upgrading itself in an image.
//	//
//	// Each build then gets whatever pip is newest that day.
//	//
//	// # Flagged
//	//
//	//	FROM python:3.12-slim
//	//	RUN pip install --upgrade pip && pip install -r requirements.txt
//	//	-- requirements.txt --
//	//	flask==3.1.0
//	//
//	// # Instead
//	//
//	//	FROM python:3.12-slim
//	//	RUN pip install pip==26.0
//	//
//	// # Fix
//	//
//	// Removes the command. Unsafe: the requirements may need a newer pip.
//	//
//	// # References
//	//
//	//   - https://pip.pypa.io/en/stable/cli/pip_install/
//	var UpgradedPip = register(&analyzer.Rule{
//		Code: "PLD299", Name: "upgraded-pip", Summary: "pip upgrades itself to an unknown version",
//		Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkUpgradedPip,
//	})
//
//	func checkUpgradedPip(p *analyzer.Pass) { ... p.Report(analyzer.Diagnostic{...}) }
//
// Such a rule lives in upgraded_pip.go and has its cases, at least four of which at least two are
// near misses, in testdata/rules/upgraded-pip/*.txtar; cases_test.go says what a case may hold.
// Rules hold no state, never ask about each other, and build edits with package fixes only.
package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// registered holds every rule in the order of initialisation, which means nothing.
var registered []*analyzer.Rule

// register adds a rule. Two rules of one code or name are a mistake of ours that must not reach a
// user: the program does not start.
func register(rule *analyzer.Rule) *analyzer.Rule {
	for _, other := range registered {
		if other.Code == rule.Code || other.Name == rule.Name {
			panic(fmt.Sprintf("rules: %s %s and %s %s clash", rule.Code, rule.Name, other.Code, other.Name))
		}
	}
	registered = append(registered, rule)
	return rule
}

var sorted = sync.OnceValue(func() []*analyzer.Rule {
	all := slices.Clone(registered)
	stable.Sort(all, func(a, b *analyzer.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return all
})

// All are the rules by code. The slice belongs to the caller, the rules do not.
func All() []*analyzer.Rule { return slices.Clone(sorted()) }

// Find gives the rule of that code (in any case) or name.
func Find(codeOrName string) (rule *analyzer.Rule, ok bool) {
	for _, rule := range sorted() {
		if rule.Name == codeOrName || strings.EqualFold(rule.Code, codeOrName) {
			return rule, true
		}
	}
	return nil, false
}

// Match gives the rules that a selector means: a code, a name, the beginning of codes such as PLD1,
// or ALL. It is empty for a selector that means no rule.
func Match(selector string) []*analyzer.Rule {
	if rule, ok := Find(selector); ok {
		return []*analyzer.Rule{rule}
	}
	prefix := strings.ToUpper(selector)
	if prefix == "ALL" {
		return All()
	}
	var found []*analyzer.Rule
	for _, rule := range sorted() {
		if len(prefix) >= len("PLD") && strings.HasPrefix(rule.Code, prefix) {
			found = append(found, rule)
		}
	}
	return found
}

// Nearest gives the code, name or prefix of rules that the user probably meant, or "".
func Nearest(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if prefix := strings.TrimRight(text, "*.x-_"); prefix != text && len(Match(prefix)) > 0 {
		return strings.ToUpper(prefix)
	}
	best, bestDistance := "", 1+len(text)/4
	for _, rule := range sorted() {
		for _, candidate := range []string{rule.Code, rule.Name} {
			if d := words.Distance(text, strings.ToLower(candidate), bestDistance); d < bestDistance || d == bestDistance && best == "" {
				best, bestDistance = candidate, d
			}
		}
	}
	if best == "" && len(text) > 3 {
		return part(text)
	}
	return best
}

// part is the only rule whose name holds the text, or "".
func part(text string) string {
	name := ""
	for _, rule := range sorted() {
		if strings.Contains(rule.Name, text) {
			if name != "" {
				return ""
			}
			name = rule.Name
		}
	}
	return name
}

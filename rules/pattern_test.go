package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// TestPatterns compiles what the program compiles only when it needs it.
func TestPatterns(t *testing.T) {
	all := pattern.All()
	if len(all) < 100 {
		t.Errorf("only %d patterns", len(all))
	}
	for _, p := range all {
		if _, err := regexp.Compile(p.String()); err != nil {
			t.Error(err)
		}
	}
}

// TestNeeds: what matches has one of the words that the pattern is said to need.
func TestNeeds(t *testing.T) {
	needing := 0
	for _, p := range pattern.All() {
		if len(p.Needs()) == 0 {
			continue
		}
		needing++
		// rapid makes no text for the anchor of a word's edge; blanks around the text are such edges.
		match := rapid.StringMatching(strings.ReplaceAll(p.String(), `\b`, ""))
		rapid.Check(t, func(t *rapid.T) {
			text := " " + match.Draw(t, p.String()) + " "
			if !slices.ContainsFunc(p.Needs(), func(word string) bool { return strings.Contains(text, word) }) {
				t.Fatalf("%q matches %q and has none of %q", p, text, p.Needs())
			}
		})
	}
	if needing == 0 {
		t.Error("no pattern needs anything")
	}
}

package rules_test

import (
	"regexp"
	"testing"

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

package rules_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/rules"
)

// Who gets a finding without a fix is told what to do.
func TestRulesWithoutAFixSayWhatToDo(t *testing.T) {
	for _, r := range rules.All() {
		switch {
		case r.Do == "" && r.Fix == analyzer.NoFix:
			t.Errorf("%s %s has no fix, and does not say what to do", r.Code, r.Name)
		case strings.HasSuffix(r.Do, ".") || r.Do != "" && r.Do[:1] != strings.ToLower(r.Do[:1]):
			t.Errorf("%s: %q is no phrase that stands behind a colon", r.Code, r.Do)
		}
	}
}

package analyzer

import (
	"testing"
)

func TestCapped(t *testing.T) {
	for specifier, want := range map[string]bool{
		"": false, ">=1.1": false, ">1,!=1.5": false, "<2": true, ">=1,<2": true, "~=1.1": true, "==1.*": true, "^1.1": true,
	} {
		if got := capped(specifier); got != want {
			t.Errorf("%q: got %t", specifier, got)
		}
	}
}

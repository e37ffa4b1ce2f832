package rules

import "testing"

func TestKeptBelow(t *testing.T) {
	for _, test := range []struct {
		specifier string
		want      bool
	}{
		{"<58", true}, {"<60", true}, {"==57.5.0", true}, {"<=59.8,>=40", true}, {"~=59.0", true},
		{"<61", false}, {"==65.5.1", false}, {">=58", false}, {"", false}, {"!=58", false}, {"<", false},
	} {
		if got := keptBelow(test.specifier, "60"); got != test.want {
			t.Errorf("%q: %v", test.specifier, got)
		}
	}
}

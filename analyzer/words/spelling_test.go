package words

import "testing"

func TestClosest(t *testing.T) {
	words := []string{"select", "extend-select", "severity", "pip-cache-in-layer", "PLD205"}
	for _, c := range []struct{ word, want string }{
		{"selct", "select"},
		{"sleect", "select"},
		{"extend_select", "extend-select"},
		{"pip-cache-in-layers", "pip-cache-in-layer"},
		{"pld205", "PLD205"},
		{"PLD2O5", "PLD205"},
		{"", ""},
		{"colour", ""},
		{"x", ""},
		{"sev", "severity"},
		{"se", ""},
		{"pld", "PLD205"},
	} {
		if got := Closest(c.word, words); got != c.want {
			t.Errorf("Closest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestClosestPrefersTheNearest(t *testing.T) {
	if got := Closest("ignores", []string{"ignored1", "ignore"}); got != "ignore" {
		t.Errorf("got %q", got)
	}
}

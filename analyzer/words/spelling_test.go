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

func TestSlip(t *testing.T) {
	for _, test := range []struct {
		word, of string
		want     bool
	}{
		{"gunicron", "gunicorn", true}, {"pythno", "python", true}, {"svcc", "svc", true}, {"gunicrn", "gunicorn", true}, {"pyhton3", "python3", true},
		{"gunicorn", "gunicorn", false}, {"gunicorn3", "gunicorn", false}, {"twist", "twistd", false}, {"bpython", "python", false},
		{"flsk", "flask", false}, {"celeryd", "celery", false}, {"", "rq", false}, {"arq", "rq", false}, {"pip", "pipx", false},
	} {
		if got := Slip(test.word, test.of); got != test.want {
			t.Errorf("%q for %q: %v", test.word, test.of, got)
		}
	}
}

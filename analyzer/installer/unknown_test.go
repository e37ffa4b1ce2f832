package installer

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

func TestUnknown(t *testing.T) {
	for _, test := range []struct {
		line, want string
		late       bool
	}{
		{"pip install --no-cached-dir x", "--no-cached-dir", false},
		{"pip install --no-cached-dir=1 x", "--no-cached-dir", false},
		{"pip install -qy x", "-y", false},
		{"pip install -no-cache-dir x", "-n", false},
		{"pip install \u2013no-cache-dir x", "\u2013no-cache-dir", false},
		{"pip --upgrade install x", "--upgrade", true},
		{"pip --frobnicate install x", "--frobnicate", false},
		{"pip install --no-cache x", "", false}, // a beginning of one option
		{"pip install --no-c x", "", false},     // of several
		{"pip install $OPTIONS --frobnicate", "", false},
		{"pip install --frob$NICATE", "", false},
		{"pip install -- --frobnicate", "", false},
		{"pip install -r requirements.txt", "", false},
	} {
		script, err := shell.Parse([]byte(test.line), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		sh := script.Commands[0]
		got := Parse(sh, shell.Fields(sh.Words, func(string) env.Value { return env.Doubtful() })).Unknown
		switch {
		case got == nil && test.want == "":
		case got == nil || got.Written != test.want || got.Late != test.late:
			t.Errorf("%s: found one: %v, want %q", test.line, got != nil, test.want)
		}
	}
}

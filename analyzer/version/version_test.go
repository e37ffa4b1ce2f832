package version

import (
	"testing"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int // its sign
	}{
		{"2.0.0", "2.0.0", 0}, {"2", "2.0.0", 0}, {"1.8.5", "2.0.0", -1}, {"2.0.1", "2.0.0", 1}, {"10.0", "9.9", 1},
		{"2022.4.8", "2022.8.13", -1}, {"2022.10.4", "2022.8.13", 1}, {"3.9", "3.12", -1}, {"2.0.0rc", "2.0.0", 0}, {"", "1", -1},
	} {
		got := Compare(c.a, c.b)
		if got > 0 != (c.want > 0) || got < 0 != (c.want < 0) {
			t.Errorf("%q and %q: got %d, want the sign of %d", c.a, c.b, got, c.want)
		}
	}
}

func TestAllowsPython(t *testing.T) {
	tests := []struct {
		specifier, minor string
		allowed, known   bool
	}{
		{"", "3.13", true, true},
		{">=3.9", "3.13", true, true},
		{">=3.9", "3.8", false, true},
		{">=3.9.2", "3.9", true, true},
		{">3.9", "3.9", true, true},
		{">=3.9,<3.13", "3.13", false, true},
		{">=3.9, <3.13", "3.12", true, true},
		{"<4.0,>=3.10", "3.13", true, true},
		{"<4", "3.13", true, true},
		{"==3.11.*", "3.11", true, true},
		{"==3.11.*", "3.12", false, true},
		{"==3.1.*", "3.11", false, true},
		{"==3.11", "3.11", true, true},
		{"==3.11.4", "3.11", true, true},
		{"==3.11.4", "3.1", false, true},
		{"~=3.9", "3.13", true, true},
		{"~=3.9.1", "3.10", false, true},
		{"~=3.9.1", "3.9", true, true},
		{"!=3.12.*", "3.12", false, true},
		{"!=3.12.1", "3.12", true, true},
		{"<=3.11", "3.11", true, true},
		{"<=3.11", "3.12", false, true},
		{"three", "3.12", false, false},
		{"^3.9", "3.12", false, false},
	}
	for _, test := range tests {
		allowed, known := AllowsPython(test.specifier, test.minor)
		if allowed != test.allowed || known != test.known {
			t.Errorf("%q %s: %v %v", test.specifier, test.minor, allowed, known)
		}
	}
}

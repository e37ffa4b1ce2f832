package analyzer

import "testing"

func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int // its sign
	}{
		{"2.0.0", "2.0.0", 0}, {"2", "2.0.0", 0}, {"1.8.5", "2.0.0", -1}, {"2.0.1", "2.0.0", 1}, {"10.0", "9.9", 1},
		{"2022.4.8", "2022.8.13", -1}, {"2022.10.4", "2022.8.13", 1}, {"3.9", "3.12", -1}, {"2.0.0rc", "2.0.0", 0}, {"", "1", -1},
	} {
		got := CompareVersions(c.a, c.b)
		if got > 0 != (c.want > 0) || got < 0 != (c.want < 0) {
			t.Errorf("%q and %q: got %d, want the sign of %d", c.a, c.b, got, c.want)
		}
	}
}

func TestCapped(t *testing.T) {
	for specifier, want := range map[string]bool{
		"": false, ">=1.1": false, ">1,!=1.5": false, "<2": true, ">=1,<2": true, "~=1.1": true, "==1.*": true, "^1.1": true,
	} {
		if got := capped(specifier); got != want {
			t.Errorf("%q: got %t", specifier, got)
		}
	}
}

package image

import "testing"

func TestBringsSetuptools(t *testing.T) {
	for minor, want := range map[string]bool{"2.7": true, "3.6": true, "3.11": true, "3.12": false, "3.14": false, "": false, "4.0": false} {
		if got := (&Interpreter{Minor: minor}).BringsSetuptools(); got != want {
			t.Errorf("%q: %v, want %v", minor, got, want)
		}
	}
}

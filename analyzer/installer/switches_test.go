package installer

import "testing"

func TestBackwards(t *testing.T) {
	for _, test := range []struct {
		variable, value, option string
		ok                      bool
	}{
		{"PIP_NO_COMPILE", "1", "--no-compile", true},
		{"PIP_NO_WARN_SCRIPT_LOCATION", "true", "--no-warn-script-location", true},
		{"PIP_NO_BUILD_ISOLATION", "yes", "--no-build-isolation", true},
		{"PIP_NO_BUILD_ISOLATION", "0", "--no-build-isolation", false},
		{"PIP_NO_COMPILE", "", "--no-compile", false},
		{"PIP_NO_CACHE_DIR", "1", "", false},
		{"PIP_COMPILE", "1", "", false},
		{"NO_COMPILE", "1", "", false},
	} {
		option, _, ok := Backwards(test.variable, test.value)
		if option != test.option || ok != test.ok {
			t.Errorf("%s=%s: %s %v", test.variable, test.value, option, ok)
		}
	}
}

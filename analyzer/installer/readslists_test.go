package installer

import "testing"

func TestReadsLists(t *testing.T) {
	for command, want := range map[string]bool{
		"pip install flask":                              true,
		"python3 -m pip install -qU -r a.txt -c b.txt":   true,
		"pip --no-cache-dir install --timeout 100 flask": true,
		"pip install --find-links wheels flask":          false,
		"pip install --cert ca.pem flask":                false,
		"pip install -e .":                               false,
		"pip install --no-such-option flask":             false,
		"uv pip install flask":                           false,
	} {
		if got := one(t, command).ReadsLists(); got != want {
			t.Errorf("%s: %v, want %v", command, got, want)
		}
	}
}

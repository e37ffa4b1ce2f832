package analyzer

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// TestScopeFindsTheNewest holds the indexed list against a plain one, at every length.
func TestScopeFindsTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list *scope
		type entry struct {
			kind  scopeKind
			name  string
			value env.Value
		}
		var plain []entry
		for i := range rapid.IntRange(0, 300).Draw(t, "entries") {
			e := entry{scopeKind(rapid.IntRange(0, 2).Draw(t, "kind")), rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}).Draw(t, "name"), env.Of(strconv.Itoa(i))}
			list, plain = list.push(e.kind, e.name, e.value), append(plain, e)
		}
		for kind := range scopeKind(3) {
			for _, name := range []string{"A", "E", "missing"} {
				want, found := env.Value{}, false
				for _, e := range plain {
					if e.kind == kind && e.name == name {
						want, found = e.value, true
					}
				}
				if got, ok := list.find(kind, name); got != want || ok != found {
					t.Fatalf("%d entries: %d %s is %v %v, want %v %v", len(plain), kind, name, got, ok, want, found)
				}
			}
		}
	})
}

func TestBringsPython(t *testing.T) {
	for name, want := range map[string]bool{
		"python3": true, "python3-pip": true, "python3-venv": true, "py3-pip": true,
		"python3.11": false, "python3x": false, "python": false, "python-pip": false, "py3-numpy": false, "xpython3": false,
	} {
		if got := bringsPython(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

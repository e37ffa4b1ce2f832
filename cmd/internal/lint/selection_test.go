package lint

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/rules"
)

func TestChoose(t *testing.T) {
	only := func(codes ...string) []string { return codes }
	for _, c := range []struct {
		name    string
		layers  []layer
		on, off string // codes
	}{
		{"default", nil, "PLD001 PLD002 PLD205", ""},
		{"select", []layer{{selected: only("PLD205")}}, "PLD001 PLD205", "PLD002 PLD003"},
		{"select nothing", []layer{{selected: []string{}}}, "PLD001", "PLD002 PLD205"},
		{"ignore", []layer{{ignored: only("PLD2")}}, "PLD001 PLD002", "PLD205"},
		{"precise select beats wide ignore", []layer{{selected: only("PLD205"), ignored: only("PLD")}}, "PLD205", "PLD001 PLD002"},
		{"precise ignore beats wide select", []layer{{selected: only("ALL"), ignored: only("pip-cache-in-layer")}}, "PLD001 PLD002", "PLD205"},
		{"equal: ignore wins", []layer{{selected: only("PLD205"), ignored: only("PLD205")}}, "PLD001", "PLD205"},
		{"later layer adds", []layer{{ignored: only("PLD205")}, {extended: only("PLD2")}}, "PLD205", ""},
		{"later layer replaces", []layer{{selected: only("PLD205")}, {selected: only("PLD002")}}, "PLD002", "PLD205"},
		{"later layer ignores", []layer{{selected: only("PLD205")}, {ignored: only("PLD2")}}, "PLD001", "PLD205"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := choose(rules.All(), c.layers)
			for want, codes := range map[bool]string{true: c.on, false: c.off} {
				for _, code := range strings.Fields(codes) {
					if rule, ok := rules.Find(code); !ok || got.Has(rule) != want {
						t.Errorf("%s: got %v", code, !want)
					}
				}
			}
		})
	}
}

package pattern

import (
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	p := New(`^(a+)(b)?$`)
	if p.re != nil {
		t.Error("compiled before it is needed")
	}
	if !p.MatchString("aab") || p.MatchString("b") || !p.Match([]byte("a")) {
		t.Error("matches something else")
	}
	if got := strings.Join(p.FindStringSubmatch("aab"), " "); got != "aab aa b" {
		t.Errorf("groups %q", got)
	}
	if got := p.FindStringIndex("aa"); len(got) != 2 || got[1] != 2 {
		t.Errorf("place %v", got)
	}
	if all := All(); all[len(all)-1] != p {
		t.Error("New forgot it")
	}
}

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

func TestNeeds(t *testing.T) {
	for text, want := range map[string]string{
		`^(a+)(b)?$`:                        "a",
		`a?b*`:                              "",
		`x|\d`:                              "",
		`\b(?:sudo|su|gosu)\b`:              "su",
		`(?:^|[^\w.-])pip(?:\d|-)+ install`: " install",
		`(?i)^(?:git|hg)\+`:                 "+",
		`\bgh[po]_\w{3,}|\bgithub_\w+`:      "gh github_",
		`(?:openjdk-\d+|default)-jdk`:       "openjdk- default",
		`(?:\d\.){2}rc`:                     "rc",
		`(?:abc){0,2}`:                      "",
	} {
		if got := strings.Join(New(text).Needs(), " "); got != want {
			t.Errorf("%s needs %q, not %q", text, got, want)
		}
	}
}

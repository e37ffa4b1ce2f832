package pattern

import (
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	p := New(`^(a+)(b)?$`)
	if p.compiled != nil {
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
}

func TestNeeds(t *testing.T) {
	for text, want := range map[string]string{
		`^(a+)(b)?$`:                        "a",
		`a?b*`:                              "",
		`x|\d`:                              "",
		`\b(?:sudo|su|gosu)\b`:              "su",
		`(?:^|[^\w.-])pip(?:\d|-)+ install`: " install",
		`(?i)^(?:git|hg)\+`:                 "git+ hg+",
		`(?i)[a-z]é`:                        "",
		`\bgh[po]_\w{3,}|\bgithub_\w+`:      "gh github_",
		`(?:openjdk-\d+|default)-jdk`:       "openjdk- default",
		`(?:\d\.){2}rc`:                     "rc",
		`(?:abc){0,2}`:                      "",
	} {
		p := New(text)
		p.compile()
		if got := strings.Join(p.needs, " "); got != want {
			t.Errorf("%s needs %q, not %q", text, got, want)
		}
	}
}

func TestStarts(t *testing.T) {
	for text, want := range map[string]string{
		`^pip(-?\d+)?$|^pip_pypy3?$`:      "pip pip_pypy pip_pypy3",
		`^(python|pypy)(\d+)?[td]*$|^py$`: "python pypy py",
		`^(?:/usr)?/(?:s?bin|lib\w*)/`:    "/bin /sbin /lib /usr/bin /usr/sbin /usr/lib",
		`^(?:ab)+c`:                       "ab",
		`^(?:[ab]|lib)\w`:                 "",
		`^ab|b`:                           "",
		`(?i)^pip`:                        "",
		`ab`:                              "",
		`^(?:ab|c)?(?:de|fg)(?:h|ij)\d`:   "deh deij fgh fgij abdeh abdeij abfgh abfgij cdeh cdeij cfgh cfgij",
		`^(?:ab|cd){2}`:                   "",
		`^(?:\d|ab)c|^de`:                 "",
	} {
		p := New(text)
		p.compile()
		if got := strings.Join(p.starts, " "); got != want {
			t.Errorf("%s starts with %q, not %q", text, got, want)
		}
	}
}

// TestMay compares with the bare regular expression: what is looked for first must not hide a match.
func TestMay(t *testing.T) {
	texts := []string{
		"", "a", "lib", "libpq5", "xlibpq5", "pip", "PIP3 Config", "git+ssh", "GIT+https", "Hg+", "conda", "CONDA", "mam", "mamba x", "\u212aelvin", "kelvin", "miniKelvin",
		"ab", "b", "abx", "bx", "xab", "one two three four", "THREE", "thre\u00e9", "end five", "fiv",
	}
	for _, text := range []string{
		`^lib[a-z]+\d$`, `^(?:ab|b)x?$`, `^ab|^b`, `^ab|b$`, `(?i)^(?:git|hg)\+`, `(?i)conda|mamba|pip3? config`, `(?i)kelvin`, `one|two|three|four|five`,
		`(?i)one|two|three|four|five`, `^(one|t(wo)+)x*|^fi?v*$`, `^(?:[ab]|lib)\w`, `^(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:x|y)`, `(?m)^b|x`, `(?i)^PIP`, `^(?i:pip)3`, `a|bc|de|fg`, `^`, `^(?:|a)b`,
	} {
		p := New(text)
		for _, s := range texts {
			if got, want := p.MatchString(s), p.Regexp().MatchString(s); got != want {
				t.Errorf("%s matches %q: %v, not %v", text, s, got, want)
			}
		}
	}
}

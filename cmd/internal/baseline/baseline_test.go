package baseline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/baseline"
)

func anchor(text, at string) string {
	start := strings.Index(text, at)
	return baseline.Anchor(source.New("Dockerfile", []byte(text)), source.Span{Start: start, End: start + len(at)})
}

func TestAnchor(t *testing.T) {
	const text = "FROM a\nRUN one && \\\n    pip install x && \\\n    two\n"
	for name, test := range map[string]struct {
		other string
		same  bool
	}{
		"the same":                      {text, true},
		"lines above":                   {"# new\n\n" + text, true},
		"indentation":                   {"FROM a\nRUN one && \\\n\t\tpip  install x && \\\n    two\n", true},
		"another command of the RUN":    {"FROM a\nRUN zero && \\\n    pip install x && \\\n    three\n", true},
		"last in its list now":          {"FROM a\nRUN one && \\\n    pip install x\n", true},
		"operators lead":                {"FROM a\nRUN one \\\n && pip install x \\\n && two\n", true},
		"CRLF":                          {strings.ReplaceAll(text, "\n", "\r\n"), true},
		"another command":               {"FROM a\nRUN one && \\\n    pip install xx && \\\n    two\n", false},
		"the same word on another line": {"FROM a\nRUN pip install y && \\\n    two\n", false},
	} {
		if got := anchor(text, "pip") == anchor(test.other, "pip"); got != test.same {
			t.Errorf("%s: same is %t, want %t", name, got, test.same)
		}
	}
}

func finding(file, rule, anchor string) baseline.Finding {
	return baseline.Finding{File: file, Rule: rule, Anchor: anchor, Message: "about " + anchor}
}

func TestRoundTrip(t *testing.T) {
	var b strings.Builder
	all := []baseline.Finding{finding("b/Dockerfile", "PLD205", "1"), finding("Dockerfile", "PLD300", "<2>"), finding("Dockerfile", "PLD205", "3"), finding("Dockerfile", "PLD205", "3")}
	if err := baseline.Write(&b, all); err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "findings": [
    {"file":"Dockerfile","rule":"PLD205","fingerprint":"3","count":2,"message":"about 3"},
    {"file":"Dockerfile","rule":"PLD300","fingerprint":"<2>","count":1,"message":"about <2>"},
    {"file":"b/Dockerfile","rule":"PLD205","fingerprint":"1","count":1,"message":"about 1"}
  ]
}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	base, err := baseline.Parse("x", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		f    baseline.Finding
		want bool
	}{
		{all[2], true},
		{finding("Dockerfile", "PLD205", "1"), false}, // another file
		{finding("b/Dockerfile", "PLD300", "1"), false},
		{all[2], true},
		{all[2], false}, // a third of two
		{all[1], true},
	} {
		if got := base.Has(test.f); got != test.want {
			t.Errorf("%v: %t", test.f, got)
		}
	}
	if gone := base.Gone(func(string) bool { return true }); len(gone) != 1 || gone[0].File != "b/Dockerfile" {
		t.Errorf("gone: %v", gone)
	}
	if gone := base.Gone(func(file string) bool { return file == "Dockerfile" }); len(gone) != 0 {
		t.Errorf("gone: %v", gone)
	}
}

func TestEmpty(t *testing.T) {
	var b strings.Builder
	if err := baseline.Write(&b, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := baseline.Parse("x", []byte(b.String())); err != nil {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "x:1:1: it is no baseline",
		"{\n  \"version\": 1,\n  findings": "x:3:3: it is no baseline",
		`{"version": "1"}`:                 "it is no baseline",
		`{"version": 2, "findings": []}`:   "x: baseline of version 2",
		`[]`:                               "it is no baseline",
		`{"version": 1, "findings": [{}]}`: "x: entry 1 lacks",
	} {
		if _, err := baseline.Parse("x", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFingerprints(t *testing.T) {
	// The values of GitHub's upload action for these texts.
	if diff := cmp.Diff([]string{"c129715d7a2bc9a3:1"}, lineFingerprints(nil)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"},
		lineFingerprints([]byte(" a\nb\n  \t\tc\n d"))); diff != "" {
		t.Error(diff)
	}
}

func TestFingerprintsIgnoreBlanksAndLineEndings(t *testing.T) {
	want := lineFingerprints([]byte("FROM x\n\nRUN  a  b\nCMD c\n"))
	for _, text := range []string{"FROM x\r\n\r\nRUN a b\r\nCMD c\r\n", "FROM x\r\rRUN\tab\rCMD c\r", "  FROM x \n\t\nRUN ab\nCMD c\n  "} {
		if diff := cmp.Diff(want, lineFingerprints([]byte(text))); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if cmp.Equal(want, lineFingerprints([]byte("FROM x\n\nRUN a b c\nCMD c\n"))) {
		t.Error("another text has the same fingerprints")
	}
}

func TestEqualLinesAreToldApart(t *testing.T) {
	prints := lineFingerprints([]byte(strings.Repeat("RUN pip install flask gunicorn\n", 20)))
	seen := map[string]bool{}
	for _, p := range prints {
		if seen[p] {
			t.Errorf("%s twice", p)
		}
		seen[p] = true
	}
	if prefix, _, _ := strings.Cut(prints[0], ":"); prints[1] != prefix+":2" {
		t.Errorf("got %v", prints[:2])
	}
}

func TestRelativeURI(t *testing.T) {
	for name, want := range map[string]string{
		"a/Dockerfile": "a/Dockerfile", "my app/Dockerfile": "my%20app/Dockerfile", "a#b?c%d": "a%23b%3Fc%25d",
		"/abs/Dockerfile": "file:///abs/Dockerfile", "a:b": "./a:b", "käse": "k%C3%A4se",
	} {
		if got := RelativeURI(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestGithubEscapes(t *testing.T) {
	if got := githubData.Replace("a%b\r\nc::d"); got != "a%25b%0D%0Ac::d" {
		t.Error(got)
	}
	if got := githubProperty.Replace("a:b,c%\n"); got != "a%3Ab%2Cc%25%0A" {
		t.Error(got)
	}
}

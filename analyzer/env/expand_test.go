package env_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// lookup knows a few variables; DOUBT is Unknown and everything else Unset.
func lookup(name string) env.Value {
	if name == "DOUBT" {
		return env.Doubtful()
	}
	if text, ok := known[name]; ok {
		return env.Of(text)
	}
	return env.Value{}
}

var known = map[string]string{
	"X":     "value",
	"EMPTY": "",
	"PATH":  "/usr/local/bin:/usr/bin:/bin",
	"FILE":  "archive.tar.gz",
	"TWO":   "80 443",
	"é":     "accent",
	"1":     "one",
}

func TestExpand(t *testing.T) {
	doubt := env.Doubtful()
	tests := []struct {
		word string
		want env.Value
	}{
		{"", env.Of("")},
		{"plain", env.Of("plain")},
		{"a b  c", env.Of("a b  c")},
		{"$X", env.Of("value")},
		{"${X}", env.Of("value")},
		{"a${X}b$X-c", env.Of("avaluebvalue-c")},
		{"$UNSET", env.Of("")},
		{"a${UNSET}b", env.Of("ab")},
		{"$Xtra", env.Of("")},
		{"$é", env.Of("accent")},
		{"$1x", env.Of("onex")},
		{"$", env.Of("$")},
		{"$.", env.Of("$.")},
		{"a$", env.Of("a$")},
		{"cost: 5$ each", env.Of("cost: 5$ each")},

		{`"$X y"`, env.Of("value y")},
		{`'$X y'`, env.Of("$X y")},
		{`"it's"`, env.Of("it's")},
		{`a"b"'c'd`, env.Of("abcd")},
		{`\$X`, env.Of("$X")},
		{`"\$X"`, env.Of("$X")},
		{`'\$X'`, env.Of(`\$X`)},
		{`\a`, env.Of("a")},
		{`"\a"`, env.Of(`\a`)},
		{`"\\"`, env.Of(`\`)},
		{`a\`, env.Of("a")},
		{"<< EOF", env.Of("<< EOF")},

		{"${UNSET:-y}", env.Of("y")},
		{"${UNSET-y}", env.Of("y")},
		{"${EMPTY:-y}", env.Of("y")},
		{"${EMPTY-y}", env.Of("")},
		{"${X:-y}", env.Of("value")},
		{"${UNSET:-$X}", env.Of("value")},
		{"${UNSET:-${EMPTY:-deep}}", env.Of("deep")},
		{`${UNSET:-"a } b"}`, env.Of("a } b")},
		{"${UNSET:-}", env.Of("")},
		{"${X:+y}", env.Of("y")},
		{"${X+y}", env.Of("y")},
		{"${EMPTY:+y}", env.Of("")},
		{"${EMPTY+y}", env.Of("y")},
		{"${UNSET+y}", env.Of("")},
		{"${X:?no}", env.Of("value")},
		{"${EMPTY?no}", env.Of("")},
		{"${EMPTY:?no}", doubt},
		{"${UNSET?no}", doubt},

		{"${FILE#*.}", env.Of("tar.gz")},
		{"${FILE##*.}", env.Of("gz")},
		{"${FILE%.*}", env.Of("archive.tar")},
		{"${FILE%%.*}", env.Of("archive")},
		{"${FILE#tar}", env.Of("archive.tar.gz")},
		{"${FILE#archiv?}", env.Of(".tar.gz")},
		{"${FILE/tar/zip}", env.Of("archive.zip.gz")},
		{"${FILE//a/A}", env.Of("Archive.tAr.gz")},
		{"${FILE/nothing/x}", env.Of("archive.tar.gz")},
		{`${PATH//\/bin/}`, env.Of("/usr/local:/usr:")},
		{"${FILE%%.*}-$X", env.Of("archive-value")},
		{`${FILE#\x}`, doubt},

		{"$DOUBT", doubt},
		{"a${DOUBT}b", doubt},
		{`"$DOUBT"`, doubt},
		{"'$DOUBT'", env.Of("$DOUBT")},
		{"${DOUBT:-y}", doubt},
		{"${DOUBT:+y}", doubt},
		{"${DOUBT:+}", env.Of("")},
		{"${DOUBT:?y}", doubt},
		{"${DOUBT#p}", doubt},
		{"${DOUBT/a/b}", doubt},
		{"${X:-$DOUBT}", env.Of("value")},
		{"${X:+$DOUBT}", doubt},
		{"${UNSET:+$DOUBT}", env.Of("")},
		{"${UNSET:-$DOUBT}", doubt},
		{"${X#$DOUBT}", doubt},
		{"${X/nothing/$DOUBT}", env.Of("value")},
		{"${X/a/$DOUBT}", doubt},

		{"${", doubt}, {"${X", doubt}, {"${}", doubt}, {"${{X}}", doubt}, {"${:X}", doubt},
		{"${X:=y}", doubt}, {"${X^^}", doubt}, {"${X:1:2}", doubt}, {"${X:#p}", doubt},
		{`"open`, doubt}, {`'open`, doubt},
	}
	for _, tt := range tests {
		if got := env.Expand(tt.word, '\\', lookup); got != tt.want {
			t.Errorf("Expand(%q) = %v, want %v", tt.word, got, tt.want)
		}
	}
}

func TestExpandBacktick(t *testing.T) {
	tests := []struct{ word, want string }{
		{"C:\\Python\\$X", `C:\Python\value`},
		{"`$X", "$X"},
		{"\"`$X\"", "$X"},
		{`"\$X"`, `\value`},
	}
	for _, tt := range tests {
		if got := env.Expand(tt.word, '`', lookup); !got.Is(tt.want) {
			t.Errorf("Expand(%q) = %v, want %q", tt.word, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		text string
		want []env.Value
	}{
		{"", nil},
		{"80", []env.Value{env.Of("80")}},
		{"  80\t443 ", []env.Value{env.Of("80"), env.Of("443")}},
		{"$TWO", []env.Value{env.Of("80"), env.Of("443")}},
		{`"$TWO"`, []env.Value{env.Of("80 443")}},
		{"a$TWO", []env.Value{env.Of("a80"), env.Of("443")}},
		{"$UNSET", nil},
		{`a\ b`, []env.Value{env.Of("a b")}},
		{"80 $DOUBT/tcp 90", []env.Value{env.Of("80"), env.Doubtful(), env.Of("90")}},
		{"80${UNSET:-81}", []env.Value{env.Of("81")}}, // a peculiarity of BuildKit
		{`"open`, []env.Value{env.Doubtful()}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, env.Words(tt.text, '\\', lookup)); diff != "" {
			t.Errorf("Words(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestReferences(t *testing.T) {
	tests := []struct {
		word string
		want []string // "name=whole reference"
	}{
		{"plain", nil},
		{"$A", []string{"A=$A"}},
		{"x${A}y$B.z", []string{"A=${A}", "B=$B"}},
		{"${A:-${B}}", []string{"A=${A:-${B}}", "B=${B}"}},
		{"${A/$B/$C}", []string{"A=${A/$B/$C}", "B=$B", "C=$C"}},
		{`"$A" '$B' \$C`, []string{"A=$A"}},
		{"é$A", []string{"A=$A"}},
		{"$A ${B", []string{"A=$A", "B=${B"}},
		{"$ $", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, r := range env.References(tt.word, '\\') {
			if name := tt.word[r.NameStart:r.NameEnd]; name != r.Name {
				t.Errorf("References(%q): name span holds %q, want %q", tt.word, name, r.Name)
			}
			got = append(got, r.Name+"="+tt.word[r.Start:r.End])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("References(%q) (-want +got):\n%s", tt.word, diff)
		}
	}
}

// TestDeep proves that nesting neither exhausts the stack nor takes quadratic time.
func TestDeep(t *testing.T) {
	word := strings.Repeat("${U:-", 1_000_000)
	if got := env.Expand(word, '\\', lookup); got != env.Doubtful() {
		t.Errorf("Expand of deep nesting = %v", got)
	}
	env.References(word, '\\')
	stars := "${X#" + strings.Repeat("*a", 1<<20) + "}"
	if got := env.Expand(stars, '\\', lookup); got.IsKnown() {
		t.Errorf("Expand of a long pattern = %v", got)
	}
}

// mapEnv is the environment of lookup for BuildKit, without DOUBT.
type mapEnv struct{}

func (mapEnv) Get(name string) (string, bool) { text, ok := known[name]; return text, ok }
func (mapEnv) Keys() []string                 { return nil }

// FuzzExpand holds the package against BuildKit's own lexer.
func FuzzExpand(f *testing.F) {
	for _, word := range []string{
		"$X", "${X:-y}", `"a$X"'b'\c`, "${FILE%%.*}", "${FILE//a*/b}", "${UNSET:+'q'}", "80${X:-1} $TWO", "<< a <b",
		`${PATH/\/usr/\}}`, `"${X#"v"}"`, `${FILE%'*'}`, "${X?", "$1$@${#}", `${X/a\/b/c}`, "${FILE/?/$1}", "a\\",
	} {
		f.Add(word, false)
		f.Add(word, true)
	}
	f.Fuzz(func(t *testing.T, word string, backtick bool) {
		checkWord(t, word, backtick)
	})
}

func checkWord(t *testing.T, word string, backtick bool) {
	t.Helper()
	escape := byte('\\')
	if backtick {
		escape = '`'
	}
	for _, r := range env.References(word, escape) {
		if r.Start < 0 || r.Start >= r.NameStart || r.NameStart >= r.NameEnd || r.NameEnd > r.End || r.End > len(word) {
			t.Fatalf("References(%q) has the span %+v", word, r)
		}
	}
	got, gotWords := env.Expand(word, escape, lookup), env.Words(word, escape, lookup)
	// BuildKit's scanner complains on standard error about these bytes.
	if strings.ContainsAny(word, "\x00\uFEFF") || strings.ToValidUTF8(word, "") != word || strings.Contains(word, "DOUBT") {
		return
	}
	lex := shell.NewLex(rune(escape))
	want, _, err := lex.ProcessWord(word, mapEnv{})
	if err != nil {
		if got.IsKnown() {
			t.Fatalf("Expand(%q) = %v, but BuildKit says: %v", word, got, err)
		}
		return
	}
	if !got.Is(want) {
		t.Fatalf("Expand(%q) = %v, want %q", word, got, want)
	}
	wantWords, err := lex.ProcessWords(word, mapEnv{})
	if err != nil {
		t.Fatalf("ProcessWords(%q): %v", word, err)
	}
	var list []env.Value
	for _, w := range wantWords {
		list = append(list, env.Of(w))
	}
	if diff := cmp.Diff(list, gotWords); diff != "" {
		t.Fatalf("Words(%q) (-want +got):\n%s", word, diff)
	}
}

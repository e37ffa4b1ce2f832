package lsp

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// alphabet has what makes positions hard: emoji of several code points, combining characters, tabs, line
// endings and byte order marks.
var alphabet = []string{"a", "F", " ", "\t", "\n", "\r\n", "é", "e\u0301", "ß", "漢", "😀", "👩‍👩‍👧", "\u200b", "\uFEFF", "\"", "\\\n", "\r"}

func genText(most int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, most).Draw(t, "pieces"), "")
		if rapid.IntRange(0, 4).Draw(t, "bom") == 0 {
			text = "\uFEFF" + text
		}
		return text
	})
}

// model is a text as an editor holds it: lines of code units. It shares nothing with what it judges.
type model struct {
	encoding encoding
	text     string
}

// units gives the code units of text, each as the bytes that it begins with: all bytes of a character for its first
// unit, none for the second one of a surrogate pair.
func (m model) units(text string) []string {
	if m.encoding == utf8Encoding {
		return strings.Split(text, "")
	}
	var units []string
	for _, r := range text {
		units = append(units, string(r))
		if len(utf16.Encode([]rune{r})) == 2 {
			units = append(units, "")
		}
	}
	return units
}

// lines cuts the text behind each line ending of the protocol.
func (m model) lines() []string {
	const both = "\x00" // stands for "\r\n"
	text := strings.ReplaceAll(m.text, "\r\n", both)
	for _, end := range []string{both, "\n", "\r"} {
		text = strings.ReplaceAll(text, end, end+"\x01")
	}
	return strings.Split(strings.ReplaceAll(text, both, "\r\n"), "\x01")
}

// withoutEnding is a line without what ends it.
func withoutEnding(line string) string {
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
}

// offset counts units from the start of the text. Only positions at the borders of characters are asked for.
func (m model) offset(p Position) int {
	lines := m.lines()
	if p.Line >= len(lines) {
		return len(m.text)
	}
	before := len(strings.Join(lines[:p.Line], ""))
	line := withoutEnding(lines[p.Line])
	if m.encoding == utf8Encoding {
		return before + min(p.Character, len(line))
	}
	bytes := 0
	for i, unit := range m.units(line) {
		if i >= p.Character {
			break
		}
		bytes += len(unit)
	}
	return before + bytes
}

// genPosition gives a position at the border of a character, or behind the end of a line or of the text.
func (m model) genPosition(t *rapid.T, label string) Position {
	lines := m.lines()
	n := rapid.IntRange(0, len(lines)).Draw(t, label+" line")
	if n == len(lines) {
		return Position{n, rapid.IntRange(0, 5).Draw(t, label+" behind")}
	}
	line := withoutEnding(lines[n])
	runes := []rune(line)
	count := rapid.IntRange(0, len(runes)+1).Draw(t, label+" character")
	prefix := string(runes[:min(count, len(runes))])
	extra := max(0, count-len(runes)) * 3
	if m.encoding == utf8Encoding {
		return Position{n, len(prefix) + extra}
	}
	return Position{n, len(utf16.Encode([]rune(prefix))) + extra}
}

func TestIncrementalSyncIsFullSync(t *testing.T) {
	for _, e := range []encoding{utf8Encoding, utf16Encoding} {
		t.Run(string(e), rapid.MakeCheck(func(t *rapid.T) {
			m := model{e, genText(60).Draw(t, "text")}
			file := source.New("Dockerfile", []byte(m.text))
			for range rapid.IntRange(1, 8).Draw(t, "edits") {
				a, b := m.genPosition(t, "a"), m.genPosition(t, "b")
				fresh := genText(8).Draw(t, "new")
				from, to := m.offset(a), m.offset(b)
				if from > to {
					a, b, from, to = b, a, to, from
				}
				file = e.apply(file, contentChange{Range: &Range{a, b}, Text: fresh})
				m.text = m.text[:from] + fresh + m.text[to:]
				if got := string(file.Bytes()); got != m.text {
					t.Fatalf("%v-%v %q: got %q, want %q", a, b, fresh, got, m.text)
				}
			}
		}))
	}
}

func TestPositionsGoBothWays(t *testing.T) {
	for _, e := range []encoding{utf8Encoding, utf16Encoding} {
		t.Run(string(e), rapid.MakeCheck(func(t *rapid.T) {
			m := model{e, genText(60).Draw(t, "text")}
			file := source.New("Dockerfile", []byte(m.text))
			for offset := range m.text { // the borders of characters
				p := e.position(file, offset)
				// Between "\r" and "\n" is no place of the protocol.
				if strings.HasSuffix(m.text[:offset], "\r") && m.text[offset] == '\n' {
					continue
				}
				if got := m.offset(p); got != offset {
					t.Fatalf("offset %d is %v, which is %d", offset, p, got)
				}
				if got := e.offset(file, p); got != offset {
					t.Fatalf("offset %d is %v, which is taken for %d", offset, p, got)
				}
			}
		}))
	}
}

func TestOddPositions(t *testing.T) {
	file := source.New("Dockerfile", []byte("a😀b\r\ncd"))
	for _, c := range []struct {
		encoding encoding
		at       Position
		want     int
	}{
		{utf16Encoding, Position{0, 2}, 1}, // inside the pair
		{utf16Encoding, Position{0, 3}, 5},
		{utf8Encoding, Position{0, 3}, 1}, // inside the character
		{utf8Encoding, Position{0, 5}, 5},
		{utf16Encoding, Position{0, 99}, 6},
		{utf16Encoding, Position{-1, 5}, 0},
		{utf16Encoding, Position{1, -5}, 8},
		{utf16Encoding, Position{1 << 60, 1 << 60}, 10},
	} {
		if got := c.encoding.offset(file, c.at); got != c.want {
			t.Errorf("%s %v: got %d, want %d", c.encoding, c.at, got, c.want)
		}
	}
}

// A lone "\r" ends a line of the protocol, though none of Docker's.
func TestLoneReturns(t *testing.T) {
	file := source.New("Dockerfile", []byte("a\rbc\r\nd\r\re"))
	for offset, want := range map[int]Position{0: {0, 0}, 2: {1, 0}, 3: {1, 1}, 6: {2, 0}, 8: {3, 0}, 9: {4, 0}, 10: {4, 1}} {
		if got := utf16Encoding.position(file, offset); got != want {
			t.Errorf("offset %d: got %v, want %v", offset, got, want)
		}
		if got := utf16Encoding.offset(file, want); got != offset {
			t.Errorf("%v: got %d, want %d", want, got, offset)
		}
	}
	if got := utf16Encoding.offset(file, Position{1, 99}); got != 4 {
		t.Errorf("behind the second line: got %d", got)
	}
}

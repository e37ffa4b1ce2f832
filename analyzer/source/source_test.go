package source_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestPosition(t *testing.T) {
	tests := []struct {
		name, text string
		offset     int
		want       source.Position
	}{
		{"empty file", "", 0, source.Position{Line: 1, Column: 1, Column16: 0}},
		{"ascii", "FROM x\nRUN y\n", 11, source.Position{Line: 2, Column: 5, Column16: 4}},
		{"end of file with a newline", "a\n", 2, source.Position{Line: 2, Column: 1, Column16: 0}},
		{"end of file without a newline", "a", 1, source.Position{Line: 1, Column: 2, Column16: 1}},
		{"behind an emoji", "# 🐍 x", 6, source.Position{Line: 1, Column: 4, Column16: 4}},
		{"behind a combining character", "e\u0301x", 3, source.Position{Line: 1, Column: 3, Column16: 2}},
		{"a tab is one character", "\tx", 1, source.Position{Line: 1, Column: 2, Column16: 1}},
		{"between CR and LF", "ab\r\nc", 3, source.Position{Line: 1, Column: 4, Column16: 3}},
		{"behind CRLF", "ab\r\nc", 4, source.Position{Line: 2, Column: 1, Column16: 0}},
		{"BOM counts as nothing", "\uFEFFab", 4, source.Position{Line: 1, Column: 2, Column16: 1}},
		{"inside the BOM", "\uFEFFab", 1, source.Position{Line: 1, Column: 1, Column16: 0}},
		{"a BOM elsewhere is a character", "\n\uFEFFab", 4, source.Position{Line: 2, Column: 2, Column16: 1}},
		{"invalid bytes count one each", "\xff\xfeab", 2, source.Position{Line: 1, Column: 3, Column16: 2}},
		{"before the file", "ab", -5, source.Position{Line: 1, Column: 1, Column16: 0}},
		{"behind the file", "ab", 99, source.Position{Line: 1, Column: 3, Column16: 2}},
	}
	for _, tt := range tests {
		if got := source.New("f", []byte(tt.text)).Position(tt.offset); got != tt.want {
			t.Errorf("%s: Position(%d) = %+v, want %+v", tt.name, tt.offset, got, tt.want)
		}
	}
}

func TestOffset(t *testing.T) {
	tests := []struct {
		name, text     string
		line, column16 int
		want           int
	}{
		{"start", "ab\ncd", 0, 0, 0},
		{"second line", "ab\ncd", 1, 1, 4},
		{"before an emoji", "x🐍y", 0, 1, 1},
		{"inside a surrogate pair", "x🐍y", 0, 2, 1},
		{"behind an emoji", "x🐍y", 0, 3, 5},
		{"behind the line", "ab\r\ncd", 0, 99, 2},
		{"behind the last line", "ab\ncd", 1, 99, 5},
		{"behind the file", "ab\ncd", 9, 0, 5},
		{"before the file", "\uFEFFab", -1, 4, 3},
		{"BOM", "\uFEFFab", 0, 1, 4},
		{"negative column", "ab", 0, -3, 0},
		{"empty last line", "ab\n", 1, 5, 3},
	}
	for _, tt := range tests {
		if got := source.New("f", []byte(tt.text)).Offset(tt.line, tt.column16); got != tt.want {
			t.Errorf("%s: Offset(%d, %d) = %d, want %d", tt.name, tt.line, tt.column16, got, tt.want)
		}
	}
}

func TestLines(t *testing.T) {
	f := source.New("Dockerfile", []byte("one\r\ntwo\n\nlast"))
	if got := f.Lines(); got != 4 {
		t.Fatalf("Lines() = %d, want 4", got)
	}
	for i, want := range []string{"one", "two", "", "last"} {
		if got := f.Text(f.Line(i + 1)); got != want {
			t.Errorf("Line(%d) = %q, want %q", i+1, got, want)
		}
	}
	var all strings.Builder
	for line := 1; line <= f.Lines(); line++ {
		all.WriteString(f.Text(f.LineWithEnding(line)))
	}
	if all.String() != string(f.Bytes()) {
		t.Errorf("the lines with their endings are %q", all.String())
	}
	if got := f.Line(0); got != (source.Span{}) {
		t.Errorf("Line(0) = %v", got)
	}
	if got, want := f.Line(9), (source.Span{Start: f.Len(), End: f.Len()}); got != want {
		t.Errorf("Line(9) = %v, want %v", got, want)
	}
	if got := f.LineStart(7); got != 5 {
		t.Errorf("LineStart(7) = %d, want 5", got)
	}
	if got := f.Newline(); got != "\r\n" {
		t.Errorf("Newline() = %q", got)
	}
	if got := source.New("", []byte("a")).Newline(); got != "\n" {
		t.Errorf("Newline() of one line = %q", got)
	}
}

func TestText(t *testing.T) {
	f := source.New("f", []byte("abc"))
	for _, tt := range []struct {
		span source.Span
		want string
	}{
		{source.Span{Start: 1, End: 2}, "b"},
		{source.Span{Start: -4, End: 99}, "abc"},
		{source.Span{Start: 2, End: 1}, ""},
		{source.Span{Start: 9, End: 12}, ""},
	} {
		if got := f.Text(tt.span); got != tt.want {
			t.Errorf("Text(%v) = %q, want %q", tt.span, got, tt.want)
		}
	}
}

func TestSpan(t *testing.T) {
	span := func(start, end int) source.Span { return source.Span{Start: start, End: end} }
	outer := span(2, 8)
	if !outer.Contains(span(2, 8)) || !outer.Contains(span(8, 8)) || outer.Contains(span(1, 3)) {
		t.Error("Contains is wrong")
	}
	if outer.Overlaps(span(0, 2)) || outer.Overlaps(span(8, 9)) || !outer.Overlaps(span(7, 9)) {
		t.Error("Overlaps is wrong")
	}
	if got := outer.Join(span(0, 3)); got != span(0, 8) {
		t.Errorf("Join = %v", got)
	}
	if outer.Len() != 6 || outer.Empty() || !span(3, 3).Empty() {
		t.Error("Len or Empty is wrong")
	}
}

// texts draws what hurts: line endings, emoji, combining characters, tabs, broken UTF-8, a BOM.
func texts() *rapid.Generator[string] {
	part := rapid.SampledFrom([]string{"a", "RUN ", "\n", "\r\n", "\r", "\t", "é", "e\u0301", "🐍", "👩‍🚀", "\uFEFF", "\xff", "\xc3", "\x00"})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 30).Draw(t, "parts"), "")
	})
}

// naive counts what Position promises in the most obvious way.
func naive(text string, offset int) source.Position {
	before := text[:offset]
	line := 1 + strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	rest := before[start:]
	if line == 1 && strings.HasPrefix(text, "\uFEFF") {
		rest = before[min(3, offset):]
	}
	runes := []rune(rest)
	return source.Position{Line: line, Column: 1 + len(runes), Column16: len(utf16.Encode(runes))}
}

func TestPositionProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		f := source.New("f", []byte(text))
		offset := rapid.IntRange(0, len(text)).Draw(t, "offset")
		if got, want := f.Position(offset), naive(text, offset); got != want {
			t.Fatalf("Position(%d) = %+v, want %+v", offset, got, want)
		}
		line := f.LineOf(offset)
		if whole := f.LineWithEnding(line); offset < whole.Start || offset > whole.End {
			t.Fatalf("LineOf(%d) = %d, which spans %v", offset, line, whole)
		}
	})
}

// TestOffsetProperty proves that Offset undoes Position at the start of every character.
func TestOffsetProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		f := source.New("f", []byte(text))
		for line := 1; line <= f.Lines(); line++ {
			span := f.Line(line)
			if line == 1 {
				span.Start = f.BOM()
			}
			for i := range f.Text(span) {
				offset := span.Start + i
				p := f.Position(offset)
				if got := f.Offset(p.Line-1, p.Column16); got != offset {
					t.Fatalf("Offset(%d, %d) = %d, want %d", p.Line-1, p.Column16, got, offset)
				}
			}
		}
		got := f.Offset(rapid.IntRange(-2, 40).Draw(t, "line"), rapid.IntRange(-2, 40).Draw(t, "column"))
		if got < 0 || got > len(text) {
			t.Fatalf("Offset outside the file: %d", got)
		}
	})
}

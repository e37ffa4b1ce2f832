package dockerfile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// heredocs finds the markers and bodies of the here-documents that BuildKit found in the logical
// line of in; their bodies begin at the physical line next.
func (r *reader) heredocs(l *logical, found []parser.Heredoc, in *Instruction, next int) []Heredoc {
	text, from := printable(l.text), l.index(in.Body.Start)
	list := make([]Heredoc, 0, len(found))
	for _, f := range found {
		h := Heredoc{Name: f.Name, StripTabs: f.Chomp, Expand: f.Expand, Descriptor: int(f.FileDescriptor)}
		if start, end, ok := marker(text, from, f); ok {
			h.Marker = l.span(start, end)
			from = end
		} else {
			h.Marker = source.Span{Start: in.Body.End, End: in.Body.End}
		}
		next = r.heredocBody(&h, next)
		list = append(list, h)
	}
	return list
}

// heredocBody reads the lines up to the terminator and gives the line behind it.
func (r *reader) heredocBody(h *Heredoc, line int) int {
	h.Body.Start = r.file.LineWithEnding(line).Start
	for ; line <= r.file.Lines(); line++ {
		span := r.physical(line)
		text := r.shown[span.Start:span.End]
		if h.StripTabs {
			text = strings.TrimLeft(text, "\t")
		}
		if text == h.Name {
			h.Body.End = r.file.LineWithEnding(line).Start
			h.Terminator = r.file.Line(line)
			return line + 1
		}
	}
	h.Body.End = r.file.Len() // not reached: BuildKit refuses an unterminated heredoc
	h.Terminator = source.Span{Start: h.Body.End, End: h.Body.End}
	return line
}

// marker finds the first word from an offset on that BuildKit reads as the given heredoc.
func marker(text string, from int, want parser.Heredoc) (start, end int, ok bool) {
	for pos := from; pos < len(text); {
		if r, size := utf8.DecodeRuneInString(text[pos:]); unicode.IsSpace(r) {
			pos += size
			continue
		}
		end := shellWord(text, pos)
		if matches(text[pos:end], want) {
			return pos, end, true
		}
		pos = end
	}
	// The words were not where expected, as after ${X:-a b}: any place with the right text will do.
	for pos := from; pos < len(text); pos++ {
		n := strings.Index(text[pos:], "<<")
		if n < 0 {
			break
		}
		pos += n
		if end := shellWord(text, pos); matches(text[pos:end], want) {
			return pos, end, true
		}
	}
	return 0, 0, false
}

func matches(word string, want parser.Heredoc) bool {
	if !strings.Contains(word, "<<") {
		return false
	}
	got, err := parser.ParseHeredoc(word)
	return err == nil && got != nil && got.Name == want.Name && got.Chomp == want.Chomp &&
		got.Expand == want.Expand && got.FileDescriptor == want.FileDescriptor
}

// shellWord is the end of the word that starts at pos, as BuildKit's lexer of shell words splits
// a line when it looks for heredocs: there the escape is '\\' whatever the file says, and blanks
// behind "<<" do not end the word.
func shellWord(text string, pos int) int {
	for pos < len(text) {
		r, size := utf8.DecodeRuneInString(text[pos:])
		switch {
		case unicode.IsSpace(r):
			return pos
		case r == '\\':
			pos++
			_, size = utf8.DecodeRuneInString(text[pos:])
		case r == '\'':
			pos = quoteEnd(text, pos, '\'')
			continue
		case r == '"':
			pos = quoteEnd(text, pos, '"')
			continue
		case r == '$' && strings.HasPrefix(text[pos:], "${"):
			pos = braceEnd(text, pos)
			continue
		case r == '<' && strings.HasPrefix(text[pos:], "<<"):
			pos += 2
			for pos < len(text) && (text[pos] == ' ' || text[pos] == '\t' || text[pos] == '\r') {
				pos++
			}
			continue
		}
		pos += size
	}
	return pos
}

// quoteEnd is the offset behind the quoted text that starts at pos.
func quoteEnd(text string, pos int, quote byte) int {
	for pos++; pos < len(text); pos++ {
		switch {
		case text[pos] == quote:
			return pos + 1
		case text[pos] == '\\' && quote == '"':
			pos++
		}
	}
	return len(text)
}

// braceEnd is the offset behind the ${...} that starts at pos.
func braceEnd(text string, pos int) int {
	depth := 0
	for ; pos < len(text); pos++ {
		switch text[pos] {
		case '{':
			depth++
		case '}':
			if depth--; depth <= 0 {
				return pos + 1
			}
		case '\\':
			pos++
		}
	}
	return len(text)
}

// Script is the heredoc that is the whole command of a RUN ("RUN <<EOF"): Docker gives its body to
// the shell, or runs it as a file when it starts with "#!". It is false for every other RUN, such
// as "RUN python3 <<EOF".
func (in *Instruction) Script() (Heredoc, bool) {
	if in.Keyword != "RUN" || in.JSON || len(in.Heredocs) == 0 || len(in.Args) != 1 {
		return Heredoc{}, false
	}
	// BuildKit asks the same question of the whole command (dispatchRun in dockerfile2llb).
	if h, err := parser.ParseHeredoc(printable(in.Args[0].Text)); err != nil || h == nil {
		return Heredoc{}, false
	}
	return in.Heredocs[0], true
}

// Shebang is what stands behind "#!" in the first line of a heredoc's body, blanks trimmed, such
// as "/usr/bin/env python3". It is "" when the body does not start with "#!".
func (d *Document) Shebang(h Heredoc) string {
	text := d.File.Text(h.Body)
	if h.StripTabs {
		text = strings.TrimLeft(text, "\t")
	}
	line, _, _ := strings.Cut(text, "\n")
	interpreter, ok := strings.CutPrefix(line, "#!")
	if !ok {
		return ""
	}
	return strings.TrimSpace(interpreter)
}

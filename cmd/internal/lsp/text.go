package lsp

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// encoding is the unit in which the client counts characters of a line. All conversions between
// positions and byte offsets are methods of it.
//
// The text of a document is what the client says that it is: a byte order mark in it is a character of its first
// line, though source.File counts it as nothing. Lines end at "\n", "\r\n" and a lone "\r", though Docker and source.File
// know the first two only.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments
type encoding string

// The encodings, as the protocol calls them. UTF-16 is what a client must understand.
const (
	utf8Encoding  encoding = "utf-8"
	utf16Encoding encoding = "utf-16"
)

// position gives the place of a byte offset. Offsets outside the file are moved to its nearest end.
func (e encoding) position(f *source.File, offset int) Position {
	offset = max(0, min(offset, f.Len()))
	line, start := f.LineOf(offset)-1, f.LineStart(offset)
	for _, at := range loneReturns(f.Bytes()) {
		if at > offset {
			break
		}
		line, start = line+1, max(start, at)
	}
	if e == utf8Encoding {
		return Position{line, offset - start}
	}
	column := 0
	if start == 0 && offset < f.BOM() {
		return Position{line, 0}
	}
	for text := f.Bytes()[start:offset]; len(text) > 0; {
		r, size := utf8.DecodeRune(text)
		column += utf16Width(r)
		text = text[size:]
	}
	return Position{line, column}
}

func utf16Width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// loneReturns are the offsets behind each "\r" that no "\n" follows: where lines begin that source.File does not know.
func loneReturns(content []byte) (offsets []int) {
	for at := 0; ; {
		i := bytes.IndexByte(content[at:], '\r')
		if i < 0 {
			return offsets
		}
		at += i + 1
		if at >= len(content) || content[at] != '\n' {
			offsets = append(offsets, at)
		}
	}
}

// line gives the span of a line from 0, without its ending; false where the file has no such line.
func (e encoding) line(f *source.File, number int) (span source.Span, ok bool) {
	returns := loneReturns(f.Bytes())
	if len(returns) == 0 {
		return f.Line(number + 1), number < f.Lines()
	}
	starts := slices.Clone(returns)
	for n := 1; n <= f.Lines(); n++ {
		starts = append(starts, f.LineWithEnding(n).Start)
	}
	slices.Sort(starts)
	starts = append(slices.Compact(starts), f.Len())
	if number >= len(starts)-1 {
		return span, false
	}
	text := strings.TrimSuffix(f.Text(source.Span{Start: starts[number], End: starts[number+1]}), "\n")
	return source.Span{Start: starts[number], End: starts[number] + len(strings.TrimSuffix(text, "\r"))}, true
}

// offset gives the byte offset of a position. A column behind the end of the line means that end; a column
// inside a character means its start; a line outside the file means the nearest end of the file.
func (e encoding) offset(f *source.File, p Position) int {
	if p.Line < 0 {
		return 0
	}
	line, ok := e.line(f, p.Line)
	if !ok {
		return f.Len()
	}
	content, at := f.Bytes(), line.Start
	for left := p.Character; at < line.End; {
		r, size := utf8.DecodeRune(content[at:line.End])
		width := size
		if e != utf8Encoding {
			width = utf16Width(r)
		}
		if left < width {
			break
		}
		left -= width
		at += size
	}
	return at
}

func (e encoding) rangeOf(f *source.File, s source.Span) Range {
	return Range{e.position(f, s.Start), e.position(f, max(s.Start, s.End))}
}

func (e encoding) span(f *source.File, r Range) source.Span {
	a, b := e.offset(f, r.Start), e.offset(f, r.End)
	return source.Span{Start: min(a, b), End: max(a, b)}
}

// apply gives the text after one change of textDocument/didChange.
func (e encoding) apply(f *source.File, c contentChange) *source.File {
	if c.Range == nil {
		return source.New(f.Name(), []byte(c.Text))
	}
	at := e.span(f, *c.Range)
	content := f.Bytes()
	next := make([]byte, 0, len(content)-at.Len()+len(c.Text))
	next = append(next, content[:at.Start]...)
	next = append(next, c.Text...)
	return source.New(f.Name(), append(next, content[at.End:]...))
}

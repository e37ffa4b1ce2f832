package lsp

import (
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// encoding is the unit in which the client counts characters of a line. All conversions between
// positions and byte offsets are methods of it.
//
// The text of a document is what the client says that it is: a byte order mark in it is a character of its first
// line, though source.File counts it as nothing. Lines end where "\n" stands. The specification names a lone "\r"
// too, but Neovim and Emacs take it for a character, and VS Code never sends one.
type encoding string

// The encodings, as the protocol calls them. UTF-16 is what a client must understand.
const (
	utf8Encoding  encoding = "utf-8"
	utf16Encoding encoding = "utf-16"
)

// position gives the place of a byte offset. Offsets outside the file are moved to its nearest end.
func (e encoding) position(f *source.File, offset int) Position {
	offset = max(0, min(offset, f.Len()))
	line := f.LineOf(offset)
	if e == utf8Encoding {
		return Position{line - 1, offset - f.LineWithEnding(line).Start}
	}
	column := f.Position(offset).Column16
	if line == 1 && f.BOM() > 0 && offset >= f.BOM() {
		column++
	}
	return Position{line - 1, column}
}

// offset gives the byte offset of a position. A column behind the end of the line means that end; a column
// inside a character means its start; a line outside the file means the nearest end of the file.
func (e encoding) offset(f *source.File, p Position) int {
	if p.Line < 0 {
		return 0
	}
	if p.Line >= f.Lines() {
		return f.Len()
	}
	line := f.LineWithEnding(p.Line + 1)
	content := f.Bytes()
	if line.End > line.Start && content[line.End-1] == '\n' {
		line.End--
		if line.End > line.Start && content[line.End-1] == '\r' {
			line.End--
		}
	}
	at := line.Start
	for left := p.Character; at < line.End; {
		r, size := utf8.DecodeRune(content[at:line.End])
		width := 1
		switch {
		case e == utf8Encoding:
			width = size
		case r > 0xFFFF:
			width = 2
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

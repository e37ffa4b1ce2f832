// Package source holds the bytes of a text file and the places in them.
//
// Inside the program every place is a half-open range of byte offsets, a Span. Lines and
// columns exist only at the edges: a File turns offsets into them, in the unit that the
// reader of the output counts in. Nothing else in the program computes a line or a column.
package source

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// Span is a half-open range of byte offsets in a file: Start is the first byte, End the one
// after the last. The zero Span is the empty place at the start of the file.
type Span struct {
	Start, End int
}

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Empty tells whether the span holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains tells whether other lies wholly inside s.
func (s Span) Contains(other Span) bool { return s.Start <= other.Start && other.End <= s.End }

// Overlaps tells whether the spans share at least one byte.
func (s Span) Overlaps(other Span) bool { return s.Start < other.End && other.Start < s.End }

// Join is the smallest span that holds both.
func (s Span) Join(other Span) Span {
	return Span{Start: min(s.Start, other.Start), End: max(s.End, other.End)}
}

// Position is a place as people and editors count it. Line is one-based. Column is one-based
// and counts Unicode code points; Column16 is zero-based and counts UTF-16 code units
// (LSP 3.17, section "Position"). A byte order mark at the start of the file counts as nothing;
// a byte that is not part of valid UTF-8 counts as one character.
type Position struct {
	Line     int
	Column   int
	Column16 int
}

// File is a named text. It is immutable after New.
type File struct {
	name    string
	content []byte
	text    string // the same; what is cut out of it needs no copy
	starts  []int  // offset of the first byte of each line
}

const byteOrderMark = "\uFEFF"

// New makes a File. The caller must not change content afterwards.
func New(name string, content []byte) *File {
	f := &File{name: name, content: content, text: string(content), starts: []int{0}}
	for i, rest := 0, content; ; {
		n := bytes.IndexByte(rest, '\n')
		if n < 0 {
			return f
		}
		i += n + 1
		rest = rest[n+1:]
		f.starts = append(f.starts, i)
	}
}

// Name is the path as the user named it.
func (f *File) Name() string { return f.name }

// Bytes is the whole content; it must not be changed.
func (f *File) Bytes() []byte { return f.content }

// Len is the size in bytes.
func (f *File) Len() int { return len(f.content) }

// Text is the bytes of a span as a string. A span that reaches outside the file is cut to it.
func (f *File) Text(s Span) string {
	start, end := max(0, s.Start), min(len(f.content), s.End)
	if start >= end {
		return ""
	}
	return f.text[start:end]
}

// BOM is the length in bytes of the byte order mark at the start of the file: 3 or 0.
func (f *File) BOM() int {
	if bytes.HasPrefix(f.content, []byte(byteOrderMark)) {
		return len(byteOrderMark)
	}
	return 0
}

// Lines is the number of lines. A file that ends in a newline has an empty last line.
func (f *File) Lines() int { return len(f.starts) }

// LineOf is the one-based number of the line that holds the byte at offset.
func (f *File) LineOf(offset int) int {
	return sort.Search(len(f.starts), func(i int) bool { return f.starts[i] > offset })
}

// Line is the span of a one-based line without its line ending ("\n" or "\r\n").
// A line outside the file gives the empty span at the nearest end of the file.
func (f *File) Line(line int) Span {
	whole := f.LineWithEnding(line)
	text := f.content[whole.Start:whole.End]
	text = bytes.TrimSuffix(text, []byte("\n"))
	text = bytes.TrimSuffix(text, []byte("\r"))
	return Span{whole.Start, whole.Start + len(text)}
}

// LineWithEnding is the span of a one-based line with its line ending.
func (f *File) LineWithEnding(line int) Span {
	switch {
	case line < 1:
		return Span{}
	case line > len(f.starts):
		return Span{len(f.content), len(f.content)}
	case line == len(f.starts):
		return Span{f.starts[line-1], len(f.content)}
	}
	return Span{f.starts[line-1], f.starts[line]}
}

// LineStart is the offset of the first byte of the line that holds offset.
func (f *File) LineStart(offset int) int { return f.starts[f.LineOf(offset)-1] }

// Newline is the line ending that the file uses: "\r\n" if its first line ends so, else "\n".
func (f *File) Newline() string {
	if i := bytes.IndexByte(f.content, '\n'); i > 0 && f.content[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// Position converts a byte offset. Offsets outside the file are moved to its nearest end.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.content)))
	line := f.LineOf(offset)
	start := f.starts[line-1]
	if line == 1 {
		start = min(f.BOM(), offset)
	}
	p := Position{Line: line, Column: 1}
	for text := f.content[start:offset]; len(text) > 0; {
		r, size := utf8.DecodeRune(text)
		p.Column++
		p.Column16++
		if r > 0xFFFF {
			p.Column16++
		}
		text = text[size:]
	}
	return p
}

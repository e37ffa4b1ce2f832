package source

import "unicode/utf8"

// Offset converts a place as the Language Server Protocol gives it into a byte offset: line is
// zero-based, column16 counts UTF-16 code units from the line's start. A column behind the line's
// end means that end, before the line ending (LSP 3.17, "Position"); a column inside a surrogate
// pair means the start of its character. A line outside the file gives the nearest end of the file.
func (f *File) Offset(line, column16 int) int {
	if line < 0 {
		return f.BOM()
	}
	span := f.Line(line + 1)
	if line == 0 {
		span.Start = min(f.BOM(), span.End)
	}
	offset := span.Start
	for column16 > 0 && offset < span.End {
		r, size := utf8.DecodeRune(f.content[offset:span.End])
		column16--
		if r > 0xFFFF {
			if column16 == 0 {
				return offset
			}
			column16--
		}
		offset += size
	}
	return offset
}

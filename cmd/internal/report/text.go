package report

import (
	"strings"
	"unicode"
)

const tabWidth = 4

// cell is a character as a terminal shows it.
type cell struct {
	text  string
	width int
	start int // byte offset in the line
}

// cells turns a line into what a terminal may show: tabs become blanks, and characters that could
// command the terminal or turn the reading direction become visible stand-ins.
func cells(line string) []cell {
	list := make([]cell, 0, len(line))
	column := 0
	for at, r := range line {
		c := cell{string(r), runeWidth(r), at}
		switch {
		case r == '\t':
			c.width = tabWidth - column%tabWidth
			c.text = strings.Repeat(" ", c.width)
		case r < 0x20:
			c.text, c.width = string(rune(0x2400)+r), 1 // the Unicode pictures of control characters
		case r == 0x7f:
			c.text, c.width = "\u2421", 1
		case hostile(r):
			c.text, c.width = "\ufffd", 1
		case r == unicode.ReplacementChar:
			c.text, c.width = "\ufffd", 1
		}
		column += c.width
		list = append(list, c)
	}
	return list
}

// hostile tells the C1 controls and the bidirectional overrides ("Trojan Source", CVE-2021-42574).
func hostile(r rune) bool {
	return r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x2028 || r == 0x2029
}

// runeWidth is the number of columns of a character (Unicode TR 11).
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	if unicode.Is(wide, r) {
		return 2
	}
	return 1
}

// clean makes text safe to print on one line.
func clean(text string) string {
	if plainASCII(text) {
		return text
	}
	var b strings.Builder
	for _, c := range cells(strings.ReplaceAll(text, "\t", " ")) {
		b.WriteString(c.text)
	}
	return b.String()
}

func plainASCII(text string) bool {
	for i := range len(text) {
		if text[i] < 0x20 || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

func widthOf(list []cell) int {
	n := 0
	for _, c := range list {
		n += c.width
	}
	return n
}

func displayWidth(text string) int { return widthOf(cells(text)) }

// cut shortens text to at most limit columns, with an ellipsis for what is gone.
func cut(text string, limit int) string {
	list := cells(text)
	if widthOf(list) <= limit {
		return join(list)
	}
	var b strings.Builder
	used := 0
	for _, c := range list {
		if used += c.width; used > limit-1 {
			break
		}
		b.WriteString(c.text)
	}
	return b.String() + "…"
}

// window is the part of a line that is shown, with the columns of a span in it.
type window struct {
	text     string
	from, to int // columns that are marked, half-open
}

// view shows a line in at most limit columns so that the bytes [start, end) of it are visible, as
// many of them as there is room for.
func view(line string, start, end, limit int) window {
	list := cells(line)
	column, from, to := 0, -1, -1
	columns := make([]int, len(list)+1)
	for i, c := range list {
		if from < 0 && c.start >= start {
			from = column
		}
		if to < 0 && c.start >= end {
			to = column
		}
		columns[i] = column
		column += c.width
	}
	columns[len(list)] = column
	if from < 0 {
		from = column
	}
	if to < 0 {
		to = column
	}
	to = max(to, from)
	if column <= limit {
		return window{join(list), from, to}
	}
	// Keep a third of the room for what stands before the span.
	left := 0
	if to > limit-1 {
		left = max(0, min(from-limit/3, to-limit*2/3))
	}
	first := 0
	for first < len(list) && columns[first] < left {
		first++
	}
	last := first
	for last < len(list) && columns[last+1]-columns[first] <= limit-2 {
		last++
	}
	text, shift := join(list[first:last]), -columns[first]
	if first > 0 {
		text, shift = "…"+text, shift+1
	}
	edge := columns[last] + shift
	if last < len(list) {
		text += "…"
	}
	return window{text, max(0, min(from+shift, edge)), max(0, min(to+shift, edge))}
}

func join(list []cell) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.text)
	}
	return strings.TrimRight(b.String(), " ")
}

// Wrap breaks text at blanks into lines of at most limit columns, where words allow it.
func Wrap(text string, limit int) []string {
	lines := wrapFrom(text, 0, limit, 0)
	if len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines
}

// wrapFrom is Wrap for text whose first line begins behind used columns, and the others behind indent. The first line is "" when no
// word has room there; there is always one.
func wrapFrom(text string, used, limit, indent int) []string {
	var lines []string
	line, start := "", used
	for _, word := range strings.Fields(text) {
		n := displayWidth(word)
		gap := 0
		if line != "" {
			gap = 1
		}
		if used+gap+n > limit && (line != "" || start > indent) {
			lines = append(lines, line)
			line, start, used, gap = "", indent, indent, 0
		}
		line += strings.Repeat(" ", gap) + clean(word)
		used += gap + n
	}
	return append(lines, line)
}

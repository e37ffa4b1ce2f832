package project

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// mappedText is text whose bytes come from known places of a file: joined lines, words without their quotes. starts has one
// offset per byte; end is where the file's own text ends.
type mappedText struct {
	text   string
	starts []int
	end    int // offset after the last byte, in the file
}

// span is from the first byte to the last, with whatever stands between them in the file.
func (m mappedText) span() source.Span {
	if len(m.starts) == 0 {
		return source.Span{Start: m.end, End: m.end}
	}
	return source.Span{Start: m.starts[0], End: m.end}
}

func (m mappedText) slice(from, to int) mappedText {
	part := mappedText{text: m.text[from:to], starts: m.starts[from:to]}
	switch {
	case to > from:
		part.end = part.starts[len(part.starts)-1] + 1
	case from < len(m.starts):
		part.end = m.starts[from]
	default:
		part.end = m.end
	}
	return part
}

func (m mappedText) trim() mappedText {
	right := len(strings.TrimRightFunc(m.text, isPythonSpace))
	left := right - len(strings.TrimLeftFunc(m.text[:right], isPythonSpace))
	return m.slice(left, right)
}

// isPythonSpace is str.isspace: Unicode's white space and the four separators of ASCII.
func isPythonSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// logicalLines splits text as pip's preprocess does: str.splitlines, then continuation lines are joined, then
// comments, blanks and empty lines go.
func logicalLines(text string) []mappedText {
	var lines []mappedText
	emit := func(m mappedText) {
		if at := commentStart(m.text); at >= 0 {
			m = m.slice(0, at)
		}
		if m = m.trim(); m.text != "" {
			lines = append(lines, m)
		}
	}
	var open []mappedText // physical lines that end in a backslash
	join := func() {
		total := 0
		for _, m := range open {
			total += len(m.text)
		}
		var joined mappedText
		var b strings.Builder
		joined.starts = make([]int, 0, total)
		for _, m := range open {
			b.WriteString(m.text)
			joined.starts = append(joined.starts, m.starts...)
			joined.end = m.end
		}
		joined.text = b.String()
		open = open[:0]
		emit(joined)
	}
	for _, span := range pythonLines(text) {
		line := mapRange(text, span)
		isComment := commentStart(line.text) == 0
		if strings.HasSuffix(line.text, `\`) && !isComment {
			// pip strips backslashes at both ends.
			right := len(strings.TrimRight(line.text, `\`))
			left := right - len(strings.TrimLeft(line.text[:right], `\`))
			open = append(open, line.slice(left, right))
			continue
		}
		if isComment && len(open) > 0 {
			// pip puts a blank in front so that the comment is seen as one after joining.
			join()
			continue
		}
		open = append(open, line)
		join()
	}
	if len(open) > 0 {
		join()
	}
	return lines
}

func mapRange(text string, span source.Span) mappedText {
	m := mappedText{text: text[span.Start:span.End], starts: make([]int, span.Len()), end: span.End}
	for i := range m.starts {
		m.starts[i] = span.Start + i
	}
	return m
}

// commentStart is where `(^|\s+)#.*$` begins, or -1.
func commentStart(line string) int {
	for at := 0; ; {
		i := strings.IndexByte(line[at:], '#')
		if i < 0 {
			return -1
		}
		i += at
		before := strings.TrimRightFunc(line[:i], isPythonSpace)
		if i == 0 || len(before) < i {
			return len(before)
		}
		at = i + 1
	}
}

// pythonLines is str.splitlines: it knows more line ends than "\n".
func pythonLines(text string) []source.Span {
	var lines []source.Span
	start := 0
	if strings.HasPrefix(text, "\uFEFF") {
		start = 3
	}
	for i := start; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '\r':
			if strings.HasPrefix(text[i:], "\r\n") {
				size = 2
			}
			fallthrough
		case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
			lines = append(lines, source.Span{Start: start, End: i})
			start = i + size
		}
		i += size
	}
	if start < len(text) {
		lines = append(lines, source.Span{Start: start, End: len(text)})
	}
	return lines
}

var codingComment = pattern.New(`coding[:=]\s*([-\w.]+)`) // PEP 263, as pip reads it

// decodeText gives the text in UTF-8 and the name of the encoding where it was another. A byte order mark of UTF-8
// stays, so that offsets are those of the file.
func decodeText(content []byte) (text []byte, encoding, problem string) {
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(content, []byte("\x00\x00\xfe\xff")):
		return nil, "utf-32", "the file is encoded in UTF-32, which this reader does not know"
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		return decodeUTF16(content[2:], binary.LittleEndian), "utf-16-le", ""
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		return decodeUTF16(content[2:], binary.BigEndian), "utf-16-be", ""
	case bytes.HasPrefix(content, []byte("\uFEFF")):
		return content, "", ""
	}
	for i, line := range bytes.SplitN(content, []byte("\n"), 3) {
		if i == 2 || !bytes.HasPrefix(line, []byte("#")) {
			continue
		}
		if m := codingComment.Regexp().FindSubmatch(line); m != nil {
			switch name := strings.ReplaceAll(strings.ToLower(string(m[1])), "_", "-"); name {
			case "utf-8", "utf8", "ascii", "us-ascii":
			case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso-8859-15", "cp1252", "windows-1252":
				return decodeLatin1(content), name, ""
			}
		}
	}
	if !utf8.Valid(content) && bytes.IndexByte(content, 0) >= 0 {
		return nil, "binary", "the file is not text"
	}
	return content, "", ""
}

func decodeUTF16(content []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func decodeLatin1(content []byte) []byte {
	text := make([]byte, 0, len(content))
	for _, b := range content {
		text = utf8.AppendRune(text, rune(b))
	}
	return text
}

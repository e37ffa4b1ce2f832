//go:build !playground

package compose

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/yaml"
)

// A Dockerfile may be written into a compose or bake file. Readers give its text, but findings have to point into the file, so
// the text is brought together with the bytes that it was made of. What does not come out byte by byte has no offsets.

// yamlInline is where the text of a YAML scalar stands in the file name, with $$ read as compose does.
func yamlInline(name string, content []byte, v *yaml.Value) *InlinePlace {
	start := yamlOffset(content, v.Written.Line, v.Written.Column)
	place := &InlinePlace{File: name, Value: source.Span{Start: start, End: lineEnd(content, start)}}
	a := aligner{raw: string(content), value: v.Text}
	switch body := yamlBody(a.raw, start); v.Written.Style {
	case yaml.Block:
		a.block(body)
	case yaml.Double:
		a.flow(body+1, true, false)
	case yaml.Single:
		a.flow(body+1, false, true)
	case yaml.Plain:
		a.flow(body, false, false)
	}
	if len(a.offsets) != len(a.value) {
		return place
	}
	offsets := append(a.offsets, a.at)
	place.Value.End = max(place.Value.Start, offsets[len(offsets)-1])
	place.Offsets = withoutDoubled(v.Text, offsets)
	return place
}

// withoutDoubled leaves out the first of two dollars, as the text does.
func withoutDoubled(value string, offsets []int) []int {
	kept := make([]int, 0, len(offsets))
	for i := 0; i < len(value); i++ {
		if strings.HasPrefix(value[i:], "$$") {
			i++
		}
		kept = append(kept, offsets[i])
	}
	return append(kept, offsets[len(value)])
}

// yamlOffset is the offset of a place as the YAML reader counts: from 1, in characters.
func yamlOffset(content []byte, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := bytes.IndexByte(content[at:], '\n')
		if next < 0 {
			return len(content)
		}
		at += next + 1
	}
	for ; column > 1 && at < len(content); column-- {
		_, size := utf8.DecodeRune(content[at:])
		at += size
	}
	return at
}

func lineEnd(content []byte, at int) int {
	if end := bytes.IndexAny(content[min(at, len(content)):], "\r\n"); end >= 0 {
		return at + end
	}
	return len(content)
}

// yamlBody steps over the anchor and the tag of a scalar.
func yamlBody(raw string, at int) int {
	for at < len(raw) && (raw[at] == '&' || raw[at] == '!') {
		for at < len(raw) && !strings.ContainsRune(" \t\r\n", rune(raw[at])) {
			at++
		}
		for at < len(raw) && strings.ContainsRune(" \t\r\n", rune(raw[at])) {
			at++
		}
	}
	return at
}

// aligner goes through a value and the text that it was written as side by side.
type aligner struct {
	raw, value string
	offsets    []int // of value, as far as it came
	at         int   // in raw, behind what was read
}

func (a *aligner) left() string { return a.value[len(a.offsets):] }

func (a *aligner) take(n, at int) {
	for range n {
		a.offsets = append(a.offsets, at)
	}
}

// block reads a literal or folded block scalar, whose indicator stands at the offset (https://yaml.org/spec/1.2.2/#81-block-scalar-styles).
func (a *aligner) block(at int) {
	head := strings.IndexByte(a.raw[at:], '\n')
	if head < 0 {
		return
	}
	at += head + 1
	// The first line with text is indented deepest where an indicator says how deep the others are.
	deepest := -1
	for line := range strings.Lines(a.raw[at:]) {
		if text := strings.TrimLeft(line, " "); strings.TrimRight(text, "\r\n") != "" {
			deepest = len(line) - len(text)
			break
		}
	}
	for indent := deepest; indent >= 0 && len(a.offsets) < len(a.value); indent-- {
		a.offsets = a.offsets[:0]
		a.blockLines(at, indent)
	}
}

func (a *aligner) blockLines(at, indent int) {
	for line := range strings.Lines(a.raw[at:]) {
		text := strings.TrimRight(line, "\r\n")
		end := at + len(text)
		if len(text) < indent {
			text = ""
		} else if strings.Trim(text[:indent], " ") != "" {
			return // the block has ended
		} else {
			text = text[indent:]
		}
		if !strings.HasPrefix(a.left(), text) {
			return
		}
		for i := range len(text) {
			a.take(1, end-len(text)+i)
		}
		// A folded line end is a blank, or goes with the empty lines behind it.
		rest := a.left()
		folded := strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, " ")
		if folded {
			a.take(1, end)
		}
		if folded || text != "" {
			a.at = end
		}
		at += len(line)
	}
}

// flow reads a scalar that begins at the offset and is folded at its line ends: plain, or in quotes, behind the first.
func (a *aligner) flow(at int, escapes, doubledQuotes bool) {
	for ; len(a.offsets) < len(a.value) && at < len(a.raw); a.at = at {
		rest := a.raw[at:]
		blanks := len(rest) - len(strings.TrimLeft(rest, " \t"))
		switch {
		case escapes && rest[0] == '\\':
			length, text, ok := yamlEscape(rest)
			if !ok || !strings.HasPrefix(a.left(), text) {
				return
			}
			a.take(len(text), at)
			at += length
		case doubledQuotes && strings.HasPrefix(rest, "''"):
			if a.left()[0] != '\'' {
				return
			}
			a.take(1, at)
			at += 2
		case blanks < len(rest) && (rest[blanks] == '\n' || rest[blanks] == '\r'):
			end := len(rest) - len(strings.TrimLeft(rest, " \t\r\n"))
			breaks := strings.Count(rest[:end], "\n")
			fold := strings.Repeat("\n", breaks-1)
			if breaks == 1 {
				fold = " "
			}
			if breaks == 0 || !strings.HasPrefix(a.left(), fold) {
				return
			}
			a.take(len(fold), at)
			at += end
		case a.left()[0] == rest[0]:
			a.take(1, at)
			at++
		default:
			return
		}
	}
}

// yamlEscape reads an escape of a double-quoted scalar (https://yaml.org/spec/1.2.2/#57-escaped-characters).
func yamlEscape(rest string) (length int, text string, ok bool) {
	if len(rest) < 2 {
		return 0, "", false
	}
	simple := map[byte]string{'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
		' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029"}
	if text, ok := simple[rest[1]]; ok {
		return 2, text, true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[1]]
	switch {
	case digits > 0 && len(rest) >= 2+digits:
		code, err := strconv.ParseUint(rest[2:2+digits], 16, 32)
		return 2 + digits, string(rune(code)), err == nil
	case rest[1] == '\n' || strings.HasPrefix(rest[1:], "\r\n"):
		return len(rest) - len(strings.TrimLeft(rest[1:], " \t\r\n")), "", true
	}
	return 0, "", false
}

// jsonInline brings a JSON string, which begins with its quote at the offset, together with its value. It is nil when they don't fit.
func jsonInline(content []byte, at int, value string) []int {
	var offsets []int
	raw := string(content)
	for at++; len(offsets) < len(value) && at < len(raw); {
		length, text := 1, raw[at:at+1]
		if raw[at] == '\\' && at+1 < len(raw) {
			length = 2
			if raw[at+1] == 'u' {
				length = 6
				// Two halves of a character that needs both.
				if at+12 <= len(raw) && strings.HasPrefix(raw[at+6:], `\u`) && strings.ContainsAny(raw[at+2:at+3], "dD") && strings.ContainsAny(raw[at+3:at+4], "89abAB") {
					length = 12
				}
			}
			if at+length > len(raw) || json.Unmarshal([]byte(`"`+raw[at:at+length]+`"`), &text) != nil {
				return nil
			}
		}
		if !strings.HasPrefix(value[len(offsets):], text) {
			return nil
		}
		for range len(text) {
			offsets = append(offsets, at)
		}
		at += length
	}
	if len(offsets) != len(value) {
		return nil
	}
	return append(offsets, at)
}

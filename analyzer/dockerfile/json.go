package dockerfile

import (
	"encoding/json"
	"strings"
	"unicode"
)

// elements reads text[from:to] as a JSON array of strings, the exec form. Anything else gives
// false: BuildKit takes it for the shell form, or has refused the file already because the array
// holds something other than strings.
func elements(l *logical, from, to int) ([]Arg, bool) {
	// Before the bracket BuildKit skips more kinds of blanks than JSON knows.
	pos := to - len(strings.TrimLeftFunc(l.text[from:to], unicode.IsSpace))
	if pos == to || l.text[pos] != '[' {
		return nil, false
	}
	args := []Arg{}
	pos = skipJSONBlanks(l.text, pos+1, to)
	if pos < to && l.text[pos] == ']' {
		return args, skipJSONBlanks(l.text, pos+1, to) == to
	}
	for {
		end, plain, ok := jsonString(l.text, pos, to)
		if !ok {
			return nil, false
		}
		arg := argument(l, pos, end)
		if arg.Value = arg.Text[1 : len(arg.Text)-1]; !plain {
			if err := json.Unmarshal([]byte(arg.Text), &arg.Value); err != nil {
				return nil, false
			}
		}
		args = append(args, arg)
		pos = skipJSONBlanks(l.text, end, to)
		if pos == to {
			return nil, false
		}
		switch l.text[pos] {
		case ',':
			pos = skipJSONBlanks(l.text, pos+1, to)
		case ']':
			return args, skipJSONBlanks(l.text, pos+1, to) == to
		default:
			return nil, false
		}
	}
}

// jsonString finds the end of the string that starts at pos; plain tells that it has no escape
// and nothing outside ASCII.
func jsonString(text string, pos, to int) (end int, plain, ok bool) {
	if pos == to || text[pos] != '"' {
		return 0, false, false
	}
	plain = true
	for pos++; pos < to; pos++ {
		switch c := text[pos]; {
		case c == '"':
			return pos + 1, plain, true
		case c == '\\':
			plain = false
			pos++
		case c >= 0x80:
			plain = false
		case c < ' ':
			return 0, false, false
		}
	}
	return 0, false, false
}

func skipJSONBlanks(text string, pos, to int) int {
	for pos < to && (text[pos] == ' ' || text[pos] == '\t' || text[pos] == '\r' || text[pos] == '\n') {
		pos++
	}
	return pos
}

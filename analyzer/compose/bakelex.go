//go:build !playground

package compose

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This reads as much of HCL's native syntax as a bake file's builds need: blocks, attributes, literals, templates with plain
// references, lists and objects. Every other expression is stepped over and has an unknown value. A text that HCL can't take apart
// either (an open bracket, quote or heredoc) has no tokens.
// https://github.com/hashicorp/hcl/blob/v2.25.0/hclsyntax/spec.md

// maxBakeDepth is how deep brackets and templates may nest in a bake file; those written by hand stay below 10.
const maxBakeDepth = 100

// The kinds of hclToken; that of an operator or bracket is its text.
const (
	hclName     = "name"
	hclNumber   = "number"
	hclTemplate = "template"
	hclNewline  = "\n"
)

type hclToken struct {
	kind, text string
	at         int       // byte offset
	parts      []hclPart // of a template
	length     int       // of an opening bracket: how many tokens further the closing one stands
}

// hclPart is a literal of a template or, where computed, an expression in it; that of a directive or a bad escape has no tokens, so
// that it is unknown.
type hclPart struct {
	literal    string
	places     []int // of each byte of literal: the offset of the character that makes it
	at         int   // where a computed one begins
	computed   bool
	expression []hclToken
}

type hclLexer struct {
	text   string
	at     int
	broken bool
}

func hclTokens(text string) ([]hclToken, bool) {
	l := hclLexer{text: text}
	tokens := l.code(0, false)
	return tokens, !l.broken && utf8.ValidString(text)
}

// hclBare takes a text that is a template without quotes, as the strings of the JSON form are. One that can't be read is unknown.
func hclBare(text string) []hclToken {
	l := hclLexer{text: text}
	parts := l.template("", 0)
	if l.broken {
		return nil
	}
	return []hclToken{{kind: hclTemplate, parts: parts}}
}

// code reads to the end of the text or, in a template, behind the "}" that ends the expression.
func (l *hclLexer) code(depth int, inTemplate bool) (tokens []hclToken) {
	var open []int
	for l.at < len(l.text) && !l.broken {
		if l.blank() {
			continue
		}
		if inTemplate && len(open) == 0 && l.text[l.at] == '}' {
			l.at++
			return tokens
		}
		token := l.token(depth + len(open))
		switch token.kind {
		case "(", "[", "{":
			open = append(open, len(tokens))
			l.broken = l.broken || depth+len(open) > maxBakeDepth
		case ")", "]", "}":
			if len(open) == 0 {
				l.broken = true
				return nil
			}
			start := open[len(open)-1]
			open = open[:len(open)-1]
			tokens[start].length = len(tokens) - start
			l.broken = l.broken || !strings.Contains("() [] {}", tokens[start].kind+token.kind)
		}
		tokens = append(tokens, token)
	}
	l.broken = l.broken || inTemplate || len(open) > 0
	return tokens
}

// blank steps over a blank or a comment, but not over the newline that ends it, which also ends an attribute.
func (l *hclLexer) blank() bool {
	rest, length := l.text[l.at:], 0
	switch {
	case strings.ContainsRune(" \t\r", rune(rest[0])):
		length = 1
	case rest[0] == '#', strings.HasPrefix(rest, "//"):
		if length = strings.IndexByte(rest, '\n'); length < 0 {
			length = len(rest)
		}
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		l.broken = l.broken || end < 0
		length = end + 4
	}
	l.at += length
	return length > 0
}

func (l *hclLexer) token(depth int) hclToken {
	rest, start := l.text[l.at:], l.at
	if rest[0] == '"' {
		l.at++
		return hclToken{kind: hclTemplate, at: start, parts: l.template(`"`, depth+1)}
	}
	if strings.HasPrefix(rest, "<<") {
		line, _, found := strings.Cut(rest, "\n")
		word := strings.TrimSuffix(line[2:], "\r")
		mark := strings.TrimPrefix(word, "-")
		if found && mark != "" && nameLength(mark) == len(mark) {
			l.at += len(line) + 1
			parts := l.template(mark, depth+1)
			if mark != word {
				unindent(parts)
			}
			return hclToken{kind: hclTemplate, at: start, parts: parts}
		}
	}
	kind, length := "", nameLength(rest)
	switch {
	case length > 0:
		kind = hclName
	case rest[0] >= '0' && rest[0] <= '9':
		kind, length = hclNumber, numberLength(rest)
	default:
		_, length = utf8.DecodeRuneInString(rest)
		// These only have to be told from "=" and ":", which separate names from values.
		for _, operator := range []string{"==", "!=", ">=", "<=", "=>", "::"} {
			if strings.HasPrefix(rest, operator) {
				length = 2
			}
		}
		kind = rest[:length]
	}
	l.at += length
	return hclToken{kind: kind, text: rest[:length], at: start}
}

// nameLength is the length of the name that the text starts with; bake's own have hyphens (dockerfile-inline).
func nameLength(text string) int {
	for i, r := range text {
		if r == '_' || unicode.IsLetter(r) || i > 0 && (r == '-' || unicode.IsDigit(r) || unicode.IsMark(r)) {
			continue
		}
		return i
	}
	return len(text)
}

// numberLength is the length of the number that the text starts with. An exponent becomes a name behind it, and both together unknown.
func numberLength(text string) int {
	digits := func(from int) int {
		return len(text) - len(strings.TrimLeft(text[from:], "0123456789"))
	}
	whole := digits(0)
	if strings.HasPrefix(text[whole:], ".") && digits(whole+1) > whole+1 {
		return digits(whole + 1)
	}
	return whole
}

// template reads to what ends it: a quote, a heredoc's mark on a line of its own or, where end is empty, the end of the text.
// Only quoted ones have escapes with a backslash.
func (l *hclLexer) template(end string, depth int) (parts []hclPart) {
	l.broken = l.broken || depth > maxBakeDepth
	var literal strings.Builder
	var places []int
	flush := func() {
		if literal.Len() > 0 {
			parts = append(parts, hclPart{literal: literal.String(), places: places})
			literal.Reset()
			places = nil
		}
	}
	write := func(text string) {
		literal.WriteString(text)
		for range len(text) {
			places = append(places, l.at)
		}
	}
	quoted := end == `"`
	for !l.broken {
		rest := l.text[l.at:]
		switch {
		case rest == "" && end == "":
			flush()
			return parts
		case rest == "", quoted && rest[0] == '\n':
			l.broken = true
		case quoted && rest[0] == '"':
			l.at++
			flush()
			return parts
		case end != "" && !quoted && l.text[l.at-1] == '\n' && endsHeredoc(rest, end):
			l.at += strings.IndexByte(rest, '\n')
			flush()
			return parts
		case strings.HasPrefix(rest, "$${"), strings.HasPrefix(rest, "%%{"):
			write(rest[1:3])
			l.at += 3
		case strings.HasPrefix(rest, "${"), strings.HasPrefix(rest, "%{"):
			flush()
			l.at += 2
			part := hclPart{at: l.at - 2, computed: true, expression: l.code(depth, true)}
			if rest[0] == '%' {
				part.expression = nil
			}
			parts = append(parts, part)
		case quoted && rest[0] == '\\':
			r, length, ok := hclEscape(rest)
			if !ok {
				parts = append(parts, hclPart{at: l.at, computed: true})
			}
			write(string(r))
			l.at += length
		default:
			write(rest[:1])
			l.at++
			if rest[0] == '\n' {
				flush() // unindent looks at each line
			}
		}
	}
	return nil
}

func endsHeredoc(rest, mark string) bool {
	line, _, found := strings.Cut(rest, "\n")
	return found && strings.TrimSpace(line) == mark
}

// hclEscape reads an escape. Of those that HCL doesn't know it takes the backslash only: a newline behind it is an error by itself.
func hclEscape(text string) (r rune, length int, ok bool) {
	if len(text) > 1 && strings.IndexByte(`nrt"\uU`, text[1]) >= 0 {
		if r, _, tail, err := strconv.UnquoteChar(text, '"'); err == nil {
			return r, len(text) - len(tail), true
		}
	}
	return utf8.RuneError, 1, false
}

// unindent takes from each line of a <<- heredoc the blanks that all have in common. Blank lines don't count.
func unindent(parts []hclPart) {
	common, lineStart := -1, true
	var lines []*hclPart
	for i := range parts {
		p := &parts[i]
		text := strings.TrimLeftFunc(p.literal, unicode.IsSpace)
		if lineStart && (text != "" || !strings.HasSuffix(p.literal, "\n")) {
			lines = append(lines, p)
			if n := utf8.RuneCountInString(p.literal) - utf8.RuneCountInString(text); common < 0 || n < common {
				common = n
			}
		}
		lineStart = strings.HasSuffix(p.literal, "\n")
	}
	for _, p := range lines {
		cut := 0
		for range common {
			_, size := utf8.DecodeRuneInString(p.literal[cut:])
			cut += size
		}
		p.literal, p.places = p.literal[cut:], p.places[cut:]
	}
}

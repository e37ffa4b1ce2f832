package project

import (
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// pythonTokenKind says what a token of Python source is, as far as the reader of setup.py cares.
type pythonTokenKind uint8

const (
	pythonName pythonTokenKind = iota
	pythonString
	pythonNumber
	pythonOperator
	pythonNewline // the end of a statement: a line end outside of brackets
)

type pythonToken struct {
	kind    pythonTokenKind
	text    string      // strings: their value
	span    source.Span // strings: with prefix and quotes
	inner   source.Span // strings: between the quotes
	literal bool        // strings: not an f-string or bytes
	depth   int         // brackets that are open around it
	indent  int         // of the line that its statement begins on
}

const (
	maxPythonTokens = 200_000
	maxPythonDepth  = 100
)

// pythonTokens cuts Python source into tokens. It never fails: what it does not understand becomes an operator of one byte.
func pythonTokens(text string) []pythonToken {
	var tokens []pythonToken
	depth, indent, lineStart := 0, 0, true
	for i := 0; i < len(text) && len(tokens) < maxPythonTokens; {
		b := text[i]
		if lineStart && depth == 0 {
			lineStart = false
			width := len(text[i:]) - len(strings.TrimLeft(text[i:], " \t"))
			indent = width
			i += width
			continue
		}
		token := pythonToken{depth: depth, indent: indent}
		switch {
		case b == '\n':
			lineStart = true
			if depth == 0 {
				token.kind, token.span = pythonNewline, source.Span{Start: i, End: i + 1}
				tokens = append(tokens, token)
			}
			i++
			continue
		case b == ' ' || b == '\t' || b == '\r' || b == '\f':
			i++
			continue
		case b == '\\' && strings.HasPrefix(strings.TrimPrefix(text[i+1:], "\r"), "\n"):
			i += strings.IndexByte(text[i:], '\n') + 1
			continue
		case b == '#':
			if end := strings.IndexByte(text[i:], '\n'); end >= 0 {
				i += end
			} else {
				i = len(text)
			}
			continue
		case b == '\'' || b == '"':
			token = readPythonString(text, i, i, token)
		case isPythonNameByte(b) && (b < '0' || b > '9'):
			end := i
			for end < len(text) && isPythonNameByte(text[end]) {
				end++
			}
			if end < len(text) && (text[end] == '\'' || text[end] == '"') && isStringPrefix(text[i:end]) {
				token = readPythonString(text, i, end, token)
				break
			}
			token.kind, token.text, token.span = pythonName, text[i:end], source.Span{Start: i, End: end}
		case b >= '0' && b <= '9':
			end := i
			for end < len(text) && (isPythonNameByte(text[end]) || text[end] == '.') {
				end++
			}
			token.kind, token.text, token.span = pythonNumber, text[i:end], source.Span{Start: i, End: end}
		default:
			size := 1
			for _, operator := range []string{"**", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "|=", "&=", ":=", "//", "->"} {
				if strings.HasPrefix(text[i:], operator) {
					size = len(operator)
				}
			}
			token.kind, token.text, token.span = pythonOperator, text[i:i+size], source.Span{Start: i, End: i + size}
			switch b {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth = max(0, depth-1)
				token.depth = depth
			}
		}
		tokens = append(tokens, token)
		i = token.span.End
	}
	return tokens
}

func isPythonNameByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= utf8.RuneSelf
}

func isStringPrefix(text string) bool {
	switch strings.ToLower(text) {
	case "r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt":
		return true
	}
	return false
}

// readPythonString reads the string whose prefix begins at start and whose quote is at quote. A string that is not
// closed ends with its line, or with the file where it is a triple one.
func readPythonString(text string, start, quote int, token pythonToken) pythonToken {
	prefix := strings.ToLower(text[start:quote])
	raw := strings.Contains(prefix, "r")
	token.kind = pythonString
	token.literal = !strings.ContainsAny(prefix, "fbt")
	mark := text[quote : quote+1]
	if strings.HasPrefix(text[quote:], strings.Repeat(mark, 3)) {
		mark = strings.Repeat(mark, 3)
	}
	first := quote + len(mark)
	var value strings.Builder
	i := first
	for ; i < len(text); i++ {
		if strings.HasPrefix(text[i:], mark) {
			token.text = value.String()
			token.inner = source.Span{Start: first, End: i}
			token.span = source.Span{Start: start, End: i + len(mark)}
			return token
		}
		if text[i] == '\n' && len(mark) == 1 {
			break
		}
		if text[i] != '\\' || i+1 >= len(text) {
			value.WriteByte(text[i])
			continue
		}
		i++
		if raw {
			value.WriteByte('\\')
			value.WriteByte(text[i])
			continue
		}
		switch text[i] {
		case '\n':
		case 'n':
			value.WriteByte('\n')
		case 't':
			value.WriteByte('\t')
		case 'r':
			value.WriteByte('\r')
		case '\\', '\'', '"':
			value.WriteByte(text[i])
		default: // \x41 and its like: nobody writes a requirement so
			token.literal = false
		}
	}
	end := min(i, len(text))
	token.literal = false
	token.inner, token.span = source.Span{Start: min(first, end), End: end}, source.Span{Start: start, End: max(end, first)}
	return token
}

// pythonKind says what a static value is.
type pythonKind uint8

const (
	pythonComputed pythonKind = iota
	pythonText
	pythonList // list, tuple or set
	pythonDict
	pythonConstant // True, False, None, numbers
	pythonVariable
)

// pythonValue is an expression as far as it is written out.
type pythonValue struct {
	kind  pythonKind
	text  string      // text, constant or name
	span  source.Span // text: between the quotes
	list  []pythonValue
	keys  []pythonValue // of a dict, beside list
	exact bool          // text: one string, without implicit concatenation
}

// texts is the strings of a list, or the lines of a string; ok is false when it is neither or a part is computed.
func (v pythonValue) texts() (items []pythonValue, ok bool) {
	switch v.kind {
	case pythonText:
		return []pythonValue{v}, true
	case pythonList:
		for _, item := range v.list {
			if item.kind != pythonText {
				return nil, false
			}
		}
		return v.list, true
	}
	return nil, false
}

// pythonParser reads expressions from tokens. Whatever it does not know is computed and is skipped up to the next comma or
// closing bracket of its own level.
type pythonParser struct {
	tokens []pythonToken
	at     int
}

func (p *pythonParser) peek(text string) bool {
	return p.at < len(p.tokens) && p.tokens[p.at].kind == pythonOperator && p.tokens[p.at].text == text
}

// value reads one expression that ends at a comma, a colon, a closing bracket or the end of the statement.
func (p *pythonParser) value(level int) pythonValue {
	start := p.at
	v := p.simple(level)
	if p.at == len(p.tokens) || p.ends() {
		return v
	}
	p.at = start
	p.skipExpression()
	return pythonValue{}
}

func (p *pythonParser) ends() bool {
	t := p.tokens[p.at]
	if t.kind == pythonNewline {
		return true
	}
	if t.kind != pythonOperator {
		return false
	}
	switch t.text {
	case ",", ":", ")", "]", "}", ";":
		return true
	}
	return false
}

// skipExpression goes to the comma, colon or bracket that ends the expression.
func (p *pythonParser) skipExpression() {
	for open := 0; p.at < len(p.tokens); p.at++ {
		t := p.tokens[p.at]
		if open == 0 && (p.ends() && !(t.text == ":" && p.inLambda(p.at))) {
			return
		}
		if t.kind != pythonOperator {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			open++
		case ")", "]", "}":
			open--
		}
	}
}

// inLambda tells whether the colon belongs to a lambda.
func (p *pythonParser) inLambda(colon int) bool {
	for i := colon - 1; i >= 0 && i > colon-20; i-- {
		if p.tokens[i].kind == pythonName && p.tokens[i].text == "lambda" {
			return true
		}
	}
	return false
}

func (p *pythonParser) simple(level int) pythonValue {
	if p.at == len(p.tokens) || level > maxPythonDepth {
		return pythonValue{}
	}
	t := p.tokens[p.at]
	switch t.kind {
	case pythonString:
		return p.strings()
	case pythonNumber:
		p.at++
		return pythonValue{kind: pythonConstant, text: t.text}
	case pythonName:
		p.at++
		if t.text == "True" || t.text == "False" || t.text == "None" {
			return pythonValue{kind: pythonConstant, text: t.text}
		}
		return pythonValue{kind: pythonVariable, text: t.text}
	case pythonOperator:
		switch t.text {
		case "[":
			return p.sequence("]", level)
		case "{":
			return p.dict(level)
		case "(":
			return p.parenthesized(level)
		}
	}
	return pythonValue{}
}

// strings joins adjacent string literals.
func (p *pythonParser) strings() pythonValue {
	first := p.tokens[p.at]
	v := pythonValue{kind: pythonText, span: first.inner, exact: true}
	for n := 0; p.at < len(p.tokens) && p.tokens[p.at].kind == pythonString; n++ {
		t := p.tokens[p.at]
		if !t.literal {
			v.kind = pythonComputed
		}
		v.text += t.text
		v.span.End = t.inner.End
		v.exact = n == 0
		p.at++
	}
	return v
}

func (p *pythonParser) sequence(closing string, level int) pythonValue {
	v := pythonValue{kind: pythonList}
	p.at++
	for p.at < len(p.tokens) && !p.peek(closing) {
		before := p.at
		v.list = append(v.list, p.value(level+1))
		if p.peek(",") {
			p.at++
		}
		if p.at == before { // a stray token: the list is not what it seems
			v.kind = pythonComputed
			p.at++
		}
	}
	p.at = min(p.at+1, len(p.tokens))
	return v
}

func (p *pythonParser) parenthesized(level int) pythonValue {
	open := p.at
	v := p.sequence(")", level)
	if len(v.list) == 1 && p.at >= 2 && p.at-2 > open && p.tokens[p.at-2].text != "," {
		return v.list[0] // not a tuple
	}
	return v
}

func (p *pythonParser) dict(level int) pythonValue {
	v := pythonValue{kind: pythonDict}
	p.at++
	for p.at < len(p.tokens) && !p.peek("}") {
		before := p.at
		key := p.value(level + 1)
		switch {
		case p.peek(":"):
			p.at++
			v.keys = append(v.keys, key)
			v.list = append(v.list, p.value(level+1))
		default: // a set, or **other
			v.kind = pythonComputed
		}
		if p.peek(",") {
			p.at++
		}
		if p.at == before {
			v.kind = pythonComputed
			p.at++
		}
	}
	p.at = min(p.at+1, len(p.tokens))
	return v
}

package env

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// end is what peek and next give behind the last rune.
const end rune = -1

func (l *lexer) peek() rune {
	if l.pos >= len(l.text) {
		return end
	}
	ch, _ := utf8.DecodeRuneInString(l.text[l.pos:])
	return ch
}

func (l *lexer) next() rune {
	if l.pos >= len(l.text) {
		return end
	}
	ch, size := utf8.DecodeRuneInString(l.text[l.pos:])
	l.pos += size
	return ch
}

// dollar reads $NAME or ${NAME...}.
func (l *lexer) dollar() (piece, error) {
	start := l.pos
	l.next()
	if l.peek() != '{' {
		nameStart := l.pos
		name := l.name()
		if name == "" {
			return piece{text: "$"}, nil
		}
		l.refer(Reference{Name: name, Start: start, End: l.pos, NameStart: nameStart, NameEnd: l.pos})
		return plain(l.lookup(name)), nil
	}
	l.next()
	switch l.peek() {
	case end, '{', '}', ':':
		return piece{}, errRefused
	}
	nameStart := l.pos
	name := l.name()
	index := l.refer(Reference{Name: name, Start: start, NameStart: nameStart, NameEnd: l.pos})
	p, err := l.operator(name)
	if index >= 0 {
		l.references[index].End = l.pos
	}
	return p, err
}

func (l *lexer) refer(r Reference) int {
	if !l.collect || r.Name == "" {
		return -1
	}
	l.references = append(l.references, r)
	return len(l.references) - 1
}

// plain is the text of $NAME: Docker reads an unset variable as the empty string.
func plain(v Value) piece {
	switch v.Kind {
	case Known:
		return piece{text: v.Text}
	case Unknown:
		return piece{unknown: true}
	}
	return piece{}
}

// operator reads from behind the name of ${NAME to the closing brace.
func (l *lexer) operator(name string) (piece, error) {
	ch := l.next()
	emptyIsUnset := false
	switch ch {
	case '}':
		return plain(l.lookup(name)), nil
	case '/':
		return l.replace(name)
	case ':':
		emptyIsUnset = true
		ch = l.next()
	case '+', '-', '?', '#', '%':
	default:
		return piece{}, errRefused
	}
	pattern := ch == '#' || ch == '%'
	if emptyIsUnset && pattern {
		return piece{}, errRefused
	}
	operand, _, err := l.stopOn('}', pattern, pattern)
	if err != nil {
		return piece{}, err
	}
	value := l.lookup(name)
	missing := value.Kind == Unset || emptyIsUnset && value.Is("")
	switch ch {
	case '-':
		if missing {
			return operand, nil
		}
		return plain(value), nil
	case '+':
		switch {
		case missing:
			return piece{}, nil
		case value.Kind == Unknown && operand == piece{}:
			return piece{}, nil // nothing, whether it is set or not
		case value.Kind == Unknown:
			return piece{unknown: true}, nil
		}
		return operand, nil
	case '?':
		if missing {
			return piece{}, errRefused
		}
		return plain(value), nil
	case '#', '%':
		return trim(operand, plain(value), byte(ch))
	}
	return piece{}, errRefused
}

// trim is ${X#pattern} and its like; a doubled operator takes the longest match.
func trim(pattern, value piece, operator byte) (piece, error) {
	if pattern.unknown || value.unknown {
		return piece{unknown: true}, nil
	}
	text, longest := strings.CutPrefix(pattern.text, string(operator))
	subject := value.text
	// A regular expression cannot look for the shortest suffix, hence the reversal of both.
	if operator == '%' {
		text, subject = reversePattern(text), reverse(subject)
	}
	re, err := compile(text, longest, true, len(subject))
	if err != nil {
		return piece{}, err
	}
	if found := re.FindStringIndex(subject); found != nil {
		subject = subject[found[1]:]
	}
	if operator == '%' {
		subject = reverse(subject)
	}
	return piece{text: subject}, nil
}

// replace reads the rest of ${X/pattern/replacement} and ${X//pattern/replacement}.
func (l *lexer) replace(name string) (piece, error) {
	all := l.peek() == '/'
	if all {
		l.next()
	}
	pattern, _, err := l.stopOn('/', true, true)
	if err != nil {
		return piece{}, err
	}
	replacement, _, err := l.stopOn('}', true, false)
	if err != nil {
		return piece{}, err
	}
	value := plain(l.lookup(name))
	if pattern.unknown {
		return piece{unknown: true}, nil
	}
	re, err := compile(pattern.text, true, false, len(value.text))
	if err != nil {
		return piece{}, err
	}
	if value.unknown {
		return piece{unknown: true}, nil
	}
	if replacement.unknown {
		if re.MatchString(value.text) {
			return piece{unknown: true}, nil
		}
		return value, nil
	}
	if all {
		// Not the literal form: BuildKit lets $1 in the replacement through to the regexp package.
		if (len(value.text)+1)*len(replacement.text) > maxText && len(re.FindAllStringIndex(value.text, -1))*len(replacement.text) > maxText {
			return piece{unknown: true}, nil
		}
		text := re.ReplaceAllString(value.text, replacement.text)
		return piece{text: text}, nil
	}
	if found := re.FindStringIndex(value.text); found != nil {
		value.text = value.text[:found[0]] + replacement.text + value.text[found[1]:]
	}
	return value, nil
}

// name reads a variable's name: letters, digits and '_', a number, or one special parameter.
func (l *lexer) name() string {
	start := l.pos
	switch ch := l.peek(); {
	case ch == end:
		return ""
	case unicode.IsDigit(ch):
		for unicode.IsDigit(l.peek()) {
			l.next()
		}
		return l.text[start:l.pos]
	case strings.ContainsRune("@*#?-$!", ch):
		l.next()
		return l.text[start:l.pos]
	}
	for ch := l.peek(); unicode.IsLetter(ch) || unicode.IsDigit(ch) || ch == '_'; ch = l.peek() {
		l.next()
	}
	return l.text[start:l.pos]
}

// maxMatch bounds pattern length times subject length, which is the time that matching may take.
const maxMatch = 1 << 22

// compile turns a shell pattern of '*', '?' and escapes into a regular expression.
func compile(pattern string, longest, anchored bool, subject int) (*regexp.Regexp, error) {
	if len(pattern)*(subject+1) > maxMatch {
		return nil, errRefused
	}
	var out strings.Builder
	if anchored {
		out.WriteByte('^')
	}
	runes := []rune(pattern)
	for i := 0; i < len(runes); i++ {
		ch := runes[i]
		switch ch {
		case '*':
			out.WriteString(".*")
			if !longest {
				out.WriteByte('?')
			}
			continue
		case '?':
			out.WriteByte('.')
			continue
		case '\\':
			i++
			if i == len(runes) {
				return nil, errRefused
			}
			ch = runes[i]
			if ch == '*' || ch == '?' || ch == '\\' {
				out.WriteByte('\\')
				out.WriteRune(ch)
				continue
			}
			// The escape before '}' and '/' belongs to ${}, not to the pattern.
			if ch != '}' && ch != '/' {
				return nil, errRefused
			}
		}
		if strings.ContainsRune("[]{}.+()|^$", ch) {
			out.WriteByte('\\')
		}
		out.WriteRune(ch)
	}
	re, err := regexp.Compile(out.String())
	if err != nil {
		return nil, errRefused
	}
	return re, nil
}

// reversePattern reverses a pattern but keeps each escape before what it escapes.
func reversePattern(pattern string) string {
	in := []rune(pattern)
	out := make([]rune, len(in))
	last := len(in) - 1
	for i := 0; i <= last; i++ {
		if in[i] == '\\' && i != last {
			out[last-i-1], out[last-i] = in[i], in[i+1]
			i++
			continue
		}
		out[last-i] = in[i]
	}
	return string(out)
}

func reverse(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}

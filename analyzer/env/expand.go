package env

import (
	"errors"
	"strings"
	"unicode"
)

// Expand resolves quotes, escapes and variables of word as Docker does before it runs an
// instruction (BuildKit's ProcessWord). The result is Unknown when a variable that matters is
// Unknown, and when Docker would refuse the word: a missing quote or brace, an unsupported
// operator, an unmet ${X:?}. Otherwise it is Known, if only as the empty string.
// escape is the file's escape character, '\\' or '`'.
func Expand(word string, escape byte, lookup Lookup) Value {
	if isPlain(word, escape) {
		return Of(word)
	}
	l := lexer{text: word, escape: rune(escape), lookup: lookup}
	result, _, err := l.stopOn(end, false, false)
	if err != nil || result.unknown {
		return Doubtful()
	}
	return Of(result.text)
}

// Words expands text and splits what comes out at unquoted blanks, as Docker does with the
// arguments of EXPOSE (BuildKit's ProcessWords). A word that an Unknown variable takes part in is
// Unknown, though it might become any number of words. Text that Docker would refuse gives one
// Unknown word.
func Words(text string, escape byte, lookup Lookup) []Value {
	l := lexer{text: text, escape: rune(escape), lookup: lookup}
	_, words, err := l.stopOn(end, false, false)
	if err != nil {
		return []Value{Doubtful()}
	}
	return words
}

// Reference is a variable that a word mentions. All numbers are byte offsets into the word.
type Reference struct {
	Name       string
	Start, End int // the whole reference: $NAME or ${NAME...}
	// NameStart and NameEnd are the name alone.
	NameStart, NameEnd int
}

// References lists the variables that word mentions outside single quotes, in order of their
// place; a variable inside the default of another follows it. From a word that Docker would
// refuse it gives those up to the fault.
func References(word string, escape byte) []Reference {
	if strings.IndexByte(word, '$') < 0 {
		return nil
	}
	l := lexer{text: word, escape: rune(escape), lookup: func(string) Value { return Doubtful() }, collect: true}
	// An error only ends the list: what was read before it still stands in the file.
	_, _, _ = l.stopOn(end, false, false)
	return l.references
}

// isPlain tells that nothing in the word has a meaning for Docker. Most words are plain.
func isPlain(word string, escape byte) bool {
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c == '$', c == '\'', c == '"', c == escape, c >= 0x80:
			return false
		}
	}
	return true
}

// errRefused stands for every complaint of BuildKit's lexer; nobody reads more of it than that.
var errRefused = errors.New("refused by Docker")

// maxDepth bounds ${A:-${B:-...}}, so that no input exhausts the stack.
const maxDepth = 500

// maxText bounds what variables expand to: in ENV A=$A$A each line doubles a value, and forty of them
// would fill any memory. Linux takes 128 KiB in one variable; nothing that matters here is near this.
const maxText = 1 << 14

// piece is expanded text, or the fact that it is not known.
type piece struct {
	text    string
	unknown bool
}

// lexer follows github.com/moby/buildkit/frontend/dockerfile/shell (v0.34.2) rune by rune, with
// three-valued variables.
type lexer struct {
	text   string
	pos    int
	escape rune
	lookup Lookup
	raw    bool // escapes stay in the result: inside the patterns of ${X#p}
	depth  int

	// The word being built is shared between nesting levels because BuildKit shares it: an operator's
	// operand empties it, so that EXPOSE 80${X:-81} is "81".
	word        strings.Builder
	wordUnknown bool

	collect    bool
	references []Reference
}

// words collects the words of one nesting level.
type words struct {
	*lexer
	list   []Value
	inWord bool
}

func (w *words) flush() {
	if w.word.Len() == 0 && !w.wordUnknown {
		return
	}
	value := Of(w.word.String())
	if w.wordUnknown {
		value = Doubtful()
	}
	w.list = append(w.list, value)
	w.resetWord()
	w.inWord = false
}

func (w *words) addChar(ch rune) {
	if !unicode.IsSpace(ch) {
		w.addRawChar(ch)
		return
	}
	if w.inWord {
		w.flush()
	}
}

func (w *words) addRawChar(ch rune) {
	w.word.WriteRune(ch)
	w.inWord = true
}

func (w *words) addPiece(p piece, split bool) {
	if p.unknown || w.word.Len()+len(p.text) > maxText {
		w.wordUnknown = true
		w.inWord = true
		return
	}
	if !split {
		w.word.WriteString(p.text)
		w.inWord = true
		return
	}
	for _, ch := range p.text {
		w.addChar(ch)
	}
}

func (l *lexer) resetWord() {
	l.word.Reset()
	l.wordUnknown = false
}

// result builds a piece.
type result struct {
	strings.Builder
	unknown bool
}

func (r *result) add(p piece) {
	if p.unknown || r.Len()+len(p.text) > maxText {
		r.unknown = true
		return
	}
	r.WriteString(p.text)
}

func (r *result) piece() piece {
	if r.unknown {
		return piece{unknown: true}
	}
	return piece{text: r.String()}
}

// stopOn reads up to the rune stop, which it consumes, or up to the end of the text. With
// patternEscapes escapes inside quotes are doubled, so that the pattern can be read once more.
func (l *lexer) stopOn(stop rune, raw, patternEscapes bool) (piece, []Value, error) {
	l.depth++
	outer := l.raw
	l.raw = raw
	defer func() { l.raw = outer; l.depth-- }()
	if l.depth > maxDepth {
		return piece{}, nil, errRefused
	}

	var out result
	l.resetWord()
	w := words{lexer: l}
	for l.peek() != end {
		ch := l.peek()
		if stop != end && ch == stop {
			l.next()
			w.flush()
			return out.piece(), w.list, nil
		}
		p, handled, err := l.special(ch, patternEscapes)
		if err != nil {
			return piece{}, nil, err
		}
		if handled {
			out.add(p)
			w.addPiece(p, ch == '$')
			continue
		}
		l.next()
		if ch != l.escape {
			w.addChar(ch)
			out.WriteRune(ch)
			continue
		}
		if l.raw {
			w.addRawChar(ch)
			out.WriteRune(ch)
		}
		if ch = l.next(); ch == end { // an escape at the end is dropped
			break
		}
		w.addRawChar(ch)
		out.WriteRune(ch)
	}
	if stop != end {
		return piece{}, nil, errRefused
	}
	w.flush()
	return out.piece(), w.list, nil
}

// special reads what starts with one of the runes that mean something.
func (l *lexer) special(ch rune, patternEscapes bool) (p piece, handled bool, err error) {
	switch ch {
	case '$':
		p, err = l.dollar()
	case '\'':
		p, err = l.singleQuoted(patternEscapes)
	case '"':
		p, err = l.doubleQuoted()
	case '<':
		p = l.heredoc()
	default:
		return piece{}, false, nil
	}
	return p, true, err
}

// heredoc keeps the blanks after "<<" in the same word, which matters to Words only.
func (l *lexer) heredoc() piece {
	start := l.pos
	l.next()
	if l.peek() != '<' {
		return piece{text: "<"}
	}
	l.next()
	for ch := l.peek(); ch == ' ' || ch == '\t' || ch == '\r'; ch = l.peek() {
		l.next()
	}
	return piece{text: l.text[start:l.pos]}
}

func (l *lexer) singleQuoted(patternEscapes bool) (piece, error) {
	var out strings.Builder
	l.next()
	for {
		switch ch := l.next(); {
		case ch == end:
			return piece{}, errRefused
		case ch == '\'':
			return piece{text: out.String()}, nil
		case patternEscapes && ch == l.escape:
			out.WriteRune(ch)
			fallthrough
		default:
			out.WriteRune(ch)
		}
	}
}

func (l *lexer) doubleQuoted() (piece, error) {
	var out result
	l.next()
	for {
		ch := l.peek()
		switch ch {
		case end:
			return piece{}, errRefused
		case '"':
			l.next()
			return out.piece(), nil
		case '$':
			p, err := l.dollar()
			if err != nil {
				return piece{}, err
			}
			out.add(p)
			continue
		}
		l.next()
		if ch != l.escape {
			out.WriteRune(ch)
			continue
		}
		// Between double quotes an escape counts before '"', '$' and itself only.
		switch next := l.peek(); {
		case next == end:
			continue
		case next == '"', next == '$', next == l.escape:
			if l.raw {
				out.WriteRune(ch)
			}
			ch = l.next()
		case l.raw:
			out.WriteRune(ch)
		}
		out.WriteRune(ch)
	}
}

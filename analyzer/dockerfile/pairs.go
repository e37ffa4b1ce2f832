package dockerfile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is text[from:to] of a logical line, with quotes still there.
type word struct {
	from, to int
	value    string // what BuildKit makes of it
}

// split finds words with quotes and escapes in mind: BuildKit's parseWords (v0.34.2).
func (r *reader) split(text string, from, to int) []word {
	escape := rune(r.doc.Escape)
	r.words = r.words[:0]
	start, quote := -1, rune(0)
	dropped := false
	for pos := from; pos < to; {
		ch, size := utf8.DecodeRuneInString(text[pos:to])
		blank := unicode.IsSpace(ch)
		if start < 0 {
			if blank {
				pos += size
				continue
			}
			start = pos
		}
		switch {
		case quote == 0 && blank:
			r.addWord(text, start, pos, false)
			start = -1
		case quote == 0 && (ch == '\'' || ch == '"'):
			quote = ch
		case quote != 0 && ch == quote:
			quote = 0
			// Not an else: a quote is never the escape.
		case ch == escape && quote != '\'':
			if pos+size == to { // an escape at the end is dropped
				dropped = true
				break
			}
			pos += size
			_, size = utf8.DecodeRuneInString(text[pos:to])
		}
		pos += size
	}
	if start >= 0 {
		r.addWord(text, start, to, dropped)
	}
	return r.words
}

func (r *reader) addWord(text string, from, to int, dropped bool) {
	value := text[from:to]
	if dropped {
		value = value[:len(value)-1]
	}
	if value == "" {
		return
	}
	if !utf8.ValidString(value) {
		value = string([]rune(value)) // BuildKit copies runes, not bytes
	}
	r.words = append(r.words, word{from, to, value})
}

// pairs reads the assignments of ENV and LABEL.
func (r *reader) pairs(l *logical, from, to int) []Pair {
	words := r.split(l.text, from, to)
	if len(words) == 0 {
		return nil
	}
	if !strings.Contains(words[0].value, "=") {
		return legacyPair(l, from, to)
	}
	list := make([]Pair, 0, len(words))
	for _, w := range words {
		list = append(list, pair(l, w))
	}
	return list
}

// legacyPair reads "KEY the whole rest".
func legacyPair(l *logical, from, to int) []Pair {
	key := from
	for key < to && !isSeparator(l.text[key]) {
		key++
	}
	value := key
	for value < to && isSeparator(l.text[value]) {
		value++
	}
	return []Pair{{
		Span:      l.span(from, to),
		Key:       l.text[from:key],
		KeySpan:   l.span(from, key),
		Value:     l.text[value:to],
		ValueSpan: l.span(value, to),
		HasValue:  true,
		Legacy:    true,
	}}
}

// argPairs reads the names of ARG, with or without a default.
func (r *reader) argPairs(l *logical, from, to int) []Pair {
	words := r.split(l.text, from, to)
	list := make([]Pair, 0, len(words))
	for _, w := range words {
		list = append(list, pair(l, w))
	}
	return list
}

func pair(l *logical, w word) Pair {
	p := Pair{Span: l.span(w.from, w.to)}
	p.Key, p.Value, p.HasValue = strings.Cut(w.value, "=")
	equals := strings.IndexByte(l.text[w.from:w.to], '=')
	if equals < 0 {
		p.KeySpan = p.Span
		p.ValueSpan = p.Span
		p.ValueSpan.Start = p.Span.End
		return p
	}
	p.KeySpan = l.span(w.from, w.from+equals)
	p.ValueSpan = l.span(w.from+equals+1, w.to)
	if p.KeySpan.Empty() {
		p.KeySpan.Start, p.KeySpan.End = p.Span.Start, p.Span.Start
	}
	return p
}

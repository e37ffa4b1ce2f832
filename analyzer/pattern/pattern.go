// Package pattern holds regular expressions that are compiled when they are first needed. The program knows some two hundred, a run
// over one file needs a few, and to compile all takes longer than to lint it.
package pattern

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// Pattern is a regular expression in the syntax of regexp. Its methods are those of regexp.Regexp, and like them may be called by
// several goroutines.
type Pattern struct {
	text string
	once sync.Once
	*compiled
}

// compiled is what is made of a pattern when it is first needed.
type compiled struct {
	re *regexp.Regexp
	// needs are texts of which one is in whatever matches, nil where none are known; to search for them is several times as fast as to match.
	needs []string
	fold  bool // the texts are in lower case, and stand for other cases too
	// starts are texts of which one begins whatever matches, for patterns that are anchored there.
	starts []string
	// pairs has a bit for each first two bytes of needs, so that one pass finds where one of many may be.
	pairs [16]uint64
}

// New makes a Pattern for a package variable. It only wraps the text, so that the compiler can lay the variable out: with anything more, the
// initialisation of some three hundred is 100 kB of code. A text that is no regular expression panics when the pattern is first used, and
// fails the test that compiles all.
func New(text string) *Pattern {
	return &Pattern{text: text}
}

// compile makes the regular expression when it is first asked.
func (p *Pattern) compile() {
	p.once.Do(func() { p.compiled = compile(p.text) })
}

func compile(text string) *compiled {
	c := &compiled{re: regexp.MustCompile(text)}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return c
	}
	c.needs, c.fold = fewest(needs(tree, []string{""})), folds(tree)
	if !c.fold {
		c.starts = starts(tree)
	}
	for _, word := range c.needs {
		if len(word) == 1 {
			c.pairs = [16]uint64{} // a pair would look beyond it
			break
		}
		bit := pair(word[0], word[1])
		c.pairs[bit>>6] |= 1 << (bit & 63)
	}
	return c
}

// folds tells whether a part of the tree takes letters of either case for the same.
func folds(tree *syntax.Regexp) bool {
	return tree.Op == syntax.OpLiteral && tree.Flags&syntax.FoldCase != 0 || slices.ContainsFunc(tree.Sub, folds)
}

// starts are texts of which each match of the tree begins with one, at the beginning of the text; nil where it may begin elsewhere.
func starts(tree *syntax.Regexp) []string {
	if all := beginnings(tree); anchored(tree) && shortest(all) > 0 {
		return all
	}
	return nil
}

// anchored tells whether each match of the tree begins where the text does.
func anchored(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpConcat:
		return anchored(tree.Sub[0])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(tree.Sub, func(branch *syntax.Regexp) bool { return !anchored(branch) })
	}
	return tree.Op == syntax.OpBeginText
}

// beginnings are texts of which each match of the tree begins with one.
func beginnings(tree *syntax.Regexp) []string {
	if words := texts(tree); words != nil {
		return words
	}
	switch tree.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return beginnings(tree.Sub[0])
	case syntax.OpConcat:
		all := []string{""}
		for _, part := range tree.Sub {
			more := joined(all, beginnings(part))
			if more == nil {
				break
			}
			if all = more; texts(part) == nil {
				break
			}
		}
		return all
	case syntax.OpAlternate:
		return union(tree.Sub, beginnings)
	}
	return []string{""}
}

// pair is a number below 1024 for two bytes, the same for letters of either case.
func pair(a, b byte) uint { return (uint(a|0x20)*37 + uint(b|0x20)) & 1023 }

// needs are texts of which each match of the tree has one, where it follows one of the texts before.
func needs(tree *syntax.Regexp, before []string) []string {
	if words := joined(before, texts(tree)); words != nil {
		return words
	}
	switch tree.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return needs(tree.Sub[0], before)
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return needs(tree.Sub[0], before)
		}
	case syntax.OpConcat:
		best, last := before, before
		for _, part := range tree.Sub {
			if words := needs(part, last); shortest(words) >= shortest(best) {
				best = words
			}
			last = joined(last, texts(part))
			if last == nil {
				last = []string{""}
			}
		}
		return best
	case syntax.OpAlternate:
		return union(tree.Sub, func(branch *syntax.Regexp) []string { return needs(branch, before) })
	}
	return before
}

// texts are all texts that the tree matches, nil where they are many.
func texts(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpLiteral:
		if word := string(tree.Rune); tree.Flags&syntax.FoldCase == 0 {
			return []string{word}
		} else if ascii(word) {
			return []string{strings.ToLower(word)}
		}
	case syntax.OpCapture:
		return texts(tree.Sub[0])
	case syntax.OpQuest:
		if words := texts(tree.Sub[0]); words != nil {
			return append([]string{""}, words...)
		}
	case syntax.OpConcat:
		all := []string{""}
		for _, part := range tree.Sub {
			if all = joined(all, texts(part)); all == nil {
				return nil
			}
		}
		return all
	case syntax.OpAlternate:
		return union(tree.Sub, texts)
	}
	return nil
}

// union are the texts of all branches, nil where one has none.
func union(branches []*syntax.Regexp, of func(*syntax.Regexp) []string) []string {
	var all []string
	for _, branch := range branches {
		words := of(branch)
		if words == nil {
			return nil
		}
		all = append(all, words...)
	}
	return all
}

// joined are the texts of which each is one of the first and one of the second, nil where there are too many to search for.
func joined(first, second []string) []string {
	if second == nil || len(first)*len(second) > 30 {
		return nil
	}
	var all []string
	for _, a := range first {
		for _, b := range second {
			all = append(all, a+b)
		}
	}
	return all
}

// fewest leaves out words that hold others, and all of them where one is empty.
func fewest(words []string) []string {
	if shortest(words) == 0 {
		return nil
	}
	var few []string
	for i, word := range words {
		if !slices.ContainsFunc(words, func(other string) bool { return len(other) < len(word) && strings.Contains(word, other) }) &&
			!slices.Contains(words[:i], word) {
			few = append(few, word)
		}
	}
	return few
}

// shortest is the length of the shortest word in bytes, 0 for none.
func shortest(words []string) int {
	n := 0
	for i, word := range words {
		if i == 0 || len(word) < n {
			n = len(word)
		}
	}
	return n
}

// may tells whether one of the words that a match needs is there, at the beginning where it must be.
func (p *Pattern) may(s string) bool {
	p.compile()
	switch {
	case p.starts != nil:
		return slices.ContainsFunc(p.starts, func(word string) bool { return strings.HasPrefix(s, word) })
	case len(p.needs) == 0:
		return true
	case !p.fold && (len(p.needs) <= 3 || p.pairs == [16]uint64{}):
		return slices.ContainsFunc(p.needs, func(word string) bool { return strings.Contains(s, word) })
	case p.pairs == [16]uint64{} || p.fold && !ascii(s):
		return true // letters beyond ASCII fold to some of it
	}
	for i := 1; i < len(s); i++ {
		if bit := pair(s[i-1], s[i]); p.pairs[bit>>6]&(1<<(bit&63)) != 0 && p.at(s[i-1:]) {
			return true
		}
	}
	return false
}

// at tells whether one of the words begins the text.
func (p *Pattern) at(s string) bool {
	return slices.ContainsFunc(p.needs, func(word string) bool {
		return len(s) >= len(word) && (s[:len(word)] == word || p.fold && strings.EqualFold(s[:len(word)], word))
	})
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Regexp is the compiled pattern.
func (p *Pattern) Regexp() *regexp.Regexp {
	p.compile()
	return p.re
}

// String is the text of the pattern.
func (p *Pattern) String() string { return p.text }

// Match is that of regexp.Regexp.
func (p *Pattern) Match(b []byte) bool { return p.Regexp().Match(b) }

// MatchString is that of regexp.Regexp.
func (p *Pattern) MatchString(s string) bool { return p.may(s) && p.re.MatchString(s) }

// FindString is that of regexp.Regexp.
func (p *Pattern) FindString(s string) string {
	if !p.may(s) {
		return ""
	}
	return p.re.FindString(s)
}

// FindStringIndex is that of regexp.Regexp.
func (p *Pattern) FindStringIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringIndex(s)
}

// FindStringSubmatch is that of regexp.Regexp.
func (p *Pattern) FindStringSubmatch(s string) []string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringSubmatch(s)
}

// FindStringSubmatchIndex is that of regexp.Regexp.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringSubmatchIndex(s)
}

// FindAllString is that of regexp.Regexp.
func (p *Pattern) FindAllString(s string, n int) []string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllString(s, n)
}

// FindAllStringIndex is that of regexp.Regexp.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringIndex(s, n)
}

// FindAllStringSubmatch is that of regexp.Regexp.
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex is that of regexp.Regexp.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString is that of regexp.Regexp.
func (p *Pattern) ReplaceAllString(s, with string) string {
	if !p.may(s) {
		return s
	}
	return p.re.ReplaceAllString(s, with)
}

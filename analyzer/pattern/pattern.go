// Package pattern holds regular expressions that are compiled when they are first needed. The program knows some two hundred, a run
// over one file needs a few, and to compile all takes longer than to lint it.
package pattern

import (
	"regexp"
	"strings"
	"sync"
)

// Pattern is a regular expression in the syntax of regexp. Its methods are those of regexp.Regexp, and like them may be called by
// several goroutines.
type Pattern struct {
	text string
	// needs are texts of which one is in whatever matches; to search for them is several times as fast as to match.
	needs []string
	once  sync.Once
	re    *regexp.Regexp
}

// all are the patterns that New has made, for the test that compiles them.
var all []*Pattern

// New makes a Pattern for a package variable: it must not be called once the program runs, since what it makes is never let go. A
// text that is no regular expression panics when the pattern is first used, and fails the test of the package that has it.
func New(text string) *Pattern {
	p := &Pattern{text: text}
	all = append(all, p)
	return p
}

// Needing makes a Pattern for what is asked of every command: one of the words is in each text that it matches. New says the rest.
func Needing(words []string, text string) *Pattern {
	p := New(text)
	p.needs = words
	return p
}

// All are the patterns of all packages that are linked.
func All() []*Pattern { return all }

// Regexp is the compiled pattern.
func (p *Pattern) Regexp() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.text) })
	return p.re
}

// String is the text of the pattern.
func (p *Pattern) String() string { return p.text }

// MatchString is that of regexp.Regexp.
func (p *Pattern) MatchString(s string) bool { return p.may(s) && p.Regexp().MatchString(s) }

// Needs are the words of Needing.
func (p *Pattern) Needs() []string { return p.needs }

// may tells whether one of the words that a match needs is there.
func (p *Pattern) may(s string) bool {
	for _, word := range p.needs {
		if strings.Contains(s, word) {
			return true
		}
	}
	return len(p.needs) == 0
}

// Match is that of regexp.Regexp.
func (p *Pattern) Match(b []byte) bool { return p.Regexp().Match(b) }

// FindStringIndex is that of regexp.Regexp.
func (p *Pattern) FindStringIndex(s string) []int { return p.Regexp().FindStringIndex(s) }

// FindStringSubmatch is that of regexp.Regexp.
func (p *Pattern) FindStringSubmatch(s string) []string { return p.Regexp().FindStringSubmatch(s) }

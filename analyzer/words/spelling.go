// Package words finds the word that somebody meant, and counts and lists things in words.
package words

import (
	"fmt"
	"strconv"
	"strings"
)

// Closest is the candidate that needs the fewest slips of a finger to become word, "" when none is
// near enough to be worth naming. Case does not count; of equals the first wins. Else it is the only
// candidate that word abbreviates.
func Closest(word string, candidates []string) string {
	word = strings.ToLower(word)
	best, limit := "", max(1, len([]rune(word))/3)
	for _, candidate := range candidates {
		if d := Distance(word, strings.ToLower(candidate), limit); d <= limit {
			best, limit = candidate, d-1
		}
		if limit < 0 {
			break
		}
	}
	if best == "" {
		return completed(word, candidates)
	}
	return best
}

// completed is the only candidate that begins with word, if that is long enough to mean it.
func completed(word string, candidates []string) string {
	best := ""
	for _, candidate := range candidates {
		if len(word) < 3 || !strings.HasPrefix(strings.ToLower(candidate), word) {
			continue
		}
		if best != "" {
			return ""
		}
		best = candidate
	}
	return best
}

// DidYouMean is "; did you mean "x"?" for the closest candidate, or "".
func DidYouMean(word string, candidates []string) string {
	if best := Closest(word, candidates); best != "" {
		return `; did you mean "` + best + `"?`
	}
	return ""
}

// Slip tells whether a word is another one with two neighbouring letters changed about, one letter doubled, or, of a word of six letters or
// more, one left out that is not the last. Other differences often make another word: gunicorn3, twist, bpython.
func Slip(word, of string) bool {
	at := 0
	for at < len(word) && at < len(of) && word[at] == of[at] {
		at++
	}
	switch len(word) - len(of) {
	case 0:
		return at+1 < len(of) && word[at] == of[at+1] && word[at+1] == of[at] && word[at+2:] == of[at+2:]
	case 1:
		return at > 0 && word[at] == word[at-1] && word[at+1:] == of[at:]
	case -1:
		return len(of) >= 6 && at < len(word) && word[at:] == of[at+1:]
	}
	return false
}

// Distance counts insertions, deletions, replacements and swaps of neighbours. It may give up with
// any number above limit.
func Distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if abs(len(s)-len(t)) > limit {
		return limit + 1
	}
	var before []int
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(s); i++ {
		next := make([]int, len(t)+1)
		next[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(t)]
}

func abs(n int) int { return max(n, -n) }

// Count is "1 file", "2 files".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// List enumerates up to three names: "gcc, make, libpq-dev and 2 more".
func List(names []string) string {
	const most = 3
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n <= most:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n-most)
	}
}

package report

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// sentence begins with a capital letter, if with a letter that has one, and ends in a period.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") {
		return text
	}
	return text + "."
}

// pascal is "PipCacheInLayer" for "pip-cache-in-layer".
func pascal(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// shorten cuts text to at most limit bytes without cutting a character.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// decimal writes a score with one digit after the point.
func decimal(score float64) string { return strconv.FormatFloat(score, 'f', 1, 64) }

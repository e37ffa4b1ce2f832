package lsp

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// written is an instruction as far as it stands before the cursor. The file need not be one that can be parsed.
type written struct {
	keyword string // upper-case; "" while it is being typed
	onbuild bool
	flags   []string // whole ones, as written
	args    []string // whole ones
	last    string   // what is being typed; "" behind a blank
	body    string   // all behind keyword and flags
	json    bool
}

var firstWord = pattern.New(`^\s*([A-Za-z]+)(?:\s+|$)`)

// readWritten reads the text of an instruction up to the cursor.
func readWritten(text string) (w written) {
	for {
		m := firstWord.FindStringSubmatch(text)
		if m == nil || len(m[0]) == len(text) && !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "\t") {
			w.last = strings.TrimLeft(text, " \t")
			return w
		}
		word := strings.ToUpper(m[1])
		text = text[len(m[0]):]
		if word != "ONBUILD" {
			w.keyword = word
			break
		}
		w.onbuild = true
	}
	for strings.HasPrefix(text, "--") {
		flag, rest, whole := cutBlank(text)
		if !whole {
			w.last = flag
			return w
		}
		w.flags = append(w.flags, flag)
		text = rest
	}
	w.body = text
	if w.json = strings.HasPrefix(text, "["); w.json {
		return w
	}
	for text != "" {
		word, rest, whole := cutBlank(text)
		if !whole {
			w.last = word
			break
		}
		w.args = append(w.args, word)
		text = rest
	}
	return w
}

// cutBlank cuts the first word off; whole tells that a blank follows it.
func cutBlank(text string) (word, rest string, whole bool) {
	i := strings.IndexAny(text, " \t")
	if i < 0 {
		return text, "", false
	}
	return text[:i], strings.TrimLeft(text[i:], " \t"), true
}

package scaffold

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Nothing of a project's files goes into a Dockerfile unless it is one of these: none can end a line, quote, expand a variable, begin an
// option or mean something to a shell.
var (
	pathWord     = pattern.New(`^[A-Za-z0-9_.@+][A-Za-z0-9_.@+-]*(?:/[A-Za-z0-9_.@+][A-Za-z0-9_.@+-]*)*$`)
	absoluteWord = pattern.New(`^(?:/[A-Za-z0-9_.+][A-Za-z0-9_.+-]*)+$`)
	scriptWord   = pattern.New(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)
	moduleWord   = pattern.New(`^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$`)
	versionWord  = pattern.New(`^(?:[0-9]+!)?[0-9][A-Za-z0-9.+]*$`) // with an epoch, 1!2.0
	pythonWord   = pattern.New(`^3\.[0-9]{1,2}(?:\.[0-9]{1,2})?$`)
	plainWord    = pattern.New(`^[A-Za-z0-9_./@+:=,-]+$`)
)

// isPath tells whether a relative path can be written as it is. Docker takes out ".", and a part ".." would leave the context.
func isPath(text string) bool {
	return pathWord.MatchString(text) && !strings.Contains("/"+text+"/", "/../") && !strings.Contains("/"+text+"/", "/./")
}

func isAbsolute(text string) bool {
	return absoluteWord.MatchString(text) && !strings.Contains(text, "/..")
}
func isScript(text string) bool  { return scriptWord.MatchString(text) }
func isModule(text string) bool  { return moduleWord.MatchString(text) }
func isVersion(text string) bool { return versionWord.MatchString(text) }
func isPlain(text string) bool   { return plainWord.MatchString(text) }

// list is "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// shown is a text of the project's files for a message: cut, and without what would break a line. The caller's printer takes care of the rest.
func shown(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 80 {
		text = strings.ToValidUTF8(text[:80], "") + "…"
	}
	return text
}

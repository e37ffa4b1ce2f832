//go:build !playground

package compose

import (
	"io/fs"
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// variables are those that compose replaces in its files, as far as they are known: what .env beside the file says. The environment
// of the caller is not asked, since it is not that of the build.
type variables map[string]string

// under are the variables with others below them, which count where these say nothing.
func (v variables) under(others variables) variables {
	if len(others) == 0 {
		return v
	}
	all := maps.Clone(others)
	maps.Copy(all, v)
	return all
}

var envLine = pattern.New(`^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$`)

// readEnvFile reads an .env file. Values that use other variables are left out
// (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax).
func readEnvFile(fsys fs.FS, name string) variables {
	content, ok := project.ReadFile(fsys, name)
	if !ok {
		return nil
	}
	all := variables{}
	for line := range strings.Lines(string(content)) {
		m := envLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		name, value := m[1], m[2]
		delete(all, name) // the last line counts, also where it can't be read
		switch {
		case strings.HasPrefix(value, "'"), strings.HasPrefix(value, `"`):
			end := strings.IndexByte(value[1:], value[0])
			if end < 0 || value[0] == '"' && strings.ContainsAny(value[1:end+1], `$\`) {
				continue
			}
			value = value[1 : end+1]
		default:
			if comment := strings.Index(value, " #"); comment >= 0 {
				value = value[:comment]
			}
			if value = strings.TrimSpace(value); strings.Contains(value, "$") {
				continue
			}
		}
		all[name] = value
	}
	return all
}

// expand replaces $X and ${X...} as compose does when nothing else is set in its environment. ok is false when a
// variable is neither known nor has a default (https://docs.docker.com/reference/compose-file/interpolation/).
func (v variables) expand(text string) (value string, ok bool) { return v.expandDepth(text, 0) }

func (v variables) expandDepth(text string, depth int) (string, bool) {
	if depth > 10 {
		return "", false
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		value, length, ok := "$"+text[i:i+1], 1, true
		switch {
		case text[i] == '$':
			value = "$"
		case text[i] == '{':
			if length = closingBrace(text[i:]) + 1; length == 0 {
				return "", false
			}
			value, ok = v.expandBraced(text[i+1:i+length-1], depth)
		case isNameByte(text[i]):
			for i+length < len(text) && isNameByte(text[i+length]) {
				length++
			}
			value, ok = v[text[i:i+length]]
		}
		if !ok {
			return "", false
		}
		out.WriteString(value)
		i += length - 1
	}
	return out.String(), true
}

// closingBrace is where the brace that opens the text is closed, -1 when it is not.
func closingBrace(text string) int {
	level := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			level++
		case '}':
			if level--; level == 0 {
				return i
			}
		}
	}
	return -1
}

func (v variables) expandBraced(inside string, depth int) (string, bool) {
	at := strings.IndexAny(inside, ":-?+")
	if at < 0 {
		value, known := v[inside]
		return value, known
	}
	value, known := v[inside[:at]]
	operator, orEmpty := strings.CutPrefix(inside[at:], ":")
	set := known && (value != "" || !orEmpty)
	if operator == "" {
		return "", false
	}
	switch operator[0] {
	case '-':
		if set {
			return value, true
		}
		return v.expandDepth(operator[1:], depth+1)
	case '+': // only for a variable that is set
		if set {
			return v.expandDepth(operator[1:], depth+1)
		}
		return "", true
	case '?':
		return value, set
	}
	return "", false
}

func isNameByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= utf8.RuneSelf
}

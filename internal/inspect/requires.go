package inspect

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// MissingRequirement is a distribution that another one declares to need and that no searched directory has.
type MissingRequirement struct {
	By   *Distribution
	Name string // normalized
	Text string // as declared
}

// MissingRequirements are the requirements of the distributions that the interpreter would need and does not see. Those of
// extras, and those whose markers can't be told, are left out.
func (s *System) MissingRequirements(e *Environment, dirs []string) []MissingRequirement {
	have := s.Distributions(dirs)
	var missing []MissingRequirement
	for _, name := range slices.Sorted(maps.Keys(have)) {
		for _, text := range have[name].Requires {
			required, marker, _ := strings.Cut(text, ";")
			if marker != "" && !s.applies(e, marker) {
				continue
			}
			wanted := requirementName(required)
			if wanted == "" || have[wanted] != nil {
				continue
			}
			missing = append(missing, MissingRequirement{have[name], wanted, strings.TrimSpace(required)})
		}
	}
	return missing
}

// requirementName is the name at the beginning of a requirement.
func requirementName(text string) string {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.", r)
	})
	if end >= 0 {
		text = text[:end]
	}
	return Normalize(text)
}

// applies evaluates an environment marker. What is not understood does not apply: then nothing is said.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
func (s *System) applies(e *Environment, marker string) bool {
	m := &markerReader{tokens: markerTokens(marker), values: s.markerValues(e)}
	result := m.or()
	return result && !m.failed && m.at == len(m.tokens)
}

func (s *System) markerValues(e *Environment) map[string]string {
	machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64", "386": "i686"}
	architecture := ""
	if parts := strings.Split(s.Image.Platform, "/"); len(parts) > 1 {
		architecture = machine[parts[1]]
	}
	return map[string]string{
		"python_version": e.Version, "python_full_version": e.Version + ".99", "os_name": "posix", "sys_platform": "linux",
		"platform_system": "Linux", "platform_machine": architecture, "platform_python_implementation": "CPython",
		"implementation_name": "cpython", "extra": "",
	}
}

// markerTokens splits a marker into words, strings with their quotes, operators and parentheses.
func markerTokens(text string) []string {
	var tokens []string
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '\'' || c == '"':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				return nil
			}
			tokens = append(tokens, text[i:i+end+2])
			i += end + 2
		case c == '(' || c == ')':
			tokens = append(tokens, string(c))
			i++
		case strings.IndexByte("<>=!~", c) >= 0:
			end := i
			for end < len(text) && strings.IndexByte("<>=!~", text[end]) >= 0 {
				end++
			}
			tokens = append(tokens, text[i:end])
			i = end
		default:
			end := i
			for end < len(text) && strings.IndexByte(" \t'\"()<>=!~", text[end]) < 0 {
				end++
			}
			tokens = append(tokens, text[i:end])
			i = end
		}
	}
	return tokens
}

type markerReader struct {
	tokens []string
	at     int
	depth  int
	values map[string]string
	failed bool
}

func (m *markerReader) next() string {
	if m.at >= len(m.tokens) {
		m.failed = true
		return ""
	}
	m.at++
	return m.tokens[m.at-1]
}

func (m *markerReader) peek() string {
	if m.at >= len(m.tokens) {
		return ""
	}
	return m.tokens[m.at]
}

func (m *markerReader) or() bool {
	result := m.and()
	for m.peek() == "or" {
		m.at++
		right := m.and()
		result = result || right
	}
	return result
}

func (m *markerReader) and() bool {
	result := m.term()
	for m.peek() == "and" {
		m.at++
		right := m.term()
		result = result && right
	}
	return result
}

func (m *markerReader) term() bool {
	if m.peek() == "(" {
		if m.depth++; m.depth > 50 {
			m.failed = true
			return false
		}
		m.at++
		result := m.or()
		if m.next() != ")" {
			m.failed = true
		}
		return result
	}
	left, isVersion := m.value(m.next())
	operator := m.next()
	if operator == "not" {
		operator += " " + m.next()
	}
	right, alsoVersion := m.value(m.next())
	return m.compare(left, operator, right, isVersion || alsoVersion)
}

// value is a string, or what a variable holds.
func (m *markerReader) value(token string) (text string, version bool) {
	if len(token) >= 2 && (token[0] == '\'' || token[0] == '"') {
		return token[1 : len(token)-1], false
	}
	value, ok := m.values[token]
	if !ok || value == "" && token != "extra" {
		m.failed = true
	}
	return value, strings.HasPrefix(token, "python_") || token == "implementation_version"
}

func (m *markerReader) compare(left, operator, right string, version bool) bool {
	switch operator {
	case "in":
		return strings.Contains(right, left)
	case "not in":
		return !strings.Contains(right, left)
	}
	if !version {
		switch operator {
		case "==", "===":
			return left == right
		case "!=":
			return left != right
		}
		m.failed = true
		return false
	}
	if strings.HasSuffix(right, ".*") {
		has := strings.HasPrefix(left+".", strings.TrimSuffix(right, "*"))
		return operator == "==" && has || operator == "!=" && !has
	}
	order, ok := compareVersions(left, right)
	if !ok {
		m.failed = true
		return false
	}
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case "==", "===":
		return order == 0
	case "!=":
		return order != 0
	case ">=":
		return order >= 0
	case ">":
		return order > 0
	}
	m.failed = true
	return false
}

// compareVersions compares plain releases by their numbers.
func compareVersions(a, b string) (order int, ok bool) {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		var m, n int
		var err error
		if i < len(x) {
			if m, err = strconv.Atoi(x[i]); err != nil {
				return 0, false
			}
		}
		if i < len(y) {
			if n, err = strconv.Atoi(y[i]); err != nil {
				return 0, false
			}
		}
		if m != n {
			return m - n, true
		}
	}
	return 0, true
}

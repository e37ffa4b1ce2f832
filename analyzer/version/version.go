// Package version compares versions of programs and of Python, and reads the specifiers that requires-python uses.
package version

import (
	"strconv"
	"strings"
)

// Is tells whether the text, which is not empty, begins as release numbers do.
func Is(text string) bool { return text[0] >= '0' && text[0] <= '9' }

// Compare compares release numbers; what follows them (rc1, .post2) does not count.
func Compare(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if d := releasePart(as, i) - releasePart(bs, i); d != 0 {
			return d
		}
	}
	return 0
}

// AllowsPython tells whether a minor version of Python, with whatever patch release is newest, satisfies a version specifier such as
// ">=3.9,<3.13" (https://packaging.python.org/en/latest/specifications/version-specifiers/). known is false where a clause can't be read.
func AllowsPython(specifier, minor string) (allowed, known bool) {
	newest := minor + ".99"
	for clause := range strings.SplitSeq(specifier, ",") {
		if clause = strings.TrimSpace(clause); clause == "" {
			continue
		}
		number := strings.TrimLeft(clause, "<>=!~")
		operator := clause[:len(clause)-len(number)]
		number = strings.TrimSpace(number)
		family, wildcard := strings.CutSuffix(number, ".*")
		if family == "" || !Is(family) {
			return false, false
		}
		order := Compare(newest, family)
		inside := strings.HasPrefix(newest+".", family+".")
		switch {
		case operator == "==" && (wildcard || strings.Count(family, ".") < 2), operator == "===":
			// `==3.12` is 3.12.0 to the letter; whoever writes it means the minor version.
			allowed = inside || strings.HasPrefix(family, minor+".")
		case operator == "==":
			allowed = strings.HasPrefix(family, minor+".")
		case operator == "!=":
			allowed = !wildcard || !inside
		case operator == ">=", operator == ">":
			allowed = order > 0 || order == 0 && operator == ">="
		case operator == "<=":
			allowed = order <= 0 || family == minor // as for ==
		case operator == "<":
			allowed = order < 0
		case operator == "~=":
			stem := family[:max(strings.LastIndexByte(family, '.'), 0)]
			allowed = order >= 0 && stem != "" && strings.HasPrefix(newest+".", stem+".")
		default:
			return false, false
		}
		if !allowed {
			return false, true
		}
	}
	return true, true
}

// Older tells whether a minor version of Python came before another.
func Older(minor, than string) bool { return Compare(minor, than) < 0 }

func releasePart(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	digits := strings.TrimRight(parts[i], "abcdefghijklmnopqrstuvwxyz+-")
	n, _ := strconv.Atoi(digits)
	return n
}

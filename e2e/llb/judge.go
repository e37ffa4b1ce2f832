package llb

import (
	"regexp"
	"slices"
	"strings"
)

// kept are the settings of an image that an unsafe fix leaves alone unless the table says otherwise.
var kept = regexp.MustCompile(`^(cmd|entrypoint|user|workdir|env .*|port .*|volume .*|label .*)$`)

// unexplained are the differences that no rule's page speaks of. codes are those of the fixes that were applied, unsafe ones among them or not.
func unexplained(list []difference, codes []string, unsafe bool) []difference {
	return slices.DeleteFunc(slices.Clone(list), func(d difference) bool {
		for _, code := range codes {
			if slices.ContainsFunc(allowed[code], func(pattern string) bool { return matches(pattern, d) }) {
				return true
			}
		}
		return unsafe && !kept.MatchString(d.what)
	})
}

// matches a difference with "WHAT" or "WHAT: REGEXP": the expression is looked for in how it differs. A star at the end of WHAT is anything.
func matches(pattern string, d difference) bool {
	what, how, _ := strings.Cut(pattern, ": ")
	if prefix, open := strings.CutSuffix(what, "*"); open && !strings.HasPrefix(d.what, prefix) || !open && d.what != what {
		return false
	}
	return how == "" || regexp.MustCompile(how).MatchString(d.how)
}

package needs

import (
	"strconv"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// selfContained maps a name, or a name with an extra, to the first version of which it holds, "" for all, or to one for each of Python 3.9 to 3.13,
// and behind a comma to the first of which it holds on Python 3.6 to 3.8.
var selfContained = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(selfContainedData()) {
		text, _, _ := strings.Cut(line, "#")
		for _, word := range strings.Fields(text) {
			name, since, _ := strings.Cut(word, ">=")
			names[name] = since
		}
	}
	return names
})

// IsSelfContained tells whether a requirement, with all that it requires, needs nothing of the system on a Python of that minor version.
func IsSelfContained(r installer.Requirement, minor string) bool {
	names := []string{r.Name}
	if len(r.Extras) > 0 {
		names = nil
		for _, extra := range r.Extras {
			names = append(names, r.Name+"["+extra+"]")
		}
	}
	for _, name := range names {
		since, known := selfContained()[name]
		since, sinceOld, _ := strings.Cut(since, ",")
		switch {
		case !known:
			return false
		case since == "":
		case r.Specifier == "" || strings.HasPrefix(r.Specifier, ">"):
			// What pip chooses today has wheels for the versions of Python that are maintained.
			if minor == "" || version.Compare(minor, "3.10") < 0 {
				return false
			}
		default:
			asked := strings.TrimLeft(r.Specifier, "=~")
			if sinceOld != "" && minor != "" && version.Compare(minor, "3.6") >= 0 && version.Compare(minor, "3.8") <= 0 && version.Compare(asked, sinceOld) >= 0 {
				continue
			}
			if minor == "" || version.Compare(minor, "3.13") > 0 || version.Compare(minor, "3.9") < 0 {
				return false
			}
			if each := strings.Split(since, "/"); len(each) > 1 {
				n, _ := strconv.Atoi(strings.TrimPrefix(minor, "3."))
				since = each[n-9]
			}
			if version.Compare(asked, since) < 0 {
				return false
			}
		}
	}
	return true
}

package report

import (
	"slices"
	"sort"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// habit is what people are shown as one finding: a rule's findings of one severity in one file, since who makes a mistake out of habit
// makes it again. Reports for programs have one finding for each place.
type habit struct {
	analyzer.Diagnostic                       // the first
	others              []analyzer.Diagnostic // the other places, in the order of the file
}

// habits are the findings of a file as people want to read them: errors first, then warnings, then advice; in each the Dockerfile's
// before those of other files, and in the order of the file.
func habits(found []analyzer.Diagnostic) []habit {
	type key struct {
		rule     *analyzer.Rule
		severity analyzer.Severity
		path     string
		message  string // of errors: each is a fault of its own, and has to be read
		fix      analyzer.Safety
		noFix    string
	}
	var list []habit
	at := map[key]int{}
	for _, d := range found {
		k := key{rule: d.Rule, severity: d.Severity, path: d.Path, noFix: d.NoFixReason}
		if d.Severity == analyzer.Error {
			k.message = d.Message
		}
		if d.Fix != nil {
			k.fix = d.Fix.Safety
		}
		if i, known := at[k]; known {
			list[i].others = append(list[i].others, d)
			continue
		}
		at[k] = len(list)
		list = append(list, habit{Diagnostic: d})
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Severity > list[j].Severity })
	return list
}

// oneMessage tells whether the message of the first place is that of all.
func (h *habit) oneMessage() bool {
	return !slices.ContainsFunc(h.others, func(d analyzer.Diagnostic) bool { return d.Message != h.Message })
}

// countHabits is count for reports for people.
func countHabits(run *Run) (c counts) {
	for i := range run.Targets {
		for _, h := range habits(run.Targets[i].Diagnostics) {
			c.one(h.Diagnostic)
		}
	}
	return c
}

// advice is what to do about a finding without a fix, and why there is none; both may be "".
func advice(d analyzer.Diagnostic) (do, reason string) {
	if d.Fix != nil {
		return "", ""
	}
	return d.Rule.Do, d.NoFixReason
}

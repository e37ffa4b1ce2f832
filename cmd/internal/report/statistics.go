package report

import (
	"bufio"
	"fmt"
	"io"
	"sort"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

type statistic struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Severity string `json:"severity"`
	Count    int    `json:"count"`
	Fixable  int    `json:"fixable"` // by safe fixes
}

// Statistics writes how often each rule found something, the most frequent first: a table, or JSON
// with format "json".
func Statistics(w io.Writer, format string, run *Run, style Style) error {
	byRule := map[*analyzer.Rule]*statistic{}
	list := []*statistic{}
	for _, t := range run.Targets {
		for _, d := range t.Diagnostics {
			s, known := byRule[d.Rule]
			if !known {
				s = &statistic{Code: d.Rule.Code, Name: d.Rule.Name, Severity: d.Severity.String()}
				byRule[d.Rule] = s
				list = append(list, s)
			}
			s.Count++
			if d.Fix != nil && d.Fix.Safety == analyzer.Safe {
				s.Fixable++
			}
		}
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].Count != list[j].Count {
			return list[i].Count > list[j].Count
		}
		return list[i].Code < list[j].Code
	})
	if format == "json" {
		return encode(w, list)
	}
	out := bufio.NewWriter(w)
	colors := newPalette(style)
	for _, s := range list {
		mark := "[ ]"
		if s.Fixable > 0 {
			mark = "[" + colors.fixable("*") + "]"
		}
		fmt.Fprintf(out, "%5d  %s  %s %s\n", s.Count, colors.name(s.Code), mark, s.Name)
	}
	summary(out, count(run), style, colors)
	return out.Flush()
}

package report

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// shownByGitHub is how many errors, warnings and notices each GitHub shows of one step; of a job it shows fifty in all
// (https://github.com/orgs/community/discussions/26680).
const shownByGitHub = 10

// The escapes of workflow commands, as GitHub's own toolkit writes them (actions/toolkit, command.ts).
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// annotation is a finding on its way into a pull request.
type annotation struct {
	target *Target
	analyzer.Diagnostic
	again int // how often the rule was found in the file before
}

// github writes workflow commands, which GitHub shows beside the lines of a pull request. It shows few of them, those that come first: the
// gravest, and of these each rule of a file once before any of it again. A last line, which is no command, tells of the rest.
func github(w io.Writer, run *Run) error {
	var list []annotation
	counts := map[analyzer.Severity]int{}
	for i := range run.Targets {
		t := &run.Targets[i]
		seen := map[*analyzer.Rule]int{}
		for _, d := range t.Diagnostics {
			list = append(list, annotation{t, d, seen[d.Rule]})
			seen[d.Rule]++
			counts[d.Severity]++
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		return a.Severity > b.Severity || a.Severity == b.Severity && a.again < b.again
	})
	out := bufio.NewWriter(w)
	for _, a := range list {
		annotate(out, run, a)
	}
	hidden := 0
	for _, n := range counts {
		hidden += max(0, n-shownByGitHub)
	}
	if hidden > 0 {
		fmt.Fprintf(out, "GitHub shows %d errors, warnings and notices each of one step, so not %d of these\n", shownByGitHub, hidden)
	}
	return out.Flush()
}

func annotate(out io.Writer, run *Run, a annotation) {
	file := a.target.file(a.Path)
	from, to := file.Position(a.Span.Start), file.Position(max(a.Span.Start, a.Span.End))
	name := quiet(file.Name())
	fmt.Fprintf(out, "::%s title=%s,file=%s,line=%d", githubLevel(a.Severity),
		githubProperty.Replace("pylint-docker ("+a.Rule.Code+")"), githubProperty.Replace(quiet(run.fromRoot(file.Name()))), from.Line)
	// GitHub refuses columns for a range of several lines.
	if from.Line == to.Line {
		fmt.Fprintf(out, ",col=%d,endLine=%d,endColumn=%d", from.Column, to.Line, to.Column)
	} else {
		fmt.Fprintf(out, ",endLine=%d", to.Line)
	}
	fmt.Fprintf(out, "::%s\n", githubData.Replace(quiet(fmt.Sprintf("%s:%d:%d: %s %s: %s",
		name, from.Line, from.Column, a.Rule.Code, a.Rule.Name, a.Message))))
}

// quiet keeps text from commanding the terminal that shows a log; line ends are escaped in another way.
func quiet(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\r' && r != '\n' || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, valid(text))
}

func githubLevel(s analyzer.Severity) string {
	switch s {
	case analyzer.Error:
		return "error"
	case analyzer.Warning:
		return "warning"
	}
	return "notice"
}

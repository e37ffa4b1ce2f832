package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// The escapes of workflow commands, as GitHub's own toolkit writes them (actions/toolkit, command.ts).
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// github writes workflow commands, which GitHub shows beside the lines of a pull request.
func github(out io.Writer, run *Run, t *Target) {
	for _, d := range t.Diagnostics {
		file := t.file(d.Path)
		from, to := file.Position(d.Span.Start), file.Position(max(d.Span.Start, d.Span.End))
		name := quiet(file.Name())
		fmt.Fprintf(out, "::%s title=%s,file=%s,line=%d", githubLevel(d.Severity),
			githubProperty.Replace("pylint-docker ("+d.Rule.Code+")"), githubProperty.Replace(quiet(run.fromRoot(file.Name()))), from.Line)
		// GitHub refuses columns for a range of several lines.
		if from.Line == to.Line {
			fmt.Fprintf(out, ",col=%d,endLine=%d,endColumn=%d", from.Column, to.Line, to.Column)
		} else {
			fmt.Fprintf(out, ",endLine=%d", to.Line)
		}
		fmt.Fprintf(out, "::%s\n", githubData.Replace(quiet(fmt.Sprintf("%s:%d:%d: %s %s: %s",
			name, from.Line, from.Column, d.Rule.Code, d.Rule.Name, d.Message))))
	}
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

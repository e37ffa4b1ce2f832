package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// SplitProjects parts `pip install -r hashed.txt .` into two commands: the requirements with their hashes, then the projects without
// dependencies. ok is false where the command names more than files and directories, or is not written on one line.
func SplitProjects(build *analyzer.Build, in *analyzer.Installation) (edit analyzer.Edit, ok bool) {
	call, c := in.Call, in.Command
	if len(call.RequirementFiles()) == 0 || call.VerbSpan.Empty() || call.NoDeps() || len(c.Shell.Redirects) > 0 || len(c.Shell.Assigns) > 0 {
		return analyzer.Edit{}, false
	}
	var projects, files []source.Span
	for _, r := range call.Requirements {
		if r.Kind != installer.Local {
			return analyzer.Edit{}, false
		}
		projects = append(projects, r.Span)
	}
	for _, o := range call.Options {
		switch o.Name {
		case "--editable":
			projects = append(projects, o.Span)
		case "--requirement", "--require-hashes":
			files = append(files, o.Span)
		}
	}
	text := build.File.Text(c.Shell.Span)
	if strings.ContainsAny(text, "\n\\") {
		return analyzer.Edit{}, false
	}
	var first, second []string
	for _, w := range c.Shell.Words {
		word := build.File.Text(w.Span)
		if !within(w.Span, projects) {
			first = append(first, word)
		}
		if !within(w.Span, files) {
			second = append(second, word)
		}
		if w.Span == call.VerbSpan {
			second = append(second, "--no-deps")
		}
	}
	return ReplaceItem(c, strings.Join(first, " "), strings.Join(second, " "))
}

func within(span source.Span, all []source.Span) bool {
	for _, other := range all {
		if other.Contains(span) {
			return true
		}
	}
	return false
}

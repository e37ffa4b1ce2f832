package fixes

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// IgnoreInContext makes the .dockerignore in force end with the wanted lines, or makes a new one of them. Lines that it has
// behind its last "!" are not repeated: the last match wins, so those before it may be taken back. Line ending and a missing final
// newline stay as they are. after holds all lines of the result, for project.WouldIgnore. There is
// no edit (ok is false) when no line is missing.
func IgnoreInContext(context *project.Context, wanted ...string) (edit analyzer.Edit, after []string, ok bool) {
	name, file, exists := context.IgnoreFile()
	if !exists {
		return analyzer.Edit{Path: name, Text: strings.Join(wanted, "\n") + "\n", Create: true}, wanted, true
	}
	var effective []string
	for n := 1; n <= file.Lines(); n++ {
		line := file.Text(file.Line(n))
		after = append(after, line)
		if text := strings.TrimSpace(line); strings.HasPrefix(text, "!") {
			effective = nil
		} else if !strings.HasPrefix(line, "#") {
			effective = append(effective, strings.TrimPrefix(path.Clean(text), "/"))
		}
	}
	missing := slices.DeleteFunc(slices.Clone(wanted), func(line string) bool { return slices.Contains(effective, line) })
	if len(missing) == 0 {
		return analyzer.Edit{}, after, false
	}
	end := file.Len()
	newline := file.Newline()
	text := strings.Join(missing, newline)
	if end == 0 || strings.HasSuffix(string(file.Bytes()), "\n") {
		text += newline
	} else {
		text = newline + text
	}
	return analyzer.Edit{Path: name, Span: source.Span{Start: end, End: end}, Text: text}, append(after, missing...), true
}

package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
)

// SetMountOption gives an option of a --mount flag another value; the first name that is there counts, and without any the option is
// added under the first. ok is false for a flag that is quoted or broken over lines.
func SetMountOption(doc *dockerfile.Document, flag dockerfile.Flag, value string, names ...string) (edit analyzer.Edit, ok bool) {
	text := doc.File.Text(flag.ValueSpan)
	if text != flag.Value || strings.ContainsAny(text+value, "\"'\\ \n") {
		return analyzer.Edit{}, false
	}
	parts := strings.Split(text, ",")
	for _, name := range names {
		for i, part := range parts {
			if key, _, has := strings.Cut(part, "="); has && strings.EqualFold(key, name) {
				parts[i] = key + "=" + value
				return ReplaceSpan(flag.ValueSpan, strings.Join(parts, ",")), true
			}
		}
	}
	return ReplaceSpan(flag.ValueSpan, text+","+names[0]+"="+value), true
}

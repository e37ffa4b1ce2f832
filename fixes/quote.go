package fixes

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Quote writes text as one shell word in the place of the bytes at span. Variables in it stay variables. ok is false where quotes
// would change more than that: there are quotes of both kinds, an escape or a line break.
func Quote(doc *dockerfile.Document, span source.Span, text string) (edit analyzer.Edit, ok bool) {
	if strings.ContainsAny(doc.File.Text(span)+text, "\\`\r\n") {
		return analyzer.Edit{}, false
	}
	switch {
	case !strings.Contains(text, `"`):
		return ReplaceSpan(span, `"`+text+`"`), true
	case !strings.ContainsAny(text, `'$`):
		return ReplaceSpan(span, "'"+text+"'"), true
	}
	return analyzer.Edit{}, false
}

// AppendToWord adds text to the end of a shell word of one literal text, inside its quotes if it has some. ok is false
// where the bytes at span are something else.
func AppendToWord(doc *dockerfile.Document, span source.Span, literal, text string) (edit analyzer.Edit, ok bool) {
	at := span.End
	switch doc.File.Text(span) {
	case literal:
	case `"` + literal + `"`, "'" + literal + "'":
		at--
	default:
		return analyzer.Edit{}, false
	}
	return analyzer.Edit{Span: source.Span{Start: at, End: at}, Text: text}, true
}

// ReplaceItem writes several commands in the place of one that is an element of its RUN's top-level list, joined as the
// list is. ok is false for other commands, and where the operators around it differ: `a && b; c`.
func ReplaceItem(c *analyzer.Command, commands ...string) (edit analyzer.Edit, ok bool) {
	if c.Step.Script == nil || c.Step.Instruction.JSON || !c.Shell.Exact {
		return analyzer.Edit{}, false
	}
	items := c.Step.Script.Items
	for i, item := range items {
		if item.Command != c.Shell {
			continue
		}
		before, after := item.Operator, ""
		if i+1 < len(items) {
			after = items[i+1].Operator
		}
		joint := " && "
		switch {
		case strings.Trim(before+after, "&") == "" && before != "&" && after != "&":
		case strings.Trim(before+after, ";\n") == "":
			joint = "; " // under `set -e` the left of && may fail
		default:
			return analyzer.Edit{}, false
		}
		return ReplaceSpan(item.Span, strings.Join(commands, joint)), true
	}
	return analyzer.Edit{}, false
}

// ExecForm writes the arguments of a start command as a JSON array in Docker's usual spelling.
func ExecForm(argv []string) string {
	var words []string
	for _, word := range argv {
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(word) // a string always can be encoded
		words = append(words, strings.TrimSpace(text.String()))
	}
	return "[" + strings.Join(words, ", ") + "]"
}

package fixes

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// DeleteItem removes one element of a script's top-level list with the operator that joins it and
// with its continuation line. ok is false when it is the only one: delete the instruction instead.
func DeleteItem(doc *dockerfile.Document, script *shell.Script, index int) (edits []analyzer.Edit, ok bool) {
	items := script.Items
	if index < 0 || index >= len(items) || len(items) < 2 {
		return nil, false
	}
	for _, in := range doc.Instructions {
		if in.Span.Contains(script.Span) && HeredocOpensBehind(in, script.Span.Start) {
			return nil, false
		}
	}
	item := items[index]
	switch {
	case index == len(items)-1:
		return []analyzer.Edit{{Span: source.Span{Start: items[index-1].Span.End, End: item.Span.End}}}, true
	case index > 0 && item.Operator == items[index+1].Operator:
		return []analyzer.Edit{{Span: source.Span{Start: items[index-1].Span.End, End: item.Span.End}}}, true
	}
	// The first item, or one whose own operator must stay: `a; b && c` becomes `a; c`.
	next := items[index+1]
	between := source.Span{Start: item.Span.End, End: next.Span.Start}
	if !hasComment(doc, between) {
		return []analyzer.Edit{{Span: source.Span{Start: item.Span.Start, End: next.Span.Start}}}, true
	}
	// A comment between the two is about the next item: it stays, on its line.
	operator := next.OperatorSpan
	if operator.Empty() || !between.Contains(operator) {
		return nil, false
	}
	lineEnd := doc.File.Line(doc.File.LineOf(item.Span.End)).End
	if operator.End <= lineEnd {
		// `a && \`: item and operator go, the escape character stays.
		return []analyzer.Edit{{Span: source.Span{Start: item.Span.Start, End: skipBlanks(doc.File, operator.End)}}}, true
	}
	return []analyzer.Edit{
		{Span: source.Span{Start: item.Span.Start, End: skipBlanks(doc.File, item.Span.End)}},
		{Span: source.Span{Start: operator.Start, End: skipBlanks(doc.File, operator.End)}},
	}, true
}

func skipBlanks(file *source.File, offset int) int {
	content := file.Bytes()
	for offset < len(content) && strings.IndexByte(blanks, content[offset]) >= 0 {
		offset++
	}
	return offset
}

func hasComment(doc *dockerfile.Document, span source.Span) bool {
	for i, line := range strings.Split(doc.File.Text(span), "\n") {
		if i > 0 && strings.HasPrefix(strings.TrimLeft(line, blanks), "#") {
			return true
		}
	}
	return false
}

// AppendItem adds a command to the end of a script's top-level list in the style in which the list
// is written: one line or a continuation line each, operators leading or trailing. ok is false where
// text added at that place would mean something else, such as behind a background job.
func AppendItem(doc *dockerfile.Document, in *dockerfile.Instruction, script *shell.Script, text string) (edit analyzer.Edit, ok bool) {
	if len(script.Items) == 0 {
		return analyzer.Edit{}, false
	}
	last := script.Items[len(script.Items)-1]
	rest := strings.TrimLeft(doc.File.Text(source.Span{Start: last.Span.End, End: script.Span.End}), blanks)
	if strings.HasPrefix(rest, "&") || strings.HasPrefix(rest, "|") {
		return analyzer.Edit{}, false
	}
	heredoc := InHeredoc(in, last.Span.Start)
	if !heredoc && (!in.Body.Contains(last.Span) || HeredocOpensBehind(in, last.Span.Start)) {
		return analyzer.Edit{}, false
	}
	if text := doc.File.Text(last.Span); strings.HasSuffix(text, `\`) || doc.Escape != 0 && strings.HasSuffix(text, string(doc.Escape)) {
		return analyzer.Edit{}, false // it would quote the first character of what is added
	}
	end := last.Span.End
	if heredoc && strings.HasSuffix(doc.File.Text(last.Span), "\r") {
		end-- // to the shell, the carriage return of a heredoc's line belongs to its last word
	}
	at := source.Span{Start: end, End: end}
	return analyzer.Edit{Span: at, Text: separator(doc, in, script, heredoc) + text}, true
}

// HeredocOpensBehind tells whether a heredoc of Docker's opens behind offset. The shell reader does not
// see its marker, so spans of what is there end too early.
func HeredocOpensBehind(in *dockerfile.Instruction, offset int) bool {
	return slices.ContainsFunc(in.Heredocs, func(h dockerfile.Heredoc) bool { return h.Marker.Start >= offset })
}

// separator is what the list puts between two commands.
func separator(doc *dockerfile.Document, in *dockerfile.Instruction, script *shell.Script, heredoc bool) string {
	items := script.Items
	last := items[len(items)-1]
	escape := string(doc.Escape)
	if len(items) == 1 {
		if heredoc {
			return Newline(doc) + indentAt(doc.File, last.Span.Start)
		}
		if !strings.Contains(doc.File.Text(last.Span), "\n") {
			return " && "
		}
		return " " + escape + Newline(doc) + itemIndent(doc, in) + "&& "
	}
	span := source.Span{Start: items[len(items)-2].Span.End, End: last.Span.Start}
	between := doc.File.Text(span)
	multiline := strings.Contains(between, "\n")
	if !hasComment(doc, span) && (last.Operator != ";" || setsErrexit(script)) {
		if last.Operator == "\n" {
			return Newline(doc) + indentAt(doc.File, last.Span.Start)
		}
		if !multiline && strings.Contains(doc.File.Text(last.Span), "\n") {
			// `a && b \` with arguments below: what is added would hide behind the last of them.
			return " " + escape + Newline(doc) + itemIndent(doc, in) + strings.TrimLeft(between, blanks)
		}
		return between
	}
	if !multiline {
		return " && "
	}
	indent := indentAt(doc.File, last.Span.Start)
	if doc.File.LineOf(last.OperatorSpan.Start) < doc.File.LineOf(last.Span.Start) {
		return " && " + escape + Newline(doc) + indent
	}
	return " " + escape + Newline(doc) + indent + "&& "
}

// setsErrexit tells whether the script starts with `set -e`, so that `;` stops at a failure as && does.
func setsErrexit(script *shell.Script) bool {
	first := script.Items[0].Command
	if first == nil || len(first.Words) < 2 || wordText(first.Words[0]) != "set" {
		return false
	}
	for _, w := range first.Words[1:] {
		text := wordText(w)
		if strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "e") {
			return true
		}
	}
	return false
}

// wordText is the text of a word of one literal part, else "".
func wordText(w shell.Word) string {
	if len(w.Parts) == 1 && w.Parts[0].Kind == shell.Literal {
		return w.Parts[0].Text
	}
	return ""
}

// indentAt is the indentation of the line that holds offset.
func indentAt(file *source.File, offset int) string {
	line := file.Text(file.Line(file.LineOf(offset)))
	return line[:len(line)-len(strings.TrimLeft(line, blanks))]
}

// itemIndent is the smallest indentation that an instruction's continuation lines have.
func itemIndent(doc *dockerfile.Document, in *dockerfile.Instruction) string {
	best := ""
	for _, indent := range indents(doc, in) {
		if best == "" || len(indent) < len(best) {
			best = indent
		}
	}
	if best == "" {
		return Indent(doc)
	}
	return best
}

// FailureStops tells whether the build certainly stops where the command fails: nothing behind it in its RUN runs all the same.
func FailureStops(c *analyzer.Command) bool {
	script := c.Step.Script
	if script == nil || !c.Shell.Certain {
		return false
	}
	if len(script.Items) > 0 && setsErrexit(script) {
		return true
	}
	for i, item := range script.Items {
		if !item.Span.Contains(c.Shell.Span) {
			continue
		}
		for _, later := range script.Items[i+1:] {
			if later.Operator != "&&" {
				return false
			}
		}
		return true
	}
	return c.Step.Instruction.JSON
}

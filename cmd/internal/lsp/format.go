package lsp

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// formattingOptions are what an editor says about white space.
type formattingOptions struct {
	TabSize           int  `json:"tabSize"`
	InsertSpaces      bool `json:"insertSpaces"`
	InsertFinal       bool `json:"insertFinalNewline"`
	TrimFinalNewlines bool `json:"trimFinalNewlines"`
}

// maxTab bounds the width of an indentation.
const maxTab = 16

// unit is one level of indentation.
func (o formattingOptions) unit() string {
	if !o.InsertSpaces && o.TabSize > 0 {
		return "\t"
	}
	if o.TabSize <= 0 || o.TabSize > maxTab {
		return "    "
	}
	return strings.Repeat(" ", o.TabSize)
}

func formatWhole(_ context.Context, v *view) (any, error) {
	return v.formatted(source.Span{End: v.file.Len()}), nil
}

func formatRange(_ context.Context, v *view) (any, error) {
	return v.formatted(v.encoding.span(v.file, v.params.Range)), nil
}

// formatted are the edits that touch a span.
func (v *view) formatted(span source.Span) []TextEdit {
	edits := []TextEdit{}
	doc, err := dockerfile.Parse(v.file)
	if err != nil {
		return edits // a file that can't be read is a finding, and is not formatted
	}
	fresh := format(doc, v.params.Options.unit())
	if v.host == nil {
		fresh = v.ended(fresh)
	}
	for _, e := range changedLines(v.file, fresh) {
		if at := (source.Span{Start: e.Start, End: e.End}); touches(at, span) {
			edits = append(edits, TextEdit{v.encoding.rangeOf(v.file, at), e.New})
		}
	}
	return edits
}

// ended does to the end of a file what the editor wants.
func (v *view) ended(text []byte) []byte {
	newline := v.file.Newline()
	if v.params.Options.TrimFinalNewlines {
		if trimmed := bytes.TrimRight(text, "\r\n"); len(trimmed) < len(text) && len(trimmed) > 0 {
			text = append(trimmed[:len(trimmed):len(trimmed)], newline...)
		}
	}
	if v.params.Options.InsertFinal && len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text[:len(text):len(text)], newline...)
	}
	return text
}

// format gives the file with keywords in capitals (unless all are small), continued lines indented, JSON forms with one blank behind each
// comma, and no blanks at the ends of lines. Heredocs and strings stay as they are: an instruction that would not mean the very same
// is left alone.
func format(doc *dockerfile.Document, unit string) []byte {
	f := &formatter{doc: doc, unit: unit, small: !slices.ContainsFunc(doc.Instructions, func(in *dockerfile.Instruction) bool {
		return doc.File.Text(in.KeywordSpan) != strings.ToLower(in.Keyword)
	})}
	for n := 1; n <= doc.File.Lines(); n++ {
		f.lines = append(f.lines, doc.File.Text(doc.File.Line(n)))
	}
	for _, c := range doc.Comments {
		n := doc.File.LineOf(c.Span.Start)
		f.lines[n-1] = strings.TrimRight(f.lines[n-1], " \t")
	}
	original := slices.Clone(f.lines)
	for _, in := range doc.Instructions {
		f.instruction(in)
	}
	after, err := dockerfile.Parse(source.New(doc.File.Name(), f.text()))
	if err != nil || len(after.Instructions) != len(doc.Instructions) {
		return doc.File.Bytes()
	}
	for i, in := range doc.Instructions {
		if !same(doc, in, after, after.Instructions[i]) {
			first, last := f.rows(in)
			copy(f.lines[first-1:last], original[first-1:last])
		}
	}
	return f.text()
}

type formatter struct {
	doc   *dockerfile.Document
	unit  string
	small bool // all keywords are in small letters
	lines []string
}

// text joins the lines with the endings that they have.
func (f *formatter) text() []byte {
	var out []byte
	for i, line := range f.lines {
		whole, own := f.doc.File.LineWithEnding(i+1), f.doc.File.Line(i+1)
		out = append(out, line...)
		out = append(out, f.doc.File.Bytes()[own.End:whole.End]...)
	}
	return out
}

// rows are the first and the last line of an instruction without its heredocs.
func (f *formatter) rows(in *dockerfile.Instruction) (first, last int) {
	end := in.Span.End
	if len(in.Heredocs) > 0 {
		end = in.Heredocs[0].Body.Start - 1
	}
	return f.doc.File.LineOf(in.Span.Start), f.doc.File.LineOf(max(in.Span.Start, end))
}

func (f *formatter) instruction(in *dockerfile.Instruction) {
	first, last := f.rows(in)
	rest := strings.TrimSpace(f.doc.File.Text(source.Span{Start: in.KeywordSpan.End, End: f.doc.File.Line(first).End}))
	if first == last {
		rest = f.body(in, rest)
	}
	keyword := in.Keyword
	if f.small {
		keyword = strings.ToLower(keyword)
	}
	f.lines[first-1] = strings.TrimRight(f.bom(first)+keyword+" "+rest, " ")
	least := -1
	for n := first + 1; n <= last; n++ {
		text := f.lines[n-1]
		if strings.TrimSpace(text) == "" {
			f.lines[n-1] = ""
			continue
		}
		if strings.HasPrefix(text, "#") {
			f.lines[n-1] = strings.TrimRight(text, " \t")
		} else if indent := f.width(text); !strings.HasPrefix(strings.TrimSpace(text), "#") && (least < 0 || indent < least) {
			least = indent
		}
	}
	for n := first + 1; n <= last; n++ {
		if text := f.lines[n-1]; text != "" && text[0] != '#' {
			more := max(0, f.width(text)-max(0, least))
			f.lines[n-1] = f.unit + f.deeper(more) + strings.Trim(text, " \t")
		}
	}
}

func (f *formatter) bom(line int) string {
	if line == 1 {
		return f.doc.File.Text(source.Span{End: f.doc.File.BOM()})
	}
	return ""
}

// width is how deep a line is indented, in columns.
func (f *formatter) width(text string) (columns int) {
	tab := max(1, len(f.unit))
	if f.unit == "\t" {
		tab = 4
	}
	for _, r := range text {
		switch r {
		case ' ':
			columns++
		case '\t':
			columns += tab - columns%tab
		default:
			return columns
		}
	}
	return columns
}

// deeper is an indentation of so many columns.
func (f *formatter) deeper(columns int) string {
	if f.unit == "\t" {
		return strings.Repeat("\t", columns/4) + strings.Repeat(" ", columns%4)
	}
	return strings.Repeat(" ", columns)
}

// body is what follows the keyword of an instruction of one line.
func (f *formatter) body(in *dockerfile.Instruction, rest string) string {
	text := f.doc.File.Text(in.Body)
	if in.JSON && in.Keyword != "HEALTHCHECK" && in.Trigger == nil && strings.HasSuffix(rest, text) {
		var elements []string
		for _, a := range in.Args {
			elements = append(elements, f.doc.File.Text(a.Span))
		}
		return strings.TrimSuffix(rest, text) + "[" + strings.Join(elements, ", ") + "]"
	}
	if in.Keyword == "FROM" && len(in.Args) == 3 && !f.small && strings.EqualFold(in.Args[1].Value, "as") {
		return strings.TrimSpace(strings.TrimSpace(strings.TrimSuffix(rest, text))+" "+in.Args[0].Text) + " AS " + in.Args[2].Text
	}
	return rest
}

// same tells whether two instructions mean the same: but for the case of the keyword and blanks between words, they have the same text.
func same(a *dockerfile.Document, x *dockerfile.Instruction, b *dockerfile.Document, y *dockerfile.Instruction) bool {
	if x.Keyword != y.Keyword || x.JSON != y.JSON || len(x.Heredocs) != len(y.Heredocs) || (x.Trigger == nil) != (y.Trigger == nil) {
		return false
	}
	for i := range x.Heredocs {
		if a.File.Text(x.Heredocs[i].Body) != b.File.Text(y.Heredocs[i].Body) {
			return false
		}
	}
	if !slices.EqualFunc(x.Flags, y.Flags, func(f, g dockerfile.Flag) bool { return f.Name == g.Name && f.Value == g.Value }) ||
		!slices.EqualFunc(x.Pairs, y.Pairs, func(p, q dockerfile.Pair) bool { return p.Key == q.Key && p.Value == q.Value }) {
		return false
	}
	if x.Trigger != nil {
		return same(a, x.Trigger, b, y.Trigger)
	}
	_, _, isShell := a.Shell(x)
	if isShell {
		left, ok := shellWords(a, x)
		right, also := shellWords(b, y)
		return ok && also && slices.Equal(left, right)
	}
	return len(x.Pairs) > 0 || slices.EqualFunc(x.Args, y.Args, func(p, q dockerfile.Arg) bool {
		return p.Value == q.Value || x.Keyword == "FROM" && strings.EqualFold(p.Value, q.Value)
	}) && (len(x.Args) > 0 || a.File.Text(x.Body) == b.File.Text(y.Body))
}

// shellWords are the words of all commands of an instruction as they stand in the file; ok is false where the code can't be read.
func shellWords(doc *dockerfile.Document, in *dockerfile.Instruction) (list []string, ok bool) {
	code, span, ok := doc.Shell(in)
	if !ok {
		return nil, false
	}
	script, err := shell.Parse(code, span.Start, shell.POSIX)
	if err != nil {
		if script, err = shell.Parse(code, span.Start, shell.Bash); err != nil {
			return nil, false
		}
	}
	add := func(s source.Span) { list = append(list, doc.File.Text(s)) }
	for _, l := range script.Loops {
		for _, w := range l.Items {
			add(w.Span)
		}
	}
	for _, i := range script.Items {
		list = append(list, i.Operator)
	}
	for _, c := range script.Commands {
		for _, a := range c.Assigns {
			add(a.Span)
		}
		for _, w := range c.Words {
			add(w.Span)
		}
		for _, r := range c.Redirects {
			if list = append(list, r.Op, r.Heredoc); r.Target != nil {
				add(r.Target.Span)
			}
		}
	}
	return list, true
}

// formatTyped indents the line that begins behind an escape.
func formatTyped(_ context.Context, v *view) (any, error) {
	number := v.file.LineOf(v.encoding.offset(v.file, v.params.Position))
	line := v.file.Line(number)
	if number < 2 || v.inHeredoc(number, line.Start) {
		return nil, nil
	}
	escape := "\\"
	if escapeLine.MatchString(v.file.Text(v.file.Line(1))) {
		escape = "`"
	}
	above := v.file.Text(v.file.Line(number - 1))
	if !strings.HasSuffix(above, escape) || strings.HasPrefix(strings.TrimSpace(above), "#") {
		return nil, nil
	}
	indent := v.params.Options.unit()
	if before := v.file.Text(v.file.Line(number - 2)); number > 2 && strings.HasSuffix(strings.TrimRight(before, " \t"), escape) {
		indent = above[:len(above)-len(strings.TrimLeft(above, " \t"))]
	}
	text := v.file.Text(line)
	old := source.Span{Start: line.Start, End: line.Start + len(text) - len(strings.TrimLeft(text, " \t"))}
	if v.file.Text(old) == indent {
		return []TextEdit{}, nil
	}
	return []TextEdit{{v.encoding.rangeOf(v.file, old), indent}}, nil
}

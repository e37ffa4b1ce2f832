package dockerfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Parse reads a Dockerfile. The error, if any, is a *SyntaxError: BuildKit's parser refuses the
// file. Like that parser, Parse takes unknown instructions and a file without FROM; Validate
// reports these.
func Parse(f *source.File) (*Document, error) {
	if err := tooMuch(f); err != nil {
		return nil, err
	}
	text := string(f.Bytes())
	shown := printable(text)
	result, err := build(shown)
	if err != nil {
		return nil, syntaxError(f, err)
	}
	r := reader{
		file:  f,
		text:  text,
		shown: shown,
		doc:   &Document{File: f, Escape: byte(result.EscapeToken)},
	}
	r.doc.Instructions = make([]*Instruction, 0, len(result.AST.Children))
	r.read(result.AST.Children)
	return r.doc, nil
}

// build runs BuildKit's parser; a panic in there is a refusal too.
func build(text string) (result *parser.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parser failed: %v", p)
		}
	}()
	return parser.Parse(strings.NewReader(text))
}

// printable is what BuildKit may see. Looking for heredocs, its scanner prints complaints about NUL
// and bytes that are not valid UTF-8 on standard error; these become one '?' each.
func printable(text string) string {
	if !strings.Contains(text, "<<") || utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return text
	}
	out := []byte(text)
	for i := 0; i < len(out); {
		r, size := utf8.DecodeRune(out[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			out[i] = '?'
		}
		i += size
	}
	return string(out)
}

const (
	// maxLine is the longest line with its ending that bufio.Scanner gives to BuildKit's parser.
	maxLine = 64 * 1024
	// maxNested bounds what BuildKit reads by recursion, which no real file has more than three of.
	maxNested = 1000
)

// tooMuch refuses quickly what BuildKit would refuse slowly or could not survive.
func tooMuch(f *source.File) error {
	content := f.Bytes()
	for line := 1; line <= f.Lines(); line++ {
		span := f.LineWithEnding(line)
		if span.Len() < maxLine {
			continue
		}
		if span.Len() == maxLine && content[span.End-1] == '\n' {
			continue
		}
		return &SyntaxError{
			Span:    source.Span{Start: span.Start, End: span.Start + 1},
			Message: fmt.Sprintf("line is longer than %d bytes, the most that Docker reads", maxLine-1),
		}
	}
	if bytes.Count(content, []byte("${")) > maxNested && nested(content) {
		return &SyntaxError{Message: fmt.Sprintf("more than %d variables are nested in one another", maxNested)}
	}
	const onbuild = "onbuild"
	if len(content) > maxNested*len(onbuild) && bytes.Count(bytes.ToLower(content), []byte(onbuild)) > 10*maxNested {
		return &SyntaxError{Message: fmt.Sprintf("more than %d ONBUILD", 10*maxNested)}
	}
	return nil
}

// nested tells whether more than maxNested "${" are open at once.
func nested(content []byte) bool {
	depth := 0
	for i := 0; i+1 < len(content); i++ {
		switch {
		case content[i] == '$' && content[i+1] == '{':
			depth++
		case content[i] == '}':
			depth = max(0, depth-1)
		}
		if depth > maxNested {
			return true
		}
	}
	return false
}

// syntaxError gives BuildKit's error the place in the file.
func syntaxError(f *source.File, err error) *SyntaxError {
	message := strings.TrimSuffix(err.Error(), ".")
	first, last := 1, 1
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
		lines := located.Locations[0]
		first, last = lines[0].Start.Line, lines[len(lines)-1].End.Line
	}
	switch {
	case strings.Contains(message, "parser directive can be used"), strings.Contains(message, "invalid escape token"):
		// BuildKit counts the line only after it has read the directive.
		first, last = first+1, last+1
	case message == "unterminated heredoc":
		last = first // the rest of the file is its body
	case message == "file with no instructions":
		first, last = 1, 1
	}
	message = strings.TrimPrefix(message, "Syntax error - ")
	message = strings.Replace(message, ". Must be of the form: ", ", must be of the form ", 1)
	span := f.Line(max(1, min(first, f.Lines()))).Join(f.Line(max(1, min(last, f.Lines()))))
	if first <= 1 {
		span.Start = min(f.BOM(), span.End)
	}
	return &SyntaxError{Span: span, Message: message}
}

// reader walks over the physical lines in lockstep with BuildKit's nodes.
type reader struct {
	file  *source.File
	text  string // the content
	shown string // what BuildKit was given, as long as text
	doc   *Document
	words []word // scratch
}

func (r *reader) read(nodes []*parser.Node) {
	var directives parser.DirectiveParser
	line, leading := 1, 0
	inDirectives := true
	between := func(until int) {
		for ; line < until; line++ {
			if inDirectives = inDirectives && r.directive(&directives, line); inDirectives {
				continue
			}
			if comment, ok := r.comment(line); ok {
				r.doc.Comments = append(r.doc.Comments, comment)
				continue
			}
			leading = len(r.doc.Comments) // a blank line
		}
	}
	for _, node := range nodes {
		between(node.StartLine)
		inDirectives = false
		above := len(r.doc.Comments)
		in := r.node(node)
		in.Leading = slice(r.doc.Comments, leading, above)
		in.Comments = slice(r.doc.Comments, above, len(r.doc.Comments))
		r.doc.Instructions = append(r.doc.Instructions, in)
		line, leading = node.EndLine+1, len(r.doc.Comments)
	}
	between(r.file.Lines() + 1)
}

// slice is a window on the comments that cannot grow into its neighbour; nil when empty.
func slice(comments []Comment, from, to int) []Comment {
	if from >= to {
		return nil
	}
	return comments[from:to:to]
}

// directive reads a parser directive.
func (r *reader) directive(p *parser.DirectiveParser, line int) bool {
	span := r.firstLine(line)
	found, err := p.ParseLine([]byte(r.text[span.Start:span.End]))
	if err != nil || found == nil {
		return false
	}
	span.End = r.file.Line(line).End
	r.doc.Directives = append(r.doc.Directives, Directive{Span: span, Name: found.Name, Value: found.Value})
	return true
}

// comment reads a comment line.
func (r *reader) comment(line int) (Comment, bool) {
	span := r.file.Line(line)
	if line == 1 {
		span.Start = min(r.file.BOM(), span.End)
	}
	text := strings.TrimLeftFunc(r.text[span.Start:span.End], unicode.IsSpace)
	if text == "" || text[0] != '#' {
		return Comment{}, false
	}
	span.Start = span.End - len(text)
	return Comment{Span: span, Text: strings.TrimSpace(text[1:])}, true
}

// node turns one of BuildKit's nodes into an instruction.
func (r *reader) node(node *parser.Node) *Instruction {
	l, next := r.join(node.StartLine, node.EndLine)
	end := r.file.Line(node.EndLine).End
	in := r.instruction(&l, 0, len(l.text), end)
	if len(node.Heredocs) == 0 {
		return in
	}
	inner := in
	for inner.Trigger != nil {
		inner = inner.Trigger
	}
	heredocs := r.heredocs(&l, node.Heredocs, inner, next)
	for at := in; at != nil; at = at.Trigger {
		at.Heredocs = heredocs
	}
	return in
}

package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// ReplaceSpan replaces the bytes at span of the Dockerfile.
func ReplaceSpan(span source.Span, text string) analyzer.Edit {
	return analyzer.Edit{Span: span, Text: text}
}

// InsertBefore puts whole instructions on lines of their own above in and above the comments that
// are attached to it. Text is written with "\n" and `\` continuations, without a final newline;
// the edit uses the file's own line ending and escape character.
func InsertBefore(doc *dockerfile.Document, in *dockerfile.Instruction, text string) analyzer.Edit {
	return insertAt(doc, LeadingStart(doc, in), text)
}

// InsertBelowComments is InsertBefore, but between in and the comments attached to it.
func InsertBelowComments(doc *dockerfile.Document, in *dockerfile.Instruction, text string) analyzer.Edit {
	return insertAt(doc, LineStart(doc.File, in.Span.Start), text)
}

func insertAt(doc *dockerfile.Document, offset int, text string) analyzer.Edit {
	return analyzer.Edit{Span: source.Span{Start: offset, End: offset}, Text: Native(doc, text+"\n")}
}

// InsertAfter puts whole instructions on lines of their own below in; text as in InsertBefore.
// A file without a final newline stays without.
func InsertAfter(doc *dockerfile.Document, in *dockerfile.Instruction, text string) analyzer.Edit {
	file := doc.File
	whole := file.LineWithEnding(file.LineOf(in.Span.End))
	line := file.Line(file.LineOf(in.Span.End))
	tail := line.End
	if code := strings.TrimRight(file.Text(line), blanks); doc.Escape != 0 && strings.HasSuffix(code, string(doc.Escape)) && !InHeredoc(in, line.Start) {
		// The instruction's last line promises a continuation that never comes, which Docker
		// forgives at the end of a file; the new text must not become that continuation.
		tail = line.Start + len(strings.TrimRight(code[:len(code)-1], blanks))
	}
	if line.End == whole.End {
		return analyzer.Edit{Span: source.Span{Start: tail, End: line.End}, Text: Native(doc, "\n"+text)}
	}
	if tail == line.End {
		return insertAt(doc, whole.End, text)
	}
	return analyzer.Edit{Span: source.Span{Start: tail, End: whole.End}, Text: Native(doc, "\n"+text+"\n")}
}

// InHeredoc tells whether offset lies in the body of one of the instruction's heredocs.
func InHeredoc(in *dockerfile.Instruction, offset int) bool {
	for _, h := range in.Heredocs {
		if h.Body.Start <= offset && offset <= h.Terminator.End {
			return true
		}
	}
	return false
}

// DeleteInstruction removes an instruction with its line ending and, if asked, the comments
// attached to it. Where that would leave two blank lines in a row, one of them goes too.
func DeleteInstruction(doc *dockerfile.Document, in *dockerfile.Instruction, withComments bool) analyzer.Edit {
	start := LineStart(doc.File, in.Span.Start)
	if withComments {
		start = LeadingStart(doc, in)
	}
	return DeleteLines(doc, source.Span{Start: start, End: in.Span.End})
}

// DeleteLines removes all lines that span touches, as DeleteInstruction does.
func DeleteLines(doc *dockerfile.Document, span source.Span) analyzer.Edit {
	file := doc.File
	first, last := file.LineOf(span.Start), file.LineOf(max(span.Start, span.End))
	cut := source.Span{Start: LineStart(file, span.Start), End: file.LineWithEnding(last).End}
	if cut.End == file.Len() && file.Line(last).End == cut.End && first > 1 {
		// The last line of a file without a final newline: what is left has none either, nor a blank line
		// at its end, which would look like one.
		for first > 2 && IsBlankLine(file, first-1) {
			first--
		}
		cut.Start = file.Line(first - 1).End
		return analyzer.Edit{Span: cut}
	}
	if IsBlankLine(file, first-1) && last < file.Lines() && IsBlankLine(file, last+1) {
		if below := file.LineWithEnding(last + 1); below.End == file.Len() && file.Line(last+1).End == below.End {
			cut.Start = file.Line(first - 1).Start // blanks without a line ending stay the file's end
		} else {
			cut.End = below.End
		}
	}
	return analyzer.Edit{Span: cut}
}

// InsertWord puts a word behind span, with a blank between: InsertWord(verb, "--no-cache-dir").
func InsertWord(span source.Span, word string) analyzer.Edit {
	return analyzer.Edit{Span: source.Span{Start: span.End, End: span.End}, Text: " " + word}
}

// DeleteWord removes the word at span with the blanks before it. A word that stands alone on a
// continued line takes the whole line with it.
func DeleteWord(doc *dockerfile.Document, span source.Span) analyzer.Edit {
	file := doc.File
	content := file.Bytes()
	line := file.Line(file.LineOf(span.Start))
	if span.End > line.End {
		return analyzer.Edit{Span: source.Span{Start: blanksBefore(content, span.Start, line.Start), End: span.End}}
	}
	before := file.Text(source.Span{Start: line.Start, End: span.Start})
	after := strings.TrimRight(file.Text(source.Span{Start: span.End, End: line.End}), blanks)
	first := strings.TrimLeft(before, blanks) == "" && line.Start > 0
	continued := strings.TrimLeft(after, blanks) == string(doc.Escape)
	switch {
	case first && continued:
		return analyzer.Edit{Span: file.LineWithEnding(file.LineOf(span.Start))}
	case first && after == "":
		// The last line of the instruction: the continuation that leads to it goes too.
		if end, ok := codeEndAbove(doc, file.LineOf(span.Start)); ok {
			return analyzer.Edit{Span: source.Span{Start: end, End: span.End}}
		}
	case first:
		end := span.End
		for end < line.End && strings.IndexByte(blanks, content[end]) >= 0 {
			end++
		}
		return analyzer.Edit{Span: source.Span{Start: span.Start, End: end}}
	}
	return analyzer.Edit{Span: source.Span{Start: blanksBefore(content, span.Start, line.Start), End: span.End}}
}

// codeEndAbove finds where code ends on the nearest line above that is continued, its escape
// character and the blanks before that cut off; comments and blank lines between are passed over.
func codeEndAbove(doc *dockerfile.Document, line int) (offset int, ok bool) {
	for n := line - 1; n >= 1; n-- {
		span := doc.File.Line(n)
		text := strings.TrimRight(doc.File.Text(span), blanks)
		trimmed := strings.TrimLeft(text, blanks)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		if doc.Escape == 0 || !strings.HasSuffix(text, string(doc.Escape)) {
			return 0, false
		}
		return span.Start + len(strings.TrimRight(text[:len(text)-1], blanks)), true
	}
	return 0, false
}

func blanksBefore(content []byte, offset, limit int) int {
	for offset > limit && strings.IndexByte(blanks, content[offset-1]) >= 0 {
		offset--
	}
	return offset
}

// LeadingStart is where an instruction begins with the comments attached to it.
func LeadingStart(doc *dockerfile.Document, in *dockerfile.Instruction) int {
	if len(in.Leading) > 0 {
		return LineStart(doc.File, in.Leading[0].Span.Start)
	}
	return LineStart(doc.File, in.Span.Start)
}

// LineStart is the start of a line, behind the byte order mark, which must stay in front.
func LineStart(file *source.File, offset int) int {
	return max(file.LineStart(offset), file.BOM())
}

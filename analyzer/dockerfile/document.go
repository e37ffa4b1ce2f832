// Package dockerfile turns the bytes of a Dockerfile into instructions whose every part has an
// exact byte span. It is the only importer of BuildKit's parser, which decides what is a valid
// file and where instructions begin and end (it reports lines only); this package finds the bytes.
package dockerfile

import (
	"sort"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Document is a parsed Dockerfile. It is immutable after Parse.
type Document struct {
	File         *source.File
	Escape       byte // '\\', or '`' after "# escape=`"
	Directives   []Directive
	Instructions []*Instruction // in file order
	Comments     []Comment      // all comment lines outside heredocs, in file order; directives are not among them
}

// InstructionAt finds the instruction that a byte offset lies in or at the end of, nil if there is none.
func (d *Document) InstructionAt(offset int) *Instruction {
	after := sort.Search(len(d.Instructions), func(i int) bool { return d.Instructions[i].Span.Start > offset })
	if after == 0 || offset > d.Instructions[after-1].Span.End {
		return nil
	}
	return d.Instructions[after-1]
}

// Directive is a parser directive such as "# syntax=docker/dockerfile:1" at the top of the file.
type Directive struct {
	Span  source.Span // the line from '#' without its line ending
	Name  string      // lower-case: "syntax", "escape", "check"
	Value string
}

// Comment is a comment line, from '#' to the last byte before the line ending.
type Comment struct {
	Span source.Span
	Text string // after '#', blanks trimmed
}

// Instruction is one instruction of the file.
type Instruction struct {
	Keyword     string      // upper-case, such as "RUN"
	KeywordSpan source.Span // as written
	// Span runs from the keyword's first byte to the last byte of its last line before the line
	// ending; the bodies and terminators of heredocs belong to it, comments above it do not. After an
	// escape in the last line of the file's code, the blank and comment lines up to the end of the
	// file are its last lines.
	Span  source.Span
	Flags []Flag
	// Body is what follows keyword and flags, leading and trailing blanks trimmed, up to the end
	// of the (continued) line; heredoc bodies are outside it. Empty at the place where it would be.
	Body source.Span
	// Args are the arguments as Docker splits them: the words of FROM, COPY, EXPOSE and their
	// like, the elements of a JSON form. For the shell form of RUN, CMD, ENTRYPOINT and SHELL, and for
	// WORKDIR, USER, STOPSIGNAL and MAINTAINER, there is one Arg, the whole Body. HEALTHCHECK has its
	// type ("CMD", "NONE") as the first Arg and then those of the command, which its Trigger has too.
	// ENV, ARG and LABEL have Pairs instead; ONBUILD has a Trigger, unknown instructions a Body only.
	Args []Arg
	// Pairs are the assignments of ENV, ARG and LABEL, in order.
	Pairs []Pair
	// JSON tells whether the exec (JSON array) form is used.
	JSON     bool
	Heredocs []Heredoc
	// Comments are the comment lines inside the instruction's continuation.
	Comments []Comment
	// Leading are the comment lines directly above the instruction, without a blank line between.
	Leading []Comment
	// Trigger is the instruction inside an ONBUILD, and the CMD inside a HEALTHCHECK, else nil. Its
	// Heredocs are those of the ONBUILD; Comments and Leading stay with the outer instruction.
	Trigger *Instruction
}

// Flag is an instruction flag such as --from=builder or --mount=type=cache,target=/x.
type Flag struct {
	Span      source.Span // the whole flag
	Name      string      // without the dashes: "from"
	Value     string      // continuations removed; variables unexpanded
	ValueSpan source.Span // after '='; empty at the flag's end when there is none
	HasValue  bool
}

// Options splits the comma-separated key=value list of a --mount flag's value (CSV, as BuildKit
// reads it). A key without '=' has the value "". It is nil when the value is not valid CSV.
func (f Flag) Options() map[string]string { return csvOptions(f.Value) }

// Arg is an argument.
type Arg struct {
	Span source.Span // as written, with quotes
	Text string      // as written, continuations and comment lines removed
	// Value is Text for plain words, and the decoded string for an element of a JSON form.
	// Variables are unexpanded and quotes of plain words still there: env.Expand resolves both.
	Value string
}

// Pair is one assignment of ENV, ARG or LABEL.
type Pair struct {
	Span      source.Span // key, '=' (or blanks in the old form) and value
	Key       string
	KeySpan   source.Span
	Value     string      // as written, continuations removed, quotes and variables unexpanded
	ValueSpan source.Span // empty at the key's end when HasValue is false
	HasValue  bool        // false for "ARG NAME"
	Legacy    bool        // "ENV KEY value" without '='
}

// Heredoc is a here-document of RUN, COPY or ADD.
type Heredoc struct {
	Marker     source.Span // "<<-\"EOF\"" in the instruction's line, with a file descriptor before it
	Descriptor int         // the file descriptor: 3 in "3<<EOF", 0 when there is none
	Name       string      // "EOF"
	StripTabs  bool        // <<-
	Expand     bool        // false when the delimiter is quoted
	Body       source.Span // the lines between, with their line endings
	Terminator source.Span // the closing line without its line ending
}

// Flag is the last flag of that name, as Docker takes it.
func (in *Instruction) Flag(name string) (Flag, bool) {
	for i := len(in.Flags) - 1; i >= 0; i-- {
		if in.Flags[i].Name == name {
			return in.Flags[i], true
		}
	}
	return Flag{}, false
}

// SyntaxError is a file that BuildKit's parser refuses.
type SyntaxError struct {
	Span    source.Span // the line or lines at fault
	Message string      // one sentence without a final period
}

func (e *SyntaxError) Error() string { return e.Message }

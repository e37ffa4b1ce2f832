// Package shell reads the shell code of RUN, CMD, ENTRYPOINT and HEALTHCHECK and gives its simple
// commands with spans in the Dockerfile itself. It is the only importer of mvdan.cc/sh, and the
// only place that knows programs which run other programs (sudo, env, `conda run`): see Unwrap.
package shell

import (
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Script is parsed shell code.
type Script struct {
	Span source.Span
	// Items is the top level as a flat list: what "&&", ";" and newlines join, in order.
	// `a && b || c` is ONE item (the list `&&` binds to an `||`); `a && b; c` is three items.
	Items []Item
	// Commands are all simple commands of the code in source order, at every depth: those inside
	// if, loops, functions, subshells, groups, command substitutions and `sh -c '...'` too.
	// A command stands before those inside its words.
	Commands []*Command
	// Loops are the for and select loops, in source order.
	Loops []Loop
	// Dialect is the one the code was read in: Bash too when POSIX was asked for and refused it.
	Dialect Dialect
}

// Loop is a for or select loop: inside Body, Variable has a value that is not known.
type Loop struct {
	Variable string
	Items    []Word // what it runs over; nil for `for x; do`
	Body     source.Span
	Scope    int // as in Command.Scope
}

// Item is one element of the top-level list.
type Item struct {
	// Span is without the operators around it. For a simple command it is Command.Span, which
	// leaves out the body of a heredoc.
	Span     source.Span
	Operator string // what joins it to the item before: "", "&&", ";", "&" or "\n"
	// OperatorSpan is where that operator stands; empty, at the item's start, for the first one.
	OperatorSpan source.Span
	// Command is the simple command that the item consists of, or nil when it is anything else
	// (a pipeline, an if, an or-list, a background job).
	Command *Command
}

// Command is a simple command: assignments, words, redirections.
type Command struct {
	Span      source.Span // from the first assignment or word to the last word or redirection
	Assigns   []Assign    // X=Y before the command, also the command-less `X=Y`
	Words     []Word      // the program and its arguments
	Redirects []Redirect
	// Certain tells that the command runs on every successful run of the script: it stands in the
	// top-level && / ; / newline list, or inside groups and subshells there, and not behind an
	// "||", an if, a loop, a case, a function body, "!" or a "&", nor behind an `exit` or `exec` that may
	// succeed. `b` in `[ -f x ] && b; c` is not Certain either, since a question may be answered "no";
	// in `a && b; c` it is. The left end of an or-list (`a` in `a || b`) is not Certain: its failure
	// would be swallowed; it has Attempted instead, as have conditions and command substitutions.
	// `a || exit 1` swallows nothing: there `a` is Certain.
	Certain bool
	// Attempted tells that the command runs on every successful run, but its failure may be swallowed.
	// A Certain command is not Attempted.
	Attempted    bool
	Piped        bool   // part of a pipeline of two or more
	Subshell     bool   // changes of directory and variables do not outlive it: ( ), $( ), pipelines, sh -c
	Function     string // the name of the function whose body it is in, or ""
	Substitution bool   // inside $( ) or backquotes
	// Scope numbers the scope, from 0: commands with the same Scope share directory and variables.
	Scope int
	// ParentScope is the scope that encloses this one (-1 for the outermost).
	ParentScope int
	// Exact tells that the spans of this command's words are those bytes of the file; false inside
	// `sh -c "..."` with escapes, where Span is the whole quoted word.
	Exact bool
	// User is whom `su` or `sudo -u` in front of the enclosing `sh -c` made the user (see Unwrap), or "".
	User string
}

// Assign is NAME=value. Value is nil for `NAME=`.
type Assign struct {
	Span  source.Span
	Name  string
	Value *Word // `X+=y` has the value "$X"y
}

// Redirect is a redirection such as `> file` or `2>&1`.
type Redirect struct {
	Span    source.Span // with the operator and a file-descriptor number before it
	Op      string      // ">", ">>", "<", ">&", "<<", ...
	Number  string      // the file descriptor, "" when absent
	Target  *Word       // nil for heredocs
	Heredoc string      // the body of a shell heredoc
}

// Word is a shell word with its quotes.
type Word struct {
	Span  source.Span
	Parts []Part
	// Alternatives are the words that brace expansion makes of this one, nil for none (Bash only).
	Alternatives []Word
	// Inexact tells that Span is not this word alone but all the quoted word that it stands in.
	Inexact bool
}

// PartKind tells the sorts of word parts apart.
type PartKind uint8

const (
	// Literal is fixed text after quote removal.
	Literal PartKind = iota
	// Parameter is $NAME or ${NAME...}.
	Parameter
	// Opaque is anything computed: $(...), $((...)), process substitution, arrays.
	Opaque
)

// Part is a piece of a Word.
type Part struct {
	Kind   PartKind
	Span   source.Span
	Text   string // Literal: the text after quote removal; Parameter: the name
	Quoted bool   // inside quotes: no splitting into fields, no globbing
	// Op and Arg are the operator and word of ${NAME:-word}: "", "-", ":-", "+", ":+", "=", ":=", "?", ":?";
	// any other operator makes the part Opaque.
	Op  string
	Arg *Word
}

// Field is one argument as the program receives it: words after expansion and field splitting.
type Field struct {
	Value env.Value   // Unknown when the field depends on something unknown
	Span  source.Span // the word it came from
	// Literal tells that the field is written out at Span: no variable took part, so an edit of the
	// bytes at Span edits this argument and no other.
	Literal bool
	// Many tells that the unknown word may become any number of fields (unquoted $UNKNOWN or $(...), a glob).
	Many bool
	// Glob tells that an unquoted *, ? or [ of Value is a pattern for file names.
	Glob bool
	// Prefix is the known text that an Unknown field begins with ("flask==" of flask==$UNKNOWN).
	Prefix string
}

// Text is the known text of the field, or "" when it is not known.
func (f Field) Text() string { return f.Value.Or("") }

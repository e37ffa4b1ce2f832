package rules

import (
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// comments holds the doc comments of all rules, each below a line "== CODE". `go test ./rules -update` writes it from the sources, and a test
// fails when it is stale: a rule's doc comment is its documentation, and so can't be forgotten when the rule changes. The sources themselves
// would be four times as much to carry.
var comments string

// commentText is comments, or what the program carries.
func commentText() string {
	if comments != "" {
		return comments
	}
	return commentData()
}

// commentMark begins the line above a comment.
const commentMark = "== "

// Explanation is a rule's documentation in parts. Texts are Markdown.
type Explanation struct {
	What       string // one paragraph: what the rule finds
	Why        string // why that is bad; may be several paragraphs
	Flagged    Example
	Instead    Example
	Fix        string // what the fix does; "" for rules without one
	References string
	Markdown   string // the whole, without a title
}

// Example is a Dockerfile with files of its build context.
type Example struct {
	Dockerfile string
	Files      map[string]string // by slash path; nil when the example needs no context
	Text       string            // as written: the Dockerfile, then "-- path --" and each file
}

// Explain gives the documentation of a registered rule.
func Explain(rule *analyzer.Rule) Explanation {
	_, rest, _ := strings.Cut("\n"+unixLines(commentText()), "\n"+commentMark+rule.Code+"\n")
	comment, _, _ := strings.Cut(rest, "\n"+commentMark)
	return explain(strings.TrimSpace(comment))
}

func unixLines(content string) string { return strings.ReplaceAll(content, "\r\n", "\n") }

// section is the text below one heading of a doc comment; the first has no heading.
type section struct {
	title string
	lines []string
}

func explain(comment string) Explanation {
	var e Explanation
	var markdown []string
	for _, s := range sections(comment) {
		text := strings.Join(proseAndCode(s.lines), "\n")
		if s.title != "" {
			markdown = append(markdown, "## "+s.title)
		}
		if text != "" {
			markdown = append(markdown, text)
		}
		switch s.title {
		case "":
			e.What, e.Why, _ = strings.Cut(text, "\n\n")
			e.Why = strings.TrimSpace(e.Why)
		case "Flagged":
			e.Flagged = example(s.lines)
		case "Instead":
			e.Instead = example(s.lines)
		case "Fix":
			e.Fix = text
		case "References":
			e.References = text
		}
	}
	e.Markdown = strings.Join(markdown, "\n\n") + "\n"
	return e
}

func sections(comment string) []section {
	all := []section{{}}
	for line := range strings.SplitSeq(comment, "\n") {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			all = append(all, section{title: title})
			continue
		}
		last := &all[len(all)-1]
		last.lines = append(last.lines, line)
	}
	return all
}

// proseAndCode turns the indented blocks of a doc comment into fenced ones, a fence for each file.
func proseAndCode(lines []string) []string {
	var out []string
	code := false
	fence := func(open bool, language string) {
		if code {
			for len(out) > 0 && out[len(out)-1] == "" {
				out = out[:len(out)-1]
			}
			out = append(out, "```")
		}
		if open {
			if code {
				out = append(out, "")
			}
			out = append(out, "```"+language)
		}
		code = open
	}
	for _, line := range lines {
		text, indented := strings.CutPrefix(line, "\t")
		switch name, isFile := fileMarker(text); {
		case indented && isFile:
			fence(false, "")
			out = append(out, "", "`"+name+"`:", "")
			fence(true, "")
		case indented && !code:
			fence(true, "dockerfile")
			out = append(out, text)
		case indented || code && line == "":
			out = append(out, text)
		default:
			if code {
				fence(false, "")
				out = append(out, "")
			}
			out = append(out, strings.TrimPrefix(line, "  "))
		}
	}
	fence(false, "")
	return strings.Split(strings.Trim(strings.Join(out, "\n"), "\n"), "\n")
}

func fileMarker(line string) (name string, ok bool) {
	name, ok = strings.CutPrefix(line, "-- ")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, " --")
}

// example reads the indented lines of a section as a txtar archive whose comment is the Dockerfile.
func example(lines []string) Example {
	var text strings.Builder
	pending := 0
	for _, line := range lines {
		code, indented := strings.CutPrefix(line, "\t")
		switch {
		case indented:
			text.WriteString(strings.Repeat("\n", pending) + code + "\n")
			pending = 0
		case line == "" && text.Len() > 0:
			pending++
		default:
			pending = 0
		}
	}
	archive := txtar.Parse([]byte(text.String()))
	e := Example{Dockerfile: string(archive.Comment), Text: text.String()}
	for _, f := range archive.Files {
		if e.Files == nil {
			e.Files = map[string]string{}
		}
		e.Files[f.Name] = string(f.Data)
	}
	return e
}

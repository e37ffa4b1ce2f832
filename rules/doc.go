package rules

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// The package carries its own source: a rule's doc comment is its documentation, and so can't
// be forgotten when the rule changes.
//
//go:embed *.go
var sources embed.FS

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
	// A rule stands in the file of its name. To read all takes longer than to lint a file.
	comments := map[string]string{}
	if content, err := sources.ReadFile(strings.ReplaceAll(rule.Name, "-", "_") + ".go"); err == nil {
		addComments(comments, unixLines(content))
	}
	comment, ok := comments[rule.Code]
	if !ok {
		comment = docComments()[rule.Code]
	}
	return explain(comment)
}

func unixLines(content []byte) string { return strings.ReplaceAll(string(content), "\r\n", "\n") }

// allComments are what docComments gives, once it was asked. A sync.OnceValue would be a variable that is set at every start, and
// a program that explains no rule, such as the playground, would carry the sources nevertheless.
var allComments struct {
	once   sync.Once
	byCode map[string]string
}

// docComments maps the code of each rule to its doc comment without comment markers.
func docComments() map[string]string {
	allComments.once.Do(func() { allComments.byCode = readComments() })
	return allComments.byCode
}

func readComments() map[string]string {
	found := map[string]string{}
	files, _ := fs.Glob(sources, "*.go")
	for _, name := range files {
		content, err := sources.ReadFile(name)
		if err != nil || strings.HasSuffix(name, "_test.go") || !bytes.Contains(content, []byte("= register(")) {
			continue
		}
		addComments(found, unixLines(content))
	}
	return found
}

// addComments finds the registrations in a file, `var Name = register(analyzer.Rule{` followed by Code, and the
// comment right above each.
func addComments(comments map[string]string, content string) {
	comment, name := "", "" // the comment above, the variable whose Code is to come
	start := 0
	for at := 0; at < len(content); {
		line := content[at:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		switch {
		case strings.HasPrefix(line, "//"):
			if comment == "" {
				start = at
			}
			comment = content[start : at+len(line)]
		case strings.HasPrefix(line, "var ") && strings.Contains(line, " = register(analyzer.Rule{"):
			name, _, _ = strings.Cut(line[len("var "):], " ")
			fallthrough
		case name != "":
			if _, after, ok := strings.Cut(line, `Code: "`); ok {
				code, _, _ := strings.Cut(after, `"`)
				comments[code] = sentence(uncomment(comment), name)
				name = ""
			}
		}
		if name == "" && !strings.HasPrefix(line, "//") {
			comment = ""
		}
		at += len(line)
	}
}

func uncomment(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimRight(line, "\n"), "//")
		lines = append(lines, strings.TrimPrefix(line, " "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// sentence drops the variable's name, with which a doc comment begins and which says nothing to a user.
func sentence(comment, name string) string {
	rest, ok := strings.CutPrefix(comment, name+" ")
	if !ok || rest == "" {
		return comment
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}

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

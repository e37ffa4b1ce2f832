// Package playground answers the page that runs the analyzer in a browser: a Dockerfile and the files of its build context in,
// findings, fixed texts and pictures out, all as JSON. It reads nothing but what it is given.
package playground

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/graph"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// Dockerfile is the path of the file that is linted.
const Dockerfile = "Dockerfile"

// Request is what the page asks about.
type Request struct {
	// Files are the texts by slash path relative to the build context; Dockerfile must be one of them. When it is the only
	// one, nothing is known of the context.
	Files map[string]string `json:"files"`
	// Level of the fixes that Repair applies: "safe" or "unsafe", which means both kinds.
	Level string `json:"level,omitempty"`
}

// Checked is the answer of Check.
type Checked struct {
	Findings []Finding `json:"findings"` // the Dockerfile's first, in the order of their places
	Graph    string    `json:"graph"`    // the stages as SVG; "" for what can't be parsed
	Errors   []string  `json:"errors"`   // mistakes of ours, and files that can't be linted
}

// Finding is a finding as the page shows it.
type Finding struct {
	Code     string    `json:"code"`
	Name     string    `json:"name"`
	Severity string    `json:"severity"` // "error", "warning" or "info"
	Message  string    `json:"message"`
	URL      string    `json:"url"`
	Range    Range     `json:"range"`
	Related  []Related `json:"related"`
	Fix      *Fix      `json:"fix"`
	Do       string    `json:"do"`     // what a person does about a finding without a fix; "" otherwise
	NoFix    string    `json:"no_fix"` // why there is no fix though the rule often has one; "" otherwise
}

// Range is a place in a file.
type Range struct {
	Path  string   `json:"path"` // a key of Request.Files, or that of a file to be made
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Position is a place as browsers count: Line is one-based and ends at a newline, Column counts the UTF-16 code units of the
// line before the place, a byte order mark among them.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Related is another place that belongs to a finding.
type Related struct {
	Message string `json:"message"`
	Range   Range  `json:"range"`
}

// Fix is a change that repairs a finding.
type Fix struct {
	Title         string `json:"title"`
	Applicability string `json:"applicability"` // "safe", "unsafe" or "suggestion"
	Edits         []Edit `json:"edits"`
}

// Edit replaces the text at a place.
type Edit struct {
	Range  Range  `json:"range"`
	Text   string `json:"text"`
	Create bool   `json:"create"` // the file does not exist yet
}

// Fixed is the answer of Repair.
type Fixed struct {
	Files     map[string]string `json:"files"` // those that change, and their new texts
	Diff      string            `json:"diff"`  // what `check --diff` prints
	Applied   []string          `json:"applied"`
	Remaining int               `json:"remaining"` // findings that are left
	Graph     string            `json:"graph"`     // of the fixed Dockerfile
	Errors    []string          `json:"errors"`
}

// Check judges the files as they are. It never panics: a mistake of ours is an error in the answer.
func Check(request []byte) (answer []byte) {
	checked := Checked{Findings: []Finding{}, Errors: []string{}}
	defer recovered(&answer, func(message string) any { return Checked{Findings: []Finding{}, Errors: []string{message}} })
	unit, files, _, err := open(request)
	if err != nil {
		checked.Errors = append(checked.Errors, err.Error())
		return encode(checked)
	}
	defer unit.Close()
	result := unit.Run()
	p := places{files: files, known: map[string]*source.File{Dockerfile: result.File}}
	for _, d := range result.Diagnostics {
		checked.Findings = append(checked.Findings, p.finding(d))
	}
	checked.Errors = append(checked.Errors, texts(result.Errors)...)
	checked.Graph = picture(result.Build)
	return encode(checked)
}

// Repair applies the fixes of Request.Level until none is left. It never panics.
func Repair(request []byte) (answer []byte) {
	fixed := Fixed{Files: map[string]string{}, Applied: []string{}, Errors: []string{}}
	defer recovered(&answer, func(message string) any {
		return Fixed{Files: map[string]string{}, Applied: []string{}, Errors: []string{message}}
	})
	unit, files, level, err := open(request)
	if err != nil {
		fixed.Errors = append(fixed.Errors, err.Error())
		return encode(fixed)
	}
	defer unit.Close()
	done, err := unit.Loop(level)
	if err != nil {
		fixed.Errors = append(fixed.Errors, err.Error())
	}
	for path, content := range done.Files.Others {
		fixed.add(files, path, string(content))
	}
	fixed.add(files, Dockerfile, string(done.Files.Dockerfile))
	fixed.Diff = difference(files, fixed.Files)
	for _, a := range done.Applied {
		path := a.Path
		if path == "" {
			path = Dockerfile
		}
		fixed.Applied = append(fixed.Applied, fmt.Sprintf("%s:%d %s %s", path, a.Line, a.Rule.Code, a.Title))
	}
	for _, d := range done.Dropped {
		fixed.Errors = append(fixed.Errors, fmt.Sprintf("%s: the fix %q is left out: %v", d.Rule.Code, d.Title, d.Err))
	}
	fixed.Remaining = len(done.Result.Diagnostics)
	fixed.Errors = append(fixed.Errors, texts(done.Result.Errors)...)
	fixed.Graph = picture(done.Result.Build)
	return encode(fixed)
}

// add remembers a file if it changes.
func (f *Fixed) add(files map[string]string, path, content string) {
	if before, known := files[path]; !known || before != content {
		f.Files[path] = content
	}
}

// open prepares the Dockerfile of a request.
func open(request []byte) (*lint.Unit, map[string]string, analyzer.Safety, error) {
	var r Request
	if err := json.Unmarshal(request, &r); err != nil {
		return nil, nil, 0, fmt.Errorf("the request is not JSON: %w", err)
	}
	content, ok := r.Files[Dockerfile]
	if !ok {
		return nil, nil, 0, errors.New("there is no file " + Dockerfile)
	}
	level := analyzer.Safe
	if r.Level == "unsafe" {
		level = analyzer.Unsafe
	}
	in := lint.Input{Path: Dockerfile, Recorded: true}
	in.Content, in.Err = lint.Read(strings.NewReader(content))
	if len(r.Files) > 1 {
		in.Files = make(map[string][]byte, len(r.Files))
		for path, text := range r.Files {
			cleaned, err := lint.ContextPath(path)
			if err != nil || cleaned != path {
				return nil, nil, 0, fmt.Errorf("%q is no name of a file in a build context", path)
			}
			in.Files[path] = []byte(text)
		}
	}
	linter, err := lint.New(lint.Options{Dir: "/", Isolated: true, Today: time.Now()})
	if err != nil {
		return nil, nil, 0, err
	}
	unit, err := linter.Open(in)
	return unit, r.Files, level, err
}

// picture draws the stages, "" when there are none.
func picture(build *analyzer.Build) string {
	if build == nil {
		return ""
	}
	var svg bytes.Buffer
	if err := graph.Write(&svg, "svg", graph.Of(build), graph.Style{}); err != nil {
		return ""
	}
	return svg.String()
}

// recovered turns a panic into an answer.
func recovered(answer *[]byte, say func(message string) any) {
	if p := recover(); p != nil {
		*answer = encode(say(fmt.Sprintf("internal error: %v", p)))
	}
}

func texts(errs []error) []string {
	var list []string
	for _, err := range errs {
		list = append(list, err.Error())
	}
	return list
}

func encode(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil { // structs of strings and numbers always are JSON
		return []byte("{}")
	}
	return b.Bytes()
}

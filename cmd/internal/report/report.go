// Package report writes findings for people and for programs. Each format is a function over the
// same Run; none of them decides what is a finding.
package report

import (
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Run is what is reported: the outcome of linting some files.
type Run struct {
	Targets []Target // in the order of the report
	// Rules are all rules of the program, by code.
	Rules []*analyzer.Rule
	// Why is the sentence that says why findings of a rule matter, "" for none. May be nil.
	Why func(*analyzer.Rule) string
	// Help is a rule's documentation as Markdown. May be nil.
	Help    func(*analyzer.Rule) string
	Version string
	// FromRoot turns the name of a file into one with slashes from the root of the repository, for formats whose readers stand
	// there: annotations and reports of a pull request. nil leaves names as they are.
	FromRoot func(name string) string
}

func (r *Run) fromRoot(name string) string {
	if r.FromRoot != nil {
		return r.FromRoot(name)
	}
	return strings.TrimPrefix(filepath.ToSlash(name), "./")
}

// Target is a linted file with its findings in order of place.
type Target struct {
	File        *source.File
	Diagnostics []analyzer.Diagnostic
	// Bases are the base images of which nothing is known.
	Bases []string
	// Open gives another file that a finding names, by its Path; its Name is the one to show. It may be nil, and may
	// give nil for a file that can't be read or does not exist yet.
	Open func(path string) *source.File
	// NameOf is what to call the file at Path that Open may not have. It may be nil.
	NameOf func(path string) string
	// Picture is an SVG of the stages, for formats that show one; nil for none.
	Picture []byte
	// Image is what a built image consists of and what its start comes to, in lines, for formats that show it; "" for none.
	Image string
}

// file gives the file at a path of a diagnostic. It is never nil.
func (t *Target) file(path string) *source.File {
	if path == "" {
		return t.File
	}
	if t.Open != nil {
		if f := t.Open(path); f != nil {
			return f
		}
	}
	name := path
	if t.NameOf != nil {
		name = t.NameOf(path)
	}
	return source.New(name, nil)
}

// Style says how a report for people looks.
type Style struct {
	Color bool
	Width int // columns of the terminal; 0 means 100
	Quiet bool
	// Links makes codes links to the pages of rules (OSC 8).
	Links bool
	// Unsafe tells that --unsafe-fixes was given: fixable then means both kinds.
	Unsafe bool
	// FixOnly tells that what is left after fixes is not reported.
	FixOnly bool
	Files   int // how many files were linted, for the summary
	Fixed   int // how many findings --fix has repaired, for the summary
}

// Formats are the names that Write knows, the default first.
var Formats = []string{"full", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "html"}

// Write writes the run in the named format.
func Write(w io.Writer, format string, run *Run, style Style) error {
	switch format {
	case "full", "concise", "json":
		return stream(w, format, run, style)
	case "sarif":
		return writeSARIF(w, run)
	case "gitlab":
		return gitlab(w, run)
	case "junit":
		return junit(w, run)
	case "checkstyle":
		return checkstyle(w, run)
	case "markdown":
		return markdown(w, run, style)
	case "html":
		return html(w, run, style)
	case "github":
		return github(w, run)
	}
	return fmt.Errorf("unknown output format %q", format)
}

// URL is the page that documents a rule.
func URL(rule *analyzer.Rule) string { return rule.URL() }

// Sort brings findings into the order of every report: the Dockerfile's first, then those of other files
// by path; in a file by place, then by code.
func Sort(found []analyzer.Diagnostic) {
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i], found[j]
		switch {
		case a.Path != b.Path:
			return a.Path < b.Path
		case a.Span.Start != b.Span.Start:
			return a.Span.Start < b.Span.Start
		case a.Span.End != b.Span.End:
			return a.Span.End < b.Span.End
		case a.Rule.Code != b.Rule.Code:
			return a.Rule.Code < b.Rule.Code
		}
		return a.Message < b.Message
	})
}

// counts is what a summary counts.
type counts struct {
	total                  int
	unknown, parameters    int // files with base images that are not known, and with such whose name is not
	bases                  []string
	errors, warnings, info int
	safe, unsafe           int
	worst                  *analyzer.Rule // the first of the gravest severity, nil of nothing
	severity               analyzer.Severity
}

func count(run *Run) (c counts) {
	for i := range run.Targets {
		c.add(&run.Targets[i])
	}
	return c
}

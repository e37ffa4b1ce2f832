package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// Stream writes a report file by file, in a format that allows it. What was written takes no memory.
type Stream struct {
	out    *bufio.Writer
	colors palette
	counts counts
	habits bool // target counts, by habits
	target func(*Target)
	end    func(files, fixed int)
}

// NewStream begins a report in the named format; ok is false when the format needs all findings before the first can be
// written. Targets, Files and Fixed are left to the methods.
func NewStream(w io.Writer, format string, run *Run, style Style) (s *Stream, ok bool) {
	s = &Stream{out: bufio.NewWriter(w), colors: newPalette(style), end: func(int, int) {}}
	summarize := func(files, fixed int) {
		style.Files, style.Fixed = files, fixed
		summary(s.out, s.counts, style, s.colors)
	}
	switch format {
	case "full":
		p := newPrinter(s.out, run, style)
		p.counts = &s.counts
		s.target, s.habits = p.target, true
		s.end = func(files, fixed int) {
			summarize(files, fixed)
			sayNext(s.out, s.counts, style)
		}
	case "concise":
		s.target, s.end = s.concise, summarize
	case "json":
		s.json()
	default:
		return nil, false
	}
	return s, true
}

// Target writes the findings of one file.
func (s *Stream) Target(t *Target) {
	if s.habits {
		s.counts.onto(t)
	} else {
		s.counts.add(t)
	}
	s.target(t)
}

// Close ends the report: files is how many were linted, fixed how many findings --fix has repaired. The error is that of the
// first write that failed.
func (s *Stream) Close(files, fixed int) error {
	s.end(files, fixed)
	return s.out.Flush()
}

// stream writes a whole run in a format that NewStream knows.
func stream(w io.Writer, format string, run *Run, style Style) error {
	s, _ := NewStream(w, format, run, style)
	for i := range run.Targets {
		s.Target(&run.Targets[i])
	}
	return s.Close(style.Files, style.Fixed)
}

// concise writes a line per finding.
func (s *Stream) concise(t *Target) {
	for _, d := range t.Diagnostics {
		_, colored := header(t.file(d.Path), d, s.colors)
		_, _ = s.out.WriteString(colored + " " + clean(d.Message) + "\n") // Close tells of errors
	}
}

// json writes an array, indented as by encode.
func (s *Stream) json() {
	const indent = "  "
	before := "[\n" + indent
	s.target = func(t *Target) {
		for _, d := range t.Diagnostics {
			var text bytes.Buffer
			encoder := json.NewEncoder(&text)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent(indent, indent)
			_ = encoder.Encode(jsonOf(t, d)) // strings and numbers are always JSON
			_, _ = s.out.WriteString(before)
			_, _ = s.out.Write(escapeControls(bytes.TrimSuffix(text.Bytes(), []byte("\n"))))
			before = ",\n" + indent
		}
	}
	s.end = func(int, int) {
		if s.counts.total == 0 {
			_, _ = s.out.WriteString("[]\n")
			return
		}
		_, _ = s.out.WriteString("\n]\n")
	}
}

// onto notes the file's base images that are not known.
func (c *counts) onto(t *Target) {
	named, parameter := false, false
	for _, base := range t.Bases {
		isParameter := strings.HasPrefix(base, "$")
		named, parameter = named || !isParameter, parameter || isParameter
		if !slices.Contains(c.bases, base) {
			c.bases = append(c.bases, base)
		}
	}
	if named {
		c.unknown++
	}
	if parameter {
		c.parameters++
	}
}

func (c *counts) add(t *Target) {
	c.onto(t)
	for _, d := range t.Diagnostics {
		c.one(d)
	}
}

func (c *counts) one(d analyzer.Diagnostic) {
	c.total++
	if c.worst == nil || d.Severity > c.severity {
		c.worst, c.severity = d.Rule, d.Severity
	}
	switch d.Severity {
	case analyzer.Error:
		c.errors++
	case analyzer.Warning:
		c.warnings++
	default:
		c.info++
	}
	switch {
	case d.Fix == nil:
	case d.Fix.Safety == analyzer.Safe:
		c.safe++
	case d.Fix.Safety == analyzer.Unsafe:
		c.unsafe++
	}
}

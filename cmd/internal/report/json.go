package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// The JSON format is an array in the manner of ruff's, so that tools which read that can read this.
type jsonFinding struct {
	Code        string        `json:"code"`
	Name        string        `json:"name"`
	Severity    string        `json:"severity"`
	Message     string        `json:"message"`
	Filename    string        `json:"filename"`
	Location    jsonPlace     `json:"location"`
	EndLocation jsonPlace     `json:"end_location"`
	Fix         *jsonFix      `json:"fix"`
	NoFixReason string        `json:"no_fix_reason,omitempty"` // beside a fix of null: why there is none, or what to do instead
	Related     []jsonRelated `json:"related"`
	URL         string        `json:"url"`
}

// jsonPlace is one-based; columns count characters.
type jsonPlace struct {
	Row    int `json:"row"`
	Column int `json:"column"`
}

type jsonFix struct {
	Applicability string     `json:"applicability"`
	Message       string     `json:"message"`
	Edits         []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Filename    string    `json:"filename"`
	Content     string    `json:"content"`
	Location    jsonPlace `json:"location"`
	EndLocation jsonPlace `json:"end_location"`
	Create      bool      `json:"create,omitempty"` // the file does not exist yet
}

type jsonRelated struct {
	Filename    string    `json:"filename"`
	Message     string    `json:"message"`
	Location    jsonPlace `json:"location"`
	EndLocation jsonPlace `json:"end_location"`
}

// encode writes indented JSON that a person can read: < and & stay what they are.
func encode(w io.Writer, v any) error { return encodeIndented(w, v, "  ") }

func encodeIndented(w io.Writer, v any, indent string) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeControls(out.Bytes()))
	return err
}

// escapeControls escapes what JSON need not, but what could command a terminal that shows it: DEL, the C1 controls and marks of the
// reading direction. They stand in strings only.
func escapeControls(text []byte) []byte {
	isOne := func(r rune) bool { return r == 0x7f || hostile(r) }
	if bytes.IndexFunc(text, isOne) < 0 {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		if isOne(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
			continue
		}
		out.WriteRune(r)
	}
	return out.Bytes()
}

func jsonOf(t *Target, d analyzer.Diagnostic) jsonFinding {
	file := t.file(d.Path)
	f := jsonFinding{
		Code: d.Rule.Code, Name: d.Rule.Name, Severity: d.Severity.String(), Message: d.Message,
		Filename: file.Name(), Related: []jsonRelated{}, URL: URL(d.Rule),
	}
	f.Location, f.EndLocation = jsonSpan(file, d.Span)
	for _, r := range d.Related {
		other := t.file(r.Path)
		related := jsonRelated{Filename: other.Name(), Message: r.Message}
		related.Location, related.EndLocation = jsonSpan(other, r.Span)
		f.Related = append(f.Related, related)
	}
	if d.Fix == nil {
		f.NoFixReason = cmp.Or(d.NoFixReason, d.Rule.Do)
		return f
	}
	f.Fix = &jsonFix{Applicability: d.Fix.Safety.String(), Message: d.Fix.Title, Edits: []jsonEdit{}}
	for _, e := range d.Fix.Edits {
		other := t.file(e.Path)
		edit := jsonEdit{Filename: other.Name(), Content: e.Text, Create: e.Create}
		edit.Location, edit.EndLocation = jsonSpan(other, e.Span)
		f.Fix.Edits = append(f.Fix.Edits, edit)
	}
	return f
}

func jsonSpan(file *source.File, span source.Span) (start, end jsonPlace) {
	from, to := file.Position(span.Start), file.Position(max(span.Start, span.End))
	return jsonPlace{from.Line, from.Column}, jsonPlace{to.Line, to.Column}
}

// valid replaces each byte that is not UTF-8, which no format of text may hold, as the JSON encoder does.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune { return r }, text)
}

package playground

import (
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/diff"
)

// places turns byte offsets into what a browser counts.
type places struct {
	files map[string]string
	known map[string]*source.File
}

func (p *places) finding(d analyzer.Diagnostic) Finding {
	f := Finding{
		Code: d.Rule.Code, Name: d.Rule.Name, Severity: d.Severity.String(), Message: d.Message, URL: d.Rule.URL(),
		Range: p.at(d.Path, d.Span), Related: []Related{}, NoFix: d.NoFixReason, Do: doOf(d),
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, Related{r.Message, p.at(r.Path, r.Span)})
	}
	if d.Fix == nil {
		return f
	}
	f.Fix = &Fix{Title: d.Fix.Title, Applicability: d.Fix.Safety.String(), Edits: []Edit{}}
	for _, e := range d.Fix.Edits {
		f.Fix.Edits = append(f.Fix.Edits, Edit{p.at(e.Path, e.Span), e.Text, e.Create})
	}
	return f
}

func (p *places) at(path string, span source.Span) Range {
	if path == "" {
		path = Dockerfile
	}
	file := p.known[path]
	if file == nil {
		file = source.New(path, []byte(p.files[path]))
		p.known[path] = file
	}
	return Range{path, position(file, span.Start), position(file, max(span.Start, span.End))}
}

func position(file *source.File, offset int) Position {
	offset = max(0, min(offset, file.Len()))
	at := file.Position(offset)
	if at.Line == 1 && file.BOM() > 0 && offset >= file.BOM() {
		at.Column16++ // it is a character of the page's text
	}
	return Position{at.Line, at.Column16}
}

// difference tells in the unified format what changes, file by file.
func difference(before, after map[string]string) string {
	var out strings.Builder
	for _, path := range slices.Sorted(maps.Keys(after)) {
		old, known := before[path]
		from := path
		if !known {
			from = os.DevNull
		}
		out.WriteString(diff.Unified(from, path, old, after[path]))
	}
	return out.String()
}

// doOf is what to do about a finding without a fix.
func doOf(d analyzer.Diagnostic) string {
	if d.Fix != nil {
		return ""
	}
	return d.Rule.Do
}

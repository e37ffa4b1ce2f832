package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// guest is a Dockerfile that is written into a compose or bake file, its host. It is judged as a file of its own, and what is found is
// brought to the places in the host.
type guest struct {
	snapshot
	at *lint.Embedded
	// indent stands before each line of a block scalar; quoted tells that the text stands between double quotes, in one line.
	indent string
	quoted bool
}

// guests are the Dockerfiles in the host, in the order of the file.
func (sn *snapshot) guests() []*guest {
	sn.guestsOnce.Do(func() { sn.inside = sn.guestsIn(sn.file) })
	return sn.inside
}

func (sn *snapshot) guestsIn(file *source.File) (list []*guest) {
	for i, in := range sn.linter.Inside(sn.path, file.Bytes()) {
		g := &guest{at: in.Embedded}
		g.uri, g.path, g.version = fmt.Sprintf("%s#%d", sn.uri, i), sn.path, sn.version
		g.file, g.encoding, g.linter, g.unsaved, g.slots = source.New(sn.path, in.Content), sn.encoding, sn.linter, sn.unsaved, sn.slots
		g.done, g.input, g.host = make(chan struct{}), &in, sn
		g.indent = g.indentIn(file)
		if offsets := g.at.Offsets(); len(offsets) > 0 && offsets[0] > 0 {
			g.quoted = file.Bytes()[offsets[0]-1] == '"'
		}
		list = append(list, g)
	}
	return list
}

// indentIn is what stands before the first line that has anything in it.
func (g *guest) indentIn(host *source.File) string {
	offsets, text := g.at.Offsets(), g.file.Bytes()
	for i := range min(len(text), len(offsets)) {
		if text[i] != '\n' && (i == 0 || text[i-1] == '\n') {
			before := host.Text(source.Span{Start: host.LineStart(offsets[i]), End: offsets[i]})
			if strings.Trim(before, " \t") != "" {
				return ""
			}
			return before
		}
	}
	return ""
}

// holds tells whether the host's bytes from start to end touch the Dockerfile. One whose text and place can't be brought together has no
// places.
func (g *guest) holds(at source.Span) bool {
	offsets := g.at.Offsets()
	return len(offsets) > 0 && touches(at, source.Span{Start: offsets[0], End: offsets[len(offsets)-1]})
}

// inner is the offset in the Dockerfile of one in the host; one in the indentation means the start of the line.
func (g *guest) inner(offset int) int {
	offsets := g.at.Offsets()
	return min(sort.SearchInts(offsets, offset), len(offsets)-1)
}

func (g *guest) innerPosition(p Position) Position {
	return g.encoding.position(g.file, g.inner(g.encoding.offset(g.host.file, p)))
}

func (g *guest) outerRange(r Range) Range {
	return g.encoding.rangeOf(g.host.file, g.at.Span(g.encoding.span(g.file, r)))
}

// diagnostic is a finding with its places in the host; own tells that it is about the Dockerfile itself.
func (g *guest) diagnostic(d Diagnostic, own bool) Diagnostic {
	if own {
		d.Range = g.outerRange(d.Range)
	}
	d.RelatedInformation = slices.Clone(d.RelatedInformation)
	for i := range d.RelatedInformation {
		if at := &d.RelatedInformation[i].Location; at.URI == g.uri {
			at.URI, at.Range = g.host.uri, g.outerRange(at.Range)
		}
	}
	return d
}

// insideHost answers a request about a compose or bake file by asking for the Dockerfiles in it: the one at the place that the request is
// about, or all of them.
func insideHost(method string, handle requestHandler) requestHandler {
	return func(ctx context.Context, v *view) (any, error) {
		var all []any
		for _, g := range v.guests() {
			inner, asked := g.ask(method, v)
			if !asked {
				continue
			}
			result, err := handle(ctx, inner)
			if err != nil {
				return nil, err
			}
			outer, err := g.answer(result)
			if err != nil {
				return nil, err
			}
			list, isList := outer.([]any)
			if !isList {
				if outer != nil {
					return outer, nil
				}
				continue
			}
			all = append(all, list...)
		}
		if all == nil {
			return emptyResults[method], nil
		}
		return all, nil
	}
}

// wholeDocument are the requests that are about no place.
var wholeDocument = map[string]bool{
	"textDocument/documentSymbol": true, "textDocument/foldingRange": true, "textDocument/documentLink": true, "textDocument/codeLens": true,
	"textDocument/formatting": true,
}

// ask is the request as one about the Dockerfile; false when it is not about that.
func (g *guest) ask(method string, v *view) (*view, bool) {
	inner := *v
	inner.snapshot = &g.snapshot
	inner.lenses.Commands = false // they are about the Dockerfile that is in front
	if len(g.at.Offsets()) == 0 {
		return nil, false
	}
	switch {
	case wholeDocument[method]:
		return &inner, true
	case method == "textDocument/codeAction", method == "textDocument/inlayHint", method == "textDocument/rangeFormatting":
		if !g.holds(v.encoding.span(v.file, v.params.Range)) {
			return nil, false
		}
		inner.params.Range = Range{g.innerPosition(v.params.Range.Start), g.innerPosition(v.params.Range.End)}
		return &inner, true
	}
	at := v.encoding.offset(v.file, v.params.Position)
	if !g.holds(source.Span{Start: at, End: at}) {
		return nil, false
	}
	inner.params.Position = g.innerPosition(v.params.Position)
	return &inner, true
}

// answer brings a result to the host. What can't be written there with certainty is left out of a list, and else an error.
func (g *guest) answer(result any) (any, error) {
	if edits, isText := result.([]TextEdit); isText {
		m := mover{guest: g}
		list := []any{}
		for _, e := range m.edits(edits) {
			if list = append(list, e); m.refused {
				return []any{}, nil
			}
		}
		return list, nil
	}
	body, err := json.Marshal(result)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	list, isList := value.([]any)
	if !isList {
		m := mover{guest: g}
		value = m.move(value, true)
		if m.refused {
			return nil, failf(codeRequestFailed, "%s can't be changed here with certainty", g.path)
		}
		return value, nil
	}
	kept := []any{}
	for _, element := range list {
		m := mover{guest: g}
		if element = m.move(element, true); !m.refused {
			kept = append(kept, element)
		}
	}
	return kept, nil
}

// mover brings JSON of the protocol from a Dockerfile to its host.
type mover struct {
	*guest
	refused bool // an edit can't be written
}

// move changes the places of a value; own tells that they are in the Dockerfile.
func (m *mover) move(value any, own bool) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = m.move(v[i], own)
		}
	case map[string]any:
		return m.object(v, own)
	}
	return value
}

func (m *mover) object(v map[string]any, own bool) any {
	if uri, ok := v["uri"].(string); ok {
		if own = uri == m.uri; own {
			v["uri"] = m.host.uri
		}
	}
	if changes, ok := v["changes"].(map[string]any); ok {
		if edits, ok := changes[m.uri]; ok {
			delete(changes, m.uri)
			changes[m.host.uri] = m.edits(edits)
		}
		return v
	}
	if document, ok := v["textDocument"].(map[string]any); ok && v["edits"] != nil {
		if document["uri"] == m.uri {
			document["uri"], v["edits"] = m.host.uri, m.edits(v["edits"])
		}
		return v
	}
	if line, ok := v["startLine"].(json.Number); ok {
		return m.fold(v, line)
	}
	for key, inner := range v {
		switch {
		case !own:
			v[key] = m.move(inner, own)
		case isRange(inner):
			v[key] = m.outerRange(decoded[Range](inner))
		case isPosition(inner):
			p := decoded[Position](inner)
			v[key] = m.outerRange(Range{p, p}).Start
		default:
			v[key] = m.move(inner, own)
		}
	}
	if text, ok := v["newText"].(string); ok && own {
		v["newText"] = m.written(text)
	}
	return v
}

func isPosition(v any) bool {
	object, _ := v.(map[string]any)
	return object["line"] != nil && object["character"] != nil
}

func isRange(v any) bool {
	object, _ := v.(map[string]any)
	return isPosition(object["start"]) && isPosition(object["end"])
}

// decoded reads a value that was just read from JSON.
func decoded[T any](v any) (read T) {
	body, _ := json.Marshal(v)
	_ = json.Unmarshal(body, &read)
	return read
}

func (m *mover) fold(v map[string]any, line json.Number) any {
	first, _ := line.Int64()
	end, _ := v["endLine"].(json.Number)
	last, _ := end.Int64()
	v["startLine"] = m.outerRange(Range{Position{int(first), 0}, Position{int(first), 0}}).Start.Line
	v["endLine"] = m.outerRange(Range{Position{int(last), 0}, Position{int(last), 0}}).Start.Line
	return v
}

// written is text as the host writes it: indented, and with a dollar that compose does not take for a variable's.
func (g *guest) written(text string) string {
	if strings.HasSuffix(g.path, "ml") {
		text = strings.ReplaceAll(text, "$", "$$")
	} else {
		text = strings.ReplaceAll(text, "${", "$${")
	}
	if g.quoted {
		return strings.NewReplacer("\n", `\n`, "\t", `\t`, `"`, `\"`, `\`, `\\`).Replace(text)
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if i > 0 && line != "\n" {
			lines[i] = g.indent + line
		}
	}
	return strings.Join(lines, "")
}

// edits are those of the Dockerfile as edits of the host. They are proven: the Dockerfile that the changed host holds is the changed
// Dockerfile.
func (m *mover) edits(value any) []TextEdit {
	edits := decoded[[]TextEdit](value)
	outer := make([]TextEdit, 0, len(edits))
	for _, e := range edits {
		outer = append(outer, m.edit(e))
	}
	want, ok := m.encoding.applyAll(m.file, edits)
	changed, done := m.encoding.applyAll(m.host.file, outer)
	if !ok || !done {
		m.refused = true
		return nil
	}
	guests := m.host.guestsIn(changed)
	if own := slices.Index(m.host.guests(), m.guest); own >= len(guests) || !bytes.Equal(guests[own].file.Bytes(), want.Bytes()) {
		m.refused = true
	}
	return outer
}

func (g *guest) edit(e TextEdit) TextEdit {
	span := g.encoding.span(g.file, e.Range)
	offsets, host := g.at.Offsets(), g.host.file
	outer := source.Span{Start: offsets[span.Start], End: offsets[span.End]}
	if span.Start < g.file.Len() && g.file.Bytes()[span.Start] == '$' && outer.Start > 0 && host.Bytes()[outer.Start-1] == '$' {
		outer.Start-- // the first of two dollars
	}
	if span.End < g.file.Len() && g.file.Bytes()[span.End] == '$' && outer.End > outer.Start && host.Bytes()[outer.End-1] == '$' {
		outer.End--
	}
	text := g.written(e.NewText)
	// The end of the last line is where another line of the host begins, which has an indentation of its own.
	if last := g.file.Len() - 1; span.End > last && last >= 0 && host.Text(source.Span{Start: offsets[last], End: offsets[last] + 1}) == "\n" {
		if outer.End = offsets[last] + 1; span.Start > last {
			outer.Start = outer.End
		}
		text = strings.TrimSuffix(text, g.indent)
		if span.Start == 0 || g.file.Bytes()[span.Start-1] == '\n' {
			outer.Start = host.LineStart(outer.Start)
			if text != "" {
				text = g.indent + text
			}
		}
	}
	return TextEdit{g.encoding.rangeOf(host, outer), text}
}

// applyAll applies edits that don't touch each other; false when some do.
func (e encoding) applyAll(f *source.File, edits []TextEdit) (*source.File, bool) {
	edits = slices.Clone(edits)
	sort.SliceStable(edits, func(i, j int) bool { return e.span(f, edits[i].Range).Start < e.span(f, edits[j].Range).Start })
	var out []byte
	at := 0
	for _, edit := range edits {
		span := e.span(f, edit.Range)
		if span.Start < at {
			return nil, false
		}
		out = append(out, f.Bytes()[at:span.Start]...)
		out = append(out, edit.NewText...)
		at = span.End
	}
	return source.New(f.Name(), append(out, f.Bytes()[at:]...)), true
}

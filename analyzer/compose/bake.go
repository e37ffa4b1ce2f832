//go:build !playground

package compose

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

const (
	// maxBake is the largest bake file that is read; one written by hand has a few kilobytes.
	maxBake = 64 << 10
	// maxBakeMerge is how many settings the targets of one file may take over from each other: hundreds that each inherit from
	// hundreds would keep a processor busy for minutes.
	maxBakeMerge = 1 << 20
)

// bakeTarget is a target as written. A setting that is there but can't be evaluated is nil.
type bakeTarget struct {
	name                               string
	line, column                       int
	context, dockerfile, inline, stage bakeSetting
	args                               map[string]*string
	anyArgs                            bool // args has names that can't be evaluated, which may be any
	inherits                           []string
	unreadable                         bool // matrix, or inherits that can't be evaluated
	inherited                          bool // another target inherits from it
}

type bakeSetting struct {
	written bool
	value   *string
	place   *InlinePlace // of dockerfile-inline
}

// bakeBuilds reads one bake file: https://docs.docker.com/build/bake/reference/. Paths in it are relative to the
// directory that bake is called in, which is taken for that of the file.
func bakeBuilds(fsys fs.FS, name string) (all []Build) {
	content, ok := project.ReadFile(fsys, name)
	if !ok || len(content) > maxBake {
		return nil
	}
	var targets []*bakeTarget
	if strings.HasSuffix(name, ".json") {
		targets = bakeJSON(content)
	} else {
		targets = bakeHCL(content)
	}
	byName := map[string]*bakeTarget{}
	for _, t := range targets {
		byName[t.name] = t
	}
	for _, t := range targets {
		for _, parent := range t.inherits {
			if p := byName[parent]; p != nil {
				p.inherited = true
			}
		}
	}
	m := bakeMerger{byName, map[*bakeTarget]*bakeTarget{}, maxBakeMerge}
	for _, t := range targets {
		merged := m.merge(t)
		if merged == nil || t.inherited && !t.context.written && !t.dockerfile.written && !t.inline.written {
			continue // a template for others
		}
		b, ok := merged.build(path.Dir(name))
		if !ok {
			continue
		}
		b.File, b.Line, b.Column, b.Service = name, t.line, t.column, t.name
		if b.Inline != "" {
			b.InlineAt = merged.inline.placeIn(name, b.Inline)
		}
		all = append(all, b)
	}
	return all
}

// bakeMerger brings targets together with what they inherit.
type bakeMerger struct {
	byName map[string]*bakeTarget
	done   map[*bakeTarget]*bakeTarget // a target that is inherited from in many ways is still merged once
	budget int                         // of maxBakeMerge, what is left
}

// merge is t with what it inherits: later parents win over earlier ones, t over all. It is nil when a parent is not in this
// file, or t inherits from itself or can't be evaluated.
func (m *bakeMerger) merge(t *bakeTarget) *bakeTarget {
	if t.unreadable {
		return nil
	}
	if merged, ok := m.done[t]; ok {
		return merged
	}
	m.done[t] = nil // while its parents are looked at: one that leads back here goes round in circles
	merged := &bakeTarget{name: t.name, args: map[string]*string{}}
	for _, parent := range t.inherits {
		p := m.byName[parent]
		if p != nil && len(p.inherits) > 0 {
			p = m.merge(p)
		}
		if p == nil || p.unreadable || !m.take(merged, p) {
			return nil
		}
	}
	if !m.take(merged, t) {
		return nil
	}
	m.done[t] = merged
	return merged
}

func (m *bakeMerger) take(t, other *bakeTarget) bool {
	if m.budget -= 1 + len(other.args); m.budget < 0 {
		return false
	}
	t.take(other)
	return true
}

func (t *bakeTarget) take(other *bakeTarget) {
	for _, pair := range [][2]*bakeSetting{
		{&t.context, &other.context}, {&t.dockerfile, &other.dockerfile}, {&t.inline, &other.inline}, {&t.stage, &other.stage},
	} {
		if pair[1].written {
			*pair[0] = *pair[1]
		}
	}
	if other.anyArgs {
		clear(t.args)
		t.anyArgs = true
	}
	for name, value := range other.args {
		t.args[name] = value
	}
}

func (t *bakeTarget) build(dir string) (Build, bool) {
	context, dockerfile, inline := t.context.or("."), t.dockerfile.or("Dockerfile"), t.inline.or("")
	if context == nil || dockerfile == nil || inline == nil || strings.HasPrefix(*context, "target:") {
		return Build{}, false
	}
	// cwd:// is the directory of the call also for a remote definition.
	b, ok := place(dir, cmp.Or(strings.TrimPrefix(*context, "cwd://"), "."), *dockerfile, *inline)
	if stage := t.stage.or(""); stage != nil {
		b.Target = *stage
	}
	for name, value := range t.args {
		if value == nil {
			continue
		}
		if b.Args == nil {
			b.Args = map[string]string{}
		}
		b.Args[name] = *value
	}
	return b, ok
}

func (s bakeSetting) or(fallback string) *string {
	if !s.written {
		return &fallback
	}
	return s.value
}

// placeIn is where the text stands, in a file.
func (s bakeSetting) placeIn(file, text string) *InlinePlace {
	if s.place == nil {
		return &InlinePlace{File: file}
	}
	s.place.File = file
	if len(s.place.Offsets) != len(text)+1 {
		s.place.Offsets = nil
	}
	return s.place
}

// bakeJSON reads the JSON form, whose strings are HCL templates.
func bakeJSON(content []byte) []*bakeTarget {
	var file struct {
		Variable map[string]struct {
			Default any `json:"default"`
		} `json:"variable"`
		Target map[string]map[string]json.RawMessage `json:"target"`
	}
	if json.Unmarshal(content, &file) != nil {
		return nil
	}
	defaults := map[string][]hclToken{}
	for name, variable := range file.Variable {
		if text, ok := variable.Default.(string); ok {
			defaults[name] = hclBare(text)
		}
	}
	scope := newBakeScope(defaults)
	names := make([]string, 0, len(file.Target))
	for name := range file.Target {
		names = append(names, name)
	}
	slices.Sort(names)
	var targets []*bakeTarget
	for _, name := range names {
		t := readBakeJSON(file.Target[name], scope)
		t.inline.place = jsonInlinePlace(content, name, file.Target[name]["dockerfile-inline"], scope)
		t.name = name
		t.line, t.column = jsonPlace(content, name)
		targets = append(targets, t)
	}
	return targets
}

func readBakeJSON(fields map[string]json.RawMessage, scope *bakeScope) *bakeTarget {
	t := &bakeTarget{args: map[string]*string{}}
	text := func(raw json.RawMessage) *string {
		var written *string
		if json.Unmarshal(raw, &written) != nil || written == nil {
			return nil
		}
		return scope.evaluate(hclBare(*written)).pointer()
	}
	for name, field := range map[string]*bakeSetting{
		"context": &t.context, "dockerfile": &t.dockerfile, "dockerfile-inline": &t.inline, "target": &t.stage,
	} {
		if raw, ok := fields[name]; ok {
			*field = bakeSetting{written: true, value: text(raw)}
		}
	}
	_, t.unreadable = fields["matrix"]
	if raw, ok := fields["inherits"]; ok && json.Unmarshal(raw, &t.inherits) != nil {
		t.unreadable = true
	}
	var args map[string]json.RawMessage
	if raw, ok := fields["args"]; ok && json.Unmarshal(raw, &args) == nil {
		for name, value := range args {
			t.args[name] = text(value)
		}
	}
	return t
}

// jsonInlinePlace is where the value of dockerfile-inline of a target stands.
func jsonInlinePlace(content []byte, target string, raw json.RawMessage, scope *bakeScope) *InlinePlace {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return nil
	}
	at := jsonValue(content, "target", target, "dockerfile-inline")
	if at < 0 || !bytes.HasPrefix(content[at:], raw) {
		return nil
	}
	place := &InlinePlace{Value: source.Span{Start: at, End: at + len(raw)}}
	bytesAt := jsonInline(content, at, text)
	_, places := scope.placed(hclBare(text))
	if bytesAt == nil || len(places) == 0 {
		return place
	}
	for i, inText := range places {
		places[i] = bytesAt[inText]
	}
	place.Offsets = append(places, at+len(raw)-1)
	return place
}

// jsonValue is the offset of the value that the keys lead to, -1 when there is none. Of a key that is there twice the last one counts.
func jsonValue(content []byte, keys ...string) int {
	decoder := json.NewDecoder(bytes.NewReader(content))
	found := -1
	var path []string // the keys that lead to where the decoder is; "" in a list
	var inObject []bool
	isKey := false
	for {
		before := decoder.InputOffset()
		token, err := decoder.Token()
		if err != nil {
			return found
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			inObject, path = inObject[:len(inObject)-1], path[:len(path)-1]
			isKey = len(inObject) > 0 && inObject[len(inObject)-1]
			continue
		}
		if isKey {
			path[len(path)-1], _ = token.(string)
			isKey = false
			continue
		}
		if slices.Equal(path, keys) {
			rest := content[before:]
			found = int(before) + len(rest) - len(bytes.TrimLeft(rest, " \t\r\n:"))
		}
		if delim, ok := token.(json.Delim); ok {
			inObject, path = append(inObject, delim == '{'), append(path, "")
		}
		isKey = len(inObject) > 0 && inObject[len(inObject)-1]
	}
}

// jsonPlace finds the key of a target: its first mention after "target", as a key.
func jsonPlace(content []byte, name string) (line, column int) {
	quoted, _ := json.Marshal(name)
	at := max(0, bytes.Index(content, []byte(`"target"`)))
	for from := at; ; {
		i := bytes.Index(content[from:], quoted)
		if i < 0 {
			break
		}
		i += from
		from = i + len(quoted)
		if rest := bytes.TrimLeft(content[from:], " \t\r\n"); bytes.HasPrefix(rest, []byte(":")) {
			at = i
			break
		}
	}
	before := content[:at]
	return bytes.Count(before, []byte("\n")) + 1, at - bytes.LastIndexByte(before, '\n')
}

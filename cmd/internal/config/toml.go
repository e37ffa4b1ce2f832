package config

import (
	"bytes"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// This file and toml_check.go are the only ones that know the TOML library.

// readTOML gives the tree of the table [tool.pylint-docker], nil when the file has none.
func readTOML(name string, content []byte) (*node, Problems) {
	// Most pyproject.toml files are not about us, and then it is not our business to judge them.
	if !bytes.Contains(content, []byte("pylint-docker")) {
		return nil, nil
	}
	if ours, problems := checkTOML(name, content); !ours || len(problems) > 0 {
		return nil, problems
	}
	r := tomlReader{content: content}
	return r.read(), nil
}

// tomlReader builds the tree again from the expressions of the file, because the decoded values
// have lost their places. The file is known to be valid here, so no error can come up.
type tomlReader struct {
	content []byte
	parser  unstable.Parser
	root    *node
	current []string // the table that key = value lines belong to
}

const (
	toolTable = "tool"
	ourTable  = "pylint-docker"
)

func (r *tomlReader) read() *node {
	r.parser.Reset(r.content)
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			keys := r.keys(e)
			r.current = r.current[:0]
			for _, k := range keys {
				r.current = append(r.current, k.key)
			}
			if into := r.enter(keys); into != nil && e.Kind == unstable.ArrayTable {
				into.kind = isList // no key of ours is a list of tables: the decoder will say so
			}
		case unstable.KeyValue:
			keys := r.keys(e)
			value := r.value(e.Value(), keys[len(keys)-1])
			full := make([]field, 0, len(r.current)+len(keys))
			for _, name := range r.current {
				full = append(full, field{key: name, line: keys[0].line, col: keys[0].col})
			}
			r.put(append(full, keys...), value)
		}
	}
	return r.root
}

// put hangs value below the dotted key, if that lies in our table.
func (r *tomlReader) put(keys []field, value *node) {
	inner, outside := ours(keys)
	switch {
	case outside && len(keys) == 1 && keys[0].key == toolTable && value.kind == isTable:
		// tool = {pylint-docker = {...}}
		for _, f := range value.fields {
			r.put([]field{keys[0], f}, f.value)
		}
	case outside:
	case len(inner) == 0:
		r.root = value
	default:
		table := r.enter(keys[:len(keys)-1])
		last := keys[len(keys)-1]
		last.value = value
		table.fields = append(table.fields, last)
	}
}

// enter gives the table at the dotted key, made if need be; nil when it lies outside ours.
func (r *tomlReader) enter(keys []field) *node {
	inner, outside := ours(keys)
	if outside {
		return nil
	}
	if r.root == nil {
		r.root = &node{kind: isTable, line: keys[0].line, col: keys[0].col}
	}
	at := r.root
next:
	for _, k := range inner {
		for _, f := range at.fields {
			if f.key == k.key {
				at = f.value
				continue next
			}
		}
		k.value = &node{kind: isTable, line: k.line, col: k.col}
		at.fields = append(at.fields, k)
		at = k.value
	}
	return at
}

func ours(keys []field) (inner []field, outside bool) {
	if len(keys) < 2 || keys[0].key != toolTable || keys[1].key != ourTable {
		return nil, true
	}
	return keys[2:], false
}

func (r *tomlReader) keys(e *unstable.Node) []field {
	var keys []field
	for it := e.Key(); it.Next(); {
		n := it.Node()
		f := field{key: string(n.Data)}
		f.line, f.col = r.place(int(n.Raw.Offset))
		keys = append(keys, f)
	}
	return keys
}

// value converts a value; near is the key that it belongs to, its place when nothing better is known.
func (r *tomlReader) value(n *unstable.Node, near field) *node {
	result := &node{text: string(n.Data), line: near.line, col: near.col}
	if n.Raw.Length > 0 {
		result.line, result.col = r.place(int(n.Raw.Offset))
	} else if at := r.offsetOf(n.Data); at >= 0 {
		result.line, result.col = r.place(at)
	}
	switch n.Kind {
	case unstable.Array:
		result.kind = isList
		for it := n.Children(); it.Next(); {
			result.items = append(result.items, r.value(it.Node(), near))
		}
	case unstable.InlineTable:
		result.kind = isTable
		for it := n.Children(); it.Next(); {
			r.inline(result, it.Node())
		}
	case unstable.Bool:
		result.kind = isBool
	case unstable.Float, unstable.Integer:
		result.kind = isNumber
	case unstable.LocalDate, unstable.LocalDateTime, unstable.LocalTime, unstable.DateTime:
		result.kind = isDate
	}
	return result
}

// inline adds one "a.b = value" of an inline table.
func (r *tomlReader) inline(table *node, n *unstable.Node) {
	keys := r.keys(n)
	value := r.value(n.Value(), keys[len(keys)-1])
	for i := len(keys) - 1; i > 0; i-- {
		keys[i].value = value
		value = &node{kind: isTable, line: keys[i].line, col: keys[i].col, fields: []field{keys[i]}}
	}
	keys[0].value = value
	table.fields = append(table.fields, keys[0])
}

// offsetOf finds data in the file when it is a part of it, else -1: the parser copies only strings with escapes.
func (r *tomlReader) offsetOf(data []byte) int {
	if len(data) == 0 || cap(data) > cap(r.content) {
		return -1
	}
	at := cap(r.content) - cap(data)
	if at+len(data) > len(r.content) || &r.content[at] != &data[0] {
		return -1
	}
	return at
}

func (r *tomlReader) place(offset int) (line, column int) {
	offset = min(offset, len(r.content))
	before := r.content[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

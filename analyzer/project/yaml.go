package project

import "gopkg.in/yaml.v3"

// yamlKind says what a yamlValue is.
type yamlKind uint8

const (
	yamlNull yamlKind = iota
	yamlScalar
	yamlList
	yamlMap
)

// yamlValue is a YAML value with aliases and merge keys resolved. A nil *yamlValue is an absent value.
type yamlValue struct {
	kind         yamlKind
	text         string
	line, column int         // of the value; of its key where it has one
	written      yamlWritten // of a scalar
	list         []*yamlValue
	keys         []string // of a map, in order
	values       map[string]*yamlValue
}

// yamlStyle is how a scalar is written.
type yamlStyle uint8

const (
	yamlPlain yamlStyle = iota
	yamlSingle
	yamlDouble
	yamlBlock // literal or folded
)

// yamlWritten is where and how a scalar is written, behind its aliases: its anchor and tag begin it.
type yamlWritten struct {
	line, column int
	style        yamlStyle
}

func writtenAs(n *yaml.Node) yamlWritten {
	w := yamlWritten{n.Line, n.Column, yamlPlain}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		w.style = yamlBlock
	case n.Style&yaml.DoubleQuotedStyle != 0:
		w.style = yamlDouble
	case n.Style&yaml.SingleQuotedStyle != 0:
		w.style = yamlSingle
	}
	return w
}

const (
	maxYamlValues = 100_000 // after aliases are resolved: these can multiply
	maxYamlDepth  = 200
)

// parseYaml reads the first document of content; nil when it can't be read.
func parseYaml(content []byte) (root *yamlValue) {
	defer func() {
		// yaml.v3 is no longer maintained and has had panics; a bug in it must not end the program.
		if recover() != nil {
			root = nil
		}
	}()
	var node yaml.Node
	if yaml.Unmarshal(content, &node) != nil || len(node.Content) == 0 {
		return nil
	}
	r := yamlResolver{left: maxYamlValues}
	root = r.value(node.Content[0], 0)
	if r.left <= 0 {
		return nil
	}
	return root
}

type yamlResolver struct{ left int }

func (r *yamlResolver) value(n *yaml.Node, depth int) *yamlValue {
	v := &yamlValue{line: n.Line, column: n.Column}
	if r.left--; r.left <= 0 || depth > maxYamlDepth {
		r.left = 0
		return v
	}
	switch n.Kind {
	case yaml.AliasNode:
		if n.Alias != nil {
			return r.value(n.Alias, depth+1)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			v.kind, v.text, v.written = yamlScalar, n.Value, writtenAs(n)
		}
	case yaml.SequenceNode:
		v.kind = yamlList
		for _, item := range n.Content {
			v.list = append(v.list, r.value(item, depth+1))
		}
	case yaml.MappingNode:
		v.kind, v.values = yamlMap, map[string]*yamlValue{}
		r.mapping(v, n, depth)
	}
	return v
}

// mapping fills v; keys of its own win over merged ones, and of those the first (https://yaml.org/type/merge.html).
func (r *yamlResolver) mapping(v *yamlValue, n *yaml.Node, depth int) {
	var merged []*yamlValue
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], r.value(n.Content[i+1], depth+1)
		if key.Tag == "!!merge" {
			if value.kind == yamlList {
				merged = append(merged, value.list...)
			} else {
				merged = append(merged, value)
			}
			continue
		}
		own := *value
		own.line, own.column = key.Line, key.Column
		v.set(key.Value, &own)
	}
	for _, other := range merged {
		for _, key := range other.keys {
			if _, ok := v.values[key]; !ok {
				v.set(key, other.values[key])
			}
		}
	}
}

func (v *yamlValue) set(key string, value *yamlValue) {
	if _, ok := v.values[key]; !ok {
		v.keys = append(v.keys, key)
	}
	v.values[key] = value
}

func (v *yamlValue) get(key string) *yamlValue {
	if v == nil {
		return nil
	}
	return v.values[key]
}

// str is a scalar's text; ok is false for anything else, also for null.
func (v *yamlValue) str() (text string, ok bool) {
	if v == nil || v.kind != yamlScalar {
		return "", false
	}
	return v.text, true
}

func (v *yamlValue) table() []string {
	if v == nil {
		return nil
	}
	return v.keys
}

// Package yaml reads YAML as values with aliases and merge keys resolved, and bounds what that may cost. It hides gopkg.in/yaml.v3.
package yaml

import "gopkg.in/yaml.v3"

// Kind says what a Value is.
type Kind uint8

// The kinds of a Value.
const (
	Null Kind = iota
	Scalar
	List
	Map
)

// Value is a YAML value with aliases and merge keys resolved. A nil *Value is an absent value.
type Value struct {
	Kind         Kind
	Text         string  // of a scalar
	Line, Column int     // one-based, of the value; of its key where it has one
	Written      Written // of a scalar
	List         []*Value
	keys         []string // of a map, in order
	Values       map[string]*Value
}

// Style is how a scalar is written.
type Style uint8

// The styles of a scalar.
const (
	Plain Style = iota
	Single
	Double
	Block // literal or folded
)

// Written is where and how a scalar is written, behind its aliases: its anchor and tag begin it.
type Written struct {
	Line, Column int
	Style        Style
}

func writtenAs(n *yaml.Node) Written {
	w := Written{n.Line, n.Column, Plain}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		w.Style = Block
	case n.Style&yaml.DoubleQuotedStyle != 0:
		w.Style = Double
	case n.Style&yaml.SingleQuotedStyle != 0:
		w.Style = Single
	}
	return w
}

const (
	maxValues = 100_000 // after aliases are resolved: these can multiply
	maxDepth  = 200
)

// Parse reads the first document of content; nil when it can't be read.
func Parse(content []byte) (root *Value) {
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
	r := resolver{left: maxValues}
	root = r.value(node.Content[0], 0)
	if r.left <= 0 {
		return nil
	}
	return root
}

type resolver struct{ left int }

func (r *resolver) value(n *yaml.Node, depth int) *Value {
	v := &Value{Line: n.Line, Column: n.Column}
	if r.left--; r.left <= 0 || depth > maxDepth {
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
			v.Kind, v.Text, v.Written = Scalar, n.Value, writtenAs(n)
		}
	case yaml.SequenceNode:
		v.Kind = List
		for _, item := range n.Content {
			v.List = append(v.List, r.value(item, depth+1))
		}
	case yaml.MappingNode:
		v.Kind, v.Values = Map, map[string]*Value{}
		r.mapping(v, n, depth)
	}
	return v
}

// mapping fills v; keys of its own win over merged ones, and of those the first (https://yaml.org/type/merge.html).
func (r *resolver) mapping(v *Value, n *yaml.Node, depth int) {
	var merged []*Value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], r.value(n.Content[i+1], depth+1)
		if key.Tag == "!!merge" {
			if value.Kind == List {
				merged = append(merged, value.List...)
			} else {
				merged = append(merged, value)
			}
			continue
		}
		own := *value
		own.Line, own.Column = key.Line, key.Column
		v.set(key.Value, &own)
	}
	for _, other := range merged {
		for _, key := range other.keys {
			if _, ok := v.Values[key]; !ok {
				v.set(key, other.Values[key])
			}
		}
	}
}

func (v *Value) set(key string, value *Value) {
	if _, ok := v.Values[key]; !ok {
		v.keys = append(v.keys, key)
	}
	v.Values[key] = value
}

// Get is the value of a key, nil where there is none.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	return v.Values[key]
}

// Scalar is a scalar's text; ok is false for anything else, also for null.
func (v *Value) Scalar() (text string, ok bool) {
	if v == nil || v.Kind != Scalar {
		return "", false
	}
	return v.Text, true
}

// Keys are the keys of a map in their order.
func (v *Value) Keys() []string {
	if v == nil {
		return nil
	}
	return v.keys
}

package project

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// tomlKind says what a tomlValue is.
type tomlKind uint8

const (
	tomlTable tomlKind = iota
	tomlArray
	tomlString
	tomlBool
	tomlOther // numbers and dates, whose text nobody here needs to be understood
)

// tomlValue is a TOML value with its place. A nil *tomlValue is an absent value: all methods accept it.
type tomlValue struct {
	kind   tomlKind
	text   string      // strings: decoded; others: as written
	span   source.Span // strings: between the quotes; arrays and tables: of what they hold
	list   []*tomlValue
	keys   []string // of a table, in order
	values map[string]*tomlValue
	entry  source.Span // of a value that has a key: key and value
}

// get walks down tables by key; nil when something is missing on the way.
func (v *tomlValue) get(keys ...string) *tomlValue {
	for _, key := range keys {
		if v == nil || v.kind != tomlTable {
			return nil
		}
		v = v.values[key]
	}
	return v
}

// str is the text of a string, "" for anything else.
func (v *tomlValue) str() string {
	if v == nil || v.kind != tomlString {
		return ""
	}
	return v.text
}

// is tells whether the value is the boolean b.
func (v *tomlValue) is(b bool) bool {
	return v != nil && v.kind == tomlBool && v.text == fmt.Sprint(b)
}

func (v *tomlValue) items() []*tomlValue {
	if v == nil || v.kind != tomlArray {
		return nil
	}
	return v.list
}

// strs is the strings of an array, or the one of a string.
func (v *tomlValue) strs() []string {
	if text := v.str(); text != "" {
		return []string{text}
	}
	var texts []string
	for _, item := range v.items() {
		if item.kind == tomlString {
			texts = append(texts, item.text)
		}
	}
	return texts
}

func (v *tomlValue) table() []string {
	if v == nil || v.kind != tomlTable {
		return nil
	}
	return v.keys
}

func newTable() *tomlValue { return &tomlValue{kind: tomlTable, values: map[string]*tomlValue{}} }

func (v *tomlValue) set(key string, value *tomlValue) {
	if _, ok := v.values[key]; !ok {
		v.keys = append(v.keys, key)
	}
	v.values[key] = value
}

// child is the table at key, made if it is missing; of an array of tables it is the last one.
func (v *tomlValue) child(key string) *tomlValue {
	next := v.values[key]
	if next != nil && next.kind == tomlArray && len(next.list) > 0 {
		next = next.list[len(next.list)-1]
	}
	if next == nil || next.kind != tomlTable {
		next = newTable()
		v.set(key, next)
	}
	return next
}

// maxBrackets keeps the parser, which calls itself for every open bracket, from running out of stack.
const maxBrackets = 200_000

// parseToml reads a document. What stands before a syntax error is still there, with the error as a problem.
func parseToml(content []byte) (root *tomlValue, problems []Problem) {
	root = newTable()
	if bytes.Count(content, []byte("["))+bytes.Count(content, []byte("{")) > maxBrackets {
		return root, []Problem{{Message: "the file nests too deeply"}}
	}
	defer func() {
		// The parser's API is unstable by name; a bug in it must not end the program.
		if failure := recover(); failure != nil {
			problems = append(problems, Problem{Message: "the file can't be read as TOML"})
		}
	}()
	skip := 0
	if bytes.HasPrefix(content, []byte("\uFEFF")) {
		skip = 3
	}
	d := tomlDecoder{content: content, base: skip}
	d.parser.Reset(content[skip:])
	current := root
	for d.parser.NextExpression() {
		node := d.parser.Expression()
		switch node.Kind {
		case unstable.KeyValue:
			d.keyValue(current, node)
		case unstable.Table:
			current = root
			for it := node.Key(); it.Next(); {
				current = current.child(string(it.Node().Data))
			}
		case unstable.ArrayTable:
			current = d.arrayTable(root, node)
		}
	}
	if err := d.parser.Error(); err != nil {
		problems = append(problems, Problem{Span: d.errorSpan(err), Message: err.Error()})
	}
	return root, problems
}

type tomlDecoder struct {
	parser  unstable.Parser
	content []byte
	base    int
}

func (d *tomlDecoder) errorSpan(err error) source.Span {
	var parseError *unstable.ParserError
	if !errors.As(err, &parseError) || len(parseError.Highlight) == 0 {
		return source.Span{}
	}
	at := d.parser.Range(parseError.Highlight)
	start := min(int(at.Offset)+d.base, len(d.content))
	return source.Span{Start: start, End: min(start+int(at.Length), len(d.content))}
}

func (d *tomlDecoder) arrayTable(root *tomlValue, node *unstable.Node) *tomlValue {
	parent, last := root, ""
	for it := node.Key(); it.Next(); {
		if last != "" {
			parent = parent.child(last)
		}
		last = string(it.Node().Data)
	}
	array := parent.values[last]
	if array == nil || array.kind != tomlArray {
		array = &tomlValue{kind: tomlArray}
		parent.set(last, array)
	}
	table := newTable()
	array.list = append(array.list, table)
	return table
}

func (d *tomlDecoder) keyValue(table *tomlValue, node *unstable.Node) {
	value := d.value(node.Value())
	value.entry = value.span
	if node.Raw.Length > 0 {
		value.entry = d.span(node.Raw)
	}
	last, first := "", true
	for it := node.Key(); it.Next(); first = false {
		if !first {
			table = table.child(last)
		}
		last = string(it.Node().Data)
	}
	table.set(last, value)
}

func (d *tomlDecoder) span(raw unstable.Range) source.Span {
	start := d.base + int(raw.Offset)
	return source.Span{Start: start, End: start + int(raw.Length)}
}

func (d *tomlDecoder) value(node *unstable.Node) *tomlValue {
	v := &tomlValue{span: d.span(node.Raw)}
	switch node.Kind {
	case unstable.String:
		v.kind, v.text = tomlString, string(node.Data)
		v.span = d.inner(v.span)
	case unstable.Bool:
		v.kind, v.text = tomlBool, string(node.Data)
	case unstable.Array:
		v.kind = tomlArray
		for it := node.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			v.list = append(v.list, d.value(it.Node()))
		}
		v.span = source.Span{}
		if n := len(v.list); n > 0 {
			v.span = v.list[0].span.Join(v.list[n-1].span)
		}
	case unstable.InlineTable:
		v.kind, v.values = tomlTable, map[string]*tomlValue{}
		for it := node.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				d.keyValue(v, it.Node())
			}
		}
	default:
		v.kind, v.text = tomlOther, string(node.Data)
	}
	return v
}

// inner is a string's span without its quotes.
func (d *tomlDecoder) inner(s source.Span) source.Span {
	raw := d.content[s.Start:s.End]
	quotes := 1
	if bytes.HasPrefix(raw, []byte(`"""`)) || bytes.HasPrefix(raw, []byte(`'''`)) {
		quotes = 3
	}
	if len(raw) < 2*quotes {
		return s
	}
	return source.Span{Start: s.Start + quotes, End: s.End - quotes}
}

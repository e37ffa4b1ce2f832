package config

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// This file is the only one that knows the YAML library.

// readYAML gives the tree of a file with one document; nil for an empty file.
func readYAML(name string, content []byte) (*node, Problems) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, Problems{yamlProblem(name, err)}
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		return nil, Problems{{name, second.Line, max(1, second.Column), "a configuration file holds one document, this is the second"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Problems{yamlProblem(name, err)}
	}
	r := yamlReader{name: name}
	if len(document.Content) == 0 {
		return nil, nil
	}
	tree := r.node(document.Content[0], 0)
	return tree, r.problems
}

type yamlReader struct {
	name     string
	count    int
	problems Problems
}

func (r *yamlReader) problem(n *yaml.Node, message string) {
	r.problems = append(r.problems, Problem{r.name, n.Line, n.Column, message})
}

func (r *yamlReader) node(n *yaml.Node, depth int) *node {
	if r.count++; r.count > maxNodes || depth > 100 {
		if len(r.problems) == 0 {
			r.problem(n, "the file is too large or too deep")
		}
		return &node{kind: isNull, line: n.Line, col: n.Column}
	}
	result := &node{line: n.Line, col: n.Column}
	switch n.Kind {
	case yaml.AliasNode:
		target := r.node(n.Alias, depth+1)
		copied := *target
		copied.line, copied.col = n.Line, n.Column
		return &copied
	case yaml.SequenceNode:
		result.kind = isList
		for _, item := range n.Content {
			result.items = append(result.items, r.node(item, depth+1))
		}
	case yaml.MappingNode:
		result.kind = isTable
		r.fields(result, n, depth)
	default:
		result.text = n.Value
		result.kind = scalarKind(n.ShortTag())
	}
	return result
}

func (r *yamlReader) fields(into *node, n *yaml.Node, depth int) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.problem(key, "a key must be a word")
			continue
		}
		// The library keeps both of two equal keys when it decodes into a node.
		if line, twice := seen[key.Value]; twice {
			r.problem(key, "key "+strconv.Quote(key.Value)+" is set twice, first in line "+strconv.Itoa(line))
			continue
		}
		seen[key.Value] = key.Line
		into.fields = append(into.fields, field{key.Value, key.Line, key.Column, r.node(value, depth+1)})
	}
}

func scalarKind(tag string) nodeKind {
	switch tag {
	case "!!int", "!!float":
		return isNumber
	case "!!bool":
		return isBool
	case "!!null":
		return isNull
	case "!!timestamp":
		return isDate
	}
	return isString
}

var yamlLine = pattern.New(`^line (\d+): `)

// yamlProblem takes the line out of the library's text, its only place.
func yamlProblem(name string, err error) Problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	return Problem{name, max(1, line), 1, "this is not YAML: " + message}
}

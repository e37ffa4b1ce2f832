package config

import (
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// A shape is what a value must look like. It checks a value and describes itself as JSON Schema.
type shape interface {
	check(r *reader, n *node)
	schema() object
}

type object map[string]any

type (
	text     struct{} // a string with something in it
	absolute struct{} // an absolute path in the image
	version  struct{} // a version, a string
	scalar   struct{} // a string, number, true or false: taken as written
	word     struct{} // a key
	selector struct{} // a rule's code, name or prefix
	allowing struct{} // a selector of rules that take words to allow
	glob     struct{}
	choice   []string
	list     struct{ items shape }
	table    struct{ keys, values shape }
)

func isText(r *reader, n *node) bool {
	if n.kind != isString {
		r.problem(n.line, n.col, "this must be a string, not "+n.kind.String()+hint(n))
		return false
	}
	if strings.TrimSpace(n.text) == "" {
		r.problem(n.line, n.col, "this must not be empty")
		return false
	}
	return true
}

// hint helps with YAML's favourite trap: 3.10 is the number 3.1.
func hint(n *node) string {
	if n.kind == isNumber || n.kind == isBool || n.kind == isDate {
		return `: write "` + n.text + `" in quotes`
	}
	return ""
}

func (text) check(r *reader, n *node) { isText(r, n) }
func (text) schema() object           { return object{"type": "string", "minLength": 1} }

func (absolute) check(r *reader, n *node) {
	if isText(r, n) && (!path.IsAbs(n.text) || path.Clean(n.text) == "/") {
		r.problem(n.line, n.col, "this must be an absolute path below /, such as /pyroot")
	}
}
func (absolute) schema() object { return object{"type": "string", "pattern": "^/."} }

func (version) check(r *reader, n *node) {
	if isText(r, n) && (strings.ContainsAny(n.text, "<>=!~,; \t*\"'$`\\") || n.text[0] < '0' || n.text[0] > '9') {
		r.problem(n.line, n.col, `this must be one exact version such as "26.0", not `+strconv.Quote(n.text))
	}
}
func (version) schema() object {
	return object{"type": "string", "pattern": "^[0-9][^<>=!~,; \\t*\"'$`\\\\]*$"}
}

func (scalar) check(r *reader, n *node) {
	if n.kind == isList || n.kind == isTable || n.kind == isNull {
		r.problem(n.line, n.col, "this must be a string or a number, not "+n.kind.String())
	}
}
func (scalar) schema() object { return object{"type": []string{"string", "number", "boolean"}} }

func (word) check(r *reader, n *node) {
	if isText(r, n) && strings.ContainsAny(n.text, " \t\r\n=") {
		r.problem(n.line, n.col, strconv.Quote(n.text)+" is not a name")
	}
}
func (word) schema() object { return object{"type": "string", "pattern": "^[^\\s=]+$"} }

func (selector) check(r *reader, n *node) {
	if !isText(r, n) || r.rules.Has == nil || r.rules.Has(n.text) {
		return
	}
	message := "unknown rule " + strconv.Quote(n.text)
	if best := r.rules.Nearest(n.text); best != "" {
		message += `; did you mean "` + best + `"?`
	}
	r.problem(n.line, n.col, message)
}
func (selector) schema() object { return object{"$ref": "#/definitions/rule"} }

func (allowing) check(r *reader, n *node) {
	selector{}.check(r, n)
	if r.rules.Allows != nil && r.rules.Has != nil && r.rules.Has(n.text) && !r.rules.Allows(n.text) {
		r.problem(n.line, n.col, n.text+" takes no words to allow; `ignore` and `per-file-ignores` switch a rule off")
	}
}
func (allowing) schema() object { return selector{}.schema() }

func (glob) check(r *reader, n *node) {
	if isText(r, n) && !doublestar.ValidatePattern(n.text) {
		r.problem(n.line, n.col, strconv.Quote(n.text)+" is not a valid glob")
	}
}
func (glob) schema() object { return object{"type": "string", "minLength": 1} }

func (c choice) check(r *reader, n *node) {
	if !isText(r, n) {
		return
	}
	for _, word := range c {
		if n.text == word {
			return
		}
	}
	last := len(c) - 1
	r.problem(n.line, n.col, fmt.Sprintf("this must be %s or %s, not %q%s",
		strings.Join(c[:last], ", "), c[last], n.text, words.DidYouMean(n.text, c)))
}
func (c choice) schema() object { return object{"enum": []string(c)} }

func (l list) check(r *reader, n *node) {
	if n.kind != isList {
		r.problem(n.line, n.col, "this must be a list, not "+n.kind.String())
		return
	}
	for _, item := range n.items {
		l.items.check(r, item)
	}
}
func (l list) schema() object { return object{"type": "array", "items": l.items.schema()} }

func (t table) check(r *reader, n *node) {
	if n.kind != isTable {
		r.problem(n.line, n.col, "this must be a table of keys and values, not "+n.kind.String())
		return
	}
	for _, f := range n.fields {
		t.keys.check(r, &node{kind: isString, text: f.key, line: f.line, col: f.col})
		t.values.check(r, f.value)
	}
}
func (t table) schema() object {
	return object{"type": "object", "propertyNames": t.keys.schema(), "additionalProperties": t.values.schema()}
}

// SchemaID is where the JSON schema of the configuration is published.
const SchemaID = "https://raw.githubusercontent.com/pylint-docker/pylint-docker/main/docs/schema/pylint-docker.schema.json"

// RuleWord is a word that names rules in a configuration, with what it means.
type RuleWord struct{ Word, Meaning string }

// ruleSchema describes a selector: the words are what editors propose, and any other of the form is let through, since only
// the reader knows the rules of its version.
func ruleSchema(words []RuleWord) object {
	form := object{"type": "string", "pattern": "^(ALL|PLD[0-9]{0,3}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$"}
	if len(words) == 0 {
		return form
	}
	var proposed, meanings []string
	for _, w := range words {
		proposed, meanings = append(proposed, w.Word), append(meanings, w.Meaning)
	}
	return object{"anyOf": []object{{"enum": proposed, "enumDescriptions": meanings}, form}}
}

// Schema is the JSON schema (draft 7, which editors know best) of .pylint-docker.yaml and of the
// table [tool.pylint-docker], as text that ends in a newline. words are proposed by editors where rules are named.
func Schema(words []RuleWord) []byte {
	properties := object{}
	for _, k := range keys {
		description := k.shape.schema()
		description["description"] = k.doc
		properties[k.name] = description
	}
	schema, err := json.MarshalIndent(object{
		"$schema":              "http://json-schema.org/draft-07/schema#",
		"$id":                  SchemaID,
		"title":                "pylint-docker",
		"description":          "Configuration of pylint-docker: .pylint-docker.yaml, or [tool.pylint-docker] in pyproject.toml",
		"type":                 "object",
		"properties":           properties,
		"additionalProperties": false,
		"definitions":          object{"rule": ruleSchema(words)},
	}, "", "  ")
	if err != nil {
		panic(err) // the description above is a constant of the program
	}
	return append(schema, '\n')
}

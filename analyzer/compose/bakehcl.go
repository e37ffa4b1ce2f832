//go:build !playground

package compose

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// maxBakeText is how much text the values of one bake file may make: with variables that double each other a short one could fill
// the memory.
const maxBakeText = 1 << 20

// hclBlock is a block with its labels.
type hclBlock struct {
	kind   string
	labels []string
	at     int
	body   []hclToken
}

// hclBody takes a file or the inside of a block apart. It is not ok when there is something else in it than attributes and blocks, or
// an attribute twice: HCL refuses the whole file then.
func hclBody(tokens []hclToken) (attributes map[string][]hclToken, blocks []hclBlock, ok bool) {
	attributes = map[string][]hclToken{}
	for len(tokens) > 0 {
		first := tokens[0]
		tokens = tokens[1:]
		if first.kind == hclNewline {
			continue
		}
		if first.kind != hclName {
			return nil, nil, false
		}
		if len(tokens) > 0 && tokens[0].kind == "=" {
			if _, twice := attributes[first.text]; twice {
				return nil, nil, false
			}
			end := hclFind(tokens, hclNewline)
			attributes[first.text] = tokens[1:end]
			tokens = tokens[end:]
			continue
		}
		block := hclBlock{kind: first.text, at: first.at}
		for len(tokens) > 0 && (tokens[0].kind == hclName || tokens[0].kind == hclTemplate) {
			label := tokens[0].text
			if tokens[0].kind == hclTemplate {
				value := (&bakeScope{budget: maxBakeText}).template(tokens[0].parts)
				if !value.isText {
					return nil, nil, false
				}
				label = value.text
			}
			block.labels = append(block.labels, label)
			tokens = tokens[1:]
		}
		if len(tokens) == 0 || tokens[0].kind != "{" {
			return nil, nil, false
		}
		block.body = tokens[1:tokens[0].length]
		tokens = tokens[tokens[0].length+1:]
		blocks = append(blocks, block)
	}
	return attributes, blocks, true
}

// hclFind is where the first token of the kinds stands outside brackets, and len(tokens) without one.
func hclFind(tokens []hclToken, kinds ...string) int {
	for i := 0; i < len(tokens); i += tokens[i].length + 1 {
		for _, kind := range kinds {
			if tokens[i].kind == kind {
				return i
			}
		}
	}
	return len(tokens)
}

// hclInside is what stands between the brackets that an expression consists of.
func hclInside(expression []hclToken, bracket string) ([]hclToken, bool) {
	if len(expression) < 2 || expression[0].kind != bracket || expression[0].length != len(expression)-1 {
		return nil, false
	}
	return expression[1 : len(expression)-1], true
}

// hclItems are the items of a list or an object, without empty ones.
func hclItems(inside []hclToken, separators ...string) (items [][]hclToken) {
	for len(inside) > 0 {
		end := hclFind(inside, separators...)
		if item := hclTrim(inside[:end]); len(item) > 0 {
			items = append(items, item)
		}
		inside = inside[min(end+1, len(inside)):]
	}
	return items
}

// hclTrim drops newlines around an expression, which mean nothing in parentheses, lists and templates.
func hclTrim(expression []hclToken) []hclToken {
	for len(expression) > 0 && expression[0].kind == hclNewline {
		expression = expression[1:]
	}
	for len(expression) > 0 && expression[len(expression)-1].kind == hclNewline {
		expression = expression[:len(expression)-1]
	}
	return expression
}

// bakeValue is what an expression amounts to: a text (also for numbers and booleans) or a list. The zero value is unknown; null is too,
// as it leaves a setting to what bake makes of it.
type bakeValue struct {
	isText bool
	text   string
	isList bool
	list   []bakeValue
}

func textValue(text string) bakeValue { return bakeValue{isText: true, text: text} }

// pointer is the text, nil without one.
func (v bakeValue) pointer() *string {
	if !v.isText {
		return nil
	}
	return &v.text
}

// bakeScope holds the variables whose value is known.
type bakeScope struct {
	variables map[string]bakeValue
	budget    int // of maxBakeText, what is left
}

// newBakeScope evaluates the defaults of variables, which may use each other. Those that can't be are not defined, so that what uses
// them can't be evaluated either. The environment of the caller is not asked.
func newBakeScope(defaults map[string][]hclToken) *bakeScope {
	s := &bakeScope{map[string]bakeValue{}, maxBakeText}
	names := slices.Sorted(maps.Keys(defaults))
	for range 8 {
		changed := false
		for _, name := range names {
			if _, done := s.variables[name]; done {
				continue
			}
			if value := s.evaluate(defaults[name]); value.isText || value.isList {
				s.variables[name], changed = value, true
			}
		}
		if !changed {
			break
		}
	}
	return s
}

func (s *bakeScope) evaluate(expression []hclToken) bakeValue {
	if inside, ok := hclInside(expression, "("); ok {
		return s.evaluate(hclTrim(inside))
	}
	if inside, ok := hclInside(expression, "["); ok {
		list := bakeValue{isList: true}
		for _, item := range hclItems(inside, ",") {
			value := s.evaluate(item)
			if !value.isText && !value.isList {
				return bakeValue{}
			}
			list.list = append(list.list, value)
		}
		return list
	}
	if len(expression) != 1 {
		return bakeValue{}
	}
	switch token := expression[0]; token.kind {
	case hclTemplate:
		return s.template(token.parts)
	case hclNumber:
		return textValue(numberText(token.text))
	case hclName:
		switch token.text {
		case "true", "false":
			return textValue(token.text)
		case "null":
			return bakeValue{}
		}
		return s.variables[token.text]
	}
	return bakeValue{}
}

func (s *bakeScope) template(parts []hclPart) bakeValue {
	if len(parts) == 1 && parts[0].computed {
		return s.evaluate(hclTrim(parts[0].expression)) // "${X}" is X, also where that is a list
	}
	var text strings.Builder
	for _, part := range parts {
		literal := part.literal
		if part.computed {
			value := s.evaluate(hclTrim(part.expression))
			if !value.isText {
				return bakeValue{}
			}
			literal = value.text
		}
		if s.budget -= len(literal); s.budget < 0 {
			return bakeValue{}
		}
		text.WriteString(literal)
	}
	return textValue(text.String())
}

// placed is the text of a template that is written out where it is used, with the offset of what makes each byte; one that
// is a variable or a list has none.
func (s *bakeScope) placed(expression []hclToken) (text string, places []int) {
	if inside, ok := hclInside(expression, "("); ok {
		return s.placed(hclTrim(inside))
	}
	if len(expression) != 1 || expression[0].kind != hclTemplate {
		return "", nil
	}
	var out strings.Builder
	places = []int{}
	for _, part := range expression[0].parts {
		literal := part.literal
		if part.computed {
			literal = s.evaluate(hclTrim(part.expression)).text
			for range len(literal) {
				places = append(places, part.at)
			}
		}
		if s.budget -= len(literal); s.budget < 0 {
			return "", nil
		}
		places = append(places, part.places...)
		out.WriteString(literal)
	}
	return out.String(), places
}

// numberText is the shortest form of a number, to which HCL turns it: 3.10 is 3.1.
func numberText(number string) string {
	whole, fraction, _ := strings.Cut(number, ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// bakeHCL reads the HCL form.
func bakeHCL(content []byte) []*bakeTarget {
	text := strings.TrimPrefix(string(content), "\ufeff")
	mark := len(content) - len(text)
	tokens, ok := hclTokens(text)
	if !ok {
		return nil
	}
	defaults, blocks, ok := hclBody(tokens) // a bare "X = ..." is a variable too
	if !ok {
		return nil
	}
	bodies := make([]map[string][]hclToken, len(blocks))
	for i, block := range blocks {
		if bodies[i], _, ok = hclBody(block.body); !ok {
			return nil
		}
		if value, ok := bodies[i]["default"]; ok && block.kind == "variable" && len(block.labels) == 1 {
			defaults[block.labels[0]] = value
		}
	}
	scope := newBakeScope(defaults)
	var targets []*bakeTarget
	for i, block := range blocks {
		if block.kind != "target" || len(block.labels) != 1 {
			continue
		}
		t := readBakeBlock(bodies[i], scope)
		t.inline.place = hclInline(content, mark, bodies[i]["dockerfile-inline"], scope)
		before := text[:block.at]
		t.name = block.labels[0]
		t.line = strings.Count(before, "\n") + 1
		t.column = utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
		targets = append(targets, t)
	}
	return targets
}

func readBakeBlock(attributes map[string][]hclToken, scope *bakeScope) *bakeTarget {
	t := &bakeTarget{args: map[string]*string{}}
	setting := func(name string) bakeSetting {
		expression, written := attributes[name]
		return bakeSetting{written: written, value: scope.evaluate(expression).pointer()}
	}
	t.context, t.dockerfile = setting("context"), setting("dockerfile")
	t.inline, t.stage = setting("dockerfile-inline"), setting("target")
	_, t.unreadable = attributes["matrix"]
	if inherits, ok := attributes["inherits"]; ok {
		value := scope.evaluate(inherits)
		scope.budget -= len(value.list) // of a variable, many targets may use a long one
		t.unreadable = t.unreadable || !value.isList || scope.budget < 0
		for _, item := range value.list {
			if item.isText {
				t.inherits = append(t.inherits, item.text)
			}
		}
	}
	if args, ok := attributes["args"]; ok {
		t.readArgs(args, scope)
	}
	return t
}

// hclInline is where the value of an attribute stands; mark is the length of the byte order mark.
func hclInline(content []byte, mark int, expression []hclToken, scope *bakeScope) *InlinePlace {
	if len(expression) == 0 {
		return nil
	}
	at := expression[0].at + mark
	place := &InlinePlace{Value: source.Span{Start: at, End: lineEnd(content, at)}}
	text, places := scope.placed(expression)
	if len(places) == 0 || len(places) != len(text) {
		return place
	}
	for i := range places {
		places[i] += mark
	}
	last := places[len(places)-1]
	if content[last] != '\n' { // at the line end of a heredoc: its mark is no part of the text
		last++
	}
	place.Offsets = append(places, last)
	place.Value.End = max(place.Value.End, last)
	return place
}

// readArgs reads args = { NAME = value, "NAME": value }. When they or a name can't be evaluated, they may set any argument.
func (t *bakeTarget) readArgs(expression []hclToken, scope *bakeScope) {
	inside, ok := hclInside(expression, "{")
	t.anyArgs = !ok
	for _, item := range hclItems(inside, ",", hclNewline) {
		end := hclFind(item, "=", ":")
		if end == len(item) {
			t.anyArgs = true
			continue
		}
		key := scope.evaluate(item[:end])
		if end == 1 && item[0].kind == hclName {
			key = textValue(item[0].text)
		}
		if !key.isText {
			t.anyArgs = true
			continue
		}
		t.args[key.text] = scope.evaluate(item[end+1:]).pointer()
	}
}

package project

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

const (
	// maxBake is the largest bake file that is read, and maxBakeBrackets how many brackets it may open: its parser calls
	// itself for every bracket and every "!", with 2.3 KB of stack each, and Go ends a program whose stack grows to 1 GB.
	maxBake         = 64 << 10
	maxBakeBrackets = 20_000
)

// bakeTarget is a target as written. A setting that is there but can't be evaluated is nil.
type bakeTarget struct {
	name                               string
	line, column                       int
	context, dockerfile, inline, stage bakeSetting
	args                               map[string]*string
	inherits                           []string
	unreadable                         bool // matrix, or inherits that can't be evaluated
	inherited                          bool // another target inherits from it
}

type bakeSetting struct {
	written bool
	value   *string
}

// bakeBuilds reads one bake file: https://docs.docker.com/build/bake/reference/. Paths in it are relative to the
// directory that bake is called in, which is taken for that of the file.
func bakeBuilds(fsys fs.FS, name string) (all []Build) {
	content, ok := readFile(fsys, name)
	if !ok || len(content) > maxBake || bytes.Count(content, []byte("("))+bytes.Count(content, []byte("["))+bytes.Count(content, []byte("{")) > maxBakeBrackets {
		return nil
	}
	defer func() {
		// An expression evaluator on files from anywhere: a bug in it must not end the program.
		if recover() != nil {
			all = nil
		}
	}()
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
	for _, t := range targets {
		merged := mergeBake(t, byName, map[string]bool{})
		if merged == nil || t.inherited && !t.context.written && !t.dockerfile.written && !t.inline.written {
			continue // a template for others
		}
		b, ok := merged.build(path.Dir(name))
		if !ok {
			continue
		}
		b.File, b.Line, b.Column, b.Service = name, t.line, t.column, t.name
		all = append(all, b)
	}
	return all
}

// mergeBake is t with what it inherits: later parents win over earlier ones, t over all. It is nil when a parent is not in this
// file or t can't be evaluated.
func mergeBake(t *bakeTarget, byName map[string]*bakeTarget, above map[string]bool) *bakeTarget {
	if t == nil || t.unreadable || above[t.name] || len(above) > maxIncludes {
		return nil
	}
	above[t.name] = true
	defer delete(above, t.name)
	merged := &bakeTarget{name: t.name, args: map[string]*string{}}
	for _, parent := range t.inherits {
		p := byName[parent]
		if p != nil && len(p.inherits) > 0 {
			p = mergeBake(p, byName, above)
		}
		if p == nil || p.unreadable {
			return nil
		}
		merged.take(p)
	}
	merged.take(t)
	return merged
}

func (t *bakeTarget) take(other *bakeTarget) {
	for _, pair := range [][2]*bakeSetting{
		{&t.context, &other.context}, {&t.dockerfile, &other.dockerfile}, {&t.inline, &other.inline}, {&t.stage, &other.stage},
	} {
		if pair[1].written {
			*pair[0] = *pair[1]
		}
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
	b, ok := place(dir, orDefault(strings.TrimPrefix(*context, "cwd://"), "."), *dockerfile, *inline)
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

// bakeHCL reads the HCL form.
func bakeHCL(content []byte) []*bakeTarget {
	file, diagnostics := hclsyntax.ParseConfig(content, "bake", hcl.InitialPos)
	if diagnostics.HasErrors() || file == nil {
		return nil
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	defaults := map[string]hcl.Expression{}
	var targets []*bakeTarget
	for name, attribute := range body.Attributes {
		defaults[name] = attribute.Expr // a bare "X = ..." is a variable too
	}
	for _, block := range body.Blocks {
		if len(block.Labels) != 1 {
			continue
		}
		if block.Type == "variable" {
			if attribute := block.Body.Attributes["default"]; attribute != nil {
				defaults[block.Labels[0]] = attribute.Expr
			}
		}
	}
	scope := bakeScope(defaults)
	for _, block := range body.Blocks {
		if block.Type == "target" && len(block.Labels) == 1 {
			targets = append(targets, readBakeBlock(block, scope))
		}
	}
	return targets
}

// bakeScope evaluates the defaults of variables, which may use each other. Those that can't be are not defined, so that what uses
// them can't be evaluated either. The environment of the caller is not asked.
func bakeScope(defaults map[string]hcl.Expression) *hcl.EvalContext {
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{}}
	names := make([]string, 0, len(defaults))
	for name := range defaults {
		names = append(names, name)
	}
	sort.Strings(names)
	for range 8 {
		changed := false
		for _, name := range names {
			if _, done := scope.Variables[name]; done {
				continue
			}
			value, diagnostics := defaults[name].Value(scope)
			if !diagnostics.HasErrors() && value.IsWhollyKnown() && !value.IsNull() {
				scope.Variables[name], changed = value, true
			}
		}
		if !changed {
			break
		}
	}
	return scope
}

func readBakeBlock(block *hclsyntax.Block, scope *hcl.EvalContext) *bakeTarget {
	start := block.TypeRange.Start
	t := &bakeTarget{name: block.Labels[0], line: start.Line, column: start.Column, args: map[string]*string{}}
	attributes := block.Body.Attributes
	setting := func(name string) bakeSetting {
		attribute := attributes[name]
		if attribute == nil {
			return bakeSetting{}
		}
		return bakeSetting{true, evaluate(attribute.Expr, scope)}
	}
	t.context, t.dockerfile = setting("context"), setting("dockerfile")
	t.inline, t.stage = setting("dockerfile-inline"), setting("target")
	_, t.unreadable = attributes["matrix"]
	if inherits := attributes["inherits"]; inherits != nil {
		list, diagnostics := inherits.Expr.Value(scope)
		if diagnostics.HasErrors() || !list.IsWhollyKnown() || list.IsNull() || !list.CanIterateElements() {
			t.unreadable = true
			return t
		}
		for _, item := range list.AsValueSlice() {
			if text := asText(item); text != nil {
				t.inherits = append(t.inherits, *text)
			}
		}
	}
	if args := attributes["args"]; args != nil {
		if object, ok := args.Expr.(*hclsyntax.ObjectConsExpr); ok {
			for _, item := range object.Items {
				if key := evaluate(item.KeyExpr, scope); key != nil {
					t.args[*key] = evaluate(item.ValueExpr, scope)
				}
			}
		}
	}
	return t
}

// evaluate gives an expression's text, nil when it has none: a function call, an unknown variable, null.
func evaluate(expression hcl.Expression, scope *hcl.EvalContext) *string {
	value, diagnostics := expression.Value(scope)
	if diagnostics.HasErrors() {
		return nil
	}
	return asText(value)
}

func asText(value cty.Value) *string {
	if !value.IsWhollyKnown() || value.IsNull() || value.IsMarked() {
		return nil
	}
	text, err := convert.Convert(value, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return nil
	}
	s := text.AsString()
	return &s
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
	defaults := map[string]hcl.Expression{}
	for name, variable := range file.Variable {
		if text, ok := variable.Default.(string); ok {
			if expression := template(text); expression != nil {
				defaults[name] = expression
			}
		}
	}
	scope := bakeScope(defaults)
	names := make([]string, 0, len(file.Target))
	for name := range file.Target {
		names = append(names, name)
	}
	slices.Sort(names)
	var targets []*bakeTarget
	for _, name := range names {
		t := readBakeJSON(file.Target[name], scope)
		t.name = name
		t.line, t.column = jsonPlace(content, name)
		targets = append(targets, t)
	}
	return targets
}

func readBakeJSON(fields map[string]json.RawMessage, scope *hcl.EvalContext) *bakeTarget {
	t := &bakeTarget{args: map[string]*string{}}
	text := func(raw json.RawMessage) *string {
		var written *string
		if json.Unmarshal(raw, &written) != nil || written == nil {
			return nil
		}
		expression := template(*written)
		if expression == nil {
			return nil
		}
		return evaluate(expression, scope)
	}
	for name, field := range map[string]*bakeSetting{
		"context": &t.context, "dockerfile": &t.dockerfile, "dockerfile-inline": &t.inline, "target": &t.stage,
	} {
		if raw, ok := fields[name]; ok {
			*field = bakeSetting{true, text(raw)}
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

func template(text string) hcl.Expression {
	expression, diagnostics := hclsyntax.ParseTemplate([]byte(text), "bake", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil
	}
	return expression
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

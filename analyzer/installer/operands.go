package installer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// finish fills in what follows from the options and operands.
func (c *Command) finish() {
	switch c.Tool {
	case Uv, UvPip, Pip, Venv, Pipenv, Pipx:
		if o, ok := c.Option("--python"); ok && o.Value.IsKnown() {
			c.Python = o.Value.Text
		}
	}
	c.Requirements = c.requirements()
	if c.removes() {
		c.Removed, c.Requirements = c.Requirements, nil
	}
	if c.Span.Empty() {
		c.Span = source.Span{}
	}
}

// requirements parses the operands and --editable values of the verbs that take any.
func (c *Command) requirements() []Requirement {
	d := plain
	operands := c.Operands
	switch c.Tool {
	case Conda:
		d = condaish
	case Poetry:
		d = poetryly
	case Uv:
		if c.Verb == "tool install" || c.Verb == "tool upgrade" {
			d = uvTool
		}
	case Pipx:
		if c.Verb == "inject" && len(operands) > 0 {
			operands = operands[1:] // the first is the environment
		}
	}
	if !takesRequirements[string(c.Tool)+" "+c.Verb] {
		return nil
	}
	editable := c.Has("--editable") && (c.Tool == Uv || c.Tool == Pipx || c.Tool == Poetry)
	var found []Requirement
	for _, f := range operands {
		r := requirementOf(f, d, editable)
		if r.Kind == Doubtful && !f.Value.IsKnown() {
			r.Name = doubtfulName(f.Prefix)
		}
		found = append(found, r)
	}
	for _, o := range c.All("--editable") {
		if o.Value.Kind == env.Unset {
			continue
		}
		span := o.ValueSpan
		if span.Empty() {
			span = o.Span
		}
		f := shell.Field{Value: o.Value, Span: span, Literal: !o.ValueSpan.Empty() && o.Value.IsKnown() && c.literal(span)}
		found = append(found, requirementOf(f, d, true))
	}
	return found
}

// literal tells whether no variable took part in the words at span.
func (c *Command) literal(span source.Span) bool {
	if c.Shell == nil {
		return true
	}
	for _, w := range c.Shell.Words {
		if !w.Span.Overlaps(span) {
			continue
		}
		if _, plain := w.Literal(); !plain || w.Inexact {
			return false
		}
	}
	return true
}

// takesRequirements names the verbs whose operands are requirements.
var takesRequirements = map[string]bool{
	"pip install": true, "pip download": true, "pip wheel": true, "pip lock": true, "pip uninstall": true, "pip bundle": true,
	"uv pip install": true, "uv pip uninstall": true,
	"uv add": true, "uv remove": true, "uv tool install": true, "uv tool upgrade": true, "uv tool uninstall": true,
	"poetry add": true, "poetry remove": true, "poetry self add": true, "poetry self remove": true,
	"pipenv install": true, "pipenv uninstall": true, "pipenv remove": true, "pipenv upgrade": true,
	"pdm add": true, "pdm remove": true, "pdm self add": true, "pdm self remove": true, "pdm plugin add": true, "pdm plugin remove": true,
	"conda install": true, "conda create": true, "conda update": true, "conda upgrade": true, "conda remove": true, "conda uninstall": true,
	"easy_install ": true, "setup.py easy_install": true,
	"pipx install": true, "pipx inject": true, "pipx upgrade": true, "pipx uninstall": true, "pipx uninject": true,
}

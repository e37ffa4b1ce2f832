package multistage

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// systemPython is the variable by which uv installs into the interpreter, whatever environment is active.
const systemPython = "UV_SYSTEM_PYTHON"

// leaveSystemPython takes the variable away where `uv pip` installs into the virtual environment that the builder makes, as --system is taken
// away.
func (c *conversion) leaveSystemPython() {
	if c.layout != newVenv || !slices.ContainsFunc(c.apps, func(in *analyzer.Installation) bool { return in.Call.Tool == installer.UvPip }) {
		return
	}
	for _, p := range c.steps {
		in := p.step.Instruction
		if in.Keyword != "ENV" {
			continue
		}
		for i, pair := range in.Pairs {
			switch {
			case pair.Key != systemPython:
			case len(in.Pairs) == 1:
				p.at = 0
			default:
				if c.texts == nil {
					c.texts = map[*dockerfile.Instruction]string{}
				}
				edit := fixes.DeleteWord(c.doc, pair.Span)
				if i == 0 {
					edit = fixes.ReplaceSpan(source.Span{Start: pair.Span.Start, End: in.Pairs[1].Span.Start}, "")
				}
				c.texts[in] = c.edited(in.Span, []analyzer.Edit{edit})
			}
		}
	}
}

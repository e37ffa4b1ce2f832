package report

import (
	"github.com/fatih/color"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// paint colours a text; it is the identity without colour.
type paint func(string) string

// palette holds the colours of reports for people.
type palette struct {
	name, place, dim, gutter, fixable, code, added, removed, ok paint
	severity                                                    map[analyzer.Severity]paint
	related                                                     paint
}

func newPalette(on bool) palette {
	p := func(attributes ...color.Attribute) paint {
		if !on {
			return func(text string) string { return text }
		}
		c := color.New(attributes...)
		// The caller has decided; the library's own look at the terminal must not overrule it.
		c.EnableColor()
		return func(text string) string {
			if text == "" {
				return ""
			}
			return c.Sprint(text)
		}
	}
	return palette{
		name:    p(color.Bold),
		place:   p(color.FgCyan),
		dim:     p(color.Faint),
		gutter:  p(color.FgBlue, color.Bold),
		fixable: p(color.FgCyan),
		code:    p(color.Bold),
		added:   p(color.FgGreen),
		removed: p(color.FgRed),
		ok:      p(color.FgGreen, color.Bold),
		related: p(color.FgBlue, color.Bold),
		severity: map[analyzer.Severity]paint{
			analyzer.Error:   p(color.FgRed, color.Bold),
			analyzer.Warning: p(color.FgYellow, color.Bold),
			analyzer.Info:    p(color.FgBlue, color.Bold),
		},
	}
}

func (p palette) of(s analyzer.Severity) paint {
	if f, ok := p.severity[s]; ok {
		return f
	}
	return p.name
}

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
	// link makes text lead to an address.
	link func(address, text string) string
}

func newPalette(style Style) palette {
	on := style.Color
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
	link := func(_, text string) string { return text }
	if style.Links {
		// https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
		link = func(address, text string) string { return "\x1b]8;;" + address + "\x1b\\" + text + "\x1b]8;;\x1b\\" }
	}
	return palette{
		link:    link,
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

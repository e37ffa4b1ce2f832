package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// swallowed is a requirement of which the shell takes a part for itself, for want of quotes.
type swallowed struct {
	requirement installer.Requirement // what is left of it
	span        source.Span           // the whole of what was meant
	// Operator is what the shell sees: ";", ">" or "<"; "<" where there are both redirections.
	operator string
	// File is the file that a redirection writes ("=2" of flask>=2) or reads; "" for ";".
	file string
}

// swallowedVersion is what stands behind a redirection operator that was meant as a comparison: "=2", "3", "=2,!=2.1,".
// File names that merely begin with a digit do not fit.
var swallowedVersion = pattern.New(`^=?` + release + `(,[!=~]=` + release + `)*,?$`)

const release = `\d+(\.\d+)*(\.\*)?((a|b|rc|c|\.?dev|\.?post)\d*)*`

// marker begins an environment marker (PEP 508) that the shell takes for a program.
var marker = pattern.New(`^(python_version|python_full_version|sys_platform|platform_system|platform_machine|` +
	`platform_python_implementation|implementation_name|os_name|extra)\b`)

// swallowedBy finds the requirements of an installer command whose version or marker never reaches the installer:
// in `pip install flask>=2` the shell sends the output to a file named "=2".
func swallowedBy(c *analyzer.Command) []swallowed {
	if c.Installer == nil || c.Installer.Opaque != "" || !c.Shell.Exact {
		return nil
	}
	var found []swallowed
	for _, r := range c.Installer.Requirements {
		if !r.Literal || r.Kind != installer.Named {
			continue
		}
		s := swallowed{requirement: r, span: r.Span}
		for _, redirect := range c.Shell.Redirects {
			if !continues(c, s, redirect) {
				continue
			}
			if s.operator == "" || redirect.Op == "<" && s.operator == ">" { // reading fails, writing does not
				s.operator = redirect.Op
				s.file = redirect.Target.Value(c.State.Lookup).Or("")
			}
			s.span.End = redirect.Span.End
		}
		if end, ok := swallowedMarker(c, s.span.End); ok {
			if s.operator == "" {
				s.operator = ";"
			}
			s.span.End = end
		}
		if s.operator != "" {
			found = append(found, s)
		}
	}
	return found
}

// meant is the requirement that was meant, without quotes; ok is false where that is none which the installer would take.
func (s swallowed) meant(c *analyzer.Command) (text string, ok bool) {
	rest := c.Step.Stage.Build().File.Text(source.Span{Start: s.requirement.Span.End, End: s.span.End})
	version, marker, marked := strings.Cut(rest, ";")
	text = s.requirement.Text + strings.NewReplacer(`"`, "", "'", "").Replace(version)
	if marked {
		text += ";" + marker // whose strings have quotes
	}
	return text, c.Installer.Tool == installer.Conda && !marked || installer.Valid(text)
}

// continues tells whether a redirection is the next part of the requirement: glued to it, or behind a blank where
// ">=2" or "<=2" leaves no doubt.
func continues(c *analyzer.Command, s swallowed, r shell.Redirect) bool {
	if r.Op != ">" && r.Op != "<" || r.Number != "" || r.Target == nil || r.Span.Start < s.span.End {
		return false
	}
	if r.Span.Len() != len(r.Op)+r.Target.Span.Len() {
		return false // "> file"
	}
	text := c.Step.Stage.Build().File.Text(r.Target.Span)
	gap := c.Step.Stage.Build().File.Text(source.Span{Start: s.span.End, End: r.Span.Start})
	if gap != "" && (strings.Trim(gap, " ") != "" || !strings.HasPrefix(text, "=")) {
		return false
	}
	if value := r.Target.Value(c.State.Lookup); value.IsKnown() {
		return swallowedVersion.MatchString(value.Text)
	}
	return strings.HasPrefix(text, "=$")
}

// swallowedMarker finds the environment marker that begins behind a ";" at end.
func swallowedMarker(c *analyzer.Command, end int) (int, bool) {
	file := c.Step.Stage.Build().File
	rest := file.Text(source.Span{Start: end, End: file.Line(file.LineOf(end)).End})
	behind, ok := strings.CutPrefix(strings.TrimLeft(rest, " "), ";")
	if !ok {
		return 0, false
	}
	at := end + len(rest) - len(strings.TrimLeft(behind, " "))
	for _, other := range c.Step.Commands {
		if other.Shell.Span.Start == at && len(other.Argv) > 0 && marker.MatchString(other.Argv[0].Text()) {
			return other.Shell.Span.End, true
		}
	}
	return 0, false
}

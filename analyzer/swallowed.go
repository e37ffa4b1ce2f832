package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Swallowed is a requirement of which the shell takes a part for itself, for want of quotes.
type Swallowed struct {
	Requirement installer.Requirement // what is left of it
	Span        source.Span           // the whole of what was meant
	// Operator is what the shell sees: ";", ">" or "<"; "<" where there are both redirections.
	Operator string
	// File is the file that a redirection writes ("=2" of flask>=2) or reads; "" for ";".
	File string
}

// swallowedVersion is what stands behind a redirection operator that was meant as a comparison: "=2", "3", "=2,!=2.1,".
// File names that merely begin with a digit do not fit.
var swallowedVersion = pattern.New(`^=?` + release + `(,[!=~]=` + release + `)*,?$`)

const release = `\d+(\.\d+)*(\.\*)?((a|b|rc|c|\.?dev|\.?post)\d*)*`

// marker begins an environment marker (PEP 508) that the shell takes for a program.
var marker = pattern.New(`^(python_version|python_full_version|sys_platform|platform_system|platform_machine|` +
	`platform_python_implementation|implementation_name|os_name|extra)\b`)

// Swallowed finds the requirements of an installer command whose version or marker never reaches the installer:
// in `pip install flask>=2` the shell sends the output to a file named "=2".
func (c *Command) Swallowed() []Swallowed {
	if c.Installer == nil || c.Installer.Opaque != "" || !c.Shell.Exact {
		return nil
	}
	var found []Swallowed
	for _, r := range c.Installer.Requirements {
		if !r.Literal || r.Kind != installer.Named {
			continue
		}
		s := Swallowed{Requirement: r, Span: r.Span}
		for _, redirect := range c.Shell.Redirects {
			if !c.continues(s, redirect) {
				continue
			}
			if s.Operator == "" || redirect.Op == "<" && s.Operator == ">" { // reading fails, writing does not
				s.Operator = redirect.Op
				s.File = redirect.Target.Value(c.State.Lookup).Or("")
			}
			s.Span.End = redirect.Span.End
		}
		if end, ok := c.swallowedMarker(s.Span.End); ok {
			if s.Operator == "" {
				s.Operator = ";"
			}
			s.Span.End = end
		}
		if s.Operator != "" {
			found = append(found, s)
		}
	}
	return found
}

// continues tells whether a redirection is the next part of the requirement: glued to it, or behind a blank where
// ">=2" or "<=2" leaves no doubt.
func (c *Command) continues(s Swallowed, r shell.Redirect) bool {
	if r.Op != ">" && r.Op != "<" || r.Number != "" || r.Target == nil || r.Span.Start < s.Span.End {
		return false
	}
	if r.Span.Len() != len(r.Op)+r.Target.Span.Len() {
		return false // "> file"
	}
	text := c.Step.Stage.build.File.Text(r.Target.Span)
	gap := c.Step.Stage.build.File.Text(source.Span{Start: s.Span.End, End: r.Span.Start})
	if gap != "" && (strings.Trim(gap, " ") != "" || !strings.HasPrefix(text, "=")) {
		return false
	}
	if value := r.Target.Value(c.State.Lookup); value.IsKnown() {
		return swallowedVersion.MatchString(value.Text)
	}
	return strings.HasPrefix(text, "=$")
}

// swallowedMarker finds the environment marker that begins behind a ";" at end.
func (c *Command) swallowedMarker(end int) (int, bool) {
	step := c.Step
	if !step.searched {
		step.searched = true
		for _, other := range step.Commands {
			if len(other.Argv) > 0 && marker.MatchString(other.Argv[0].Text()) {
				step.markers = append(step.markers, other)
			}
		}
	}
	for _, other := range step.markers {
		if other.Shell.Span.Start < end {
			continue
		}
		gap := c.Step.Stage.build.File.Text(source.Span{Start: end, End: other.Shell.Span.Start})
		return other.Shell.Span.End, strings.Trim(gap, " ") == ";"
	}
	return 0, false
}

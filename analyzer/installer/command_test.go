package installer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// doubt is an environment in which the variables that begin with "ARG" are unknown.
func doubt(name string) env.Value {
	if strings.HasPrefix(name, "ARG") {
		return env.Doubtful()
	}
	if name == "SET" {
		return env.Of("flask==1.0 -U")
	}
	return env.Value{}
}

func commandsOf(t testing.TB, code string) []*Command {
	t.Helper()
	script, err := shell.Parse([]byte(code), 0, 0)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	var found []*Command
	for _, sh := range script.Commands {
		if c := Parse(sh, shell.Fields(sh.Words, doubt)); c != nil {
			found = append(found, c)
		}
	}
	return found
}

// one is the first installer command of code, nil if there is none.
func one(t testing.TB, code string) *Command {
	t.Helper()
	if found := commandsOf(t, code); len(found) > 0 {
		return found[0]
	}
	return nil
}

var kinds = map[RequirementKind]string{Named: "", Local: "local:", Archive: "archive:", URL: "url:", VCS: "vcs:", Doubtful: "doubtful:"}

func showRequirement(r Requirement) string {
	text := kinds[r.Kind] + r.Name
	if len(r.Extras) > 0 {
		text += "[" + strings.Join(r.Extras, ",") + "]"
	}
	text += r.Specifier
	if r.Location != "" {
		text += "<" + r.Location + ">"
	}
	if r.Revision != "" {
		text += "@" + r.Revision
	}
	if r.Marker != "" {
		text += ";" + r.Marker
	}
	if r.Editable {
		text += "(e)"
	}
	if r.Pinned() {
		text += "(pinned)"
	}
	return text
}

// show renders a command: wrappers, tool and verb, options in braces ("^" marks a global one), then
// requirements or else operands, and "!" with the reason when it is opaque.
func show(c *Command) string {
	if c == nil {
		return "nil"
	}
	var parts []string
	for _, w := range c.Wrappers {
		parts = append(parts, w+">")
	}
	parts = append(parts, strings.TrimSpace(string(c.Tool)+" "+c.Verb))
	for _, o := range c.Options {
		text := o.Name
		if o.Global {
			text = "^" + text
		}
		switch o.Value.Kind {
		case env.Known:
			text += "=" + o.Value.Text
		case env.Unknown:
			text += "=?"
		}
		parts = append(parts, "{"+text+"}")
	}
	for _, r := range append(c.Requirements, c.Removed...) {
		parts = append(parts, showRequirement(r))
	}
	if c.Requirements == nil && c.Removed == nil {
		for _, f := range c.Operands {
			parts = append(parts, "'"+f.Value.Or("?")+"'")
		}
	}
	if c.Opaque != "" {
		parts = append(parts, "!"+c.Opaque)
	}
	return strings.Join(parts, " ")
}

func TestParse(t *testing.T) {
	for _, test := range commandLines {
		t.Run(test.code, func(t *testing.T) {
			if diff := cmp.Diff(test.want, show(one(t, test.code))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func ExampleCommand() {
	argv := []shell.Field{{Value: env.Of("pip")}, {Value: env.Of("install")}, {Value: env.Of("flask>=2")}}
	c := Parse(nil, argv)
	fmt.Println(c.Tool, c.Verb, c.Requirements[0].Name, c.Requirements[0].Specifier)
	// Output: pip install flask >=2
}

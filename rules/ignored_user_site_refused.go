package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// refusedUser tells why pip refuses a user install, in a clause; "" when nothing shows that it does. by is the option that
// --user can't stand together with, empty where an environment is the reason.
func refusedUser(in *analyzer.Installation) (reason string, by source.Span) {
	c := in.Command
	if in.Call.Tool != installer.Pip || !c.Shell.Certain || !c.ExplicitUser() {
		return "", by
	}
	for _, name := range []string{"--target", "--prefix"} {
		// An empty prefix takes a configured one back, which is what makes --user work there.
		if o, ok := in.Call.Option(name); ok && o.Value.IsKnown() && o.Value.Text != "" {
			return "pip refuses --user together with " + name, o.Span
		}
	}
	dir, ok := c.Venv()
	if base := in.Interpreter; !ok && base != nil && base.Venv && !strings.Contains(c.Installer.Program.Text()+c.Installer.Python, "/") {
		return "the Python of the image is that of the environment " + base.Prefix + ", and pip refuses --user in it", by
	}
	if !ok || !dir.IsKnown() {
		return "", by
	}
	for _, other := range c.Step.Stage.ChainCommands() {
		if other.Installer == nil {
			continue
		}
		if made, _, ok := analyzer.MadeVenv(other); ok && dir.Is(made) && (other.Installer.Opaque != "" || other.Installer.Has("--system-site-packages")) {
			return "", by // it sees the user site
		}
	}
	return "the environment " + dir.Text + " is active, and pip refuses --user in it", by
}

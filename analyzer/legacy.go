package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// LegacyInstall tells whether the command installs without pip: by setup.py or easy_install. name is how people call it.
func (c *Command) LegacyInstall() (name string, ok bool) {
	if c.Install == nil {
		return "", false
	}
	switch call := c.Installer; {
	case call.Tool == installer.EasyInstall:
		return "easy_install", true
	case call.Tool == installer.SetupPy && (call.Verb == "install" || call.Verb == "develop"):
		return "setup.py " + call.Verb, true
	case call.Tool == installer.SetupPy && call.Verb == "easy_install":
		return "easy_install", true
	}
	return "", false
}

// PipInstead gives the words that make pip do what a LegacyInstall does. reason says why there are none, or is "".
func (c *Command) PipInstead() (words []string, reason string) {
	call := c.Installer
	python := c.State.Python()
	hasPip := c.State.Image().Official || c.State.HasOSPackage("python3-pip") || c.State.HasOSPackage("py3-pip")
	switch {
	case len(call.Options) > 0 || len(call.Verbs) > 1 || len(call.Wrappers) > 0 || len(c.Shell.Assigns) > 0 || len(c.Shell.Redirects) > 0:
		return nil, "the command has options that would have to be translated"
	case python == nil || !hasPip || call.InterpreterHint() != "" && call.InterpreterHint() != python.Minor:
		return nil, "it is not known that this Python has pip"
	case call.Python != "" && call.Python != "python" && strings.HasPrefix(call.Python, "python2") != strings.HasPrefix(python.Minor, "2"):
		return nil, "it is not known that this Python has pip"
	case !free(python):
		return nil, "the distribution refuses pip in its own Python"
	}
	if call.Tool == installer.EasyInstall {
		return c.pipForEasy()
	}
	if call.Program.Text() != "setup.py" || strings.Contains(call.Python, "/") || call.Python == "" || call.Verb == "easy_install" {
		return nil, "setup.py is not called by its bare name"
	}
	words = []string{call.Python, "-m", "pip", "install", "--no-cache-dir"}
	if call.Verb == "develop" {
		words = append(words, "-e")
	}
	return append(words, "."), ""
}

func (c *Command) pipForEasy() (words []string, reason string) {
	program, version, _ := strings.Cut(c.Installer.Program.Text(), "-")
	if program != "easy_install" || version != "" {
		return nil, "easy_install is not called by its bare name"
	}
	words = []string{"pip", "install", "--no-cache-dir"}
	for _, r := range c.Installer.Requirements {
		if r.Kind != installer.Named || !r.Literal || r.Name == "pip" || strings.ContainsAny(r.Text, "<>; *!") {
			return nil, "not every package is one that pip takes by this name"
		}
		words = append(words, r.Text)
	}
	return words, ""
}

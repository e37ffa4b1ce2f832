package analyzer

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// PipenvSystem tells whether the command makes pipenv install a project into the interpreter that pipenv itself runs on.
func (c *Command) PipenvSystem() bool {
	call := c.Installer
	if call == nil || call.Tool != installer.Pipenv || call.Opaque != "" || c.Install == nil {
		return false
	}
	return call.Verb != "upgrade" && c.systemWide()
}

// PipenvRequirements gives the shell commands that install with pip what the lock file of a PipenvSystem command names.
// reason says why there are none, or is "".
func (c *Command) PipenvRequirements() (export, install []string, reason string) {
	call := c.Installer
	release := c.ToolRelease("pipenv")
	switch {
	case call.Program.Text() != "pipenv" || call.Python != "" || len(call.Wrappers) > 0 || len(c.Shell.Assigns) > 0 || len(c.Shell.Redirects) > 0:
		return nil, nil, "pipenv is not called by its bare name"
	case !release.AtLeast("2022.4.8"):
		return nil, nil, "it can't be told whether this pipenv has `pipenv requirements`, which came with 2022.4.8"
	case len(call.Requirements) > 0 || len(call.RequirementFiles()) > 0:
		return nil, nil, "the command names packages itself"
	case !onlyOptions(call, "--system", "--deploy --ignore-pipfile --clear --dev --verbose --quiet", ""):
		return nil, nil, "pip has no counterpart for an option of the command"
	case !c.usesLock():
		return nil, nil, "Pipfile.lock may not be there"
	}
	pip := release.pip(c)
	if pip == "" {
		return nil, nil, "it can't be told how pip is called here"
	}
	export = []string{"pipenv", "requirements"}
	if call.Has("--dev") {
		export = append(export, "--dev")
	}
	return export, []string{pip, "install", "--no-cache-dir", "-r"}, ""
}

// usesLock tells whether the command installs from a Pipfile.lock that is certain to be there.
func (c *Command) usesLock() bool {
	if c.Installer.Verb == "sync" || c.Installer.Has("--deploy") || c.Installer.Has("--ignore-pipfile") {
		return true // without the file it would fail
	}
	if !c.State.Workdir.IsKnown() {
		return false
	}
	presence, _ := c.Holds(path.Join(c.State.Workdir.Text, "Pipfile.lock"))
	return presence == Yes
}

// pip is how the command that installed the tool calls pip, "" when it was not a plain pip for the interpreter in use.
func (r Release) pip(c *Command) string {
	if r.By == nil || r.By.Installer == nil || r.By.Installer.Tool != installer.Pip || r.By.Install == nil || r.By.Install.Place != System {
		return ""
	}
	program := r.By.Installer.Program.Text()
	if r.By.Installer.Python != "" || !slices.Contains([]string{"pip", "pip3"}, program) || !free(c.State.Python()) {
		return ""
	}
	return program
}

// free tells whether pip may install into the interpreter.
func free(python *image.Interpreter) bool { return python != nil && !python.ExternallyManaged }

package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// PipenvSystemInstall finds `pipenv install --system`, which installs an application into the interpreter that pipenv itself
// runs on.
//
// pipenv and its dependencies (virtualenv, setuptools, certifi, packaging and others) then share one site-packages with the application. Where
// both want a package, the application's lock file changes what pipenv runs on, and what is there already never gets into a copied
// tree. pipenv also stays in the image, and can install neither into a user base nor below a prefix. `pipenv requirements` writes the lock
// file for pip, which can do all of that; pipenv is then needed in a builder only.
//
// This is advice: pipenv's own documentation shows `pipenv install --system` for containers, and most images work that way.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	RUN pip install pipenv==2024.4.1
//	COPY Pipfile Pipfile.lock ./
//	RUN pipenv install --system --deploy
//
// # Instead
//
//	FROM python:3.12-slim AS lock
//	WORKDIR /app
//	RUN pip install pipenv==2024.4.1
//	COPY Pipfile Pipfile.lock ./
//	RUN pipenv requirements > /requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=lock /requirements.txt /tmp/
//	RUN pip install --no-cache-dir -r /tmp/requirements.txt
//
// # Fix
//
// Exports the lock file with `pipenv requirements` to /tmp/requirements.txt and installs that with pip. Unsafe: pip does not check the
// lock file against the Pipfile, as --deploy does, nor its hashes. There is no fix where the release of pipenv or the
// lock file is not certain, or where the command does more than install the lock file.
//
// # References
//
//   - https://pipenv.pypa.io/en/latest/cli.html#requirements
//   - https://pipenv.pypa.io/en/latest/docker.html
var PipenvSystemInstall = register(&analyzer.Rule{
	Code: "PLD601", Name: "pipenv-system-install",
	Summary:  "pipenv installs the application into the interpreter that it runs on",
	Do:       "let pipenv make a virtual environment, or install from an exported requirements file",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkPipenvSystemInstall,
})

func checkPipenvSystemInstall(p *analyzer.Pass) {
	for c := range p.Commands() {
		if pipenvSystem(c) {
			reportPipenvSystem(p, c)
		}
	}
}

func reportPipenvSystem(p *analyzer.Pass, c *analyzer.Command) {
	const file = "/tmp/requirements.txt"
	d := analyzer.Diagnostic{
		Span:    c.Installer.Span,
		Message: "pipenv installs the application into the interpreter that it runs on, where the dependencies of both change each other",
	}
	if o, ok := c.Installer.Option("--system"); ok {
		d.Span = o.Span
	}
	export, install, reason := pipenvRequirements(c)
	edit, ok := fixes.ReplaceItem(c, strings.Join(export, " ")+" > "+file, strings.Join(install, " ")+" "+file)
	switch {
	case reason != "":
		d.NoFixReason = reason
	case !ok:
		d.NoFixReason = "the command is part of a larger one"
	default:
		d.Fix = &analyzer.Fix{Title: "Export the lock file and install it with pip", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{edit}}
	}
	p.Report(d)
}

// pipenvSystem tells whether the command makes pipenv install a project into the interpreter that pipenv itself runs on.
func pipenvSystem(c *analyzer.Command) bool {
	call := c.Installer
	if call == nil || call.Tool != installer.Pipenv || call.Opaque != "" || c.Install == nil {
		return false
	}
	return call.Verb != "upgrade" && c.SystemWide()
}

// pipenvRequirements gives the shell commands that install with pip what the lock file of a PipenvSystem command names.
// reason says why there are none, or is "".
func pipenvRequirements(c *analyzer.Command) (export, install []string, reason string) {
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
	case !usesLock(c):
		return nil, nil, "Pipfile.lock may not be there"
	}
	pip := pip(release, c)
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
func usesLock(c *analyzer.Command) bool {
	if c.Installer.Verb == "sync" || c.Installer.Has("--deploy") || c.Installer.Has("--ignore-pipfile") {
		return true // without the file it would fail
	}
	if !c.State.Workdir.IsKnown() {
		return false
	}
	presence, _ := c.Holds(path.Join(c.State.Workdir.Text, "Pipfile.lock"))
	return presence == analyzer.Yes
}

// pip is how the command that installed the tool calls pip, "" when it was not a plain pip for the interpreter in use.
func pip(r analyzer.Release, c *analyzer.Command) string {
	if r.By == nil || r.By.Installer == nil || r.By.Installer.Tool != installer.Pip || r.By.Install == nil || r.By.Install.Place != analyzer.System {
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

package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
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
var PipenvSystemInstall = register(analyzer.Rule{
	Code: "PLD601", Name: "pipenv-system-install",
	Summary:  "pipenv installs the application into the interpreter that it runs on",
	Do:       "let pipenv make a virtual environment, or install from an exported requirements file",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkPipenvSystemInstall,
})

func checkPipenvSystemInstall(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		if !stage.Feeds {
			continue
		}
		for _, step := range stage.Steps {
			for _, c := range step.Commands {
				if c.PipenvSystem() {
					reportPipenvSystem(p, c)
				}
			}
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
	export, install, reason := c.PipenvRequirements()
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

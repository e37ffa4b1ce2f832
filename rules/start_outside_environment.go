package rules

import (
	"fmt"
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// StartOutsideEnvironment finds a start command that gets an interpreter which does not see the application's packages: they are installed
// to an environment, and the interpreter of the system is started.
//
// `uv sync` installs to .venv, poetry and pipenv to an environment of their own, `python -m venv` to where it is told, and conda to a named
// environment. None of these makes a bare `python` of the start command mean the environment's: the image builds, and its first
// import ends with ModuleNotFoundError.
//
// It is silent where something may lead from one to the other: `uv run` and its like, a PATH or PYTHONPATH that is not known, .pth files,
// links, a start script that activates the environment, or packages of an application that the interpreter does see.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.25 /uv /bin/uv
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN uv sync --locked --no-dev
//	COPY main.py ./
//	CMD ["python", "main.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.25 /uv /bin/uv
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN uv sync --locked --no-dev
//	COPY main.py ./
//	ENV PATH=/app/.venv/bin:$PATH
//	CMD ["python", "main.py"]
//
// # Fix
//
// Puts the environment's directory of programs in front of PATH, behind the installation. Unsafe: other programs of the environment are
// found first then, too. Where the directory is not known, as for poetry's and pipenv's own environments, there is none.
//
// # References
//
//   - https://docs.astral.sh/uv/guides/integration/docker/#using-the-environment
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
var StartOutsideEnvironment = register(&analyzer.Rule{
	Code: "PLD128", Name: "start-outside-environment",
	Summary:  "the interpreter that starts does not see the packages that are installed",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkStartOutsideEnvironment,
})

func checkStartOutsideEnvironment(p *analyzer.Pass) {
	process, ok := p.Target.Process()
	if !ok || !process.Start.IsInterpreter() || process.OnlyStandardLibrary() {
		return
	}
	if in, ok := process.HiddenEnvironment(); ok {
		d := analyzer.Diagnostic{
			Span: process.Start.Span,
			Message: fmt.Sprintf("%s is the image's own interpreter, which does not see the environment that %s makes, so imports of its packages fail",
				process.Start.Program(), in.Call.Tool),
			Related:     []analyzer.Related{{Span: in.Call.Span, Message: "the packages are installed here"}},
			NoFixReason: "where the environment lies is not said: " + placeEnvironment[in.Call.Tool],
		}
		p.Report(d)
		return
	}
	left, sure := process.LeftOutside()
	if !sure || len(left) == 0 {
		return
	}
	c := left[0]
	if c.Mismatch || !process.IsEnvironment(c) || c.Copy != nil && p.Target.After.OnPath(c.ScriptsDir()) == analyzer.No && !path.IsAbs(process.Start.Argv[0].Text()) {
		return // a copied environment that is not on PATH is the matter of PLD104, but for what is started by its path
	}
	d := analyzer.Diagnostic{
		Span: process.Start.Span,
		Message: fmt.Sprintf("%s is %s, which does not see the packages in %s, so imports of them fail",
			process.Start.Program(), process.Program.Path, c.Dir),
		Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "they are installed here"}},
	}
	step := c.Install.Command.Step
	if c.Copy != nil {
		step = c.Copy.Step
	}
	switch {
	case path.IsAbs(process.Start.Argv[0].Text()):
		d.NoFixReason = "the interpreter is named by its path"
	case step.Stage != p.Target:
		d.NoFixReason = "the packages are installed in a base stage"
	default:
		bin := path.Join(c.Dir, "bin")
		d.Fix = &analyzer.Fix{Title: "Put " + bin + " in front of PATH", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
			fixes.InsertAfter(p.Doc, step.Instruction, "ENV PATH="+bin+":$PATH"),
		}}
	}
	p.Report(d)
}

// placeEnvironment says how a tool is told where to make its environment.
var placeEnvironment = map[installer.Tool]string{
	installer.Poetry: "set POETRY_VIRTUALENVS_IN_PROJECT=true, or POETRY_VIRTUALENVS_CREATE=false",
	installer.Pipenv: "set PIPENV_VENV_IN_PROJECT=1, or install with --system",
	installer.Conda:  "start with `conda run -n NAME`, or put the environment's bin in front of PATH",
}

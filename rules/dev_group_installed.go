package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// DevGroupInstalled finds poetry, uv, pipenv or pdm installing a project's development dependencies for the final image.
//
// Test runners, linters and type checkers add size and packages that a scanner reports, and they may pull other versions of
// shared dependencies. poetry, uv and pdm install them unless they are told not to; pipenv does so with `--dev`.
// Where the project is in the build context, only those that have such dependencies are judged. Without it, uv and poetry's
// default is advice only, as it is in an image that starts a shell, a reloading server or nothing at all. Where pipenv's are uninstalled in the same RUN, after
// the tests, nothing is reported.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY Pipfile Pipfile.lock ./
//	RUN pip install --no-cache-dir pipenv==2025.0.2 && pipenv sync --system --dev
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY Pipfile Pipfile.lock ./
//	RUN pip install --no-cache-dir pipenv==2025.0.2 && pipenv sync --system
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Adds `--no-dev`, `--without dev` or `--prod`, or removes `--dev`. Unsafe: the program may import one of them by mistake. A `uv run` behind it, also
// in the start command, gets `--no-dev` too: it would install them again.
//
// # References
//
//   - https://docs.astral.sh/uv/concepts/projects/dependencies/#development-dependencies
//   - https://python-poetry.org/docs/managing-dependencies/#installing-group-dependencies
//   - https://pdm-project.org/en/latest/usage/dependency/#add-development-only-dependencies
var DevGroupInstalled = register(&analyzer.Rule{
	Code: "PLD603", Name: "dev-group-installed",
	Summary:  "development dependencies of a project are installed for the final image",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkDevGroupInstalled,
})

func checkDevGroupInstalled(p *analyzer.Pass) {
	if purpose.ForDevelopment(p.Build) {
		return
	}
	installs := devInstalls(p.Build)
	if len(installs) == 0 {
		return
	}
	// uv's two-phase pattern calls `uv sync` twice: one cause, one finding.
	dev := installs[0]
	call := dev.install.Call
	d := analyzer.Diagnostic{Span: call.VerbSpan, Message: string(call.Tool) + " " + call.Verb + " installs the development dependencies for the final image too"}
	if dev.option != nil {
		d.Span = dev.option.Span
		d.Message = "`" + dev.option.Written + "` installs the development dependencies for the final image too"
	}
	switch {
	case !dev.certain:
		d.Severity = analyzer.Info
		d.Message += " if the project has any"
	case purpose.StartsWork(p.Build):
		d.Severity = analyzer.Info // compose often starts such an image for developers
	}
	d.Fix = &analyzer.Fix{Title: "Leave development dependencies out", Safety: analyzer.Unsafe}
	for i, other := range installs {
		if i > 0 {
			d.Related = append(d.Related, analyzer.Related{Span: other.install.Call.VerbSpan, Message: "so does this"})
		}
		edit, refused := leaveOut(p, other)
		if refused != "" {
			d.Fix, d.NoFixReason = nil, refused
			break
		}
		d.Fix.Edits = append(d.Fix.Edits, edit)
	}
	if call.Tool == installer.Uv && d.Fix != nil {
		edits, refused := fixes.RunWithoutDev(p.Build, dev.install.Command)
		if d.Fix.Edits = append(d.Fix.Edits, edits...); refused != "" {
			d.Fix, d.NoFixReason = nil, refused
		}
	}
	p.Report(d)
}

func leaveOut(p *analyzer.Pass, dev devInstall) (edit analyzer.Edit, refused string) {
	call := dev.install.Call
	switch o := dev.option; {
	case !dev.install.Command.Shell.Exact || dev.install.Command.Step.Instruction.JSON || call.VerbSpan.Empty():
		return edit, "the command can't be edited where it stands"
	case o == nil:
		return fixes.InsertWord(call.VerbSpan, dev.without), ""
	case o.Name == "--dev" && o.ValueSpan.Empty():
		return fixes.DeleteWord(p.Doc, o.Span), ""
	}
	return edit, "they are asked for"
}

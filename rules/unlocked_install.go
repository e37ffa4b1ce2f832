package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnlockedInstall finds uv, pipenv, poetry and pdm installing a project without holding to its lock file.
//
// `uv sync` and `pipenv install` resolve the project anew when the lock file is missing or out of date, and so does `poetry install` when no
// poetry.lock has been copied: the image then gets other versions than those that were locked and tested, and nobody is told. With `uv sync --locked`
// and `pipenv install --deploy` the build stops instead. It is advice only where the lock file is in the build context and copied.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.5 /uv /bin/
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN uv sync --no-dev
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.5 /uv /bin/
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN uv sync --locked --no-dev
//
// # Fix
//
// Adds `--locked` or `--deploy` where the lock file is in the build context. Unsafe: the build stops where the lock file is out of date.
//
// # References
//
//   - https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync
//   - https://pipenv.pypa.io/en/latest/docker.html
//   - https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock
var UnlockedInstall = register(&analyzer.Rule{
	Code: "PLD604", Name: "unlocked-install",
	Summary:  "uv, pipenv, poetry or pdm install without holding to the lock file",
	Do:       "install from the lock file",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkUnlockedInstall,
})

func checkUnlockedInstall(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		for _, in := range stage.Installs() {
			u, ok := findUnlocked(in)
			if !ok || in.Command.Step.Stage != stage {
				continue
			}
			call := in.Call
			d := analyzer.Diagnostic{Span: call.VerbSpan}
			if u.option == "" {
				d.Message = "no " + u.file + " has been copied, so " + string(call.Tool) + " resolves all versions anew at each build"
				p.Report(d)
				continue
			}
			d.Message = "without " + u.option + ", " + string(call.Tool) + " resolves anew where " + u.file + " is missing or out of date, and installs versions that nobody has tested"
			d.Severity = analyzer.Info // only an outdated file does harm, or one that is not there for all that is known
			switch {
			case !u.inContext:
				d.NoFixReason = "it can't be told whether there is a " + u.file
			case call.VerbSpan.Empty() || !in.Command.Shell.Exact || in.Command.Step.Instruction.JSON:
				d.NoFixReason = "the command can't be edited where it stands"
			default:
				d.Fix = &analyzer.Fix{Title: "Add " + u.option, Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
					fixes.InsertWord(call.VerbSpan, u.option),
				}}
			}
			p.Report(d)
		}
	}
}

package rules

import (
	"fmt"
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ToolInRuntime finds a final image that keeps poetry, pipenv, pdm, pip-tools, hatch or uv, which are needed to build it.
//
// They are tens of megabytes, and a scanner reports them with all that they depend on. A start command that goes through them waits
// for them too: `poetry run` and `pipenv run` look for the environment, and `uv run` brings it up to date at each start, so that
// a container may download packages, development dependencies among them, or fail without a network. The programs
// of an environment need none of it: they run by their path, or by their name with the environment's bin on PATH.
//
// This is advice. uv's own guide runs `uv run` in a container. Images to work in are not judged, nor those whose start script uses the tool or can't be read, nor
// conda, which is a distribution of its own.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.7 /uv /bin/
//	WORKDIR /app
//	COPY . .
//	RUN uv sync --locked --no-dev --no-cache
//	CMD ["/app/.venv/bin/myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	COPY --from=ghcr.io/astral-sh/uv:0.9.7 /uv /bin/
//	WORKDIR /app
//	COPY . .
//	RUN uv sync --locked --no-dev --no-editable
//
//	FROM python:3.12-slim
//	COPY --from=builder /app/.venv /app/.venv
//	CMD ["/app/.venv/bin/myapp"]
//
// # Fix
//
// Where the start command calls `uv run`, and the environment's bin is on PATH or a RUN has brought the whole environment up to date, the fix
// starts the environment's program instead. Unsafe: what uv would have brought up to date stays as it was built, and programs of the
// environment may call others by their names. There is no other fix: it takes a builder stage.
//
// # References
//
//   - https://docs.astral.sh/uv/concepts/projects/sync/
//   - https://docs.astral.sh/uv/guides/integration/docker/
//   - https://docs.docker.com/build/building/multi-stage/
var ToolInRuntime = register(&analyzer.Rule{
	Code: "PLD608", Name: "tool-in-runtime",
	Summary:  "a tool that installs projects stays in the final image",
	Do:       "run the tool in a builder stage",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkToolInRuntime,
})

func checkToolInRuntime(p *analyzer.Pass) {
	t, ok := findShippedTool(p.Build)
	if !ok {
		return
	}
	d := analyzer.Diagnostic{Span: t.span, Message: t.name + " stays in the final image, which has no use for it", NoFixReason: "only a builder stage can leave it out"}
	if t.runs == nil {
		p.Report(d)
		return
	}
	d.Related = append(d.Related, analyzer.Related{Span: d.Span, Message: t.name + " comes with this"})
	d.Span = t.runs.WrapperSpan
	d.Message = fmt.Sprintf("%s stays in the final image only for `%s run`, which %s does not need", t.name, t.name, t.runs.Argv[0].Text())
	if t.syncs {
		d.Severity = analyzer.Warning
		d.Message = fmt.Sprintf("`uv run` brings the environment up to date at each start of %s, so a container may download packages or fail without a network", t.runs.Argv[0].Text())
	}
	d.Fix, d.NoFixReason = runDirectly(p, t)
	p.Report(d)
}

// runDirectly writes the start command without `uv run`.
func runDirectly(p *analyzer.Pass, t shippedTool) (fix *analyzer.Fix, refused string) {
	start := p.Target.Start()
	in := start.Entrypoint
	if in == nil {
		in = start.Cmd
	}
	onPath, dir := environmentOnPath(p.Target), ""
	if !onPath && t.name == "uv" {
		dir = syncedEnvironment(p.Target, t.runs)
	}
	switch {
	case t.name != "uv" || !onPath && dir == "":
		return nil, "the bin directory of the environment is not certain to be on PATH"
	case len(t.runs.Wrappers) > 1 || !in.JSON || start.Entrypoint != nil && start.Cmd != nil || !in.Span.Contains(t.runs.Span):
		return nil, "the start command is more than that"
	}
	var words []string
	for _, f := range t.runs.Argv {
		if !f.Value.IsKnown() {
			return nil, "an argument is not known"
		}
		words = append(words, f.Text())
	}
	if !onPath {
		words[0] = path.Join(dir, "bin", words[0])
	}
	return &analyzer.Fix{
		Title: "Start " + words[0] + " without uv run", Safety: analyzer.Unsafe,
		Edits: []analyzer.Edit{fixes.ReplaceSpan(in.Body, fixes.ExecForm(words))},
	}, ""
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// UvPythonNotCopied finds a virtual environment that is copied to the final image while the Python which uv has downloaded for it is
// not.
//
// In a builder without Python, or with `--managed-python`, uv downloads an interpreter to ~/.local/share/uv/python, or to UV_PYTHON_INSTALL_DIR. The `python`
// of the environment is a link to it, and console scripts begin with the link's path. Where only the environment is copied the link
// points nowhere: "no such file or directory". A Python of the final image, even of the same version, is not used for it.
//
// # Flagged
//
//	FROM ghcr.io/astral-sh/uv:bookworm-slim AS builder
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN uv sync --locked --no-dev --no-install-project
//
//	FROM debian:bookworm-slim
//	COPY --from=builder /app/.venv /app/.venv
//	CMD ["/app/.venv/bin/gunicorn", "myapp:app"]
//
// # Instead
//
//	FROM ghcr.io/astral-sh/uv:bookworm-slim AS builder
//	ENV UV_PYTHON_INSTALL_DIR=/python
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN uv sync --locked --no-dev --no-install-project
//
//	FROM debian:bookworm-slim
//	COPY --from=builder /python /python
//	COPY --from=builder /app/.venv /app/.venv
//	CMD ["/app/.venv/bin/gunicorn", "myapp:app"]
//
// # References
//
//   - https://docs.astral.sh/uv/guides/integration/docker/#non-editable-installs
//   - https://docs.astral.sh/uv/concepts/python-versions/#managed-and-system-python-installations
//   - https://docs.astral.sh/uv/reference/storage/#python-versions
var UvPythonNotCopied = register(&analyzer.Rule{
	Code: "PLD607", Name: "uv-python-not-copied",
	Summary:  "a virtual environment is copied without the Python that uv has downloaded for it",
	Do:       "copy uv's Python as well, or let uv use the Python of the image (UV_PYTHON_DOWNLOADS=never)",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkUvPythonNotCopied,
})

func checkUvPythonNotCopied(p *analyzer.Pass) {
	for _, lost := range lostPythons(p.Build) {
		p.Report(analyzer.Diagnostic{
			Span: lost.content.Source.Span,
			Message: fmt.Sprintf("the python of %s is a link into %s of %s, which is not copied, so nothing in the environment starts",
				lost.content.Dir, lost.dir, lost.content.Copy.From.Label()),
			Related: []analyzer.Related{{Span: lost.maker, Message: "uv takes an interpreter of its own here"}},
		})
	}
}

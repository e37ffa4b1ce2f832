package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// DanglingEditable finds an environment that is copied to the final image without the sources that it links to.
//
// `pip install -e`, `uv sync`, `pdm install` and `poetry install` do not copy the project into the environment: they leave a
// file there that names the directory of its sources. Where only the environment is copied, that directory is not there, and
// the image ends with ModuleNotFoundError. The checkout of `-e git+https://...`, in a file of requirements too, is in src of the working directory,
// unless pip installs into a virtual environment. uv does the same with a dependency beside the project that its lock file calls editable.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	WORKDIR /src
//	COPY . .
//	RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -e .
//
//	FROM python:3.12-slim
//	COPY --from=builder /opt/venv /opt/venv
//	CMD ["/opt/venv/bin/python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	WORKDIR /src
//	COPY . .
//	RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir .
//
//	FROM python:3.12-slim
//	COPY --from=builder /opt/venv /opt/venv
//	CMD ["/opt/venv/bin/python", "-m", "myapp"]
//
// # Fix
//
// Drops -e, or adds --no-editable for uv and pdm. Unsafe: data files that the project's metadata does not declare are in the
// source directory, but not in an installed package. Poetry has no such option; `poetry build` and pip do it.
//
// # References
//
//   - https://setuptools.pypa.io/en/latest/userguide/development_mode.html
//   - https://docs.astral.sh/uv/guides/integration/docker/#non-editable-installs
var DanglingEditable = register(&analyzer.Rule{
	Code: "PLD116", Name: "dangling-editable",
	Summary:  "an editable install is copied without its sources",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, Check: checkDanglingEditable,
})

func checkDanglingEditable(p *analyzer.Pass) {
	for _, e := range danglingEditables(p.Target) {
		call := e.content.Install.Call
		d := analyzer.Diagnostic{
			Span:    call.VerbSpan,
			Message: fmt.Sprintf("this only links to the sources in %s, which stay in %s, so the final image can't import the project", e.dir, e.content.Copy.From.Label()),
			Related: []analyzer.Related{{Span: e.content.Source.Span, Message: "the environment is copied without them here"}},
		}
		if d.Span.Empty() {
			d.Span = call.Span
		}
		d.Fix, d.NoFixReason = installCopy(p, e)
		p.Report(d)
	}
}

// installCopy is the fix that installs the project itself in place of a link.
func installCopy(p *analyzer.Pass, e danglingEditable) (*analyzer.Fix, string) {
	call := e.content.Install.Call
	fix := &analyzer.Fix{Title: "Install the project itself", Safety: analyzer.Unsafe}
	switch {
	case !call.Shell.Exact:
		return nil, "the command is part of a quoted word"
	case e.requirement != nil:
		for _, o := range call.All("--editable") {
			if o.ValueSpan.Empty() || !o.Span.Contains(o.ValueSpan) || !e.requirement.Literal || o.ValueSpan != e.requirement.Span {
				continue
			}
			flag := o.Span
			flag.End = o.ValueSpan.Start
			if strings.TrimRight(p.File.Text(flag), " \t") != o.Written {
				return nil, "the option is spelled in a special way"
			}
			fix.Edits = []analyzer.Edit{fixes.ReplaceSpan(flag, "")}
			return fix, ""
		}
		return nil, "the requirement is not written out"
	case call.Tool == installer.Pip:
		return nil, "leave out -e in the requirements, or copy " + e.dir + ", too"
	case call.Tool == installer.Uv, call.Tool == installer.Pdm:
		fix.Edits = []analyzer.Edit{fixes.InsertWord(call.VerbSpan, "--no-editable")}
		return fix, ""
	}
	return nil, string(call.Tool) + " has no option for that"
}

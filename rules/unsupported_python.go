package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// UnsupportedPython finds the installation of a project whose requires-python excludes the interpreter that it is for.
//
// pip refuses such a project: "Package 'x' requires a different Python: 3.12.4 not in '>=3.13'", and so does `uv pip`. poetry refuses
// where it may not make an environment of its own (virtualenvs.create=false); where it may, it looks for another interpreter, and `uv
// sync` downloads one. `pip install -r` never reads the project's metadata.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir .
//	CMD ["python", "-m", "myapp"]
//	-- pyproject.toml --
//	[project]
//	name = "myapp"
//	version = "1.0"
//	requires-python = ">=3.13"
//
// # Instead
//
//	FROM python:3.13-slim
//	WORKDIR /app
//	COPY . .
//	RUN pip install --no-cache-dir .
//	CMD ["python", "-m", "myapp"]
//	-- pyproject.toml --
//	[project]
//	name = "myapp"
//	version = "1.0"
//	requires-python = ">=3.13"
//
// # References
//
//   - https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python
//   - https://python-poetry.org/docs/configuration/#virtualenvscreate
var UnsupportedPython = register(&analyzer.Rule{
	Code: "PLD225", Name: "unsupported-python",
	Summary:  "the project is installed for a Python that its metadata excludes",
	Do:       "take a base image with a Python that requires-python allows, or widen requires-python",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkUnsupportedPython,
})

func checkUnsupportedPython(p *analyzer.Pass) {
	eachInstall(p, func(in *analyzer.Installation) {
		span, ok := checksPython(in)
		if !ok || in.Interpreter == nil || in.Interpreter.Minor == "" || !in.Command.Shell.Certain {
			return
		}
		for _, dir := range in.ProjectDirs() {
			meta, found := p.Context.Project(dir)
			if !found || meta.RequiresPython == "" {
				continue
			}
			if allowed, known := version.AllowsPython(meta.RequiresPython, in.Interpreter.Minor); allowed || !known {
				continue
			}
			name := meta.Name
			if name == "" {
				name = "the project"
			}
			p.Report(analyzer.Diagnostic{
				Span: span,
				Message: fmt.Sprintf("%s requires Python %s and is installed for Python %s, so %s refuses it and the build fails",
					name, meta.RequiresPython, in.Interpreter.Minor, in.Call.Tool),
			})
			return
		}
	})
}

// checksPython tells whether the installation fails for a project that excludes its interpreter, and where it names it.
func checksPython(in *analyzer.Installation) (span source.Span, ok bool) {
	call := in.Call
	switch call.Tool {
	case installer.Pip, installer.UvPip:
		if call.Has("--ignore-requires-python") || call.Has("--python-version") || call.Has("--python") {
			return span, false
		}
		for _, r := range in.Requirements {
			if r.Kind == installer.Local {
				return r.Span, true
			}
		}
	case installer.Poetry:
		return call.Span, call.Verb == "install" && in.Place == analyzer.System && !call.Has("--directory") && !call.Has("--project")
	}
	return span, false
}

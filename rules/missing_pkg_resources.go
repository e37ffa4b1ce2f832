package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// MissingPkgResources finds applications that import pkg_resources in an image whose Python has no setuptools, or too new a one.
//
// pkg_resources is a part of setuptools that setuptools 82 no longer has, and the official python images bring no setuptools from Python 3.12 on.
// The import fails at start: "No module named 'pkg_resources'". A dependency that holds setuptools below 82 would hide this, which is why this is a warning
// and no error. The rule needs the build context, and is silent where the Dockerfile or a requirements file names setuptools.
//
// # Flagged
//
//	FROM python:3.13-slim
//	WORKDIR /app
//	COPY requirements.txt app.py ./
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["python", "app.py"]
//	-- requirements.txt --
//	flask==3.1.0
//	-- app.py --
//	import pkg_resources
//
// # Instead
//
//	FROM python:3.13-slim
//	WORKDIR /app
//	COPY requirements.txt app.py ./
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["python", "app.py"]
//	-- requirements.txt --
//	flask==3.1.0
//	-- app.py --
//	from importlib import metadata, resources
//
// # References
//
//   - https://setuptools.pypa.io/en/latest/history.html
//   - https://docs.python.org/3/library/importlib.metadata.html
var MissingPkgResources = register(&analyzer.Rule{
	Code: "PLD222", OptIn: true, Name: "missing-pkg-resources",
	Summary:  "the application imports pkg_resources, which the image does not have",
	Do:       "install a setuptools below 82, or replace pkg_resources by importlib.metadata",
	Severity: analyzer.Warning, AsksBase: true, Check: checkMissingPkgResources,
})

func checkMissingPkgResources(p *analyzer.Pass) {
	found, ok := lacksPkgResources(p.Build)
	if !ok {
		return
	}
	p.Report(analyzer.Diagnostic{
		Span: found.copy.Span,
		Message: fmt.Sprintf("%s imports pkg_resources, but this Python has no setuptools before 82 to bring it, so the import fails; "+
			"use importlib.metadata, or require setuptools<82", found.path),
		Related: []analyzer.Related{{Path: found.path, Span: found.span, Message: "this is the import"}},
	})
}

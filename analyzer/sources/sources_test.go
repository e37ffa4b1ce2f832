package sources

import (
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// analyze gives the model of a Dockerfile.
func analyze(t *testing.T, text string, settings analyzer.Settings) *analyzer.Build {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return analyzer.Analyze(doc, settings)
}

func sourceTree() *project.Context {
	return project.Open(fstest.MapFS{
		"pyproject.toml":      {Data: []byte("[build-system]\nrequires = [\"setuptools\"]\n[project]\nname = \"shop\"\nversion = \"1\"\n[project.scripts]\nshop = \"shop.cli:main\"\n")},
		"shop/__init__.py":    {},
		"shop/cli.py":         {},
		"scripts/tool.py":     {}, // no package
		"api/setup.py":        {Data: []byte("from setuptools import setup\nsetup(name='api', packages=['api'])\n")},
		"api/api/__init__.py": {},
		"static/app.css":      {},
		"requirements.txt":    {Data: []byte("flask\n")},
	}, "Dockerfile")
}

func TestInstalledInPlace(t *testing.T) {
	const python = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
	for _, test := range []struct {
		text, dir string
		want      bool
	}{
		{python + "RUN pip install -e .", "/app", true},
		{python + "RUN pip install --editable /app", "/app", true},
		{python + "RUN uv sync --locked", "/app", true},
		{python + "RUN poetry config virtualenvs.create false && poetry install", "/app", true},
		{python + "RUN pdm install", "/app", true},
		{python + "RUN python setup.py develop", "/app", true},
		{"FROM python:3.12-slim AS base\nWORKDIR /app\nCOPY . .\nRUN pip install -e .\nFROM base", "/app", true},

		{python + "RUN pip install .", "/app", false},
		{python + "RUN pip install -r requirements.txt", "/app", false},
		{python + "RUN uv sync --no-editable", "/app", false},
		{python + "RUN uv sync --no-install-project", "/app", false},
		{python + "RUN cd /other && uv sync", "/app", false},
		{python + "RUN poetry config virtualenvs.create false && poetry install --no-root", "/app", false},
		{python + "RUN pdm install --no-self", "/app", false},
		{python + "RUN python setup.py install", "/app", false},
		{python + "RUN pip install -e /other", "/app", false},
		{python + "RUN pip install -e ./api", "/app", false},
		{python + "RUN cd api && python setup.py develop", "/app", false},
		{python + "RUN pip install -e git+https://example.com/x.git#egg=x", "/app", true}, // below a src directory of pip's choice
		{python, "/app", false},
	} {
		b := analyze(t, test.text, analyzer.Settings{Context: sourceTree()})
		if got := InstalledInPlace(b.Target, test.dir); got != test.want {
			t.Errorf("%s\nruns from %s: got %v", test.text, test.dir, got)
		}
	}
}

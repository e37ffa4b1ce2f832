package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

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

func TestSourceCopies(t *testing.T) {
	const python = "FROM python:3.12-slim\nWORKDIR /app\n"
	for _, test := range []struct{ text, want string }{
		{python + "COPY . .", "shop at /app"},
		{python + "COPY ./ /srv/shop/", "shop at /srv/shop"},
		{python + "ADD . /app", "shop at /app"},
		{python + "COPY api /api", "api at /api"},
		{python + "COPY [\"api/\", \"/api\"]", "api at /api"},
		{python + "COPY . .\nCOPY api /api", "shop at /app, api at /api"},
		{python + "ENV D=/d\nCOPY . $D", "shop at /d"},
		{"FROM python:3.12-slim AS base\nCOPY . /app\nFROM base", "shop at /app"},

		{python + "COPY shop shop", ""}, // a package without its metadata
		{python + "COPY static /static", ""},
		{python + "COPY requirements.txt .", ""},
		{python + "COPY pyproject.toml .", ""},
		{python + "COPY missing /x", ""},
		{python + "ARG D\nCOPY . $D", ""},
		{python + "ARG S\nCOPY $S /app", ""},
		{"FROM python:3.12-slim AS b\nCOPY . /app\n" + python + "COPY --from=b /app /app", ""}, // not from the context
		{python + "COPY <<pyproject.toml /app/\n[project]\npyproject.toml", ""},
		{python + "ADD https://example.com/api /app", ""},
	} {
		for _, context := range []*project.Context{sourceTree(), nil} {
			var found []string
			for _, c := range sourceCopies(analyze(t, test.text, analyzer.Settings{Context: context}).Target) {
				found = append(found, c.project.Name+" at "+c.dir)
			}
			want := test.want
			if context == nil {
				want = ""
			}
			if got := strings.Join(found, ", "); got != want {
				t.Errorf("%s\ncontext %v: got %q, want %q", test.text, context != nil, got, want)
			}
		}
	}
}

func TestRunsProject(t *testing.T) {
	const python = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
	for _, test := range []struct{ start, want string }{
		{`CMD ["shop", "serve"]`, "shop"},
		{`CMD ["/app/venv/bin/shop"]`, "shop"},
		{`CMD ["python", "-m", "shop"]`, "shop"},
		{`CMD python -m shop.cli --verbose`, "shop.cli"},
		{`CMD ["gunicorn", "-w", "2", "shop.wsgi:app"]`, "shop.wsgi:app"},
		{`CMD ["uvicorn", "shop:app"]`, "shop:app"},
		{"ENTRYPOINT [\"python\", \"-m\"]\nCMD [\"shop\"]", "shop"},

		{`CMD ["shopping"]`, ""},
		{`CMD ["python", "-m", "shopping"]`, ""},
		{`CMD ["python", "-m", "http.server"]`, ""},
		{`CMD ["python", "shop/cli.py"]`, ""}, // a file of the tree, not of an installed package
		{`CMD ["gunicorn", "other:app"]`, ""},
		{`CMD ["gunicorn", "--bind", "shop/sock:8000"]`, ""},
		{`CMD ["python", "-m", "scripts.tool"]`, ""},
		{`CMD ["cat", "shop"]`, ""},
		{"ARG C\nCMD $C", ""},
		{"", ""},
	} {
		b := analyze(t, python+test.start, analyzer.Settings{Context: sourceTree()})
		copies := sourceCopies(b.Target)
		if len(copies) != 1 {
			t.Fatalf("%d copies of sources", len(copies))
		}
		word, ok := runsProject(b.Target, copies[0].project)
		if word != test.want || ok != (test.want != "") {
			t.Errorf("%s: got %q %v, want %q", test.start, word, ok, test.want)
		}
	}
}

package analyzer_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

func TestEntryPoints(t *testing.T) {
	context := project.Open(fstest.MapFS{
		"pyproject.toml":   {Data: []byte("[project]\nname = \"app\"\nversion = \"1\"\n[project.scripts]\nserve = \"app:main\"\n")},
		"bare/setup.py":    {Data: []byte("from setuptools import setup\nsetup(name='bare')\n")},
		"requirements.txt": {Data: []byte("flask\n")},
	}, "Dockerfile")
	const python = "FROM python:3.12-slim\nWORKDIR /app\n"
	for _, test := range []struct {
		text    string
		context *project.Context
		want    string
	}{
		{python + "COPY . .\nRUN pip install .", context, "serve"},
		{python + "COPY . /src/\nRUN pip install --no-deps /src", context, "serve"},
		{python + "COPY . .\nRUN cd / && pip install /app", context, "serve"},
		{python + "COPY . .\nRUN pip install -e .", context, "serve"},
		{python + "COPY . .\nRUN pip install .", nil, ""},
		{python + "COPY . .\nRUN pip install ./bare", context, ""},
		{python + "COPY . .\nRUN pip install flask", context, ""},
		{python + "COPY . .\nRUN pip install -r requirements.txt", context, ""},
		{python + "COPY . .\nRUN pip install /elsewhere", context, ""},
	} {
		contents := analyze(t, test.text, analyzer.Settings{Context: test.context}).Target.Contents()
		if len(contents) != 1 {
			t.Errorf("%s\n%d contents", test.text, len(contents))
			continue
		}
		if got := strings.Join(slices.Sorted(maps.Keys(contents[0].EntryPoints())), " "); got != test.want {
			t.Errorf("%s\ngot %q, want %q", test.text, got, test.want)
		}
	}
}

func TestIsInterpreter(t *testing.T) {
	for program, want := range map[string]bool{
		"python": true, "python3.12": true, "/usr/local/bin/python3": true, "pypy3": true,
		"ipython": false, "pypyr": false, "python-zig": false, "gunicorn": false, "/python/bin/serve": false, "sh": false,
	} {
		b := analyze(t, "FROM python:3.12\nCMD [\""+program+"\"]", analyzer.Settings{})
		if got := b.Target.Start().Commands[0].IsInterpreter(); got != want {
			t.Errorf("%s: %v", program, got)
		}
	}
}

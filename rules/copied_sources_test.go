package rules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

// What setuptools would leave out is said, and only that.
func TestUndeclaredData(t *testing.T) {
	const file = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"-m\", \"myapp\"]\n"
	const metadata = "[build-system]\nrequires = [\"BACKEND\"]\nbuild-backend = \"BUILD\"\n[project]\nname = \"myapp\"\nversion = \"1.0\"\n"
	setuptools := strings.NewReplacer("BACKEND", "setuptools", "BUILD", "setuptools.build_meta").Replace(metadata)
	hatchling := strings.NewReplacer("BACKEND", "hatchling", "BUILD", "hatchling.build").Replace(metadata)
	for name, test := range map[string]struct{ metadata, path, want string }{
		"templates":     {setuptools, "myapp/templates/a.html", `myapp = ["templates/**"]`},
		"a package":     {setuptools, "myapp/web/__init__.py", ""},
		"hatchling":     {hatchling, "myapp/templates/a.html", ""},
		"MANIFEST.in":   {setuptools, "MANIFEST.in", ""},
		"no data":       {setuptools, "myapp/words.py", ""},
		"beside of it":  {setuptools, "templates/a.html", ""},
		"what is cache": {setuptools, "myapp/__pycache__/a.pyc", ""},
	} {
		context := project.Open(fstest.MapFS{
			"pyproject.toml": {Data: []byte(test.metadata)}, "myapp/__init__.py": {}, "myapp/__main__.py": {}, test.path: {},
		}, "Dockerfile")
		_, found, _ := rules.Lint(source.New("Dockerfile", []byte(file)), analyzer.Settings{Context: context}, rules.Selection{}.With(rules.CopiedSources))
		if len(found) != 1 || (test.want == "") != (found[0].NoFixReason == "") || !strings.Contains(found[0].NoFixReason, test.want) {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

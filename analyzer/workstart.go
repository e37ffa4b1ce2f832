package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// StartsWork tells whether the start command shows that people work in the image, or test in it, and do not run an application: it is
// a shell, a test runner, a notebook, a reloading server, a script of the context that knows no other server, or there is none.
func (b *Build) StartsWork() bool {
	start := b.Target.Start()
	if start.OnlyShell() || start.Cmd == nil && start.Entrypoint == nil {
		return true
	}
	for _, c := range start.Commands {
		if content, ok := b.Target.StartScript(c); ok && workServer.Match(content) && !appServer.Match(content) {
			return true
		}
		for i, f := range c.Argv {
			text := f.Text()
			base := path.Base(text)
			switch {
			case workTools[base] && (i == 0 || c.Argv[i-1].Text() == "-m" || c.Argv[i-1].Text() == "--"):
				return true
			case i > 0 && (text == "--reload" || text == "--debug" || text == "runserver" || text == "test" || text == "tests"):
				return true
			case workScript.MatchString(base):
				return true
			}
		}
	}
	return false
}

// workServer matches a script that starts a server for people at work; where one of appServer is named too it depends on something.
var (
	workServer = pattern.New(`(?m)^[^#\n]*(?:manage\.py|django-admin|flask)\s(?:[^#\n]*\s)?(?:runserver\b|run\s+[^#\n]*--(?:debug|reload)\b)`)
	appServer  = pattern.New(`gunicorn|uwsgi|uvicorn|daphne|hypercorn|waitress|granian|mod_wsgi|celery`)
)

// workScript matches the names of scripts that test or check something: run_tests.sh, pylint.sh.
var workScript = pattern.New(`(?i)^(?:.*[^a-z])?(?:run)?(?:tests?|testing|lint|linter|pytest|pylint|flake8|check)(?:[^a-z].*)?\.(?:sh|py|bash)$|^test_|^run_?tests`)

// workTools are programs that are started by people at work, or for tests.
var workTools = map[string]bool{
	"pytest": true, "py.test": true, "tox": true, "nox": true, "nosetests": true, "coverage": true, "unittest": true, "mypy": true, "flake8": true,
	"pylint": true, "black": true, "ruff": true, "pre-commit": true, "make": true, "ptw": true, "watchmedo": true, "behave": true, "robot": true,
	"jupyter": true, "jupyter-notebook": true, "jupyter-lab": true, "ipython": true, "trial": true, "tail": true, "sleep": true, "stestr": true,
	"notebook": true, "start-notebook.sh": true, "molecule": true, "invoke": true, "just": true,
}

// Package purpose tells what an image is for: to be deployed, or to work in.
package purpose

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// ForDevelopment tells whether the image is a place to work in rather than one to deploy, going by names: of the
// Dockerfile, of the folders of its repository that it is in (.devcontainer, compose/local/django) and of the stage that becomes the image.
func ForDevelopment(b *analyzer.Build) bool {
	return bool(analyzer.Remember(b, b.Target, func() forDevelopment { return findDevelopment(b) }))
}

type forDevelopment bool

func findDevelopment(b *analyzer.Build) forDevelopment {
	name := strings.ToLower(cmp.Or(b.Settings.Name, b.File.Name()))
	dir := path.Dir(name)
	return forDevelopment(workFile.MatchString(path.Base(name)) || workFolder[path.Base(dir)] || workFolder[path.Base(path.Dir(dir))] ||
		b.Target != nil && workStage.MatchString(strings.ToLower(b.Target.Name)))
}

var (
	workFile   = pattern.New(`(?:^|[^a-z])(?:dev|devel|develop|development|devcontainer|local|debug|docs|editable)(?:[^a-z]|$)|^dockerfile[._-](?:.*[._-])?(?:tests?|testing|ci|lint)(?:[^a-z]|$)`)
	workStage  = pattern.New(`(?:^|[^a-z])(?:dev|devel|develop|development|devcontainer|local|debug|docs|(?:unit)?tests?|testing|ci|lint)(?:[^a-z]|$)`)
	workFolder = map[string]bool{".devcontainer": true, "devcontainer": true, "local": true, "dev": true, "development": true, "docs": true}
)

// Production is the stage that people deploy, by its name or because it starts an application, where the stage that is built is one for
// development or tests: the last of those that only such stages use. It is nil for none, and where the user named the stage.
func Production(b *analyzer.Build) *analyzer.Stage {
	work := func(s *analyzer.Stage) bool { return workStage.MatchString(strings.ToLower(s.Name)) }
	if b.Target == nil || !work(b.Target) || b.Settings.Target != "" && !b.Settings.Composed {
		return nil
	}
	for _, s := range slices.Backward(b.Stages) {
		used := slices.ContainsFunc(b.Stages, func(other *analyzer.Stage) bool { return !work(other) && other.Uses(s) })
		if s.Name == "" || used || work(s) {
			continue
		}
		if start := s.Start(); productionStage.MatchString(strings.ToLower(s.Name)) || len(start.Commands) > 0 && !start.OnlyShell() {
			return s
		}
	}
	return nil
}

var productionStage = pattern.New(`(?:^|[^a-z])(?:prod|prd|production|runtime|final|release|deploy)(?:[^a-z]|$)`)

// StartsWork tells whether the start command shows that people work in the image, or test in it, and do not run an application: it is
// a shell, a test runner, a notebook, a reloading server, a script of the context that knows no other server, or there is none.
func StartsWork(b *analyzer.Build) bool {
	return bool(analyzer.Remember(b, b.Target, func() startsWork { return findWork(b) }))
}

type startsWork bool

func findWork(b *analyzer.Build) startsWork {
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
			case atWork(base) && (i == 0 || c.Argv[i-1].Text() == "-m" || c.Argv[i-1].Text() == "--"):
				return true
			case i > 0 && (text == "--reload" || text == "--debug" || text == "runserver" || text == "test" || text == "tests"):
				return true
			case workScript.MatchString(strings.ToLower(base)):
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
var workScript = pattern.New(`^(?:.*[^a-z])?(?:run)?(?:tests?|testing|lint|linter|pytest|pylint|flake8|check)(?:[^a-z].*)?\.(?:sh|py|bash)$|^test_|^run_?tests`)

// atWork tells of a program that it is started by people at work, or for tests.
func atWork(name string) bool {
	f, ok := program.Lookup(name)
	return ok && (f.Is(program.Test) || f.Is(program.Work) || f.Is(program.Tasks) || f.Is(program.Idle))
}

// Serves tells whether the finished stage is certainly a service or an application: it exposes a port, or starts a Python
// program, a well-known server or a script. A shell, a test run or a console script of unknown nature is none: a
// command-line tool is often run as root on purpose, on files of the host.
func Serves(s *analyzer.Stage) bool {
	start := s.Start()
	if len(start.Commands) == 0 || start.OnlyShell() {
		return false
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "EXPOSE" {
			return true
		}
	}
	if start.Entrypoint != nil && start.Cmd != nil && asksForHelp(start.Cmd) {
		return false
	}
	// ENTRYPOINT ["python", "tool.py"] alone waits for the arguments of docker run.
	takesArguments := start.Entrypoint != nil && start.Cmd == nil
	for _, c := range start.Commands {
		if isApplication(c) && !(takesArguments && c.IsInterpreter()) {
			return true
		}
	}
	return false
}

// asksForHelp tells CMD ["--help"], by which an ENTRYPOINT shows that it is a command-line tool.
func asksForHelp(cmd *dockerfile.Instruction) bool {
	for _, a := range cmd.Args {
		switch a.Value {
		case "--help", "-h", "help", "--version":
			return true
		}
	}
	return false
}

func isApplication(c analyzer.StartCommand) bool {
	words := append(slices.Clone(c.Argv), shell.Field{}, shell.Field{}, shell.Field{})
	name, first, second := c.Program(), words[1].Text(), words[2].Text()
	switch module, _ := program.ModuleFlag(first); {
	case analyzer.IsInterpreterName(name) && module:
		return !ChecksCode(second)
	case analyzer.IsInterpreterName(name):
		return strings.HasSuffix(first, ".py") && first != "setup.py" && second != "test" || first == "-u" && second != ""
	case program.Is(name, program.ShellProgram):
		return strings.HasSuffix(first, ".sh") // sh start.sh is ./start.sh
	}
	return !ChecksCode(name) && (analyzer.IsServer(name) || strings.HasSuffix(name, ".sh") || strings.HasSuffix(name, ".py"))
}

// ChecksCode tells of a program, or a module of Python, that it checks or builds code.
func ChecksCode(name string) bool {
	return program.Is(name, program.Test) || name == "build" || name == "pip" || name == "venv"
}

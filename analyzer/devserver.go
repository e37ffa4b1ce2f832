package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// DevServer is a server, or a mode of one, that is made for development.
type DevServer struct {
	Name    string // "flask run", "uvicorn --reload", "FLASK_DEBUG=1"
	Harm    string // what it does that a deployed image should not
	Instead string // what to use, "" when the option is just to be left out
	// Advised tells that it may do no harm: the makers of well-known images start it on purpose, with `docker compose watch` in mind, or
	// the release of the framework decides.
	Advised bool
	Span    source.Span
}

const (
	singleHarm = "is made for development, neither hardened nor fast"
	reloadHarm = "watches the files and restarts at each change"
	debugHarm  = "shows sources, and lets a browser run code where its debugger is on"
	// https://flask.palletsprojects.com/en/stable/changes/#version-2-3-0
	oldFlaskHarm = "turns the debugger of Flask before 2.3 on, and does nothing since"
)

// DevServers are those that the finished stage starts, and the debug modes that its environment turns on.
func (s *Stage) DevServers() []DevServer {
	var found []DevServer
	for _, c := range s.Start().Commands {
		if d, ok := c.devServer(); ok {
			found = append(found, d)
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword != "ENV" {
			continue
		}
		for _, pair := range step.Instruction.Pairs {
			// What a later ENV takes back is not in force.
			if v := s.After.Env(pair.Key); v.IsKnown() && debugOn(pair.Key, v.Text) && env.Expand(pair.Value, s.build.Doc.Escape, step.Before.Lookup) == v {
				d := DevServer{Name: pair.Key + "=" + v.Text, Harm: debugHarm, Span: pair.Span}
				if pair.Key == "FLASK_ENV" {
					d.Harm, d.Advised = oldFlaskHarm, true
				}
				found = append(found, d)
			}
		}
	}
	return found
}

// debugOn tells the variables of Flask and of common Django settings.
// https://flask.palletsprojects.com/en/stable/config/#DEBUG
func debugOn(name, value string) bool {
	value = strings.ToLower(value)
	switch name {
	case "FLASK_ENV":
		return value == "development"
	case "FLASK_DEBUG":
		return !slices.Contains([]string{"", "0", "false", "no", "off"}, value)
	case "DJANGO_DEBUG":
		return slices.Contains([]string{"1", "true", "yes", "on"}, value)
	}
	return false
}

func (c StartCommand) devServer() (DevServer, bool) {
	args := c.ProgramArgs()
	if len(args) == 0 {
		return DevServer{}, false
	}
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.Text()
	}
	program := texts[0][strings.LastIndexByte(texts[0], '/')+1:]
	has := func(words ...string) bool {
		return slices.ContainsFunc(texts[1:], func(t string) bool { return slices.Contains(words, t) })
	}
	verb := func(words ...string) bool { return len(texts) > 1 && slices.Contains(words, texts[1]) }
	d := DevServer{Span: c.Span}
	for i, t := range texts {
		// ENTRYPOINT ["flask"] with CMD ["run"]: the word that decides.
		if (t == "run" || strings.HasPrefix(t, "runserver")) && !c.Span.Contains(args[i].Span) {
			d.Span = args[i].Span
			break
		}
	}
	option := func(words ...string) bool {
		for i, t := range texts {
			if i > 0 && slices.Contains(words, t) {
				d.Name, d.Harm, d.Span = program+" "+t, reloadHarm, args[i].Span
				if t == "--debug" {
					d.Harm = debugHarm
				}
				return true
			}
		}
		return false
	}
	switch {
	case program == "flask" && has("run"):
		d.Name, d.Harm, d.Instead = "flask run", singleHarm, "gunicorn or another WSGI server"
		return d, true
	case (program == "manage.py" || strings.HasPrefix(program, "django-admin")) && verb("runserver", "runserver_plus"):
		d.Name, d.Harm, d.Instead = program+" "+texts[1], singleHarm, "gunicorn, uvicorn or another server"
		return d, true
	case program == "fastapi" && verb("dev"):
		d.Name, d.Harm, d.Instead = "fastapi dev", reloadHarm, "`fastapi run`"
		d.Advised = true
		return d, true
	case program == "uvicorn", program == "gunicorn", program == "hypercorn", program == "granian":
		return d, option("--reload")
	case program == "litestar" && has("run"):
		return d, option("--reload", "-r", "--debug", "-d")
	case program == "sanic":
		return d, option("--dev", "--debug", "-d", "--reload", "-r", "--auto-reload")
	}
	return DevServer{}, false
}

// ProgramArgs are the arguments from the Python program on: flask of `python -u -m flask run`, manage.py of `python manage.py`.
func (c StartCommand) ProgramArgs() []shell.Field {
	args := c.Argv
	if !c.IsInterpreter() {
		return args
	}
	for i := 1; i < len(args); i++ {
		text := args[i].Text()
		switch {
		case text == "":
			return nil
		case text == "-m":
			return args[i+1:]
		case text == "-W", text == "-X":
			i++
		case strings.HasPrefix(text, "-"):
			if text == "-c" || text == "-" {
				return nil
			}
		default:
			return args[i:]
		}
	}
	return nil
}

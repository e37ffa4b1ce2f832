package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// devServer is a server, or a mode of one, that is made for development.
type devServer struct {
	name    string // "flask run", "uvicorn --reload", "FLASK_DEBUG=1"
	harm    string // what it does that a deployed image should not
	instead string // what to use, "" when the option is just to be left out
	// advised tells that it may do no harm: the makers of well-known images start it on purpose, with `docker compose watch` in mind, or
	// the release of the framework decides.
	advised bool
	span    source.Span
}

// devServers are those that the finished stage starts, and the debug modes that its environment turns on.
func devServers(s *analyzer.Stage) []devServer {
	var found []devServer
	for _, c := range s.Start().Commands {
		if d, ok := devServerOf(c); ok {
			found = append(found, d)
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword != "ENV" {
			continue
		}
		for _, pair := range step.Instruction.Pairs {
			// What a later ENV takes back is not in force.
			if v := s.After.Env(pair.Key); v.IsKnown() && debugOn(pair.Key, v.Text) && env.Expand(pair.Value, s.Build().Doc.Escape, step.Before.Lookup) == v {
				d := devServer{name: pair.Key + "=" + v.Text, harm: debugHarm, span: pair.Span}
				if pair.Key == "FLASK_ENV" {
					d.harm, d.advised = oldFlaskHarm, true
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

// https://flask.palletsprojects.com/en/stable/changes/#version-2-3-0
const oldFlaskHarm = "turns the debugger of Flask before 2.3 on, and does nothing since"

func devServerOf(c analyzer.StartCommand) (devServer, bool) {
	args := c.ProgramArgs()
	if len(args) == 0 {
		return devServer{}, false
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
	d := devServer{span: c.Span}
	for i, t := range texts {
		// ENTRYPOINT ["flask"] with CMD ["run"]: the word that decides.
		if (t == "run" || strings.HasPrefix(t, "runserver")) && !c.Span.Contains(args[i].Span) {
			d.span = args[i].Span
			break
		}
	}
	option := func(words ...string) bool {
		for i, t := range texts {
			if i > 0 && slices.Contains(words, t) {
				d.name, d.harm, d.span = program+" "+t, reloadHarm, args[i].Span
				if t == "--debug" {
					d.harm = debugHarm
				}
				return true
			}
		}
		return false
	}
	switch {
	case program == "flask" && has("run"):
		d.name, d.harm, d.instead = "flask run", singleHarm, "gunicorn or another WSGI server"
		return d, true
	case (program == "manage.py" || strings.HasPrefix(program, "django-admin")) && verb("runserver", "runserver_plus"):
		d.name, d.harm, d.instead = program+" "+texts[1], singleHarm, "gunicorn, uvicorn or another server"
		return d, true
	case program == "fastapi" && verb("dev"):
		d.name, d.harm, d.instead = "fastapi dev", reloadHarm, "`fastapi run`"
		d.advised = true
		return d, true
	case program == "uvicorn", program == "gunicorn", program == "hypercorn", program == "granian":
		return d, option("--reload")
	case program == "litestar" && has("run"):
		return d, option("--reload", "-r", "--debug", "-d")
	case program == "sanic":
		return d, option("--dev", "--debug", "-d", "--reload", "-r", "--auto-reload")
	}
	return devServer{}, false
}

// Why a server is not for production, in clauses.
const (
	reloadHarm = "watches the files and restarts at each change"
	singleHarm = "is made for development, neither hardened nor fast"
	debugHarm  = "shows sources, and lets a browser run code where its debugger is on"
)

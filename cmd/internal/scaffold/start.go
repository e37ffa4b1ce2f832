package scaffold

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// start is what the image starts.
type start struct {
	words  []string // in exec form; nil when it is not known
	tool   bool     // a command-line tool, whose arguments are given to `docker run`
	port   int      // that it listens on, 0 for none that is known
	module *project.Module
	script bool // the first word is a script of the project itself
	server bool // the first word is a script of one of its dependencies
	django bool
	// advice are the lines of a comment where there are no words.
	advice []string
}

// instruction is the keyword that the words stand behind.
func (s *start) instruction() string {
	if s.tool {
		return "ENTRYPOINT"
	}
	return "CMD"
}

const port, portText = 8000, "8000"

// chooseStart finds what starts the application.
func (p *plan) chooseStart() error {
	scripts := p.scripts()
	apps := p.webApps()
	own := p.ownScript(scripts, len(apps) > 0 && p.serverWords(apps[0]) != nil)
	p.noteRelease()
	for _, find := range []func() bool{
		func() bool { return p.startDjango(apps) },
		func() bool { return p.startScript(own, apps) },
		p.startStreamlit,
		func() bool { return p.startWeb(apps) },
		p.startProcfile,
		p.startPackage,
		p.startModule,
	} {
		if find() {
			return nil
		}
	}
	switch {
	case len(scripts) > 0:
		p.unknownStart("the project has the scripts "+list(firstOf(scripts, 8))+", and none is called like it", `CMD ["`+scripts[0]+`"]`)
	default:
		p.unknownStart("nothing in the project says what starts it", `CMD ["python", "-m", "PACKAGE"]`)
	}
	return nil
}

func firstOf(words []string, n int) []string {
	if len(words) > n {
		return append(slices.Clone(words[:n]), "others")
	}
	return words
}

// unknownStart says that the start command is open, to the user and in the Dockerfile.
func (p *plan) unknownStart(why, example string) {
	p.start.advice = []string{"TODO: what starts the application? " + upper(why) + ".", example}
	p.note("the Dockerfile has no CMD: %s", why)
}

func upper(text string) string {
	if text == "" || !isScript(text[:1]) {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// scripts are the console scripts that the project installs, sorted.
func (p *plan) scripts() []string {
	if !p.packageable() {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.meta.Scripts)), func(name string) bool { return !isScript(name) })
}

// ownScript is the script that is called like the project, or its only one, unless that may be a helper beside a web application that can be served.
func (p *plan) ownScript(scripts []string, served bool) string {
	for _, name := range scripts {
		if installer.NormalizeName(name) == installer.NormalizeName(p.meta.Name) {
			return name
		}
	}
	if len(scripts) == 1 && !served {
		return scripts[0]
	}
	return ""
}

func (p *plan) startScript(own string, apps []webApp) bool {
	if own == "" {
		return false
	}
	p.start = start{words: []string{own}, script: true}
	target, _, _ := strings.Cut(p.meta.Scripts[own], ":")
	if p.start.tool = len(apps) == 0 && p.parsesArguments(p.moduleOf(target)); p.start.tool {
		p.decide("ENTRYPOINT is %s, the project's own script: it parses arguments, which are those of `docker run`", own)
		return true
	}
	p.decide("CMD is %s, the project's own script", own)
	if len(apps) > 0 {
		p.note("there is a %s application in %s too: if %s does not serve it, a server has to be the CMD", apps[0].name, apps[0].module.Path, own)
	}
	return true
}

// moduleOf is the file of a dotted name of the project's, nil when there is none.
func (p *plan) moduleOf(dotted string) *project.Module {
	if !isModule(dotted) {
		return nil
	}
	file := path.Join(p.meta.SourceDir, strings.ReplaceAll(dotted, ".", "/"))
	for _, name := range []string{file + ".py", file + "/__init__.py"} {
		if m, ok := p.c.Module(name); ok {
			return m
		}
	}
	return nil
}

// parsers are the libraries that read a command line.
var parsers = []string{"argparse", "optparse", "click", "typer", "docopt", "fire", "cyclopts", "cleo", "plac", "rich_click", "asyncclick"}

// parsesArguments tells whether the module imports what reads a command line. A nil module does not.
func (p *plan) parsesArguments(m *project.Module) bool {
	if m == nil {
		return false
	}
	for _, stands := range m.Imports {
		if first, _, _ := strings.Cut(stands, "."); slices.Contains(parsers, first) {
			return true
		}
	}
	return false
}

// startDjango looks for manage.py: its project is copied, since that file is no part of a package.
func (p *plan) startDjango(apps []webApp) bool {
	m, ok := p.c.Module("manage.py")
	if !ok || m.DjangoSettings == "" && !p.has("django") {
		return false
	}
	p.start.django = true
	apps = slices.DeleteFunc(slices.Clone(apps), func(a webApp) bool { return a.name != "Django" })
	if len(apps) == 0 {
		p.unknownStart("there is a manage.py of Django, but no wsgi.py or asgi.py", `CMD ["gunicorn", "--bind", "0.0.0.0:8000", "PROJECT.wsgi:application"]`)
		return true
	}
	prefersASGI := slices.ContainsFunc(asgiServers, p.has) && !slices.ContainsFunc(wsgiServers[:3], p.has) // Hypercorn is both
	stable.Sort(apps, func(a, b webApp) int {
		// The settings' package is the site's; another wsgi.py belongs to an application in it.
		return rankDjango(a, m.DjangoSettings, prefersASGI) - rankDjango(b, m.DjangoSettings, prefersASGI)
	})
	p.serve(apps[0])
	p.start.django = true
	return true
}

func rankDjango(a webApp, settings string, prefersASGI bool) int {
	rank := 0
	site, _, _ := strings.Cut(settings, ".")
	if first, _, _ := strings.Cut(a.target, "."); first != site {
		rank += 2
	}
	if a.asgi != prefersASGI {
		rank++
	}
	return rank
}

// startWeb serves the likeliest application, unless two are as likely.
func (p *plan) startWeb(apps []webApp) bool {
	if len(apps) == 0 {
		return false
	}
	if target := p.procfileTarget(); target != "" {
		for _, a := range apps {
			if a.target == strings.TrimSuffix(target, "()") {
				a.named = true
				p.serve(a)
				return true
			}
		}
		if a, ok := p.handedOn(target, apps); ok {
			p.serve(a)
			return true
		}
	}
	if len(apps) > 1 && apps[0].rank() == apps[1].rank() {
		p.unknownStart("there are several web applications, such as "+apps[0].target+" and "+apps[1].target, p.serverExample(apps[0]))
		return true
	}
	p.serve(apps[0])
	return true
}

// handedOn is the application that a Procfile names in a module which does not make it but imports it from where it is made: a package with
// `from .core import *` in its __init__.py.
func (p *plan) handedOn(target string, apps []webApp) (a webApp, ok bool) {
	target, factory := strings.CutSuffix(target, "()")
	dotted, _, _ := strings.Cut(target, ":")
	m := p.moduleOf(dotted)
	if m == nil || slices.ContainsFunc(apps, func(a webApp) bool { return a.framework != apps[0].framework }) {
		return webApp{}, false
	}
	return webApp{framework: apps[0].framework, module: m, root: ".", target: target, factory: factory, named: true}, true
}

// forDevelopers matches names of extras that are not for running the application.
var forDevelopers = pattern.New(`(?i)dev|test|lint|doc|typ|example|bench|build|release|ci$`)

// takeExtra has an extra of the project installed with it where that is the only one with a server for the application. It is for a project
// whose metadata are all that says what to install: a lock file or requirements.txt has what its author chose.
func (p *plan) takeExtra(a webApp) {
	if p.tool != Pip || len(p.requirements) > 0 || !p.packageable() {
		return
	}
	required := p.packages
	var found []string
	for _, name := range slices.Sorted(maps.Keys(p.meta.Extras)) {
		p.packages = slices.Concat(required, p.meta.Extras[name])
		if isScript(name) && !forDevelopers.MatchString(name) && p.serverWords(a) != nil {
			found = append(found, name)
		}
	}
	p.packages = required
	if len(found) != 1 {
		return
	}
	p.extra = found[0]
	p.packages = slices.Concat(required, p.meta.Extras[p.extra])
	p.decide("the extra %s is installed too: the server is in it", p.extra)
}

// serve starts an application with the server that is among the requirements.
func (p *plan) serve(a webApp) {
	if p.serverWords(a) == nil {
		p.takeExtra(a)
	}
	words, why := p.serverWords(a), "where "+a.name+" is set up"
	if a.named {
		why = "which Procfile names"
	}
	if as := p.procfileServer(); serves(as, a.target) {
		words, why = as, "as Procfile says"
	}
	p.start.module = a.module
	if words == nil {
		wanted := "gunicorn"
		if a.asgi {
			wanted = "uvicorn"
		}
		p.unknownStart(a.name+" is served from "+a.target+", but no server for it is among the requirements: add "+wanted, p.serverExample(a))
		p.start.module = a.module
		return
	}
	p.start = start{words: words, port: port, module: a.module, server: true}
	p.decide("CMD is %s with %s, %s", words[0], a.target, why)
	if a.name == "Django" {
		p.start.django = true
		p.note("Django's static files and migrations are not dealt with: collectstatic and migrate need settings that init can't know")
	}
}

func (p *plan) serverExample(a webApp) string {
	server := "gunicorn"
	if a.asgi {
		server = "uvicorn"
	}
	return "CMD " + fixes.ExecForm(commandOf(server, a))
}

// The servers that are looked for among the requirements, the likeliest first.
var (
	wsgiServers = []string{"gunicorn", "waitress", "uwsgi", "hypercorn"}
	asgiServers = []string{"uvicorn", "hypercorn", "daphne", "granian"}
)

// serverWords is the command of the first server of the requirements that can serve the application.
func (p *plan) serverWords(a webApp) []string {
	servers := wsgiServers
	if a.asgi {
		servers = asgiServers
	}
	for _, server := range servers {
		bundled := server == "uvicorn" && slices.ContainsFunc(p.packages, func(r installer.Requirement) bool {
			return r.Name == "fastapi" && (slices.Contains(r.Extras, "standard") || slices.Contains(r.Extras, "all"))
		})
		if (p.has(server) || bundled) && !(a.factory && (server == "uwsgi" || server == "daphne")) {
			return commandOf(server, a)
		}
	}
	return nil
}

func commandOf(server string, a webApp) []string {
	at := "0.0.0.0:" + portText
	factory := func(words ...string) []string {
		if !a.factory {
			return nil
		}
		return words
	}
	inside := func(option string) []string {
		if a.root == "." {
			return nil
		}
		return []string{option, a.root}
	}
	call := a.target
	if a.factory {
		call += "()"
	}
	switch server {
	case "gunicorn":
		return slices.Concat([]string{"gunicorn", "--bind", at}, inside("--chdir"), []string{call})
	case "waitress":
		return slices.Concat([]string{"waitress-serve", "--listen", at}, factory("--call"), []string{a.target})
	case "uwsgi":
		return slices.Concat([]string{"uwsgi", "--master", "--die-on-term", "--http-socket", at}, inside("--chdir"), []string{"--module", a.target})
	case "uvicorn":
		return slices.Concat([]string{"uvicorn"}, factory("--factory"), []string{a.target, "--host", "0.0.0.0", "--port", portText}, inside("--app-dir"))
	case "hypercorn":
		return slices.Concat([]string{"hypercorn", "--bind", at}, []string{call})
	case "daphne":
		return []string{"daphne", "--bind", "0.0.0.0", "--port", portText, a.target}
	}
	return slices.Concat([]string{"granian", "--interface", "asgi", "--host", "0.0.0.0", "--port", portText}, factory("--factory"), []string{a.target})
}

// startStreamlit looks for the page that Streamlit starts with.
func (p *plan) startStreamlit() bool {
	if !p.has("streamlit") {
		return false
	}
	var pages []*project.Module
	for _, m := range p.modules {
		if m.Imports["streamlit"] != "" || slices.Contains(slices.Collect(maps.Values(m.Imports)), "streamlit") {
			pages = append(pages, m)
		}
	}
	page := p.usual(pages, "streamlit_app.py", "app.py", "main.py", "Home.py", "home.py")
	if page == nil {
		return false
	}
	p.start = start{
		words: []string{"streamlit", "run", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true", page.Path}, port: 8501, module: page, server: true,
	}
	p.decide("CMD is streamlit with %s", page.Path)
	return true
}

// usual is the module at the top with the first of the names, or the only one of all.
func (p *plan) usual(modules []*project.Module, names ...string) *project.Module {
	for _, name := range names {
		for _, m := range modules {
			if m.Path == name {
				return m
			}
		}
	}
	if len(modules) == 1 {
		return modules[0]
	}
	return nil
}

// startPackage looks for the one package that `python -m` can start.
func (p *plan) startPackage() bool {
	var found []*project.Module
	for _, m := range p.modules {
		if dir := path.Dir(m.Path); path.Base(m.Path) == "__main__.py" && (path.Dir(dir) == "." || path.Dir(dir) == p.meta.SourceDir) && dir != "." {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return false
	}
	name := path.Base(path.Dir(found[0].Path))
	if root := path.Dir(path.Dir(found[0].Path)); !isModule(name) || root != "." && !p.packageable() {
		return false
	}
	p.start = start{words: []string{"python", "-m", name}, module: found[0], tool: p.parsesArguments(found[0])}
	p.decide("%s is python -m %s, which has the only __main__.py", p.start.instruction(), name)
	return true
}

// startModule looks for the one file that is a program.
func (p *plan) startModule() bool {
	var programs, top []*project.Module
	for _, m := range p.modules {
		if strings.Contains(m.Path, "/") && path.Dir(m.Path) != "src" {
			continue
		}
		if path.Base(m.Path) == "manage.py" {
			continue // it wants to be told what to do
		}
		if path.Base(m.Path) != "__init__.py" && path.Base(m.Path) != "config.py" && path.Base(m.Path) != "settings.py" {
			top = append(top, m)
		}
		if m.Main {
			programs = append(programs, m)
		}
	}
	names := []string{"main.py", "app.py", "bot.py", "run.py", "server.py", "__main__.py", "src/main.py", "src/app.py", "src/bot.py", "src/__main__.py"}
	found, why := p.usual(programs, names...), "which asks whether it is the program"
	if found == nil && len(programs) == 0 {
		found, why = p.usual(top, names...), "by its name: nothing in it says that it is the program"
	}
	if found == nil {
		return false
	}
	p.start = start{words: []string{"python", found.Path}, module: found, tool: p.parsesArguments(found)}
	p.decide("%s is python %s, %s", p.start.instruction(), found.Path, why)
	return true
}

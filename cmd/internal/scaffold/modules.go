package scaffold

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// notTheApp are folders and files that hold no part of a running application.
var notTheApp = pattern.New(`(?i)^(?:tests?|testing|docs?|documentation|examples?|samples?|demos?|benchmarks?|build|dist|node_modules|site-packages|v?env|\.[^/]*|__pycache__|[^/]*\.egg-info|htmlcov|notebooks|docker|deploy(?:ment)?|k8s|kubernetes|helm|charts|terraform|infra|ansible|requirements|setup\.py|conftest\.py|noxfile\.py|toxfile\.py|tasks\.py|fabfile\.py|locustfile\.py|dodo\.py|versioneer\.py|tests?\.py|test_[^/]*\.py|[^/]*_tests?\.py)$`)

const (
	maxDepth   = 4   // of the modules that are read, in folders
	maxModules = 600 // more would not make it clearer what starts the application
)

// findModules reads the Python files that may be what starts, those at the top first. It goes from folder to folder: a walk would spend its
// limit on .venv and node_modules.
func (p *plan) findModules() error {
	folders := []string{"."}
	for depth := 0; depth < maxDepth; depth++ {
		var below []string
		for _, dir := range folders {
			for _, file := range p.c.Glob(path.Join(dir, "*")) {
				switch {
				case outside(path.Base(file)) || !isPath(file):
				case p.c.IsDir(file) && len(below) < maxModules:
					below = append(below, file)
				case path.Ext(file) == ".py" && len(p.modules) < maxModules:
					if m, ok := p.c.Module(file); ok {
						p.modules = append(p.modules, m)
					}
				}
			}
		}
		folders = below
	}
	return nil
}

// outside tells whether a part of the path is nothing of the application's.
func outside(file string) bool {
	for part := range strings.SplitSeq(file, "/") {
		if notTheApp.MatchString(part) {
			return true
		}
	}
	return false
}

// importRoot is the folder that must be on sys.path for the module to be imported as its own imports expect, and its dotted name from there.
func (p *plan) importRoot(m *project.Module) (root, dotted string) {
	root = path.Dir(m.Path)
	for root != "." && p.c.Exists(path.Join(root, "__init__.py")) {
		root = path.Dir(root)
	}
	root = p.namespaceRoot(m, root)
	if site, ok := p.siteRoot(m); ok {
		root = site
	}
	inside := m.Path
	if root != "." {
		inside = strings.TrimPrefix(m.Path, root+"/")
	}
	dotted = strings.ReplaceAll(strings.TrimSuffix(inside, ".py"), "/", ".")
	return root, strings.TrimSuffix(dotted, ".__init__")
}

// siteRoot is the folder that Django's settings are imported from, whether or not it has an __init__.py.
func (p *plan) siteRoot(m *project.Module) (root string, ok bool) {
	first, _, _ := strings.Cut(m.DjangoSettings, ".")
	if !isModule(first) {
		return "", false
	}
	for at := path.Dir(m.Path); ; at = path.Dir(at) {
		if p.c.IsDir(path.Join(at, first)) || p.c.Exists(path.Join(at, first+".py")) {
			return at, true
		}
		if at == "." {
			return "", false
		}
	}
}

// namespaceRoot goes up from a folder that has no __init__.py: it is a package too, unless its modules import each other without its name.
func (p *plan) namespaceRoot(m *project.Module, root string) string {
	for at := root; at != "."; at = path.Dir(at) {
		if p.importsBelow(m, path.Base(at)) {
			return path.Dir(at)
		}
	}
	if path.Dir(m.Path) == root && p.importsSibling(m) {
		return root
	}
	for root != "." && path.Base(root) != "src" {
		root = path.Dir(root)
	}
	return root
}

func (p *plan) importsBelow(m *project.Module, name string) bool {
	for _, stands := range m.Imports {
		if name != "." && (stands == name || strings.HasPrefix(stands, name+".")) {
			return true
		}
	}
	return false
}

// importsSibling tells whether the module imports one beside it by its bare name.
func (p *plan) importsSibling(m *project.Module) bool {
	dir := path.Dir(m.Path)
	for _, stands := range m.Imports {
		first, _, _ := strings.Cut(stands, ".")
		if first != "" && (p.c.Exists(path.Join(dir, first+".py")) || p.c.Exists(path.Join(dir, first, "__init__.py"))) {
			return true
		}
	}
	return false
}

// framework is what an application is made with.
type framework struct {
	name string
	asgi bool
}

// constructors make an application that a server can run.
var constructors = map[string]framework{
	"flask.Flask": {"Flask", false}, "quart.Quart": {"Quart", true}, "fastapi.FastAPI": {"FastAPI", true}, "fastapi.applications.FastAPI": {"FastAPI", true},
	"starlette.applications.Starlette": {"Starlette", true}, "litestar.Litestar": {"Litestar", true}, "falcon.App": {"Falcon", false},
	"falcon.asgi.App": {"Falcon", true}, "bottle.Bottle": {"Bottle", false}, "blacksheep.Application": {"BlackSheep", true},
	"django.core.wsgi.get_wsgi_application": {"Django", false}, "django.core.asgi.get_asgi_application": {"Django", true},
	"connexion.FlaskApp": {"Connexion", true}, "connexion.AsyncApp": {"Connexion", true}, "connexion.App": {"Connexion", true},
}

// webApp is an application in a module: what to give to a server.
type webApp struct {
	framework
	module  *project.Module
	root    string // folder for sys.path
	target  string // "weather.web:app"
	factory bool   // target is a function that makes the application
	named   bool   // by a Procfile
}

// rank orders applications: the shallower module first, then the name that people give to the one that is deployed.
func (a webApp) rank() int {
	usual := []string{"wsgi.py", "asgi.py", "main.py", "app.py", "server.py", "application.py", "api.py", "run.py", "__init__.py"}
	at := slices.Index(usual, path.Base(a.module.Path))
	if at < 0 {
		at = len(usual)
	}
	n := strings.Count(a.module.Path, "/") * 100
	if path.Base(a.module.Path) == "wsgi.py" || path.Base(a.module.Path) == "asgi.py" {
		n = 0 // these are there to be deployed, wherever they are
	}
	if a.factory {
		n += 50
	}
	return n + at
}

// helpers are modules that make an application in order to do something else with it.
var helpers = pattern.New(`(?:^|/)(?:alembic|migrations|scripts|tools|bin|cli|management)/|(?:^|/)(?:env|cli|manage|shell|seeds?|celery(?:_app|_worker)?|tasks|worker)\.py$`)

// webApps are the applications that the modules make, the likeliest first.
func (p *plan) webApps() []webApp {
	var found []webApp
	for _, m := range p.modules {
		if helpers.MatchString(m.Path) {
			continue
		}
		root, dotted := p.importRoot(m)
		if p.packageable() && p.isPacked(m.Path) && !p.c.Exists("manage.py") {
			root = "." // it will be installed
		}
		for _, call := range m.Calls {
			f, ok := constructors[call.Callee]
			if !ok {
				f, ok = p.madeBy(call.Callee, m)
			}
			name := call.Name
			if strings.HasPrefix(name, "_") { // a private one, which a function wraps
				wrapper := slices.IndexFunc(m.Functions, func(name string) bool { return name == "application" || name == "app" })
				if wrapper < 0 {
					continue
				}
				name = m.Functions[wrapper]
			}
			if ok && isModule(name) && isModule(dotted) {
				found = append(found, webApp{framework: f, module: m, root: root, target: dotted + ":" + name})
				break
			}
		}
		for _, name := range m.Factories {
			if name != "create_app" && name != "make_app" && name != "get_app" && name != "get_application" && name != "create_application" {
				continue
			}
			if f, ok := p.importedFramework(m); ok && isModule(dotted) && !slices.ContainsFunc(found, func(a webApp) bool { return a.module == m }) {
				found = append(found, webApp{framework: f, module: m, root: root, target: dotted + ":" + name, factory: true})
			}
		}
	}
	stable.Sort(found, func(a, b webApp) int { return a.rank() - b.rank() })
	return found
}

// madeBy tells the framework of `app = create_app()`, by the name of what is called and by what is imported.
func (p *plan) madeBy(callee string, m *project.Module) (framework, bool) {
	name := callee[strings.LastIndexByte(callee, '.')+1:]
	if !slices.Contains([]string{"create_app", "make_app", "get_app", "init_app", "get_application", "create_application", "build_app"}, name) {
		return framework{}, false
	}
	if f, ok := p.importedFramework(m); ok {
		return f, true
	}
	switch { // the factory is in another module
	case p.has("fastapi"):
		return framework{"FastAPI", true}, true
	case p.has("quart"):
		return framework{"Quart", true}, true
	case p.has("flask"):
		return framework{"Flask", false}, true
	}
	return framework{}, false
}

// importedFramework is what the module imports the constructor of.
func (p *plan) importedFramework(m *project.Module) (framework, bool) {
	for _, constructor := range []string{"fastapi.FastAPI", "flask.Flask", "quart.Quart", "starlette.applications.Starlette", "litestar.Litestar"} {
		for _, stands := range m.Imports {
			if pkg, _, _ := strings.Cut(constructor, "."); stands == constructor || stands == pkg {
				return constructors[constructor], true
			}
		}
	}
	return framework{}, false
}

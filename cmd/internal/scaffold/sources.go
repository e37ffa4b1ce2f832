package scaffold

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// chooseSources decides whether the application is installed as a package or copied, and what of it.
func (p *plan) chooseSources() error {
	p.install = p.packageable() && !p.start.django && (p.start.script || p.start.module == nil || p.isPacked(p.start.module.Path))
	if p.install {
		p.inputs = p.buildInputs()
		p.decide("the application is installed as a package, by %s", p.meta.Backend)
		for _, name := range []string{"alembic.ini", "alembic", "migrations", "gunicorn.conf.py", "uwsgi.ini"} {
			if p.c.Exists(name) && !p.isPacked(name) {
				p.note("%s is beside the package, and so not in the image: COPY it if it is needed there", name)
			}
		}
		if p.meta.UsesSCM {
			p.note("the version comes from git, which the build does not see: give it with --build-arg VERSION=1.2.3")
		}
		return nil
	}
	if p.tool == Pip && len(p.requirements) == 0 && p.packageable() {
		// Only an installation of the project brings its dependencies.
		p.install, p.inputs = true, p.buildInputs()
	}
	if p.tool == Pip && len(p.requirements) == 0 && !p.install && len(p.packages) > 0 {
		return fmt.Errorf("%s names dependencies, but pip can't tell what else to install from it: a lock file (`uv lock`, `poetry lock`) or a requirements.txt is needed", list(p.meta.Files))
	}
	p.bare = !p.install && len(p.packages) == 0
	if p.meta.Installable && !p.packageable() && len(p.meta.Scripts) > 0 {
		p.note("the project declares scripts, but not so that its package could be told: its sources are copied and not installed")
	}
	p.copied()
	return nil
}

// packageable tells whether `pip install .` makes a package of the application: the backend must be named, and what it packs must be there.
func (p *plan) packageable() bool {
	m := p.meta
	if m.NonPackage || !m.Installable || len(m.Problems) > 0 || !(m.BuildSystem || slices.Contains(m.Files, "setup.py")) {
		return false
	}
	if p.roots == nil {
		p.roots = p.packageRoots()
		if p.roots == nil {
			p.roots = []string{}
		}
	}
	return len(p.roots) > 0
}

// packageRoots are the folders and modules that the project's backend packs, as paths; none where that is not certain.
func (p *plan) packageRoots() []string {
	m := p.meta
	at := func(name string) string {
		name = strings.ReplaceAll(strings.Split(name, ".")[0], "-", "_")
		for _, found := range []string{path.Join(m.SourceDir, name), path.Join(m.SourceDir, name+".py")} {
			if p.c.Exists(found) && isPath(found) {
				return found
			}
		}
		return ""
	}
	var roots []string
	for _, name := range m.Packages {
		root := at(name)
		if root == "" {
			return nil
		}
		roots = append(roots, root)
	}
	if len(roots) == 0 && m.SourceDir != "" && p.c.IsDir(m.SourceDir) && isPath(m.SourceDir) {
		return []string{m.SourceDir}
	}
	if len(roots) == 0 {
		switch {
		case m.Backend == "setuptools" || strings.HasPrefix(m.Backend, "pdm"):
			roots = p.discovered()
		case m.Name != "":
			if root := at(strings.ReplaceAll(installer.NormalizeName(m.Name), "-", "_")); root != "" {
				roots = []string{root}
			}
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}

// discovered is what setuptools finds by itself: one package, or the packages that find_packages() of setup.py finds. Several without that are an
// error of setuptools': https://setuptools.pypa.io/en/latest/userguide/package_discovery.html
func (p *plan) discovered() []string {
	var packages []string
	for _, init := range p.c.Glob("*/__init__.py") {
		if dir := path.Dir(init); !outside(dir) && isPath(dir) {
			packages = append(packages, dir)
		}
	}
	if slices.Contains(p.meta.Dynamic, "packages") || strings.HasPrefix(p.meta.Backend, "pdm") || len(packages) == 1 && !p.otherFolders(packages[0]) {
		return packages
	}
	return nil
}

// otherFolders tells whether setuptools' discovery would meet a second package: in pyproject.toml's style, a folder needs no __init__.py.
func (p *plan) otherFolders(pkg string) bool {
	for _, file := range p.c.Glob("*/*.py") {
		if dir := path.Dir(file); dir != pkg && !outside(dir) && dir != "scripts" && dir != "tools" && dir != "bin" && dir != "tasks" && dir != "utils" {
			return true
		}
	}
	return false
}

func (p *plan) isPacked(file string) bool {
	return slices.ContainsFunc(p.roots, func(root string) bool { return file == root || strings.HasPrefix(file, root+"/") })
}

// buildInputs are the files that the backend reads besides the packages.
func (p *plan) buildInputs() []string {
	inputs := slices.Clone(p.meta.Files)
	others := slices.Clone(p.meta.DynamicFiles)
	if p.c.Exists("MANIFEST.in") && p.meta.Backend == "setuptools" {
		others = append(others, "MANIFEST.in")
	}
	if p.meta.Readme != "" {
		others = append(others, p.meta.Readme)
	}
	for _, file := range others {
		switch {
		case !p.c.Exists(file):
			p.note("%s is named in %s and is not there", shown(file), list(p.meta.Files))
		case p.c.IsDir(file) || p.isPacked(file):
		case !isPath(file):
			p.note("%q is not copied: its name can't stand in a Dockerfile", shown(file))
		default:
			inputs = append(inputs, file)
		}
	}
	stable.Sort(inputs, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return compact(inputs)
}

func compact(words []string) []string {
	var all []string
	for _, w := range words {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

var (
	// runtimeFiles are files at the top that programs look for beside the sources.
	runtimeFiles = pattern.New(`(?i)^(?:alembic\.ini|uwsgi\.ini|(?:gunicorn|hypercorn)\.(?:conf|toml)|logging\.(?:conf|ini|ya?ml|json)|log_conf\.ya?ml|config\.(?:ini|toml|ya?ml|json|cfg)|settings\.(?:ini|toml|ya?ml|json)|.*\.(?:html|jinja2?|sql|mo))$`)
	// runtimeFolders are the same, as folders without Python in them.
	runtimeFolders = pattern.New(`(?i)^(?:templates?|static|assets?|public|locales?|i18n|translations?|lang|migrations|alembic|versions|conf|configs?|settings|resources?|data|models?|media|img|images|fonts|sql|schemas?|prompts?|pages|views)$`)
	// privateFiles hold secrets more often than not.
	privateFiles = pattern.New(`(?i)secret|credential|token|service.?account|\.pem$|\.key$|^\.|id_rsa|password`)
	// workFiles are what tools of developers read.
	workFiles = pattern.New(`(?i)^(?:package(?:-lock)?\.json|renovate\.json|tsconfig\.json|.*compose.*\.ya?ml|mkdocs\.ya?ml|codecov\.ya?ml|environment\.ya?ml|.*\.lock|pyrightconfig\.json|vercel\.json|app\.json|heroku\.yml|render\.yaml|fly\.toml|railway\.json|cloudbuild\.yaml|skaffold\.yaml|.*\.ipynb|.*\.md|license.*|dockerfile.*)$`)
)

// appFolder is where copied sources are.
const appFolder = "/app"

const maxFolders = 8 // more COPYs would be harder to read than an ignore file

// copied chooses what of the sources is copied by name.
func (p *plan) copied() {
	var folders []string
	for _, name := range p.c.Glob("*") {
		dir := p.c.IsDir(name)
		switch {
		case !p.wanted(name, dir):
			if !strings.HasPrefix(name, ".") {
				p.leftOut = append(p.leftOut, name)
			}
		case !isPath(name):
			p.note("%q is not copied: its name can't stand in a Dockerfile", shown(name))
		case dir:
			folders = append(folders, name)
		default:
			p.sources = append(p.sources, name)
		}
	}
	if len(folders) > maxFolders {
		p.wholeDir, p.sources = true, nil
	} else {
		p.sources = append(p.sources, folders...)
	}
	if len(p.sources) == 0 && !p.wholeDir && !p.install {
		p.note("no sources of the application were found: COPY what it needs")
		return
	}
	p.findWrites()
	if what := slices.DeleteFunc(slices.Clone(p.leftOut), func(name string) bool { return !isPath(name) || quiet.MatchString(name) }); len(what) > 0 {
		p.note("not in the image, since nothing seems to read it when the application runs: %s", list(firstOf(what, 12)))
	}
}

// findWrites looks for a module that may write files. Those that are written beside the sources, a database of SQLite or logs, are what keeps
// many an application from starting as another user than root.
func (p *plan) findWrites() {
	for _, m := range p.modules {
		content, _ := p.c.Read(m.Path)
		if !helpers.MatchString(m.Path) && fixes.WritesFiles(content) {
			p.writes = m.Path
			p.note("%s may write files: the image's user may make new ones in %s, and what it makes there is gone with the container, unless a volume keeps it", m.Path, appFolder)
			return
		}
	}
}

// quiet are names that nobody would look for in an image.
var quiet = pattern.New(`(?i)^(?:readme.*|license.*|licence.*|copying.*|authors.*|change.*|history.*|contributing.*|code_of_conduct.*|security.*|makefile|dockerfile.*|(?:docker-)?compose.*|procfile|runtime\.txt|requirements.*|pyproject\.toml|setup\.(?:py|cfg)|.*\.lock|pipfile|tox\.ini|pytest\.ini|mypy\.ini|manifest\.in|node_modules|__pycache__|v?env|build|dist|.*\.egg-info|tests?|environment\.ya?ml)$`)

// wanted tells whether something at the top of the project belongs into the image.
func (p *plan) wanted(name string, dir bool) bool {
	switch {
	case strings.HasPrefix(name, "."), privateFiles.MatchString(name) && path.Ext(name) != ".py":
		return false
	case dir && p.c.Exists(path.Join(name, "pyvenv.cfg")):
		return false
	case outside(name):
		// A package of the application may be called docs or deploy; its tests are tests.
		return dir && !strings.HasPrefix(strings.ToLower(name), "test") && p.imports(name)
	case dir:
		return p.holdsPython(name) || runtimeFolders.MatchString(name) || p.mentions(name)
	case path.Ext(name) == ".py":
		return true
	}
	return runtimeFiles.MatchString(name) || !workFiles.MatchString(name) && p.mentions(name)
}

func (p *plan) holdsPython(dir string) bool {
	return slices.ContainsFunc(p.modules, func(m *project.Module) bool { return strings.HasPrefix(m.Path, dir+"/") })
}

// imports tells whether a module of the application imports the package at the top of that name.
func (p *plan) imports(name string) bool {
	if !p.c.Exists(path.Join(name, "__init__.py")) {
		return false
	}
	for _, m := range p.modules {
		for _, stands := range m.Imports {
			if first, _, _ := strings.Cut(stands, "."); first == name {
				return true
			}
		}
	}
	return false
}

// mentions tells whether a module names a file or folder.
func (p *plan) mentions(name string) bool {
	if len(name) < 4 {
		return false
	}
	for _, m := range p.modules {
		content, _ := p.c.Read(m.Path)
		for rest := content; ; {
			i := bytes.Index(rest, []byte(name))
			if i < 0 {
				break
			}
			end := i + len(name)
			if i > 0 && end < len(rest) && strings.IndexByte(`"'/`, rest[i-1]) >= 0 && strings.IndexByte(`"'/`, rest[end]) >= 0 {
				return true
			}
			rest = rest[end:]
		}
	}
	return false
}

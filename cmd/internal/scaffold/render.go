package scaffold

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// writer writes a Dockerfile line by line.
type writer struct{ strings.Builder }

func (w *writer) line(words ...string) { w.WriteString(strings.Join(words, " ") + "\n") }

// comment writes sentences as comment lines of a readable width.
func (w *writer) comment(text string) {
	const width = 110
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			w.line(line)
			line = "#"
		}
		line += " " + word
	}
	w.line(line)
}

// stage begins a stage.
func (w *writer) stage(from, name string) { w.line("FROM", from, "AS", name) }

// render is the Dockerfile.
func (p *plan) render() string {
	w := &writer{}
	w.line("# syntax=docker/dockerfile:1")
	w.line()
	switch {
	case p.tool == Conda:
		p.renderConda(w)
	case p.bare:
		w.comment("The project requires no packages, so that there is nothing to build.")
	default:
		p.renderBase(w)
		if p.exports() {
			p.renderExport(w)
		}
		p.renderBuilder(w)
	}
	p.renderProduction(w)
	return w.String()
}

// renderBase writes what building and running share.
func (p *plan) renderBase(w *writer) {
	shared := "What the other stages share: the interpreter, and where packages are."
	if len(p.runtime) > 0 {
		shared = "What the other stages share: the interpreter, where packages are, and what these need of the system."
	}
	w.comment(shared)
	w.stage(p.base, "base")
	if p.venv {
		w.line("ENV PATH=" + path.Join(p.dir, "bin") + ":$PATH")
	} else {
		w.line(`ENV PYTHONUSERBASE=` + p.dir + " \\")
		w.line(`    PATH=$PATH:` + path.Join(p.dir, "bin"))
	}
	p.installOS(w, p.runtime)
	w.line()
}

func (p *plan) installOS(w *writer, packages []string) {
	if len(packages) == 0 {
		return
	}
	steps := strings.Split(fixes.InstallCommand("debian", packages), " && ")
	w.line("RUN " + strings.Join(steps, " \\\n    && "))
}

// exports tells whether the lock file is turned into a requirements file for pip. uv makes virtual environments itself.
func (p *plan) exports() bool {
	return p.tool == Poetry || p.tool == Pipenv || p.tool == Pdm || p.tool == Uv && !p.venv
}

// renderExport writes the stage that makes a requirements file of the lock file. The tool stays in it: what it requires itself
// must not count as installed in the builder.
func (p *plan) renderExport(w *writer) {
	w.comment("The lock file as requirements for pip; " + string(p.tool) + " itself stays in this stage.")
	from := "base"
	if p.tool != Uv && version.Older(p.python, oldestOfTools) {
		from = "python:" + candidates[0] + suffix // what it exports does not depend on the interpreter
	}
	w.stage(from, "requirements")
	if p.syncs {
		p.installOS(w, p.build)
	}
	install := func(names ...string) {
		words := []string{"RUN pip install --no-cache-dir"}
		for _, name := range names {
			words = append(words, name+"=="+p.version(name))
		}
		w.line(words...)
	}
	files := "pyproject.toml " + locks[slices.IndexFunc(locks, func(l lockFile) bool { return l.tool == p.tool })].file
	export := ""
	switch p.tool {
	case Poetry:
		install("poetry", "poetry-plugin-export")
		export = "poetry export --only main --output requirements.txt"
	case Pdm:
		// The extra has the versions that pdm was released with: it does not work with any newer hishel, for example.
		w.line("RUN pip install --no-cache-dir 'pdm[locked]==" + p.version("pdm") + "'")
		export = "pdm export --prod --format requirements --output requirements.txt"
		if p.syncs {
			w.comment("pdm.lock has no markers, so that it can't be exported: what pdm installs is listed instead.")
			export = "pdm sync --prod --no-self && pdm list --freeze > requirements.txt"
		}
	case Pipenv:
		install("pipenv")
		files = "Pipfile Pipfile.lock"
		export = "pipenv requirements --hash > requirements.txt"
		if f, ok := p.c.Pipfile("Pipfile"); ok && len(f.Sources) <= 1 && !slices.ContainsFunc(f.Sources, func(url string) bool { return !strings.Contains(url, "//pypi.org/") }) {
			export = "pipenv requirements --hash --exclude-index > requirements.txt"
		}
	case Uv:
		w.line("COPY --from=ghcr.io/astral-sh/uv:"+p.version("uv"), "/uv /bin/")
		w.line("ENV UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1")
		export = "uv export --frozen --no-dev --no-emit-project --output-file requirements.txt"
	}
	w.line("WORKDIR /src")
	w.line("COPY", files, "./")
	w.line("RUN", export)
	w.line()
}

func (p *plan) renderBuilder(w *writer) {
	w.stage("base", "builder")
	p.installOS(w, p.build)
	if pip := p.o.Pins["pip"]; pip != "" && !(p.tool == Uv && p.venv) {
		w.line("RUN pip install --no-cache-dir pip==" + pip)
	}
	if p.venv && p.tool == Uv {
		p.renderUvSync(w)
		return
	}
	if p.venv {
		w.line("RUN python -m venv " + p.dir)
	}
	w.line("WORKDIR /src")
	p.pinSetuptools(w)
	if file := p.renderDependencies(w); file != "" {
		w.line(p.pip(true) + " -r " + file)
	}
	if p.install {
		p.renderInstall(w)
	}
	w.line()
}

// pip is the command that installs into the layout. first tells that nothing was installed there before.
func (p *plan) pip(first bool) string {
	if p.venv {
		return "RUN pip install --no-cache-dir"
	}
	if first {
		// What the builder's interpreter has would be left out, and is not copied.
		return "RUN pip install --no-cache-dir --user --ignore-installed --no-warn-script-location"
	}
	return "RUN pip install --no-cache-dir --user --no-warn-script-location"
}

// renderDependencies brings the requirements file, whose path it gives; "" where the project's metadata are all there is.
func (p *plan) renderDependencies(w *writer) string {
	if p.exports() {
		w.line("COPY --from=requirements /src/requirements.txt ./")
		return "requirements.txt"
	}
	if len(p.requirements) == 0 {
		return ""
	}
	w.comment("Dependencies first: this layer is made again only when they change.")
	byFolder := map[string][]string{}
	var folders []string
	for _, file := range p.requirements {
		dir := path.Dir(file)
		if byFolder[dir] == nil {
			folders = append(folders, dir)
		}
		byFolder[dir] = append(byFolder[dir], file)
	}
	for _, dir := range folders {
		to := "./"
		if dir != "." {
			to = dir + "/"
		}
		w.line("COPY", strings.Join(byFolder[dir], " "), to)
	}
	if p.self == "" {
		return p.requirements[0]
	}
	w.comment("The line that installs the project itself is for development.")
	w.line("RUN grep --invert-match --line-regexp --fixed-strings -e '" + p.self + "' " + p.requirements[0] + " > dependencies.txt")
	return "dependencies.txt"
}

// renderInstall installs the application itself.
func (p *plan) renderInstall(w *writer) {
	p.copyInputs(w)
	p.pretendVersion(w)
	dependencies := len(p.requirements) > 0 || p.exports()
	self := "."
	if p.extra != "" {
		self = "'.[" + p.extra + "]'"
	}
	switch {
	case dependencies && p.covered():
		w.line(p.pip(false) + " --no-deps .")
	case dependencies:
		w.line(p.pip(false) + " .")
	default:
		w.comment("The project's metadata are all that says what to install, so that an edit of a source file installs everything again: the cache mount saves the downloads.")
		w.line(strings.Replace(p.pip(true), " pip install --no-cache-dir", " --mount=type=cache,target=/root/.cache/pip pip install", 1) + " " + self)
	}
}

// covered tells whether the requirements have all that the project asks for, so that pip need not look.
func (p *plan) covered() bool {
	if p.exports() {
		return true
	}
	for _, r := range p.meta.Dependencies {
		if !p.has(r.Name) && !otherSystem(r.Marker) {
			p.note("%s does not have %s, which %s asks for: pip chooses its version at each build", p.requirements[0], shown(r.Name), p.meta.DependenciesFile)
			return false
		}
	}
	return p.meta.DependenciesFile != "" || len(p.meta.Dynamic) == 0 || slices.Contains(p.meta.DynamicFiles, p.requirements[0])
}

// copyInputs brings what the build of the project reads.
func (p *plan) copyInputs(w *writer) {
	byFolder := map[string][]string{}
	var folders []string
	for _, file := range p.inputs {
		dir := path.Dir(file)
		if byFolder[dir] == nil {
			folders = append(folders, dir)
		}
		byFolder[dir] = append(byFolder[dir], file)
	}
	for _, root := range p.roots {
		if path.Ext(root) == ".py" {
			byFolder[path.Dir(root)] = append(byFolder[path.Dir(root)], root)
		}
	}
	for _, dir := range folders {
		to := "./"
		if dir != "." {
			to = dir + "/"
		}
		w.line("COPY", strings.Join(byFolder[dir], " "), to)
	}
	for _, root := range p.roots {
		if path.Ext(root) != ".py" {
			w.line("COPY", root, root)
		}
	}
}

// pretendVersion gives the build a version where it would ask git for one.
func (p *plan) pretendVersion(w *writer) {
	if !p.meta.UsesSCM {
		return
	}
	variable := "SETUPTOOLS_SCM_PRETEND_VERSION"
	for _, r := range p.meta.Requires {
		switch r.Name {
		case "pbr":
			variable = "PBR_VERSION"
		case "poetry-dynamic-versioning":
			variable = "POETRY_DYNAMIC_VERSIONING_BYPASS"
		case "uv-dynamic-versioning":
			variable = "UV_DYNAMIC_VERSIONING_BYPASS"
		case "pdm-backend":
			variable = "PDM_BUILD_SCM_VERSION"
		case "setuptools-scm", "hatch-vcs":
			if isScript(p.meta.Name) {
				variable = "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_" + strings.ToUpper(strings.ReplaceAll(installer.NormalizeName(p.meta.Name), "-", "_"))
			}
		}
	}
	w.comment("The version comes from git, which is not in the build context: docker build --build-arg VERSION=1.2.3")
	w.line("ARG VERSION=0.0.0")
	w.line("ENV " + variable + "=$VERSION")
}

// pinSetuptools makes builds use the setuptools of the configuration: a version in the image is not looked at by a build that is isolated.
func (p *plan) pinSetuptools(w *writer) {
	version := p.o.Pins["setuptools"]
	if version == "" {
		return
	}
	w.comment("Builds are isolated: only a constraint decides their setuptools. The first variable is for pip from 25.3 on, the other for older ones.")
	w.line("RUN echo 'setuptools==" + version + "' > /build-constraints.txt")
	w.line("ENV PIP_BUILD_CONSTRAINT=/build-constraints.txt \\")
	w.line("    PIP_CONSTRAINT=/build-constraints.txt")
}

// renderUvSync lets uv make the virtual environment.
func (p *plan) renderUvSync(w *writer) {
	w.line("COPY --from=ghcr.io/astral-sh/uv:"+p.version("uv"), "/uv /bin/")
	w.line("ENV UV_PROJECT_ENVIRONMENT=" + p.dir + " \\")
	w.line("    UV_PYTHON_DOWNLOADS=never \\")
	w.line("    UV_COMPILE_BYTECODE=1 \\")
	w.line("    UV_NO_CACHE=1")
	w.line("WORKDIR /src")
	w.comment("Dependencies first: this layer is made again only when they change.")
	w.line("COPY pyproject.toml uv.lock ./")
	w.line("RUN uv sync --frozen --no-dev --no-install-project")
	if p.install {
		p.copyInputs(w)
		p.pretendVersion(w)
		w.line("RUN uv sync --frozen --no-dev --no-editable")
	}
	w.line()
}

func (p *plan) renderConda(w *writer) {
	w.stage("condaforge/miniforge3:"+p.version("miniforge3"), "builder")
	w.line("WORKDIR /src")
	w.comment("Dependencies first: this layer is made again only when they change.")
	w.line("COPY", p.environment, "./")
	w.line("RUN conda env create --prefix /opt/env --file", p.environment)
	p.dir = "/opt/env"
	if p.install {
		p.copyInputs(w)
		p.pretendVersion(w)
		w.line("RUN /opt/env/bin/python -m pip install --no-cache-dir --no-deps .")
	}
	w.line()
}

func (p *plan) renderProduction(w *writer) {
	switch {
	case p.bare:
		w.line("FROM", p.base)
		w.line("ENV PYTHONUNBUFFERED=1")
	case p.tool == Conda:
		w.comment("An environment of conda brings its own interpreter and libraries, and works at the path that it was made at.")
		w.stage(p.base, "production")
		w.line("ENV PATH=" + p.dir + "/bin:$PATH \\")
		w.line("    PYTHONUNBUFFERED=1")
	default:
		w.stage("base", "production")
		w.line("ENV PYTHONUNBUFFERED=1")
	}
	steps := strings.Split(fixes.UserCommand("debian"), " && ")
	if p.writes != "" {
		steps = append(steps, "install --directory --owner="+fixes.User+" --group="+fixes.User+" "+appFolder)
	}
	w.line("RUN " + strings.Join(steps, " \\\n    && "))
	sources := len(p.sources) > 0 || p.wholeDir
	if sources || !p.install {
		w.line("WORKDIR", appFolder)
	}
	if !p.bare {
		p.copyPackages(w)
	}
	if sources {
		p.copySources(w)
		p.offerStatic(w)
	}
	w.line("USER", fixes.UserID+":"+fixes.UserID)
	if p.start.port != 0 {
		w.line("EXPOSE", strconv.Itoa(p.start.port))
		p.offerHealthcheck(w)
	}
	if p.start.words != nil {
		w.line(p.start.instruction(), fixes.ExecForm(p.start.words))
		return
	}
	for _, line := range p.start.advice {
		w.comment(line)
	}
}

// offerHealthcheck writes a check as a comment: what starts and stops containers decides whether there is one. It asks only whether the server
// takes connections, since no file says which page answers.
func (p *plan) offerHealthcheck(w *writer) {
	if !p.start.server {
		return
	}
	w.comment("Docker and Compose can watch the server with the next line; Kubernetes has probes of its own instead.")
	code := "import socket; socket.create_connection(('127.0.0.1', " + strconv.Itoa(p.start.port) + "), 3)"
	w.line("#", "HEALTHCHECK CMD", fixes.ExecForm([]string{"python", "-c", code}))
}

// staticRoot matches the setting that says where Django's collectstatic puts its files.
var staticRoot = pattern.New(`(?m)^[ \t]*STATIC_ROOT\s*=\s*[^N\s]`)

// offerStatic writes Django's collectstatic as a comment, where settings say that there are files to collect: pages of WhiteNoise's storage are
// errors without them. Whether the settings can be read during a build, no file says.
func (p *plan) offerStatic(w *writer) {
	if !p.start.django || !slices.Contains(p.sources, "manage.py") && !p.wholeDir {
		return
	}
	for _, m := range p.modules {
		if content, _ := p.c.Read(m.Path); staticRoot.Match(content) {
			w.comment("Pages may need the static files that the next line collects: it works where " + m.Path + " needs no secrets and no database.")
			w.line("# RUN python manage.py collectstatic --noinput")
			return
		}
	}
}

// copyPackages takes the packages from the builder: of their scripts only those that are known to be started, where the project's own are known.
func (p *plan) copyPackages(w *writer) {
	scripts := p.scripts()
	if p.venv || p.tool == Conda || !p.install || len(scripts) == 0 || len(p.meta.DataDirs) > 0 {
		w.line("COPY --from=builder", p.dir, p.dir)
		return
	}
	if p.start.server {
		scripts = append(scripts, p.start.words[0])
	}
	for i, name := range scripts {
		scripts[i] = path.Join(p.dir, "bin", name)
	}
	w.line("COPY --from=builder", p.dir+"/lib/", p.dir+"/lib/")
	w.line("COPY --from=builder", strings.Join(scripts, " "), p.dir+"/bin/")
}

func (p *plan) copySources(w *writer) {
	if p.wholeDir {
		w.comment("What is not for the image is in .dockerignore.")
		w.line("COPY . .")
		return
	}
	var files, databases, folders []string
	for _, name := range p.sources {
		switch ext := path.Ext(name); {
		case p.c.IsDir(name):
			folders = append(folders, name)
		case p.writes != "" && (ext == ".db" || ext == ".sqlite" || ext == ".sqlite3"):
			databases = append(databases, name)
		default:
			files = append(files, name)
		}
	}
	if len(databases) > 0 {
		w.line("COPY --chown="+fixes.UserID+":"+fixes.UserID, strings.Join(databases, " "), "./")
	}
	if len(files) > 0 {
		w.line("COPY", strings.Join(files, " "), "./")
	}
	for _, name := range folders {
		w.line("COPY", name, name)
	}
}

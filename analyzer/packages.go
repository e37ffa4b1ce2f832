package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// PackageSet is what an installation installs, by normalized names, as far as that can be read.
type PackageSet struct {
	// Names are those that the command, its files, its lock file, or the project that it installs name.
	Names map[string]bool
	// Read tells that all of these could be read.
	Read bool
	// Whole tells that no other package can come along that has a program which images start: all that they depend on is among Names, or
	// none of them depends on such a package.
	Whole bool
}

// Packages are what the installation installs. Requirements with markers are among them.
func (in *Installation) Packages() PackageSet {
	return Remember(in.Command.Step.Stage.build, in, func() PackageSet { return in.readPackages() })
}

func (in *Installation) readPackages() PackageSet {
	set := PackageSet{Names: map[string]bool{}, Read: true, Whole: true}
	if lockOf[in.Call.Tool] != "" && len(in.Requirements) == 0 {
		set.locked(in.Command, !in.skipsDev())
		return set
	}
	switch in.Call.Tool {
	case installer.Pip, installer.UvPip:
	case installer.Conda:
		return in.condaPackages(set)
	default:
		return PackageSet{}
	}
	_, hashed := in.HashMode()
	hashed = hashed || in.Call.NoDeps()
	for _, r := range in.Requirements {
		if r.Kind == installer.Local && in.local(r, &set, hashed) {
			continue
		}
		set.add(r, hashed)
	}
	for _, use := range in.Files {
		in.file(use, &set, hashed)
	}
	set.Whole = set.Whole && set.Read && len(set.Names) > 0
	return set
}

// condaPackages are those that a call of conda names: by operands and in the description of the environment.
func (in *Installation) condaPackages(set PackageSet) PackageSet {
	requirements := slices.Clip(in.Requirements)
	if e := in.Command.condaFile(); e != nil {
		for _, name := range e.Packages {
			requirements = append(requirements, installer.Requirement{Kind: installer.Named, Name: installer.NormalizeName(name)})
		}
		requirements = append(requirements, e.Pip...)
		set.Whole = !e.Local
	} else if len(in.Call.RequirementFiles()) > 0 || in.Call.Has("--clone") {
		set.Read, set.Whole = false, false
	}
	for _, r := range requirements {
		if r.Name == "python" {
			set.Names[r.Name] = true
			continue
		}
		set.add(r, false)
	}
	set.Whole = set.Whole && set.Names["python"]
	return set
}

// condaPython is the minor version of Python that a call of conda asks for; "" when that is not known.
func (in *Installation) condaPython() string {
	asked := ""
	if e := in.Command.condaFile(); e != nil {
		asked = e.Python
	}
	for _, r := range in.Requirements {
		if r.Name == "python" {
			asked = strings.TrimLeft(r.Specifier, "=")
		}
	}
	if at := pythonMinor.FindStringIndex(asked); at != nil {
		return asked[:at[1]]
	}
	return ""
}

var pythonMinor = pattern.New(`^3\.\d+`)

// skipsDev tells whether a tool leaves the packages for development out that its lock file has.
func (in *Installation) skipsDev() bool {
	dev, said := in.Call.DevGroups()
	return said && !dev
}

// add takes a requirement. hashed tells that everything is named.
func (set *PackageSet) add(r installer.Requirement, hashed bool) {
	if r.Kind != installer.Named || r.Name == "" {
		set.Read, set.Whole = false, false
		return
	}
	set.Names[r.Name] = true
	if _, needs, ok := strings.Cut(companions, " "+r.Name+">"); ok && !hashed && len(r.Extras) == 0 {
		needs, _, _ = strings.Cut(needs, " ")
		for name := range strings.SplitSeq(needs, ",") {
			set.Names[name] = true
		}
		return
	}
	set.Whole = set.Whole && (hashed || alone(r))
}

// locked takes what a lock file of the command's tool names.
func (set *PackageSet) locked(c *Command, dev bool) {
	_, from := c.LockFile(lockOf[c.Installer.Tool])
	lock, found := c.Step.Stage.build.Context.Lock(from)
	if from == "" || !found || len(lock.Packages) == 0 {
		set.Read, set.Whole = false, false
		return
	}
	for name := range lock.Packages {
		if dev || !lock.Dev[name] {
			set.Names[name] = true
		}
	}
}

// local takes a project of the build context: what its metadata require.
func (in *Installation) local(r installer.Requirement, set *PackageSet, hashed bool) bool {
	dir, ok := in.Command.Step.ContextDir(in.Command.State.Abs(env.Of(r.Location)).Text)
	if !ok {
		return false
	}
	meta, ok := in.Command.Step.Stage.build.Context.Project(dir)
	if !ok || meta.Name == "" {
		return false
	}
	set.Names[meta.Name] = true
	if in.Call.NoDeps() {
		return true
	}
	if slices.Contains(meta.Dynamic, "dependencies") {
		set.Read = false
	}
	for _, d := range meta.Dependencies {
		set.add(d, hashed)
	}
	return true
}

// file takes a requirements file: of the build context, or one that an earlier command has exported from a lock file.
func (in *Installation) file(use RequirementsUse, set *PackageSet, hashed bool) {
	if use.File != nil {
		lines, complete := in.Command.Step.Stage.build.Context.AllRequirements(use.InContext)
		set.Read = set.Read && complete
		set.Whole = set.Whole && complete
		for _, line := range lines {
			set.add(line.Requirement, hashed)
		}
		return
	}
	maker := in.exporter(use)
	switch {
	case maker == nil:
		set.Read, set.Whole = false, false
	case lockOf[maker.Installer.Tool] != "":
		dev, said := maker.Installer.DevGroups()
		set.locked(maker, !said || dev)
	default:
		of := &Installation{Command: maker, Call: maker.Installer}
		sources := maker.Installer.RequirementFiles()
		set.Read = set.Read && len(sources) > 0
		for _, f := range sources {
			if use := useOf(maker, f); use.File != nil {
				of.file(use, set, false)
			} else {
				set.Read, set.Whole = false, false
			}
		}
	}
}

// exporter is the command that has written the requirements file, from a lock file (poetry export, uv export, pipenv requirements, pdm
// export) or from other requirements (pip-compile). It may have run in another stage. nil where that can't be told.
func (in *Installation) exporter(use RequirementsUse) *Command {
	if !use.InImage.IsKnown() {
		return nil
	}
	a := in.Command.HasPath(use.InImage.Text)
	if a.Presence != Yes || a.Command == nil || a.Command.Installer == nil {
		return nil
	}
	call := a.Command.Installer
	exports := lockOf[call.Tool] != "" && (call.Verb == "requirements" || strings.Contains(call.Verb, "export"))
	if exports || call.Verb == "compile" && (call.Tool == installer.PipTools || call.Tool == installer.UvPip) {
		return a.Command
	}
	return nil
}

// Script tells whether the installation brings a console script of that name.
func (in *Installation) Script(name string) Presence {
	switch {
	case in.EntryPoints()[name] != "":
		return Yes
	case in.Call.Tool == installer.Conda && (name == "python" || name == "python3"):
		if in.Packages().Names["python"] {
			return Yes
		}
		return Maybe
	case in.Call.Tool == installer.Conda && (IsInterpreterName(name) || systemTools[name] && !in.Packages().Whole):
		return Maybe
	case IsInterpreterName(name), systemTools[name]:
		return No // environments have one, packages bring none
	}
	set := in.Packages()
	pkg := ScriptPackage(name)
	if pkg == "" && soleProvided[name] {
		pkg = name
	}
	switch {
	case pkg != "" && set.Names[pkg] && in.Call.Tool == installer.Conda:
		return Yes
	case pkg != "" && in.CertainlyBrings(pkg), pkg != "" && set.Names[pkg] && lockOf[in.Call.Tool] != "" && len(in.Requirements) == 0:
		return Yes
	case !set.Whole || set.Names[pkg]:
		return Maybe
	case soleProvided[name]:
		return No // of other names the dependencies may have a script
	}
	return Maybe
}

// systemTools are programs that no package on PyPI brings.
var systemTools = map[string]bool{
	"curl": true, "wget": true, "git": true, "bash": true, "sh": true, "nc": true, "useradd": true, "adduser": true, "groupadd": true, "addgroup": true,
	"apt-get": true, "apt-key": true, "apk": true, "conda": true, "mamba": true, "micromamba": true,
}

// ScriptPackage is the package on PyPI that brings a console script which images start, "" for others.
func ScriptPackage(name string) string {
	if f, ok := program.Lookup(name); ok {
		return f.Package
	}
	return ""
}

// EntryPoints are the console scripts of the projects that the installation builds from the build
// context, name to object reference; nil when there are none or the context is unknown.
func (in *Installation) EntryPoints() map[string]string {
	for _, dir := range in.ProjectDirs() {
		meta, ok := in.Command.Step.Stage.build.Context.Project(dir)
		if ok && len(meta.Scripts) > 0 {
			return meta.Scripts
		}
	}
	return nil
}

// scriptIn is what an installation makes of a file in its directory of programs: the installer's own scripts, the interpreter of a virtual
// environment, and those of packages. inside is the path below the installation's directory.
func (c *Command) scriptIn(inside string, venv bool) Presence {
	dir, name := path.Split(inside)
	in := c.Install
	switch {
	case strings.HasSuffix(dir, "sbin/"):
		if in != nil && in.Script(name) == Maybe {
			return Maybe
		}
		return No
	case venv && IsInterpreterName(name) && !strings.HasPrefix(name, "pypy"):
		_, minor, _ := MadeVenv(c)
		switch version := strings.TrimPrefix(name, "python"); {
		case version == "" || version == "3" || version == minor:
			return Yes
		case minor != "" && strings.HasPrefix(version, "3."):
			return No
		}
		return Maybe
	case in == nil: // a fresh environment
		for _, own := range []string{"pip", "python", "pypy", "activate", "Activate", "deactivate", "easy_install", "wheel", "pydoc"} {
			if strings.HasPrefix(name, own) {
				return Maybe
			}
		}
		return No
	case (in.NestedPrefix() != "") != strings.HasPrefix(dir, "local/"):
		return No
	}
	return in.Script(name)
}

// lacksModule tells whether what a command installs certainly lacks a module of the packages directory: that of a package whose program
// has its name.
func (c *Command) lacksModule(name string) bool {
	name = strings.TrimSuffix(name, ".py")
	return soleProvided[name] && ScriptPackage(name) == name && (c.Install == nil || c.Install.Script(name) == No)
}

// CertainlyBrings tells whether the package is named on the command line or in a requirements file that could be read.
func (in *Installation) CertainlyBrings(pkg string) bool {
	if pkg == "" {
		return false
	}
	for _, r := range in.Requirements {
		if r.Name == pkg && r.Marker == "" {
			return true
		}
	}
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			if line.Requirement.Name == pkg && line.Requirement.Marker == "" {
				return true
			}
		}
	}
	return false
}

// CompiledPackage is the first package of the installation that certainly has compiled modules.
func (in *Installation) CompiledPackage() string {
	all := append([]installer.Requirement(nil), in.Requirements...)
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			all = append(all, line.Requirement)
		}
	}
	for _, r := range all {
		if r.Marker == "" && CompiledPackages[r.Name] {
			return r.Name
		}
	}
	return ""
}

// CompiledPackages holds well-known packages that do not work without their compiled modules.
var CompiledPackages = map[string]bool{
	"argon2-cffi-bindings": true, "asyncpg": true, "bcrypt": true, "cffi": true, "confluent-kafka": true, "cryptography": true,
	"cx-oracle": true, "gevent": true, "greenlet": true, "grpcio": true, "h5py": true, "httptools": true, "lxml": true,
	"matplotlib": true, "mysqlclient": true, "numpy": true, "opencv-python": true, "opencv-python-headless": true,
	"orjson": true, "pandas": true, "pillow": true, "psutil": true, "psycopg2": true, "psycopg2-binary": true, "pyarrow": true,
	"pycryptodome": true, "pycurl": true, "pydantic-core": true, "pymssql": true, "pynacl": true, "pyodbc": true,
	"python-ldap": true, "pyzmq": true, "regex": true, "scikit-learn": true, "scipy": true, "shapely": true, "tensorflow": true,
	"tiktoken": true, "tokenizers": true, "torch": true, "ujson": true, "uvloop": true, "uwsgi": true, "xmlsec": true, "zstandard": true,
}

// BringsPackage tells whether the installation certainly installs the package from PyPI: it names it, or a requirements file or the project
// that it installs does.
func (in *Installation) BringsPackage(name string) (file string, span source.Span, ok bool) {
	// Another index may have wheels, with the library in them.
	if _, ok := in.Call.IndexURL(); ok || len(in.Call.ExtraIndexURLs()) > 0 || in.Call.Has("--find-links") {
		return "", source.Span{}, false
	}
	extra := ""
	if name == "psycopg-c" {
		name, extra = "psycopg", "c"
	}
	is := func(r installer.Requirement) bool {
		return r.Kind == installer.Named && r.Name == name && r.Marker == "" && (extra == "" || slices.Contains(r.Extras, extra))
	}
	for _, r := range in.Requirements {
		if is(r) {
			return "", r.Span, true
		}
	}
	context := in.Command.Step.Stage.build.Context // nil answers that it holds nothing
	dirs := in.ProjectDirs()
	for _, use := range in.Files {
		if use.File == nil {
			if maker := in.exporter(use); maker != nil && lockOf[maker.Installer.Tool] != "" && maker.State.Workdir.IsKnown() {
				if dir, ok := maker.Step.ContextDir(maker.State.Workdir.Text); ok {
					dirs = append(dirs, dir)
				}
			}
			continue
		}
		lines, _ := context.AllRequirements(use.InContext)
		for _, line := range lines {
			if is(line.Requirement) {
				return line.Path, line.Span, true
			}
		}
	}
	for _, dir := range dirs {
		if meta, found := context.Project(dir); found {
			for _, r := range meta.Dependencies {
				if is(r) {
					return path.Join(dir, meta.DependenciesFile), r.Span, true
				}
			}
		}
	}
	return "", source.Span{}, false
}

// soleProvided holds those of knownScripts that no other package than the one there brings; jupyter, ansible, airflow and mlflow
// come with several, and uwsgi, supervisord and aws often from the operating system.
var soleProvided = map[string]bool{
	"gunicorn": true, "uvicorn": true, "hypercorn": true, "daphne": true, "celery": true, "flask": true, "alembic": true, "waitress-serve": true,
	"streamlit": true, "dramatiq": true, "rq": true, "scrapy": true, "django-admin": true, "fastapi": true, "granian": true, "mkdocs": true,
	"sanic": true, "taskiq": true, "arq": true, "uv": true, "poetry": true, "pipenv": true, "pdm": true,
}

// alone tells whether the package, with the extras that are asked for, depends on none that has one of knownScripts.
func alone(r installer.Requirement) bool {
	if r.Name == "fastapi" && strings.Contains(r.Specifier, "0.111") { // the one minor version that brought uvicorn
		return false
	}
	for _, extra := range r.Extras {
		if !strings.Contains(loneExtras, " "+r.Name+"["+extra+"] ") {
			return false
		}
	}
	return strings.Contains(lonePackages, " "+r.Name+" ")
}

const lonePackages = " pip setuptools wheel uv pipenv poetry pdm hatch virtualenv pip-tools pipx build twine poetry-plugin-export flask django fastapi starlette requests httpx aiohttp urllib3 redis pymongo motor psycopg psycopg2 " +
	"psycopg2-binary asyncpg mysqlclient pymysql sqlalchemy alembic numpy pandas scipy scikit-learn matplotlib pillow pyyaml jinja2 click " +
	"pydantic pydantic-settings python-dotenv boto3 botocore beautifulsoup4 lxml tqdm rich typer loguru structlog sentry-sdk " +
	"prometheus-client whitenoise dj-database-url cryptography pyjwt passlib bcrypt python-dateutil pytz arrow orjson ujson simplejson " +
	"marshmallow attrs werkzeug markupsafe itsdangerous gunicorn uvicorn hypercorn waitress gevent eventlet uvloop httptools websockets " +
	"tenacity selenium python-multipart aiofiles certifi charset-normalizer idna six packaging greenlet tornado bottle falcon " +
	"asgiref sqlparse typing-extensions django-environ python-decouple anyio sniffio h11 httpcore annotated-types pydantic-core psycopg-binary " +
	"blinker colorama exceptiongroup celery billiard kombu vine amqp tzdata email-validator dnspython aiosqlite aiomysql wtforms mako cffi pycparser " +
	"pyasn1 rsa soupsieve watchfiles python-json-logger pyparsing msgpack cachetools environs sqlmodel joblib threadpoolctl "

// companions are packages that depend on one that has such a script, and on which ones.
const companions = " djangorestframework>django django-cors-headers>django django-filter>django django-redis>django djangorestframework-simplejwt>django " +
	"django-extensions>django django-storages>django django-ninja>django flask-sqlalchemy>flask flask-login>flask flask-wtf>flask flask-cors>flask " +
	"flask-migrate>flask,alembic "

const loneExtras = " uvicorn[standard] psycopg[binary] psycopg[c] psycopg[pool] redis[hiredis] sqlalchemy[asyncio] pyjwt[crypto] passlib[bcrypt] "

// HasScript tells whether the content certainly brings a console script of that name, going by what was installed.
func (c Content) HasScript(program string) bool {
	if !c.Scripts || c.OneScript != "" && c.OneScript != program {
		return false
	}
	if c.OneScript == program {
		return true
	}
	if IsInterpreterName(program) && (c.Install.Place == VirtualEnv || c.Install.Script(program) == Yes) {
		return true
	}
	return c.Install.mayBring(ScriptPackage(program)) || c.EntryPoints()[program] != ""
}

// mayBring tells whether the package is among what is installed, as far as that is known: requirements files and
// projects may bring it as a dependency.
func (in *Installation) mayBring(pkg string) bool {
	if pkg == "" {
		return false
	}
	named := slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return r.Name == pkg || r.Kind != installer.Named })
	return named || len(in.Files) > 0 || len(in.Requirements) == 0
}

// EntryPoints are those of the content's installation.
func (c Content) EntryPoints() map[string]string { return c.Install.EntryPoints() }

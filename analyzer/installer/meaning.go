package installer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Argument is a value that the command line names, and where.
type Argument struct {
	Value env.Value
	Span  source.Span // the value; the whole option where the value's own place is uncertain
}

var installing = map[Tool]string{
	Pip: "install bundle", UvPip: "install sync", Uv: "add sync run|tool install|tool upgrade",
	Poetry: "install add sync update|self add|self install|self sync|self update", Pipenv: "install sync update upgrade",
	Pdm: "install add sync update|self add|plugin add", Conda: "install create update upgrade|env create|env update",
	SetupPy: "install develop easy_install install_lib", EasyInstall: "", Pipx: "install inject upgrade reinstall upgrade-all install-all",
	PipTools: "sync",
}

// Installs tells whether the command puts Python packages into an environment. Commands that only
// download, build, lock, export or configure do not, nor does `--dry-run`. `uv run` does: it syncs
// the project's environment first. `uvx` and `pipx run` do not: theirs is a throw-away one.
func (c *Command) Installs() bool {
	if c.Tool == EasyInstall {
		return true
	}
	// pip before 8: `pip install --download DIR` and `--no-install` only fetch.
	if c.Has("--dry-run") || c.Has("--help") || c.Tool == Pip && (c.Has("--download") || c.Has("--no-install")) {
		return false
	}
	switch {
	case c.Tool == SetupPy && c.Has("--uninstall"), c.Has("--no-sync"), c.Tool == Poetry && c.Has("--lock"):
		return false
	case c.Tool == Conda && (c.Verb == "create" && len(c.Requirements) == 0 && !c.Has("--file") && !c.Has("--clone") || c.Has("--download-only")):
		return false
	}
	return c.verbIn(installing[c.Tool])
}

// verbIn tells whether the verb is in a list "a b|two words|two other": blanks part single words in the
// first section, bars part the rest.
func (c *Command) verbIn(list string) bool {
	singles, doubles, _ := strings.Cut(list, "|")
	return c.Verb != "" && (slices.Contains(strings.Fields(singles), c.Verb) || slices.Contains(strings.Split(doubles, "|"), c.Verb))
}

func (c *Command) removes() bool {
	switch c.Verb {
	case "uninstall", "remove", "tool uninstall", "self remove", "plugin remove", "uninject":
		return true
	}
	return false
}

// Uninstalls tells whether the command takes packages out of an environment.
func (c *Command) Uninstalls() bool { return c.removes() && !c.Has("--dry-run") }

// on tells whether a flag is given and not taken back by a later opposite.
func (c *Command) on(yes string, no ...string) bool {
	for i := len(c.Options) - 1; i >= 0; i-- {
		if c.Options[i].Name == yes {
			return true
		}
		if slices.Contains(no, c.Options[i].Name) {
			return false
		}
	}
	return false
}

// UserInstall tells whether the command line asks for the user's site (--user). PIP_USER and what pip
// decides by itself are not seen here.
func (c *Command) UserInstall() bool {
	switch c.Tool {
	case Pip, SetupPy, EasyInstall, PipTools:
		return c.on("--user", "--no-user")
	}
	return false // uv takes --user only to refuse it
}

func (c *Command) directory(name string, tools ...Tool) (env.Value, bool) {
	if !slices.Contains(tools, c.Tool) {
		return env.Value{}, false
	}
	o, ok := c.Option(name)
	return o.Value, ok
}

// Target is the directory of --target (of --install-dir for easy_install).
func (c *Command) Target() (env.Value, bool) {
	if c.Tool == EasyInstall {
		return c.directory("--install-dir", EasyInstall)
	}
	return c.directory("--target", Pip, UvPip)
}

// Prefix is the directory of --prefix, below which lib and bin are made. A conda environment's directory
// is CondaPrefix.
func (c *Command) Prefix() (env.Value, bool) {
	return c.directory("--prefix", Pip, UvPip, SetupPy, EasyInstall)
}

// Root is the directory of --root, under which the whole file system is imitated.
func (c *Command) Root() (env.Value, bool) { return c.directory("--root", Pip, SetupPy) }

// CondaPrefix is the directory of the conda environment that --prefix names.
func (c *Command) CondaPrefix() (env.Value, bool) { return c.directory("--prefix", Conda) }

// CondaName is the conda environment that --name names.
func (c *Command) CondaName() (env.Value, bool) { return c.directory("--name", Conda) }

// NoCacheDir tells whether the command line turns the tool's cache off. Of pip's --no-cache-dir and --cache-dir the last one counts.
func (c *Command) NoCacheDir() bool {
	if c.Tool == Pip {
		for _, o := range slices.Backward(c.Options) {
			if o.Name == "--no-cache-dir" || o.Name == "--cache-dir" {
				return o.Name == "--no-cache-dir"
			}
		}
		return false
	}
	if option := c.NoCacheOption(); option != "" {
		return c.Has(option)
	}
	switch c.Tool {
	case Pipx, PipTools:
		o, _ := c.Option("--pip-args")
		return slices.Contains(strings.Fields(o.Value.Or("")), "--no-cache-dir")
	case Pipenv:
		o, _ := c.Option("--extra-pip-args")
		return slices.Contains(strings.Fields(o.Value.Or("")), "--no-cache-dir")
	}
	return false
}

// NoCacheOption is the option by which the tool's own cache is turned off; "" for tools without one.
func (c *Command) NoCacheOption() string {
	switch c.Tool {
	case Pip:
		return "--no-cache-dir"
	case Uv, UvPip, Poetry, Pdm:
		return "--no-cache"
	}
	return ""
}

// CacheDir is the value of --cache-dir.
func (c *Command) CacheDir() (env.Value, bool) {
	return c.directory("--cache-dir", Pip, Uv, UvPip, PipTools)
}

func (c *Command) arguments(names ...string) []Argument {
	var found []Argument
	for _, o := range c.Options {
		if !slices.Contains(names, o.Name) || o.Value.Kind == env.Unset {
			continue
		}
		span := o.ValueSpan
		if span.Empty() {
			span = o.Span
		}
		found = append(found, Argument{o.Value, span})
	}
	return found
}

// RequirementFiles are the files that the command reads requirements from: the values of -r, conda's --file,
// the operands of pip-compile, pip-sync, `uv pip compile` and `uv pip sync`.
func (c *Command) RequirementFiles() []Argument {
	if c.Tool == Conda {
		return c.condaFiles()
	}
	found := c.arguments("--requirement", "--with-requirements")
	if c.Tool == PipTools || c.Tool == UvPip && (c.Verb == "compile" || c.Verb == "sync") {
		for _, f := range c.Operands {
			found = append(found, Argument{known(f.Value), f.Span})
		}
	}
	return found
}

func (c *Command) condaFiles() []Argument {
	switch c.Verb {
	case "install", "create", "update", "upgrade", "remove", "uninstall", "env create", "env update":
		return c.arguments("--file")
	}
	return nil
}

func known(v env.Value) env.Value {
	if v.IsKnown() {
		return v
	}
	return env.Doubtful()
}

// ConstraintFiles are the values of -c.
func (c *Command) ConstraintFiles() []Argument {
	if c.Tool == Conda {
		return nil
	}
	return c.arguments("--constraint")
}

// readsNoFile are options of pip that name no file.
var readsNoFile = map[string]bool{
	"--upgrade": true, "--user": true, "--quiet": true, "--verbose": true, "--no-cache-dir": true, "--no-input": true, "--disable-pip-version-check": true,
	"--ignore-installed": true, "--no-deps": true, "--pre": true, "--prefer-binary": true, "--no-compile": true, "--no-warn-script-location": true,
	"--root-user-action": true, "--break-system-packages": true, "--require-hashes": true, "--timeout": true, "--retries": true, "--progress-bar": true,
}

// SkipsProject tells whether an option keeps the project itself out of an installation of what its lock file names.
func (c *Command) SkipsProject() bool {
	return c.Has("--no-install-project") || c.Has("--no-root") || c.Has("--no-self") // of uv, of poetry, of pdm
}

// ReadsLists tells whether a command of pip certainly reads no other files than requirements and constraint files, as far as its command
// line says.
func (c *Command) ReadsLists() bool {
	return c.Tool == Pip && c.Opaque == "" && !slices.ContainsFunc(c.Options, func(o Option) bool {
		return !readsNoFile[o.Name] && o.Name != "--requirement" && o.Name != "--constraint"
	})
}

// NoDeps tells whether only the named packages are installed.
func (c *Command) NoDeps() bool { return c.Has("--no-deps") }

// Upgrade tells whether packages that are there already are renewed.
func (c *Command) Upgrade() bool {
	return c.on("--upgrade", "--no-upgrade") || c.verbIn("update upgrade|self update|tool upgrade")
}

// IgnoreInstalled tells whether packages that are there already are installed again over them.
func (c *Command) IgnoreInstalled() bool { return c.Tool == Pip && c.Has("--ignore-installed") }

// BreakSystemPackages tells whether PEP 668's marker is overridden.
func (c *Command) BreakSystemPackages() bool {
	return c.on("--break-system-packages", "--no-break-system-packages")
}

// RequireHashes tells whether every requirement must have a hash.
func (c *Command) RequireHashes() bool { return c.on("--require-hashes", "--no-require-hashes") }

// NoIndex tells whether no package index is asked.
func (c *Command) NoIndex() bool { return c.Has("--no-index") }

// IndexURL is the package index that replaces PyPI.
func (c *Command) IndexURL() (env.Value, bool) {
	for _, name := range []string{"--default-index", "--index-url", "--pypi-mirror"} {
		if o, ok := c.Option(name); ok {
			return o.Value, true
		}
	}
	if c.Tool == Pipenv {
		return c.directory("--index", Pipenv)
	}
	return env.Value{}, false
}

// ExtraIndexURLs are further package indexes.
func (c *Command) ExtraIndexURLs() []Argument {
	if c.Tool == Uv || c.Tool == UvPip {
		return c.arguments("--extra-index-url", "--index")
	}
	return c.arguments("--extra-index-url")
}

// LockMode tells how the command line treats the lock file: "locked" fails when it doesn't fit the project
// (uv --locked, pipenv --deploy, pdm --check), "frozen" uses it without looking (uv --frozen, pipenv sync
// and --ignore-pipfile, pdm sync and --frozen-lockfile), "" says neither: the tool's default.
func (c *Command) LockMode() string {
	switch c.Tool {
	case Uv:
		switch {
		case c.on("--locked", "--no-locked", "--frozen"), c.Verb == "lock" && c.Has("--check"):
			return "locked"
		case c.on("--frozen", "--no-frozen", "--locked"):
			return "frozen"
		}
	case Pipenv:
		switch {
		case c.Has("--deploy"):
			return "locked"
		case c.Verb == "sync", c.Has("--ignore-pipfile"):
			return "frozen"
		}
	case Pdm:
		switch {
		case c.Has("--check"):
			return "locked"
		case c.Verb == "sync", c.Has("--no-lock"):
			return "frozen"
		}
	}
	return ""
}

// DevGroups tells whether the project's development dependencies are installed, as far as the command
// line says; said is false where only the tool's default or a setting decides. The default is yes for
// poetry, uv and pdm, no for pipenv.
func (c *Command) DevGroups() (installed, said bool) {
	switch c.Tool {
	case Poetry:
		if c.Has("--no-dev") || c.Has("--only-root") {
			return false, true
		}
		if only := c.arguments("--only"); len(only) > 0 {
			return groupNamed(only)
		}
		if groupIs(c.arguments("--without"), "dev") {
			return false, true
		}
		return true, c.Has("--all-groups") || groupIs(c.arguments("--with"), "dev")
	case Uv:
		for i := len(c.Options) - 1; i >= 0; i-- {
			switch o := c.Options[i]; {
			case o.Name == "--no-dev", o.Name == "--no-default-groups", o.Name == "--no-group" && o.Value.Is("dev"):
				return false, true
			case o.Name == "--only-group":
				return o.Value.Is("dev"), o.Value.IsKnown()
			case o.Name == "--dev", o.Name == "--only-dev", o.Name == "--all-groups", o.Name == "--group" && o.Value.Is("dev"):
				return true, true
			}
		}
		return true, false
	case Pipenv:
		return c.Has("--dev") || c.Has("--dev-only"), true
	case Pdm:
		switch {
		case c.Has("--prod"):
			return false, true
		case c.Has("--dev"):
			return true, true
		}
		return true, false
	}
	return false, false
}

// groupNamed tells whether a list of groups that are the only ones has more than "main".
func groupNamed(only []Argument) (installed, said bool) {
	for _, a := range only {
		if !a.Value.IsKnown() {
			return true, false
		}
	}
	return groupIs(only, "dev"), true
}

// groupIs tells whether group is one of comma-separated values.
func groupIs(values []Argument, group string) bool {
	for _, a := range values {
		for _, name := range strings.FieldsFunc(a.Value.Or(""), func(r rune) bool { return r == ',' || r == ' ' }) {
			if NormalizeName(name) == group {
				return true
			}
		}
	}
	return false
}

// SystemWide tells whether --system asks for the system's interpreter where the tool would use a virtual
// environment.
func (c *Command) SystemWide() bool {
	switch c.Tool {
	case Pipenv, Uv, UvPip:
		return c.on("--system", "--no-system")
	}
	return false
}

var versionTail = pattern.New(`(?:^|[A-Za-z@-])([23]\.\d{1,2}|2)(?:\.\d+)?[tdmu]*$`)

// InterpreterHint is the Python version that the names on the command line show: "3.12" of pip3.12,
// python3.12, `uv pip install --python 3.12`; "2" of pip2, which is never the python3 of an image; "" if they show none.
func (c *Command) InterpreterHint() string {
	for _, name := range []string{c.Python, base(c.Program)} {
		if m := versionTail.FindStringSubmatch(name); m != nil {
			return m[1]
		}
	}
	return ""
}

var installers = map[string]bool{
	"pip": true, "setuptools": true, "wheel": true, "distribute": true, "pipenv": true, "poetry": true, "poetry-core": true,
	"poetry-plugin-export": true, "poetry-plugin-bundle": true, "poetry-dynamic-versioning": true, "uv": true, "uv-build": true,
	"pdm": true, "pdm-backend": true, "pdm-pep517": true, "hatch": true, "hatchling": true, "flit": true, "flit-core": true,
	"rye": true, "virtualenv": true, "virtualenv-clone": true, "virtualenvwrapper": true, "build": true, "pip-tools": true,
	"pipx": true, "pex": true, "shiv": true, "tox": true, "nox": true, "conda": true, "mamba": true, "conda-pack": true,
	"conda-lock": true, "setuptools-scm": true, "cython": true, "meson-python": true, "scikit-build": true,
	"scikit-build-core": true, "maturin": true, "setuptools-rust": true, "twine": true, "installer": true, "micropipenv": true,
	"auditwheel": true, "crossenv": true, "pyproject-hooks": true, "pybuild": true,
}

// IsInstaller tells whether a package is there to install, build or package others, so that a final image
// has no use for it. The name need not be normalized.
func IsInstaller(name string) bool { return installers[NormalizeName(name)] }

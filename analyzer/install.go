package analyzer

import (
	"bytes"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// newInstallation works out what a command installs and where to; nil when it installs nothing or
// can't be understood.
func newInstallation(c *Command) *Installation {
	call := c.Installer
	if call.Opaque != "" || !call.Installs() {
		return nil
	}
	in := &Installation{Command: c, Call: call, Requirements: call.Requirements}
	in.Interpreter = interpreterOf(c)
	in.Place, in.Dir = placeOf(c, in.Interpreter)
	if call.Tool == installer.Conda {
		in.Interpreter = nil // the environment has its own
	}
	if python := in.Interpreter; in.Place == VirtualEnv && in.Dir.IsKnown() && python != nil {
		// The environment may have been made with another interpreter, which uv can download.
		if minor, made := c.State.Venv(in.Dir.Text); made && minor != python.Minor {
			in.Interpreter = nil
		}
	}
	if in.Place == UserSite && !c.ExplicitUser() {
		in.Implicit = true
	}
	for _, f := range call.RequirementFiles() {
		in.Files = append(in.Files, useOf(c, f))
	}
	for _, f := range call.ConstraintFiles() {
		in.Constraints = append(in.Constraints, useOf(c, f))
	}
	if v := c.Setting("--constraint"); v.Kind != env.Unset && (v.IsKnown() || c.State.Image().EnvKnown) {
		in.Constraints = append(in.Constraints, useOf(c, installer.Argument{Value: v}))
	}
	return in
}

func useOf(c *Command, o installer.Argument) RequirementsUse {
	use := RequirementsUse{Written: o.Value.Or(""), Span: o.Span, InImage: env.Doubtful()}
	if !o.Value.IsKnown() || strings.Contains(use.Written, "://") || use.Written == "-" {
		return use
	}
	use.InImage = c.State.Abs(o.Value)
	if !use.InImage.IsKnown() {
		return use
	}
	_, use.InContext = c.Step.Holds(use.InImage.Text)
	if use.InContext != "" && !c.rewritten(use.InImage.Text) {
		use.File, _ = c.Step.Stage.build.Context.Requirements(use.InContext)
	}
	return use
}

// Setting is what the environment says of an installer's option or setting, such as PIP_USER of pip's
// --user: "true" or "false" for flags.
func (c *Command) Setting(option string) env.Value {
	v, _ := c.Installer.EnvironmentOption(option, c.State.Lookup)
	return v
}

// ExplicitUser tells whether the user base was asked for, by --user or PIP_USER.
func (c *Command) ExplicitUser() bool {
	return c.Installer.UserInstall() || c.Setting("--user").Is("true")
}

// SystemWide tells whether --system, or its variable, asks for the system's interpreter.
func (c *Command) SystemWide() bool {
	return c.Installer.SystemWide() || c.Setting("--system").Is("true")
}

// placeOf decides where packages go.
func placeOf(c *Command, python *image.Interpreter) (Place, env.Value) {
	call := c.Installer
	switch call.Tool {
	case installer.Pip, installer.UvPip:
	case installer.Pipx:
		return ToolEnv, env.Doubtful()
	case installer.Uv:
		if strings.HasPrefix(call.Verb, "tool") {
			return ToolEnv, env.Doubtful()
		}
		return UvProjectEnv(c)
	case installer.Conda:
		return CondaEnv, c.condaDir()
	case installer.Pipenv:
		if c.SystemWide() {
			return System, systemPrefix(c, python)
		}
		// An environment that is active comes first: https://pipenv.pypa.io/en/latest/configuration.html, PIPENV_IGNORE_VIRTUALENVS
		if v := c.State.Lookup("VIRTUAL_ENV"); v.IsKnown() && v.Text != "" && c.State.Lookup("PIPENV_IGNORE_VIRTUALENVS").Kind == env.Unset {
			return VirtualEnv, c.State.Abs(v)
		}
		if c.Setting("venv-in-project").Is("true") {
			return VirtualEnv, c.State.Abs(env.Of(".venv"))
		}
		return VirtualEnv, env.Doubtful()
	case installer.Poetry:
		// "Poetry will detect and respect an existing virtual environment that has been externally activated."
		// https://python-poetry.org/docs/managing-environments/
		if v := c.State.Lookup("VIRTUAL_ENV"); v.IsKnown() && v.Text != "" {
			return VirtualEnv, c.State.Abs(v)
		}
		if c.poetrySetting("virtualenvs.create").Is("false") {
			return System, systemPrefix(c, python)
		}
		if c.poetrySetting("virtualenvs.in-project").Is("true") {
			return VirtualEnv, c.State.Abs(env.Of(".venv"))
		}
		return VirtualEnv, env.Doubtful()
	case installer.Pdm:
		// Where the directory is there it installs into that: https://pdm-project.org/en/latest/usage/pep582/
		if bytes.Contains(c.Step.Stage.build.File.Bytes(), []byte("__pypackages__")) {
			return UnknownPlace, env.Doubtful()
		}
		return VirtualEnv, c.State.Abs(env.Of(".venv"))
	case installer.SetupPy, installer.EasyInstall:
		if call.UserInstall() {
			return UserSite, userBase(c)
		}
		if dir, ok := call.Prefix(); ok {
			return PrefixDir, c.State.Abs(dir)
		}
		return activeEnv(c, python)
	default:
		return UnknownPlace, env.Doubtful()
	}
	return pipPlace(c, python)
}

// condaDir is the directory of the environment that a call of conda, mamba or micromamba names: by its path, by an option, or by the file
// that describes it. https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
func (c *Command) condaDir() env.Value {
	call := c.Installer
	if dir, ok := call.CondaPrefix(); ok {
		return c.State.Abs(dir)
	}
	name, ok := call.CondaName()
	if e := c.condaFile(); !ok && e != nil {
		name = env.Of(e.Name)
	}
	root := c.State.Lookup("MAMBA_ROOT_PREFIX")
	if python := c.State.Python(); python != nil && python.Conda {
		root = env.Of(python.Prefix)
	}
	switch {
	case !name.IsKnown() || name.Text == "" || strings.Contains(name.Text, "/") || !root.IsKnown() || root.Text == "" || call.Has("--root-prefix"):
		return env.Doubtful()
	case c.State.Sets("CONDA_ENVS_PATH"), c.State.Sets("CONDA_ENVS_DIRS"), c.State.Sets("CONDA_ROOT"):
		return env.Doubtful()
	case name.Is("base"):
		return root
	}
	return env.Of(path.Join(root.Text, "envs", name.Text))
}

// condaFile is the description of an environment that a call of conda reads; nil for none, and where it is not at hand.
func (c *Command) condaFile() *project.CondaEnvironment {
	files := c.Installer.RequirementFiles()
	if len(files) != 1 {
		return nil
	}
	at := c.State.Abs(files[0].Value)
	_, from := c.Step.Holds(at.Text)
	if !at.IsKnown() || from == "" || c.rewritten(at.Text) {
		return nil
	}
	e, _ := c.Step.Stage.build.Context.CondaEnvironment(from)
	return e
}

// pipPlace is placeOf for pip and uv pip. Options win over the environment, as in pip's own configuration.
// https://pip.pypa.io/en/stable/topics/configuration/#precedence-override-order
func pipPlace(c *Command, python *image.Interpreter) (Place, env.Value) {
	call := c.Installer
	for _, option := range []struct {
		place Place
		ask   func() (env.Value, bool)
		name  string
	}{
		{TargetDir, call.Target, "--target"},
		{PrefixDir, call.Prefix, "--prefix"},
		{RootDir, call.Root, "--root"},
	} {
		if dir, ok := option.ask(); ok {
			return option.place, c.State.Abs(dir)
		}
		if call.Tool != installer.Pip {
			continue
		}
		switch dir, variable := call.EnvironmentOption(option.name, c.State.Lookup); dir.Kind {
		case env.Known:
			return option.place, c.State.Abs(dir)
		case env.Unknown:
			// An image that sets PIP_TARGET is rare enough not to silence every rule on
			// unfamiliar bases; an ENV of this very file with an unknown value is not.
			if c.State.Sets(variable) {
				return UnknownPlace, env.Doubtful()
			}
		}
	}
	if o, ok := call.Option("--install-option"); ok { // of pip before 23.1, for setup.py install
		if dir, ok := strings.CutPrefix(o.Value.Text, "--prefix="); ok {
			return PrefixDir, c.State.Abs(env.Of(dir))
		}
		return UnknownPlace, env.Doubtful()
	}
	if call.Tool == installer.Pip && c.ExplicitUser() {
		return UserSite, userBase(c)
	}
	return activeEnv(c, python)
}

// userBase is the user base of PEP 370 for this command.
func userBase(c *Command) env.Value {
	switch base := c.State.Lookup("PYTHONUSERBASE"); {
	case base.IsKnown() && base.Text != "":
		return c.State.Abs(base)
	case base.Kind == env.Unknown:
		if c.State.Sets("PYTHONUSERBASE") {
			return env.Doubtful()
		}
	}
	home := c.State.Home()
	if !home.IsKnown() {
		return env.Doubtful()
	}
	return env.Of(path.Join(home.Text, ".local"))
}

// activeEnv is the environment that a plain install goes to: the virtual environment whose program is
// called, by path or through PATH, else the interpreter's own site-packages, else, for a user who can't write there, the user base.
func activeEnv(c *Command, python *image.Interpreter) (Place, env.Value) {
	if dir, ok := c.Venv(); ok {
		return VirtualEnv, dir
	}
	program := c.Installer.Program.Text()
	if path.IsAbs(program) {
		prefix := path.Dir(path.Dir(program))
		switch {
		case python != nil && prefix == python.Prefix, prefix == "/usr", prefix == "/usr/local", prefix == "/":
		case strings.Contains(prefix, "conda"):
			return CondaEnv, env.Of(prefix)
		default:
			return UnknownPlace, env.Doubtful()
		}
	}
	if python != nil && python.Conda {
		return CondaEnv, env.Of(python.Prefix)
	}
	if c.State.NonRoot() && c.Installer.Tool == installer.Pip && python != nil && c.Step.Stage.Image.Official {
		return UserSite, userBase(c)
	}
	return System, systemPrefix(c, python)
}

// Venv is the virtual environment that a command uses: by the path of its program, by uv's
// VIRTUAL_ENV, or as the first on PATH.
func (c *Command) Venv() (env.Value, bool) {
	programs := []string{c.Installer.Program.Text(), c.Installer.Python}
	if c.Installer.Tool == installer.UvPip {
		programs = programs[1:] // where uv lies says nothing
	}
	for _, program := range programs {
		if !strings.Contains(program, "/") {
			continue
		}
		at := c.State.Abs(env.Of(program))
		if !at.IsKnown() {
			return env.Doubtful(), true
		}
		dir := path.Dir(path.Dir(at.Text))
		if _, ok := c.State.Venv(dir); ok {
			return env.Of(dir), true
		}
		return env.Value{}, false
	}
	if c.Installer.Tool == installer.UvPip {
		if c.SystemWide() {
			return env.Value{}, false
		}
		if v := c.State.Lookup("VIRTUAL_ENV"); v.IsKnown() && v.Text != "" {
			return c.State.Abs(v), true
		}
		if dir := c.State.Abs(env.Of(".venv")); dir.IsKnown() {
			if _, ok := c.State.Venv(dir.Text); ok {
				return dir, true
			}
		}
	}
	return c.State.ActiveVenv()
}

// ActiveVenv is the virtual environment whose bin directory comes first on PATH.
func (s State) ActiveVenv() (env.Value, bool) {
	dirs, _ := s.PathList()
	for _, dir := range dirs {
		parent := path.Dir(dir)
		if _, ok := s.Venv(parent); ok {
			return env.Of(parent), true
		}
		if dir == "/usr/local/bin" || dir == "/usr/bin" {
			break
		}
	}
	return env.Value{}, false
}

// UvProjectEnv is where uv puts the environment of a project: --active prefers VIRTUAL_ENV, where that is set.
// https://docs.astral.sh/uv/reference/cli/#uv-sync--active
func UvProjectEnv(c *Command) (Place, env.Value) {
	if c.Installer.Has("--active") {
		switch v := c.State.Lookup("VIRTUAL_ENV"); {
		case v.IsKnown() && v.Text != "":
			return VirtualEnv, c.State.Abs(v)
		case c.activatesBefore(), v.Kind == env.Unknown:
			return VirtualEnv, env.Doubtful()
		}
	}
	if v := c.Setting("project-environment"); v.IsKnown() && v.Text != "" {
		return VirtualEnv, c.State.Abs(v)
	}
	return VirtualEnv, c.State.Abs(env.Of(".venv"))
}

// activatesBefore tells whether a command in front of c in its RUN activates an environment.
func (c *Command) activatesBefore() bool {
	for _, other := range c.Step.Commands {
		if other == c {
			break
		}
		if other.HasText("activate") {
			return true
		}
	}
	return false
}

// poetrySetting is a setting of poetry: from its variable, else from an earlier `poetry config`.
func (c *Command) poetrySetting(name string) env.Value {
	if v := c.Setting(name); v.Kind != env.Unset && (v.IsKnown() || c.State.Image().EnvKnown) {
		return v
	}
	v, _ := c.State.vars.find(poetryConfig, name)
	return v
}

// systemPrefix is where a plain install puts packages: the interpreter's prefix, or /usr/local beside what a distribution's packages own.
func systemPrefix(c *Command, python *image.Interpreter) env.Value {
	if dir := c.Step.Stage.Image.InstallDir(python); Under("/usr/local", dir) {
		return env.Of("/usr/local")
	}
	return prefixOf(python)
}

func prefixOf(python *image.Interpreter) env.Value {
	if python == nil || python.Prefix == "" {
		return env.Doubtful()
	}
	return env.Of(python.Prefix)
}

// interpreterOf is the interpreter that a command installs for; nil when unknown.
func interpreterOf(c *Command) *image.Interpreter {
	python := c.State.Python()
	hint := c.Installer.InterpreterHint()
	if hint == "" {
		return python
	}
	if python != nil && (python.Minor == hint || strings.HasPrefix(python.Minor, hint+".")) {
		return python
	}
	return nil
}

// MadeVenv tells which virtual environment a command creates.
func MadeVenv(c *Command) (dir, minor string, ok bool) {
	call := c.Installer
	at := env.Value{}
	switch {
	case call.Opaque != "":
		return "", "", false
	case call.Tool == installer.Venv && len(call.Operands) > 0:
		at = call.Operands[len(call.Operands)-1].Value
	case call.Tool == installer.Uv && call.Verb == "venv":
		at = env.Of(".venv")
		if len(call.Operands) > 0 {
			at = call.Operands[0].Value
		}
	case c.Install != nil && c.Install.Place == VirtualEnv:
		at = c.Install.Dir
	default:
		return "", "", false
	}
	if at = c.State.Abs(at); !at.IsKnown() {
		return "", "", false
	}
	if python := interpreterOf(c); python != nil {
		minor = python.Minor
	}
	// `uv sync` and its like keep an environment that is there, and with it the interpreter.
	if made, there := c.State.Venv(at.Text); there && c.Install != nil {
		minor = made
	}
	return at.Text, minor, true
}

// InHome tells whether a user install goes to ~/.local because nothing sets PYTHONUSERBASE.
func (in *Installation) InHome() bool {
	base := in.Command.State.Lookup("PYTHONUSERBASE")
	return in.Place == UserSite && in.Dir.IsKnown() && (base.Kind == env.Unset || base.Is(""))
}

// NestedPrefix is the directory below --prefix that the packages really are in, "" where it is the prefix itself.
// Debian's and Ubuntu's Python 3.10 and newer install to PREFIX/local/lib/pythonX.Y/dist-packages and PREFIX/local/bin, so
// that pip keeps out of what apt owns, unless DEB_PYTHON_INSTALL_LAYOUT says otherwise.
func (in *Installation) NestedPrefix() string {
	python := in.Interpreter
	image := in.Command.Step.Stage.Image
	if in.Place != PrefixDir || in.Call.Tool != installer.Pip || python == nil || python.Prefix != "/usr" || python.Minor == "" {
		return ""
	}
	if image.Distro != "debian" && image.Distro != "ubuntu" || version.Compare(python.Minor, "3.10") < 0 {
		return ""
	}
	if in.Names() == nil || in.Command.State.Lookup("DEB_PYTHON_INSTALL_LAYOUT").Kind != env.Unset {
		return ""
	}
	if _, inVenv := in.Command.Venv(); inVenv {
		return ""
	}
	return path.Join(in.Dir.Text, "local")
}

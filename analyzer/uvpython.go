package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// ManagedPython is the directory of uv's own interpreters, where the environment that the command makes is certain to be linked to: the
// stage has no other interpreter, or uv is told to take none.
// https://docs.astral.sh/uv/concepts/python-versions/#requiring-or-disabling-managed-python-versions
func (c *Command) ManagedPython() (dir string, ok bool) {
	call := c.Installer
	if call.Tool != installer.Uv || call.Opaque != "" || !c.Shell.Certain && !c.Shell.Attempted || strings.Contains(call.InterpreterHint(), "/") {
		return "", false
	}
	for _, name := range []string{"--python", "--no-managed-python", "--managed-python", "--python-preference", "python-downloads"} {
		if v := c.Setting(name); v.Kind == env.Unknown && c.State.SetsOptionOf(call, name) || name == "--python" && strings.Contains(v.Text, "/") {
			return "", false
		}
	}
	preference := c.Setting("--python-preference").Text
	if o, has := call.Option("--python-preference"); has {
		preference = o.Value.Text
	}
	if call.Has("--no-managed-python") || c.Setting("--no-managed-python").Is("true") || preference == "system" || preference == "only-system" {
		return "", false
	}
	only := call.Has("--managed-python") || c.Setting("--managed-python").Is("true") || preference == "only-managed"
	installed, unclear := c.installedPython()
	if unclear {
		return "", false
	}
	downloads := c.Setting("python-downloads").Text
	fetches := downloads == "" || downloads == "automatic" || downloads == "auto" || downloads == "1" || downloads == "true"
	switch fetches = fetches && !call.Has("--no-python-downloads"); {
	case only:
	case (installed || fetches) && c.wantsOtherPython():
	case !c.State.image.NoPython || c.State.Python() != nil || c.Step.Stage.BringsPython("/usr") && !installed:
		return "", false
	case !installed && (!fetches || c.Step.Stage.mayPullPython()):
		return "", false
	}
	return c.uvPythonDir()
}

// installedPython tells whether `uv python install` has run before the command; unclear that it put the interpreter elsewhere.
func (c *Command) installedPython() (installed, unclear bool) {
	for _, other := range c.Step.Stage.ChainCommands() {
		if other == c {
			break
		}
		if call := other.Installer; call != nil && call.Tool == installer.Uv && call.Verb == "python install" {
			installed = true
			unclear = unclear || call.Has("--install-dir") || call.Opaque != ""
		}
	}
	return installed, unclear
}

// uvPythonDir is where uv keeps interpreters: https://docs.astral.sh/uv/reference/storage/#python-versions
func (c *Command) uvPythonDir() (dir string, ok bool) {
	at := c.Setting("--install-dir")
	if at.Kind == env.Unset {
		data := c.State.Lookup("XDG_DATA_HOME")
		if home := c.State.Home(); data.Kind == env.Unset && home.IsKnown() {
			data = env.Of(path.Join(home.Text, ".local/share"))
		}
		if !data.IsKnown() {
			return "", false
		}
		at = env.Of(path.Join(data.Text, "uv/python"))
	}
	at = c.State.Abs(at)
	return at.Text, at.IsKnown()
}

// mayPullPython tells whether the chain installs OS packages that may bring the distribution's Python as a dependency.
func (s *Stage) mayPullPython() bool {
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != ospkg.Install {
			continue
		}
		for _, p := range c.OS.Packages {
			if !withoutPython[p.Name] {
				return true
			}
		}
	}
	return false
}

// withoutPython holds OS packages that bring no Python, on Debian, Ubuntu and Alpine.
var withoutPython = map[string]bool{
	"curl": true, "wget": true, "ca-certificates": true, "git": true, "build-essential": true, "gcc": true, "g++": true, "make": true,
	"build-base": true, "musl-dev": true, "libc6-dev": true, "pkg-config": true, "libpq-dev": true, "libffi-dev": true, "libssl-dev": true,
	"xz-utils": true, "unzip": true, "openssh-client": true, "gnupg": true, "tzdata": true, "bash": true, "tini": true,
}

// pythonRequest matches the requests for a version that uv takes: 3.13, 3.13.1, cpython@3.13, a specifier.
// https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version
var pythonRequest = pattern.New(`^(?:(?:cpython|python)[@-]?)?(\d+\.\d+)(?:\.\d+)?$`)

// wantsOtherPython tells whether uv is certain to want another minor version than those of all interpreters that the stage can have.
// It asks --python or UV_PYTHON first, then .python-version, then requires-python.
func (c *Command) wantsOtherPython() bool {
	minors, known := c.Step.Stage.pythonMinors(c.State)
	if !known {
		return false
	}
	request, unclear := c.pythonRequested()
	if unclear || request == "" {
		return false
	}
	for _, minor := range minors {
		if m := pythonRequest.FindStringSubmatch(request); m != nil {
			if m[1] == minor {
				return false
			}
			continue
		}
		if allowed, known := version.AllowsPython(request, minor); !known || allowed {
			return false
		}
	}
	return true
}

// pythonMinors are the minor versions of the interpreters that the stage has or may have: that of its image, and that of the distribution
// where the image or a package may have brought it. known is false where there may be others.
func (s *Stage) pythonMinors(state State) (minors []string, known bool) {
	f, python := s.Image, state.Python()
	switch {
	case python == nil || python.Minor == "" || f.Distro == "" || !f.Official && !plainDistribution(&f) && !onBuildpack(f):
		return nil, false
	case s.BringsPython("/usr/local") && python.Prefix != "/usr/local":
		return nil, false
	}
	minors = []string{python.Minor}
	if f.Slim || f.Distro == "alpine" {
		if !s.BringsPython("/usr") && !s.mayPullPython() {
			return minors, true
		}
	}
	for _, c := range s.ChainCommands() {
		for _, use := range c.PackageUses() {
			if versionedPython.MatchString(use.Package.Name) {
				return nil, false
			}
		}
		if c.MayDoAnything() || c.OS != nil && c.OtherArchive() {
			return nil, false
		}
	}
	own := image.DistroPython(f.Distro, f.Release)
	if own == nil || own.Minor == "" {
		return nil, false
	}
	return append(minors, own.Minor), true
}

// onBuildpack tells Docker's images of other languages that are built on buildpack-deps.
func onBuildpack(f image.Facts) bool {
	switch f.Reference.Path {
	case "library/rust", "library/golang", "library/node", "library/buildpack-deps", "library/gcc":
		return true
	}
	return false
}

// pythonRequested is the version that uv is asked for, "" when none is; unclear where that can't be told.
func (c *Command) pythonRequested() (request string, unclear bool) {
	call := c.Installer
	if o, ok := call.Option("--python"); ok {
		return o.Value.Text, !o.Value.IsKnown()
	}
	if v := c.Setting("--python"); v.Kind != env.Unset && (v.IsKnown() || c.State.SetsOptionOf(call, "--python") || !onBuildpack(c.Step.Stage.Image)) {
		return v.Text, !v.IsKnown()
	}
	if !c.State.Workdir.IsKnown() || call.Has("--project") || call.Has("--directory") || call.Has("--no-project") || call.Has("--script") {
		return "", true
	}
	for _, name := range []string{".python-version", ".python-versions"} {
		file, unclear := c.inProject(name)
		if unclear {
			return "", true
		}
		if content, ok := c.Step.Stage.build.Context.Read(file); file != "" && ok {
			return project.FirstLine(string(content)), false
		}
	}
	if call.Tool == installer.Uv {
		file, unclear := c.inProject("pyproject.toml")
		if meta, ok := c.Step.Stage.build.Context.Project(path.Dir(file)); file != "" && !unclear && ok {
			return meta.RequiresPython, meta.RequiresPython == ""
		}
	}
	return "", true
}

// inProject is the file of the build context that uv finds by name in the working directory or above; unclear where one may be there unseen.
func (c *Command) inProject(name string) (file string, unclear bool) {
	for at := c.State.Workdir.Text; ; at = path.Dir(at) {
		switch a := c.HasPath(path.Join(at, name)); {
		case a.Is(Maybe) && a.Step == nil && onBuildpack(c.Step.Stage.Image): // it has no project
		case a.Is(Maybe), a.Is(Yes) && (a.Context == "" || c.rewritten(path.Join(at, name))):
			return "", true
		case a.Is(Yes):
			return a.Context, false
		}
		if at == "/" {
			return "", false
		}
	}
}

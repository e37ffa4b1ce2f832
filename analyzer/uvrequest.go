package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// pythonRequest matches the requests for a version that uv takes: 3.13, 3.13.1, cpython@3.13, a specifier.
// https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version
var pythonRequest = pattern.New(`^(?:(?:cpython|python)[@-]?)?(\d+\.\d+)(?:\.\d+)?$`)

// wantsOtherPython tells whether uv is certain to want another minor version than that of the only interpreter that the stage can have.
// It asks --python or UV_PYTHON first, then .python-version, then requires-python.
func (c *Command) wantsOtherPython() bool {
	python, image := c.State.Python(), c.Step.Stage.Image
	if python == nil || python.Minor == "" || !image.Slim && image.Distro != "alpine" || python.Prefix != "/usr/local" || c.Step.Stage.BringsPython("/usr") ||
		c.Step.Stage.mayPullPython() {
		return false
	}
	request, unclear := c.pythonRequested()
	if unclear || request == "" {
		return false
	}
	if m := pythonRequest.FindStringSubmatch(request); m != nil {
		return m[1] != python.Minor
	}
	allowed, known := AllowsPython(request, python.Minor)
	return known && !allowed
}

// pythonRequested is the version that uv is asked for, "" when none is; unclear where that can't be told.
func (c *Command) pythonRequested() (request string, unclear bool) {
	call := c.Installer
	if o, ok := call.Option("--python"); ok {
		return o.Value.Text, !o.Value.IsKnown()
	}
	if v := c.Setting("--python"); v.Kind != env.Unset {
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
			return firstLine(string(content)), false
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
		switch presence, from := c.Holds(path.Join(at, name)); {
		case presence == Maybe, presence == Yes && (from == "" || c.rewritten(path.Join(at, name))):
			return "", true
		case presence == Yes:
			return from, false
		}
		if at == "/" {
			return "", false
		}
	}
}

// firstLine is the first line with something beside a comment.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

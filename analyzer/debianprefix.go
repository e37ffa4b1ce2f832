package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// NestedPrefix is the directory below --prefix that the packages really are in, "" where it is the prefix itself.
// Debian's and Ubuntu's Python 3.10 and newer install to PREFIX/local/lib/pythonX.Y/dist-packages and PREFIX/local/bin, so
// that pip keeps out of what apt owns, unless DEB_PYTHON_INSTALL_LAYOUT says otherwise.
func (in *Installation) NestedPrefix() string {
	python := in.Interpreter
	image := in.Command.Step.Stage.Image
	if in.Place != PrefixDir || in.Call.Tool != installer.Pip || python == nil || python.Prefix != "/usr" || python.Minor == "" {
		return ""
	}
	if image.Distro != "debian" && image.Distro != "ubuntu" || CompareVersions(python.Minor, "3.10") < 0 {
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

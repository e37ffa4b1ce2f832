package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// DefaultVenv is where InstallIntoVenv makes a virtual environment.
const DefaultVenv = "/opt/venv"

// InstallIntoVenv makes a virtual environment in front of the stage's first refused installation and puts it first on PATH, so that
// this and all later installations go there. refused says why there are no edits.
func InstallIntoVenv(build *analyzer.Build, installs []*analyzer.Installation) (edits []analyzer.Edit, refused string) {
	first := installs[0].Command
	stage := first.Step.Stage
	switch {
	case !stage.Ships:
		return nil, "what is copied out of this stage would have to be copied from another place"
	case !plainPip(first):
		return nil, "pip is not called by its bare name as root"
	case systemPath.Match(build.File.Bytes()):
		return nil, "the file names the system's interpreter or site-packages by path"
	}
	for _, in := range installs {
		if in.Place == analyzer.UserSite || !plainPip(in.Command) {
			return nil, "an install asks for the user base, or is not by root"
		}
	}
	words := []string{"python3", "-m", "venv"}
	if len(stage.SystemLibraries()) > 0 {
		words = append(words, "--system-site-packages")
	}
	edit, ok := ReplaceItem(first, strings.Join(append(words, DefaultVenv), " "), build.File.Text(first.Shell.Span))
	if !ok {
		return nil, "a command can't be put in front of the install"
	}
	edits = append(edits, edit, InsertBefore(build.Doc, first.Step.Instruction, SetEnv(build.Doc, "PATH", DefaultVenv+"/bin:$PATH")))
	if distro := stage.Image.Distro; distro == "debian" || distro == "ubuntu" {
		// Debian keeps ensurepip, without which venv makes no pip, in a package of its own.
		edit, ok := addVenvPackage(stage, first)
		if !ok {
			return nil, "there is no apt-get install of python3 to add python3-venv to"
		}
		edits = append(edits, edit...)
	}
	return edits, ""
}

// systemPath matches paths that would go on meaning the system's Python.
var systemPath = pattern.New(`/usr/bin/python|/usr/bin/pip|dist-packages|/usr/lib/python|(?i)--mount=type=cache[^\n]*site-packages`)

func plainPip(c *analyzer.Command) bool {
	call := c.Installer
	program := call.Program.Text()
	bare := program == "pip" || program == "pip3" || program == "python" || program == "python3"
	return call.Tool == installer.Pip && bare && len(call.Wrappers) == 0 && c.State.IsRoot() && !c.Step.Instruction.JSON && c.Shell.Exact
}

func addVenvPackage(stage *analyzer.Stage, first *analyzer.Command) (edits []analyzer.Edit, ok bool) {
	var at *ospkg.Package
	for _, c := range stage.ChainCommands() {
		if c == first {
			break
		}
		if c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" || !c.Shell.Exact || c.Step.Instruction.JSON {
			continue
		}
		for i, p := range c.OS.Packages {
			switch {
			case p.Name == "python3-venv" || p.Name == "python3-full":
				return nil, true
			case p.Literal && at == nil && (p.Name == "python3-pip" || p.Name == "python3"):
				at = &c.OS.Packages[i]
			}
		}
	}
	if at == nil {
		return nil, false
	}
	return []analyzer.Edit{InsertWord(at.Span, "python3-venv")}, true
}

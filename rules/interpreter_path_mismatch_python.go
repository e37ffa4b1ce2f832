package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// absentPython is a copied program whose interpreter is not in the final image.
type absentPython struct {
	content analyzer.Content
	start   analyzer.StartCommand // what the image starts
	// python is the interpreter's path, which the program names or is a link to. Environment tells that the program is the
	// python of a virtual environment itself.
	python      string
	environment bool
}

// absentPythons are the console scripts, and the pythons of virtual environments, that the start command and the health
// check of the finished stage call and that belong to an interpreter of another directory than the stage has. One for each content.
func absentPythons(s *analyzer.Stage) []absentPython {
	var found []absentPython
	for _, c := range s.Contents() {
		if c.Copy == nil || !c.Scripts || c.Install.Place == analyzer.TargetDir || c.Install.Place == analyzer.RootDir {
			continue
		}
		names := c.Install.Names()
		if names == nil || !lacksInterpreter(s, names.Prefix) {
			continue
		}
		if copiesItself(s, c, names.Prefix) {
			continue
		}
		for _, start := range append(s.Start().Commands, s.Healthchecks()...) {
			program := start.Argv[0].Text()
			byPath := path.Dir(program) == c.ScriptsDir()
			environment := c.Install.Place == analyzer.VirtualEnv && analyzer.IsInterpreterName(path.Base(program))
			switch {
			case start.Program() == "uwsgi": // a compiled program, which links to libpython
				continue
			case !environment && analyzer.IsInterpreterName(path.Base(program)), !byPath && strings.Contains(program, "/"):
				continue
			case !byPath && (s.After.OnPath(c.ScriptsDir()) != analyzer.Yes || !c.HasScript(program)):
				continue
			case !byPath && s.Searches(c.Dir): // the system's own python finds the packages
				continue
			}
			found = append(found, absentPython{c, start, names.Path, environment})
			break
		}
	}
	return found
}

// lacksInterpreter tells whether the finished stage certainly has no interpreter in the bin directory of prefix.
func lacksInterpreter(s *analyzer.Stage, prefix string) bool {
	image := s.Image
	if s.BringsPython(prefix) || image.Deprecated != "" || image.Extended {
		return false
	}
	switch prefix {
	case "/usr/local":
		// Distributions put nothing there.
		return image.NoPython || image.Python != nil && image.Python.Prefix == "/usr"
	case "/usr":
		if !image.Official || !image.Slim && image.Distro != "alpine" || image.Python == nil || image.Python.Prefix == "/usr" {
			return false
		}
		for _, c := range s.ChainCommands() {
			// Many packages depend on the distribution's Python.
			if c.OS != nil && c.OS.Verb == ospkg.Install {
				return false
			}
		}
		return true
	}
	return false
}

// copiesItself tells whether the environment has the program itself (`venv --copies`) and the stage gets the standard library where that
// looks for it, beside the old place of the program.
func copiesItself(s *analyzer.Stage, c analyzer.Content, prefix string) bool {
	maker := c.Install.VenvMaker()
	if maker == nil || !maker.Installer.Has("--copies") {
		return false
	}
	for _, step := range s.ChainSteps() {
		if step.Copy != nil && !step.Copy.FromContext() && step.Copy.Dest.IsKnown() && strings.HasPrefix(step.Copy.Dest.Text, prefix+"/lib/python3.") {
			return true
		}
	}
	return false
}

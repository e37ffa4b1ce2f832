package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// AbsentPython is a copied program whose interpreter is not in the final image.
type AbsentPython struct {
	Content Content
	Start   StartCommand // what the image starts
	// Python is the interpreter's path, which the program names or is a link to. Environment tells that the program is the
	// python of a virtual environment itself.
	Python      string
	Environment bool
}

// AbsentPythons are the console scripts, and the pythons of virtual environments, that the start command and the health
// check of the finished stage call and that belong to an interpreter of another directory than the stage has. One for each content.
func (s *Stage) AbsentPythons() []AbsentPython {
	var found []AbsentPython
	for _, c := range s.Contents() {
		if c.Copy == nil || !c.Scripts || c.Install.Place == TargetDir || c.Install.Place == RootDir {
			continue
		}
		names := c.Install.Names()
		if names == nil || !s.lacksInterpreter(names.Prefix) {
			continue
		}
		for _, start := range append(s.Start().Commands, s.Healthchecks()...) {
			program := start.Argv[0].Text()
			byPath := path.Dir(program) == c.ScriptsDir()
			environment := c.Install.Place == VirtualEnv && IsInterpreterName(path.Base(program))
			switch {
			case start.Program() == "uwsgi": // a compiled program, which links to libpython
				continue
			case !environment && IsInterpreterName(path.Base(program)), !byPath && strings.Contains(program, "/"):
				continue
			case !byPath && (s.After.OnPath(c.ScriptsDir()) != Yes || !c.has(program)):
				continue
			case !byPath && s.searches(c.Dir): // the system's own python finds the packages
				continue
			}
			found = append(found, AbsentPython{c, start, names.Path, environment})
			break
		}
	}
	return found
}

// lacksInterpreter tells whether the finished stage certainly has no interpreter in the bin directory of prefix.
func (s *Stage) lacksInterpreter(prefix string) bool {
	image := s.Image
	if s.bringsPython(prefix) || image.Deprecated != "" || image.Extended {
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

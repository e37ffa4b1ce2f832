package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// OtherPython tells whether a directory in front of the distribution's on PATH may hold a pip of its own.
func (c *Command) OtherPython() bool {
	if c.State.Sets("VIRTUAL_ENV") || c.State.Sets("CONDA_PREFIX") {
		return true
	}
	dirs, _ := c.State.PathList()
	for _, dir := range dirs {
		if dir == "/usr/local/bin" || dir == "/usr/bin" {
			return false
		}
		if pythonic.MatchString(dir) {
			return true
		}
	}
	// A PATH that an ENV of this file sets to something that can't be read.
	return len(dirs) == 0 && c.State.Sets("PATH")
}

var pythonic = pattern.New(`(?i)env|python|conda|mamba|pipx|poetry|/opt/[^/]*/bin|\.local`)

// SystemLibraries are the packages of Python libraries that the chain of the stage installs from the distribution: only the
// system's interpreter, or a virtual environment made with --system-site-packages, finds them.
func (s *Stage) SystemLibraries() []string {
	var names []string
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != "install" {
			continue
		}
		for _, p := range c.OS.Packages {
			library := strings.HasPrefix(p.Name, "python3-") || strings.HasPrefix(p.Name, "py3-")
			if library && !toolPackage[p.Name] {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// toolPackage holds the packages with such a name that bring the interpreter or installers and no library to import.
var toolPackage = map[string]bool{
	"python3-pip": true, "python3-venv": true, "python3-dev": true, "python3-minimal": true, "python3-full": true, "python3-setuptools": true,
	"python3-wheel": true, "python3-virtualenv": true, "py3-pip": true, "py3-setuptools": true, "py3-wheel": true, "py3-virtualenv": true,
}

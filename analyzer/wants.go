package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// HasScript tells whether the content certainly brings a console script of that name, going by what was installed.
func (c Content) HasScript(program string) bool {
	if !c.Scripts || c.OneScript != "" && c.OneScript != program {
		return false
	}
	if c.OneScript == program {
		return true
	}
	if c.Install.Place == VirtualEnv && IsInterpreterName(program) {
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

// IsInterpreter tells whether the command starts a Python interpreter.
func (c StartCommand) IsInterpreter() bool { return IsInterpreterName(c.Program()) }

// IsInterpreterName tells whether a program, by its base name, is a Python interpreter.
func IsInterpreterName(program string) bool {
	return strings.HasPrefix(program, "python") || strings.HasPrefix(program, "pypy")
}

// EntryPoints are those of the content's installation.
func (c Content) EntryPoints() map[string]string { return c.Install.EntryPoints() }

package analyzer

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// PackageUse is an OS package that a command installs.
type PackageUse struct {
	Command *Command
	Package ospkg.Package
}

// BuildPackages are the compilers, headers and build tools that the stage's chain installs and does not remove in the
// same layer, in order. What a later layer removes is still in the image; what a condition installs may not be. There are none in
// an image that seems to compile for its users, or that has make only to run tasks.
func (s *Stage) BuildPackages() []PackageUse {
	var found []PackageUse
	for _, step := range s.ChainSteps() {
		for _, c := range step.Commands {
			if c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" || !c.Shell.Certain && !c.Shell.Attempted {
				continue
			}
			for _, p := range c.OS.Packages {
				if ospkg.ClassOf(s.Image.Distro, p.Name) == ospkg.BuildOnly && !step.Uninstalls(c, p.Name) {
					found = append(found, PackageUse{Command: c, Package: p})
				}
			}
		}
	}
	if s.compilesForUsers(found) || !slices.ContainsFunc(found, func(u PackageUse) bool { return !ospkg.RunsTasks(u.Package.Name) }) {
		return nil
	}
	return found
}

// compilesForUsers tells whether a compiler of another language stands beside those of C and no headers do: what Python packages
// are built with, nobody installs without headers, and the JDK builds none of them.
func (s *Stage) compilesForUsers(tools []PackageUse) bool {
	if slices.ContainsFunc(tools, func(u PackageUse) bool { return ospkg.IsHeaders(u.Package.Name) }) {
		return false
	}
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != ospkg.Install {
			continue
		}
		if slices.ContainsFunc(c.OS.Packages, func(p ospkg.Package) bool { return ospkg.IsJDK(p.Name) }) {
			return true
		}
	}
	return false
}

// Uninstalls tells whether a later command of the RUN removes the package, by its name, by apk's virtual name, or in a way
// that can't be read (`apt-get purge $DEPS`). `apt-get autoremove` keeps what was named, unless apt-mark has said that it came by itself.
func (step *Step) Uninstalls(installed *Command, name string) bool {
	behind, marked := false, false
	for _, c := range step.Commands {
		if c == installed {
			behind = true
			continue
		}
		marked = marked || c.HasText("apt-mark")
		if !behind || c.OS == nil || c.OS.Verb != ospkg.Remove && c.OS.Verb != ospkg.AutoRemove {
			continue
		}
		if c.OS.Opaque != "" || c.OS.Verb == ospkg.AutoRemove && (marked || c.OS.Manager != ospkg.Apt) {
			return true
		}
		for _, p := range c.OS.Packages {
			if p.Name == "" || p.Name == name || installed.OS.Virtual != "" && p.Name == installed.OS.Virtual {
				return true
			}
		}
	}
	return false
}

package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// PackageUse is an OS package that a command installs.
type PackageUse struct {
	Command *Command
	Package ospkg.Package
}

// BuildPackages are the compilers, headers and build tools that the stage's chain installs and does not remove in the
// same layer, in order. What a later layer removes is still in the image.
func (s *Stage) BuildPackages() []PackageUse {
	var found []PackageUse
	for _, step := range s.ChainSteps() {
		for _, c := range step.Commands {
			if c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" {
				continue
			}
			for _, p := range c.OS.Packages {
				if ospkg.ClassOf(s.Image.Distro, p.Name) == ospkg.BuildOnly && !step.uninstalls(c, p.Name) {
					found = append(found, PackageUse{Command: c, Package: p})
				}
			}
		}
	}
	return found
}

// uninstalls tells whether a later command of the RUN removes the package, by its name, by apk's virtual name, or in a way
// that can't be read (`apt-get purge $DEPS`, `apt-mark auto ... && apt-get autoremove`).
func (step *Step) uninstalls(installed *Command, name string) bool {
	behind := false
	for _, c := range step.Commands {
		if c == installed {
			behind = true
			continue
		}
		if !behind || c.OS == nil {
			continue
		}
		if c.OS.Verb == ospkg.AutoRemove || c.OS.Verb == ospkg.Remove && c.OS.Opaque != "" {
			return true
		}
		if c.OS.Verb != ospkg.Remove {
			continue
		}
		for _, p := range c.OS.Packages {
			if p.Name == "" || p.Name == name || installed.OS.Virtual != "" && p.Name == installed.OS.Virtual {
				return true
			}
		}
	}
	return false
}

package analyzer

import (
	"slices"
	"strings"

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

// Uninstalls tells whether a later command of the RUN removes the package, by its name, by apk's virtual name, along with one that it
// needs, or in a way that can't be read (`apt-get purge $DEPS`). autoremove alone leaves what a command has named, until apt-mark says that
// nobody wanted it: https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
func (step *Step) Uninstalls(installed *Command, name string) bool {
	behind := false
	for _, c := range step.Commands {
		if c == installed {
			behind = true
			continue
		}
		if !behind || c.OS == nil || c.OS.Verb != ospkg.Remove && c.OS.Verb != ospkg.AutoRemove {
			continue
		}
		if c.OS.Opaque != "" || c.OS.Verb == ospkg.AutoRemove && step.MarksPackages() {
			return true
		}
		for _, p := range c.OS.Packages {
			if p.Name == "" || p.Name == name || ospkg.Needs(name, p.Name) || installed.OS.Virtual != "" && p.Name == installed.OS.Virtual {
				return true
			}
		}
		if c.OS.AutoRemoves && step.MarksPackages() {
			return true
		}
	}
	return false
}

// PackageUses are those that the command certainly installs by name.
func (c *Command) PackageUses() []PackageUse {
	if c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" || !c.Shell.Certain {
		return nil
	}
	var found []PackageUse
	for _, p := range c.OS.Packages {
		if p.Name != "" && p.File == "" && !p.Group {
			found = append(found, PackageUse{Command: c, Package: p})
		}
	}
	return found
}

// OtherArchive tells whether the command may get packages from elsewhere than the archive of the base image's release: it asks for a
// release by name, or something so far names package sources.
func (c *Command) OtherArchive() bool {
	for _, step := range c.Step.Stage.ChainSteps() {
		text := step.Stage.build.File.Text(step.Instruction.Span)
		for _, sign := range []string{"sources.list", "add-apt-repository", "apt-add-repository", "/etc/apk/repositories", "--repository", "target-release", "apt-get install -t", "apt install -t", "dpkg"} {
			if strings.Contains(text, sign) {
				return true
			}
		}
		if step == c.Step {
			break
		}
	}
	return false
}

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

// OnBareImage tells whether the image at the root of the stage's bases holds Python and its libraries at most: Docker's slim and Alpine
// variants of python, and plain debian, ubuntu and alpine.
func (s *Stage) OnBareImage() bool {
	facts := s.Image
	return facts.Official && (facts.Slim || facts.Distro == "alpine") ||
		slices.Contains([]string{"library/debian", "library/ubuntu", "library/alpine"}, facts.Reference.Path)
}

// MarksPackages tells whether the RUN changes which packages count as wanted.
func (step *Step) MarksPackages() bool {
	return slices.ContainsFunc(step.Commands, func(c *Command) bool {
		return c.HasText("apt-mark") || c.HasText("markauto") || c.HasText("debfoster") || c.OS != nil && len(c.Argv) > 1 && c.Argv[1].Text() == "mark"
	})
}

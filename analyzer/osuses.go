package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

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

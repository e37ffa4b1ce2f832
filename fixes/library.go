package fixes

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// InstallPackages gives the fix that installs OS packages in the final image: with a command of the stage that installs some already, or
// with a RUN of its own above the instruction of before. refused says why there is none.
func InstallPackages(build *analyzer.Build, before *analyzer.Step, packages []string) (fix *analyzer.Fix, refused string) {
	if before.Stage != build.Target {
		return nil, "a base stage receives the packages"
	}
	fix = &analyzer.Fix{Title: "Install " + strings.Join(packages, " and "), Safety: analyzer.Unsafe}
	for _, step := range build.Target.Steps {
		for _, c := range step.Commands {
			if c.OS == nil || c.OS.Verb != ospkg.Install || !c.Shell.Certain || !c.Shell.Exact || step.Instruction.JSON || c.OS.Virtual != "" || len(c.OS.Packages) == 0 {
				continue
			}
			last := c.OS.Packages[len(c.OS.Packages)-1]
			if last.Literal && slices.Contains([]ospkg.Manager{ospkg.Apt, ospkg.Apk}, c.OS.Manager) {
				fix.Edits = append(fix.Edits, InsertWord(last.Span, strings.Join(packages, " ")))
				return fix, ""
			}
		}
	}
	if !before.Before.IsRoot() {
		return nil, "only root can install it, and the user here is another"
	}
	command := InstallCommand(build.Target.Image.Distro, packages)
	if command == "" {
		return nil, "the package manager is not known"
	}
	fix.Edits = append(fix.Edits, InsertBefore(build.Doc, before.Instruction, "RUN "+command))
	return fix, ""
}

// InstallCommand is the shell code that installs OS packages and leaves no package lists in the layer, "" for a distribution whose
// package manager is not known.
func InstallCommand(distro string, packages []string) string {
	switch distro {
	case "debian", "ubuntu":
		return "apt-get update && apt-get install -y --no-install-recommends " + strings.Join(packages, " ") + " && rm -rf /var/lib/apt/lists/*"
	case "alpine":
		return "apk add --no-cache " + strings.Join(packages, " ")
	}
	return ""
}

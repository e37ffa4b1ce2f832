package fixes

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// UseRuntimePackages gives the fix that replaces build packages of the final image by those which hold their run-time
// part, and drops those without one. refused says why there is none.
func UseRuntimePackages(build *analyzer.Build, uses []analyzer.PackageUse) (fix *analyzer.Fix, refused string) {
	target := build.Target
	if isBase(target) || mayBuild(target) {
		return nil, "a RUN may need the tools"
	}
	fix = &analyzer.Fix{Title: "Install the run-time packages instead", Safety: analyzer.Unsafe}
	dropped := map[*analyzer.Command]int{}
	named := map[string]bool{}
	for _, use := range uses {
		c, p := use.Command, use.Package
		packages, known := ospkg.Runtime(target.Image.Distro, target.Image.Release, p.Name)
		switch {
		case c.Step.Stage != target:
			return nil, "a base stage installs them, which others may need"
		case !p.Literal || !c.Shell.Exact || c.Step.Instruction.JSON || p.Version != "" || p.File != "":
			return nil, p.Name + " can't be replaced where it stands"
		case !known:
			return nil, "the run-time part of " + p.Name + " is not known"
		}
		for _, other := range c.OS.Packages {
			named[other.Name] = true
		}
		packages = slices.DeleteFunc(packages, func(name string) bool { return named[name] })
		for _, name := range packages {
			named[name] = true
		}
		if len(packages) > 0 {
			fix.Edits = append(fix.Edits, ReplaceSpan(p.Span, strings.Join(packages, " ")))
			continue
		}
		if dropped[c]++; dropped[c] == len(c.OS.Packages) {
			return nil, "nothing would be left to install: remove the RUN"
		}
		fix.Edits = append(fix.Edits, DeleteWord(build.Doc, p.Span))
	}
	return fix, ""
}

package rules

import (
	"bytes"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// idleBuildPin gives a requirement of the installation that holds setuptools at a release so old that it can only be meant for building
// others, and the later installation that certainly builds without it: pip from 25.3 on builds everything in an environment of its own, to which it
// fetches the newest releases. Before, it did not where setuptools and wheel were installed and a project had no pyproject.toml.
func idleBuildPin(in *analyzer.Installation) (pin installer.Requirement, later *analyzer.Installation, ok bool) {
	// setup.py itself runs with what is installed.
	if in.Call.Tool != installer.Pip || bytes.Contains(in.Command.Step.Stage.Build().File.Bytes(), []byte("setup.py")) {
		return pin, nil, false
	}
	for _, r := range in.Requirements {
		if limit := oldBuildTool[r.Name]; r.Kind == installer.Named && limit != "" && keptBelow(r.Specifier, limit) {
			pin, ok = r, true
			break
		}
	}
	if !ok {
		return pin, nil, false
	}
	for stage := range in.Command.Step.Stage.Build().Feeding() {
		behind := false // stays so in stages that are not built on this one
		for _, c := range stage.ChainCommands() {
			switch {
			case c == in.Command:
				behind = true
			case !behind || c.Install == nil:
			case c.Install.Place == in.Place && buildsApart(c.Install):
				return pin, c.Install, true
			}
		}
	}
	return pin, nil, false
}

// oldBuildTool holds the release from which on a pin may have other reasons: setuptools 58 dropped use_2to3 and 60 brought its own distutils.
// An old Cython may be there to be run: buildozer and pyximport do so.
var oldBuildTool = map[string]string{"setuptools": "60"}

// keptBelow tells whether a specifier allows only releases older than limit.
func keptBelow(specifier, limit string) bool {
	for _, clause := range strings.Split(specifier, ",") {
		number := strings.TrimLeft(clause, "=<~")
		switch operator := clause[:len(clause)-len(number)]; operator {
		case "==", "===", "<=", "~=":
			if number != "" && version.Is(number) && version.Compare(number, limit) < 0 {
				return true
			}
		case "<":
			if number != "" && version.Is(number) && version.Compare(number, limit) <= 0 {
				return true
			}
		}
	}
	return false
}

// buildsApart tells whether pip may build packages here and certainly does so in environments of their own, without constraints for them.
func buildsApart(in *analyzer.Installation) bool {
	c, call := in.Command, in.Call
	if call.Tool != installer.Pip || len(in.Files) == 0 && len(in.Requirements) == 0 || !c.ToolRelease("pip").AtLeast("25.3") {
		return false
	}
	for _, option := range []string{"--no-build-isolation", "--build-constraint", "--only-binary"} {
		if call.Has(option) {
			return false
		}
		if v, variable := call.EnvironmentOption(option, c.State.Lookup); v.IsKnown() && !v.Is("false") || v.Kind == env.Unknown && c.State.Sets(variable) {
			return false
		}
	}
	if len(in.Files) > 0 {
		return true
	}
	for _, r := range in.Requirements {
		if r.Kind == installer.Local || r.Kind == installer.VCS || r.Kind == installer.Named && !installer.IsInstaller(r.Name) {
			return true
		}
	}
	return false
}

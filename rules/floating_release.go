package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// asksFirst tells whether the requirement is a word that stands for none, from a variable of which an `if` or its like asks first.
func asksFirst(in *analyzer.Installation, r installer.Requirement) bool {
	switch r.Name {
	case "default", "none", "false", "true":
		return !in.Command.Shell.Certain && !in.Command.Shell.Attempted
	}
	return false
}

// findFloating gives the packages that the command names without saying which release, so that the index decides on the
// day of the build. Whatever may fix the release in another way leaves it empty: a constraint file, --no-index, a
// date up to which releases count, a line of a requirements file of the same command. What a project's lock file
// governs (poetry, pipenv, uv and pdm projects) and conda are not looked at.
func findFloating(in *analyzer.Installation) []installer.Requirement {
	if len(in.Constraints) > 0 || in.HeldByIndex() {
		return nil
	}
	switch call := in.Call; {
	case call.Tool == installer.Pip, call.Tool == installer.UvPip, call.Tool == installer.Pipx, call.Tool == installer.EasyInstall:
	case call.Tool == installer.Uv && call.Verb == "tool install":
	default:
		return nil
	}
	var floating []installer.Requirement
	for _, r := range in.Requirements {
		if r.Kind == installer.Named && r.Name != "" && !r.Pinned() && !pinnedByFile(in, r.Name) && !ownProject(in, r) && !asksFirst(in, r) {
			floating = append(floating, r)
		}
	}
	return slices.DeleteFunc(floating, func(r installer.Requirement) bool { return asksFirst(in, r) })
}

// pinnedByFile tells whether a requirements file of the same command names one release of the package: pip takes
// both wishes together.
func pinnedByFile(in *analyzer.Installation, name string) bool {
	context := in.Command.Step.Stage.Build().Context
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		lines, _ := context.AllRequirements(use.InContext)
		constraints, _ := context.AllConstraints(use.InContext)
		for _, line := range slices.Concat(lines, constraints) {
			if line.Requirement.Name == name && line.Requirement.Pinned() {
				return true
			}
		}
	}
	return false
}

// ownProject tells whether a requirement without version is a project of the build context that the chain has installed before, so that it is
// there: `pip install . && pip install name[extra]`. What its extra requires is for its metadata to say.
func ownProject(in *analyzer.Installation, r installer.Requirement) bool {
	if r.Specifier != "" || in.Call.Upgrade() || in.Command.Step.Stage.Build().Context == nil {
		return false
	}
	for _, c := range in.Command.Step.Stage.ChainCommands() {
		if c == in.Command {
			break
		}
		if c.Install == nil {
			continue
		}
		for _, dir := range c.Install.ProjectDirs() {
			if meta, ok := in.Command.Step.Stage.Build().Context.Project(dir); ok && installer.NormalizeName(meta.Name) == r.Name {
				return true
			}
		}
	}
	return false
}

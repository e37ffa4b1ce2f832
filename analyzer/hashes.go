package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// HashMode is an installation by pip that checks hashes, which pip does for all requirements or for none.
type HashMode struct {
	// Why is what turns the mode on: "--require-hashes", a variable, or the requirements file with the first hash.
	Why string
	// Named are requirements of the command line that have no hash and can't get one there.
	Named []installer.Requirement
	// Lines are those of the requirements files without a hash.
	Lines []project.RequirementLine
	// Use is the file of Lines.
	Use RequirementsUse
}

// HashMode tells whether pip checks hashes, and which requirements it then certainly refuses: those without one. Where a constraint file
// may bring hashes none is refused. https://pip.pypa.io/en/stable/topics/secure-installs/
func (in *Installation) HashMode() (mode HashMode, on bool) {
	call := in.Call
	if call.Tool != installer.Pip || call.Has("--no-require-hashes") {
		return HashMode{}, false
	}
	setting, variable := call.EnvironmentOption("--require-hashes", in.Command.State.Lookup)
	switch {
	case call.RequireHashes():
		mode.Why = "--require-hashes"
	case setting.Is("true"):
		mode.Why = variable
	case setting.Kind == env.Unknown && in.Command.State.Sets(variable):
		return HashMode{}, false
	}
	context := in.Command.Step.Stage.build.Context
	hashed := map[string]bool{}
	constrained := len(in.Constraints) > 0
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		lines, _ := context.AllRequirements(use.InContext)
		for _, line := range lines {
			if len(line.Hashes) > 0 {
				hashed[line.Requirement.Name] = true
				if mode.Why == "" {
					mode.Why = line.Path
				}
			}
		}
		constraints, complete := context.AllConstraints(use.InContext)
		constrained = constrained || len(constraints) > 0 || !complete
	}
	if mode.Why == "" {
		return HashMode{}, false
	}
	if constrained {
		return mode, true
	}
	for _, r := range in.Requirements {
		if lacksHash(r, hashed) {
			mode.Named = append(mode.Named, r)
		}
	}
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		lines, _ := context.AllRequirements(use.InContext)
		for _, line := range lines {
			if len(line.Hashes) == 0 && lacksHash(line.Requirement, hashed) && (len(mode.Lines) == 0 || mode.Use.Span == use.Span) {
				mode.Lines, mode.Use = append(mode.Lines, line), use
			}
		}
	}
	return mode, true
}

// lacksHash tells whether pip refuses a requirement that has no --hash: not where a marker may leave it out, its URL has a hash, or a
// line for the same package has one.
func lacksHash(r installer.Requirement, hashed map[string]bool) bool {
	switch r.Kind {
	case installer.Named:
		return r.Marker == "" && !hashed[r.Name]
	case installer.URL:
		return r.Marker == "" && !r.Pinned()
	case installer.Local, installer.VCS, installer.Archive:
		return r.Marker == "" && (r.Name == "" || !hashed[r.Name] || r.Kind != installer.Archive)
	}
	return false
}

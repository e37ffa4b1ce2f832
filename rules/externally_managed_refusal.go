package rules

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// isRefused tells whether pip, or uv with --system, certainly refuses the installation because the interpreter belongs to
// the distribution (PEP 668). Virtual environments, --prefix, --root and --target are free, and so is whoever takes
// the marker away or asks for --break-system-packages.
func isRefused(in *analyzer.Installation) bool {
	c, call := in.Command, in.Call
	switch {
	case call.Tool != installer.Pip && call.Tool != installer.UvPip || call.Tool == installer.UvPip && !c.SystemWide():
		return false
	case in.Place != analyzer.System && in.Place != analyzer.UserSite, !managed(in):
		return false
	case !c.Shell.Certain, call.BreakSystemPackages():
		return false
	}
	if _, inside := c.Venv(); inside {
		return false // --user in an environment is refused for another reason
	}
	// An unfamiliar base that sets the variable is rare; a file that does so in a way that can't be read is not.
	override, variable := call.EnvironmentOption("--break-system-packages", c.State.Lookup)
	if override.Is("true") || override.Kind == env.Unknown && c.State.Sets(variable) {
		return false
	}
	if call.Python == "" && path.Base(call.Program.Text()) == "pip" && (c.State.HasOSPackage("python-pip") || c.State.HasOSPackage("py2-pip")) {
		return false // Python 2 knows no marker; where its packages are gone that is another mistake
	}
	return !c.State.Sets("PIP_CONFIG_FILE") && !c.OtherPython() && !afterMention(c, unmanages)
}

// lacksPip tells that no package which brings pip is known to be installed: the python3 of these distributions comes without.
// https://packages.debian.org/stable/python3-pip
func lacksPip(in *analyzer.Installation) bool {
	if in.Call.Tool != installer.Pip {
		return false
	}
	for _, name := range []string{"python3-pip", "py3-pip", "py-pip", "pip"} {
		if in.Command.State.HasOSPackage(name) {
			return false
		}
	}
	return true
}

// managed tells whether the interpreter is the distribution's and carries the marker. A tag that follows the newest release, such as
// ubuntu:latest, means one that does.
func managed(in *analyzer.Installation) bool {
	if in.Interpreter != nil {
		return in.Interpreter.ExternallyManaged
	}
	s := in.Command.State
	base := s.Image()
	if base.Python != nil || base.Release != "" || in.Call.InterpreterHint() != "" {
		return false
	}
	ref := base.Reference
	if !newestTag[ref.Name+":"+ref.Tag] || ref.Digest != "" {
		return false
	}
	return s.HasDistroPython()
}

// ensuresPip matches what brings pip without the distribution's package; the marker stays.
var ensuresPip = pattern.New(`\bensurepip\b`)

// unmanages matches whatever may take PEP 668's marker away or configure pip for good, or may bring another interpreter
// in front of the distribution's.
var unmanages = pattern.New(`(?i)externally|EXTERN\*|\bpip\.conf|\bpip3? config\b|break_system_packages|break-system-packages *=|` +
	`get-pip|/\S*python\S* -m ensurepip|altinstall|make install|pyenv|conda|mamba|micromamba|deadsnakes|brew install|update-alternatives[^\n&;]*python|uv python|` +
	`ln -s[^\n&;]*python|python-build|/python[^\s]*\.(?:tgz|tar)`)

// mention is a pattern that is looked for in the chain of a stage, firstMention the number of the first step that it is found in.
type mention struct {
	stage *analyzer.Stage
	what  *pattern.Pattern
}

type firstMention int

// afterMention tells whether the pattern matches an instruction of the stage's chain up to the command's own, or a COPY that brings
// programs from elsewhere.
func afterMention(c *analyzer.Command, what *pattern.Pattern) bool {
	s := c.Step.Stage
	first := analyzer.Remember(s.Build(), mention{s, what}, func() firstMention {
		steps := s.ChainSteps()
		i := slices.IndexFunc(steps, func(step *analyzer.Step) bool {
			return what.MatchString(s.Build().File.Text(step.Instruction.Span)) ||
				step.Copy != nil && step.Copy.FromText.Kind != env.Unset && step.Copy.Dest.Is("/usr/local")
		})
		if i < 0 {
			return firstMention(len(steps))
		}
		return firstMention(i)
	})
	return int(first) <= len(c.Step.Earlier())
}

// newestTag holds the tags that follow the newest release of a distribution that marks its Python: since Debian 12, Ubuntu 23.04
// and Alpine 3.19.
var newestTag = map[string]bool{
	"debian:": true, "debian:latest": true, "debian:stable": true, "debian:stable-slim": true, "debian:testing": true,
	"debian:testing-slim": true, "debian:unstable": true, "debian:sid": true, "debian:sid-slim": true,
	"ubuntu:": true, "ubuntu:latest": true, "ubuntu:rolling": true, "ubuntu:devel": true,
	"alpine:": true, "alpine:latest": true, "alpine:3": true, "alpine:edge": true,
}

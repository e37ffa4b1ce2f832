package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnattendedInstall finds a call of apt, dnf, yum or `pip uninstall` that asks a question which nobody answers.
//
// In a build there is no terminal: apt-get reads the end of its input, prints "Abort." and ends with status 1, dnf and yum with
// "Operation aborted", pip with an EOFError. apt asks whenever it would do more than it was told, so
// a package that needs no others goes through without -y (`apt-get install hello`) and the next one does not: only those that are
// known to bring others are reported. It is an error where the base image lacks these, or where what is removed is certainly there. `-qq` answers, DEBIAN_FRONTEND=noninteractive does not: that is for the questions of packages.
//
// conda asks too, but takes an empty input for a "yes", and microdnf never asks.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Adds `-y`. Safe: a build that got past the question had none to answer. Unsafe where the build goes on after the failure (`; `, `|| true`): the
// command then does what it was kept from.
//
// # References
//
//   - https://manpages.debian.org/stable/apt/apt-get.8.en.html
//   - https://docs.docker.com/build/building/best-practices/#apt-get
var UnattendedInstall = register(&analyzer.Rule{
	Code: "PLD412", Name: "unattended-install",
	Summary:  "a package manager asks for a confirmation that nobody gives",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkUnattendedInstall,
})

func checkUnattendedInstall(p *analyzer.Pass) {
	answered := map[*analyzer.Stage]bool{} // at the end of the stage
	for stage := range p.Feeding() {
		done := answered[stage.Base]
		for _, step := range stage.Steps {
			if done = done || mayAnswer(p, step); done {
				break
			}
			for _, c := range step.Commands {
				checkQuestion(p, c)
			}
		}
		answered[stage] = done
	}
}

// mayAnswer tells whether a step may write a configuration that answers all questions: apt.conf, yum.conf, pip.conf.
func mayAnswer(p *analyzer.Pass, step *analyzer.Step) bool {
	text := strings.ToLower(p.File.Text(step.Instruction.Span))
	for _, word := range []string{"assume-yes", "assumeyes", "apt_config", "apt.conf", "yum.conf", "dnf.conf"} {
		if strings.Contains(text, word) && !strings.Contains(text, "--"+word) {
			return true
		}
	}
	return step.Copy != nil && (strings.HasPrefix(step.Copy.Dest.Text, "/etc/apt") || step.Copy.Dest.Is("/etc"))
}

func checkQuestion(p *analyzer.Pass, c *analyzer.Command) {
	sh := c.Shell
	if !sh.Certain && !sh.Attempted || sh.Piped || sh.Function != "" ||
		slices.ContainsFunc(sh.Redirects, func(r shell.Redirect) bool { return strings.HasPrefix(r.Op, "<") }) {
		return
	}
	d := analyzer.Diagnostic{Severity: analyzer.Warning}
	var verb source.Span
	switch {
	case c.OS != nil && c.OS.Asks():
		d.Span, verb = c.OS.Span, c.OS.VerbSpan
		var why string
		if d.Severity, why = sureToAsk(c); why == "" {
			return
		}
		program := c.OS.Program
		d.Message = fmt.Sprintf("%s has no -y and asks %s; in a build nobody answers, so it aborts", program, why)
		if !sh.Certain {
			d.Severity = analyzer.Warning
		}
	case asksToUninstall(c):
		d.Span, verb = c.Installer.Span, c.Installer.VerbSpan
		d.Message = "pip uninstall has no -y and asks before it removes anything; in a build nobody answers, so it ends with an EOFError"
	default:
		return
	}
	if verb.Empty() || !sh.Exact {
		d.NoFixReason = "the command is not written out"
	} else {
		d.Span.End = verb.End
		safety := analyzer.Safe
		if !fixes.FailureStops(c) {
			safety = analyzer.Unsafe // the build goes on without what the command would do
		}
		d.Fix = &analyzer.Fix{Title: "Add -y", Safety: safety, Edits: []analyzer.Edit{fixes.InsertWord(verb, "-y")}}
	}
	p.Report(d)
}

// sureToAsk says in a clause when the call asks, "" where it may have nothing to ask.
func sureToAsk(c *analyzer.Command) (analyzer.Severity, string) {
	switch c.OS.Verb {
	case ospkg.Upgrade:
		if firstInstall(c) && (c.OS.Manager != ospkg.Apt || fetchedBefore(c)) {
			return analyzer.Warning, "before it upgrades anything"
		}
		return 0, "" // without lists apt knows of nothing newer
	case ospkg.AutoRemove:
		if removesBefore(c) {
			return analyzer.Warning, "before it removes what nothing needs any more"
		}
		return 0, "" // mostly there is nothing to remove
	case ospkg.Remove:
		for _, pkg := range c.OS.Packages {
			if pkg.Name != "" && (c.Step.Before.HasOSPackage(pkg.Name) || installedBefore(c, pkg.Name)) {
				if !c.Step.Stage.Image.EnvKnown { // its apt.conf may answer, as those of some makers of boards do
					return analyzer.Warning, "before it removes " + pkg.Name
				}
				return analyzer.Error, "before it removes " + pkg.Name
			}
		}
		return 0, "" // it may not be there
	}
	if c.OS.Manager != ospkg.Apt {
		return analyzer.Warning, "before it installs anything"
	}
	base := c.Step.Stage.Image
	for _, pkg := range c.OS.Packages {
		switch name := pkg.Name; {
		case !ospkg.BringsOthers(name), c.Step.Before.HasOSPackage(name), installedBefore(c, name):
		case c.Step.Stage.OnBareImage() && firstInstall(c):
			return analyzer.Error, "before it installs what " + name + " needs"
		case base.HasPackage(name) == image.No && firstInstall(c), !image.InFullPython(name): // many images of others are built on a full one
			return analyzer.Warning, "before it installs what " + name + " needs"
		}
	}
	return 0, "" // it may do just what it is told, and does not ask then
}

// fetchedBefore tells whether apt's lists were fetched before the command.
func fetchedBefore(c *analyzer.Command) bool {
	for _, other := range c.Step.Stage.ChainCommands() {
		if other == c {
			break
		}
		if other.OS != nil && other.OS.Manager == ospkg.Apt && other.OS.Verb == ospkg.Update {
			return true
		}
	}
	return false
}

// removesBefore tells whether a command before c in its RUN removes a package that has brought others.
func removesBefore(c *analyzer.Command) bool {
	for _, other := range c.Step.Commands {
		if other == c {
			return false
		}
		if other.OS != nil && other.OS.Verb == ospkg.Remove && slices.ContainsFunc(other.OS.Packages, func(p ospkg.Package) bool {
			return ospkg.BringsOthers(p.Name) && (c.Step.Before.HasOSPackage(p.Name) || installedBefore(other, p.Name))
		}) {
			return true
		}
	}
	return false
}

// firstInstall tells whether no command before c can have installed OS packages.
func firstInstall(c *analyzer.Command) bool {
	for _, other := range c.Step.Stage.ChainCommands() {
		if other == c {
			break
		}
		if other.OS != nil && (other.OS.Verb == ospkg.Install || other.OS.Verb == ospkg.Upgrade) {
			return false
		}
		switch other.Concern() {
		case analyzer.Unclear, analyzer.Script, analyzer.Compiles, analyzer.Runs:
			return false
		}
	}
	return true
}

// installedBefore tells whether a command before c in its RUN installs the package.
func installedBefore(c *analyzer.Command, name string) bool {
	for _, other := range c.Step.Commands {
		if other == c {
			return false
		}
		if other.OS != nil && other.OS.Verb == ospkg.Install && other.Shell.Certain && other.OS.Opaque == "" &&
			slices.ContainsFunc(other.OS.Packages, func(p ospkg.Package) bool { return p.Name == name }) {
			return true
		}
	}
	return false
}

// asksToUninstall tells whether pip asks before it uninstalls. PIP_YES and a configuration file answer.
func asksToUninstall(c *analyzer.Command) bool {
	call := c.Installer
	return call != nil && call.Opaque == "" && call.Tool == installer.Pip && call.Verb == "uninstall" && !call.Has("--yes") &&
		c.State.Lookup("PIP_YES").Kind == env.Unset && c.State.Lookup("PIP_NO_INPUT").Kind == env.Unset
}

package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// SudoPip finds `sudo pip` where the instruction runs as root anyway.
//
// sudo gains nothing there and takes something away: it drops the variables of ENV and ARG (PIP_INDEX_URL, PIP_NO_CACHE_DIR, proxies) and replaces
// PATH, so that it can be another pip that runs, such as the system's instead of that of a virtual environment. The image also needs sudo
// for it. Other users are not judged: for them it makes a difference.
//
// # Flagged
//
//	FROM ubuntu:22.04
//	RUN apt-get update && apt-get install -y sudo python3-pip
//	RUN sudo -H pip3 install flask==3.1.0
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM ubuntu:22.04
//	RUN apt-get update && apt-get install -y python3-pip
//	RUN pip3 install flask==3.1.0
//	CMD ["flask", "run"]
//
// # Fix
//
// Removes sudo and its options. Safe, unless the file sets variables that pip then sees: unsafe.
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#user
//   - https://www.sudo.ws/docs/man/sudoers.man/#Command_environment
var SudoPip = register(&analyzer.Rule{
	Code: "PLD214", Name: "sudo-pip",
	Summary:  "root calls pip by sudo",
	Do:       "leave sudo out: a build runs as root unless USER says otherwise",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AsksBase: true, Check: checkSudoPip,
})

func checkSudoPip(p *analyzer.Pass) {
	for step := range p.Steps() {
		if d := sudoIn(p, step); d.Message != "" {
			p.Report(d)
		}
	}
}

// sudoIn is one finding for all calls of a RUN.
func sudoIn(p *analyzer.Pass, step *analyzer.Step) (d analyzer.Diagnostic) {
	fix := &analyzer.Fix{Title: "Remove sudo", Safety: analyzer.Safe}
	for _, c := range step.Commands {
		words, plain, ok := idleSudo(c)
		if !ok {
			continue
		}
		if d.Message == "" {
			d.Span = c.Argv[0].Span
			d.Message = "this runs as root already; sudo only hides the variables of ENV and the PATH from pip"
		} else {
			d.Related = append(d.Related, analyzer.Related{Span: c.Argv[0].Span, Message: "so does this one"})
		}
		if !c.Shell.Exact || step.Instruction.JSON || strings.ContainsAny(p.File.Text(words), "\\\n`") {
			d.NoFixReason = "sudo can't be taken out where it stands"
			continue
		}
		fix.Edits = append(fix.Edits, fixes.ReplaceSpan(words, ""))
		if !plain {
			fix.Safety = analyzer.Unsafe
		}
	}
	if len(fix.Edits) > 0 {
		d.Fix, d.NoFixReason = fix, ""
	}
	return d
}

// idleSudo tells whether the command calls pip by sudo although the instruction runs as root. words are sudo and its options, up to where
// pip begins; plain tells that nothing in the file sets a variable that pip or Python would see without sudo and does not see now.
func idleSudo(c *analyzer.Command) (words source.Span, plain, ok bool) {
	call := c.Installer
	if call == nil || call.Tool != installer.Pip || call.Opaque != "" || len(c.Argv) < 2 {
		return source.Span{}, false, false
	}
	if len(call.Wrappers) != 1 || call.Wrappers[0] != "sudo" || c.Argv[0].Text() != "sudo" || c.Shell.User != "" {
		return source.Span{}, false, false
	}
	if !c.Step.Before.IsRoot() || !c.State.IsRoot() {
		return source.Span{}, false, false
	}
	if !idleSudoOptions(c) {
		return source.Span{}, false, false
	}
	words = source.Span{Start: c.Argv[0].Span.Start, End: call.Program.Span.Start}
	return words, !slices.ContainsFunc(c.State.Declared(), seenByPip), true
}

// idleSudoOptions tells whether sudo is given nothing that makes a difference for root: -R and -D change the directories, -g the group, -b does
// not wait, -i and -s start a shell, and NAME=VALUE sets a variable.
func idleSudoOptions(c *analyzer.Command) bool {
	for i := 1; i < len(c.Argv); i++ {
		f := c.Argv[i]
		if f.Span == c.Installer.Program.Span {
			return true
		}
		text := f.Text()
		switch {
		case text == "-u" || text == "--user":
			i++ // the caller has looked: it is root
		case strings.HasPrefix(text, "--user="), strings.HasPrefix(text, "-u"), text == "--":
		case text == "--set-home", text == "--non-interactive", text == "--stdin", text == "--askpass", text == "--preserve-env",
			strings.HasPrefix(text, "--preserve-env="), text == "--preserve-groups", text == "--reset-timestamp":
		case strings.HasPrefix(text, "-") && len(text) > 1 && strings.Trim(text[1:], "HEnSAPk") == "":
		default:
			return false
		}
	}
	return true
}

// seenByPip tells whether a variable changes what pip does. sudo drops all but a few, and sets PATH to its own secure_path.
func seenByPip(name string) bool {
	switch name {
	case "PATH", "HOME", "VIRTUAL_ENV", "CONDA_PREFIX", "CC", "CFLAGS", "LDFLAGS", "XDG_CACHE_HOME", "TMPDIR":
		return true
	}
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, "PIP_") || strings.HasPrefix(name, "PYTHON") || strings.HasSuffix(lower, "_proxy")
}

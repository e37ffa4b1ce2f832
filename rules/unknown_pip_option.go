package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnknownPipOption finds options that no release of pip has: misspelt ones, `pip install -y`, and those whose hyphens a word processor
// has made dashes.
//
// pip stops with "no such option", and the build with it. The options of pip 9 to 26.3 are known, also those that were removed since, and
// every unambiguous beginning of an option (`--no-cache`) is one to pip. Words with variables in them are not judged.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install --no-cached-dir flask==3.1.0
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir flask==3.1.0
//	CMD ["flask", "run"]
//
// # Fix
//
// The option that was probably meant is suggested.
//
// # References
//
//   - https://pip.pypa.io/en/stable/cli/pip_install/
var UnknownPipOption = register(&analyzer.Rule{
	Code: "PLD219", Name: "unknown-pip-option",
	Summary:  "pip is called with an option that it does not have",
	Severity: analyzer.Error, Fix: analyzer.Suggestion, Check: checkUnknownPipOption,
})

func checkUnknownPipOption(p *analyzer.Pass) {
	for c := range p.Commands() {
		if c.Installer != nil && c.Installer.Tool == installer.Pip && c.Installer.Unknown != nil && c.Shell.Certain {
			reportUnknown(p, c, c.Installer.Unknown)
		}
	}
}

func reportUnknown(p *analyzer.Pass, c *analyzer.Command, u *installer.UnknownOption) {
	verb := "pip " + c.Installer.Verb
	d := analyzer.Diagnostic{Span: u.Word.Span}
	if u.Late {
		d.Message = fmt.Sprintf("pip has no option %s in front of the subcommand, so the build fails; it belongs behind it", u.Written)
		p.Report(d)
		return
	}
	d.Message = fmt.Sprintf("%s has no option %s, so the build fails", strings.TrimSpace(verb), u.Written)
	name, rest, attached := strings.Cut(u.Word.Text(), "=")
	meant := nearestOption(name, u.Known)
	if meant == "" {
		p.Report(d)
		return
	}
	d.Message += "; did you mean " + meant
	if attached {
		meant += "=" + rest
	}
	if c.Shell.Exact && !c.Step.Instruction.JSON && p.File.Text(u.Word.Span) == u.Word.Text() {
		d.Fix = &analyzer.Fix{Title: "Write " + meant, Safety: analyzer.Suggestion, Edits: []analyzer.Edit{fixes.ReplaceSpan(u.Word.Span, meant)}}
	}
	p.Report(d)
}

// nearestOption gives the option that was probably meant, "" when none is near. Dashes of every kind in front do not count.
func nearestOption(written string, known []string) string {
	name := strings.ToLower(strings.TrimLeft(written, "-\u2013\u2014\u2212"))
	best, bestDistance := "", 1+len(name)/4
	if len(name) < 3 {
		return ""
	}
	for _, option := range known {
		if d := words.Distance(name, option[2:], bestDistance); d < bestDistance || d == bestDistance && best == "" {
			best, bestDistance = option, d
		}
	}
	return best
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// RemovedOption finds options and commands that the installed release of poetry, pipenv or uv does not have.
//
// `pipenv lock -r` ended with pipenv 2022.8.13, where `pipenv requirements` took its place. poetry 2.0 has no `--no-dev`, no
// `install --remove-untracked`, no `lock --no-update` and `lock --check`, and `poetry export` is a plugin of its own. uv refuses `--user`: it
// knows virtual environments only. The tool stops with "no such option", and the build with it. A file that
// pins an older release, or that does not show where the tool comes from, is not judged; a tool without a version is the newest
// one that runs on the interpreter.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install pipenv
//	COPY Pipfile Pipfile.lock ./
//	RUN pipenv lock -r > requirements.txt
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install pipenv
//	COPY Pipfile Pipfile.lock ./
//	RUN pipenv requirements > requirements.txt
//
// # Fix
//
// Writes what does the same in the new release: `pipenv requirements`, `--only main`, `--sync`, `poetry check --lock`. Safe: the old form
// does not run at all. For `poetry export`, installing the plugin beside poetry is suggested.
//
// # References
//
//   - https://pipenv.pypa.io/en/latest/changelog.html
//   - https://python-poetry.org/blog/announcing-poetry-2.0.0/
//   - https://docs.astral.sh/uv/pip/compatibility/
var RemovedOption = register(&analyzer.Rule{
	Code: "PLD602", Name: "removed-option",
	Summary:  "poetry, pipenv or uv is called with an option that it does not have",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkRemovedOption,
})

func checkRemovedOption(p *analyzer.Pass) {
	for c := range p.Commands() {
		for _, removed := range removedOptionsOf(c) {
			reportRemoved(p, c, removed)
		}
		if poetry, lacks := lacksExport(c); lacks {
			reportExport(p, c, poetry)
		}
	}
}

func reportRemoved(p *analyzer.Pass, c *analyzer.Command, removed removedOption) {
	tool := string(c.Installer.Tool)
	option := removed.option
	if removed.since == "uv" {
		p.Report(analyzer.Diagnostic{
			Span:    option.Span,
			Message: "uv refuses --user, so the build fails; it installs into a virtual environment, or with --system",
		})
		return
	}
	d := analyzer.Diagnostic{Span: option.Span}
	instead := removed.instead(tool)
	d.Message = fmt.Sprintf("%s %s has no %s since %s, so the build fails", tool, c.Installer.Verb, option.Written, removed.since)
	if instead != "" {
		d.Message += "; it is " + instead + " now"
	}
	switch {
	case c.Step.Instruction.JSON || !c.Shell.Exact || p.File.Text(option.Span) != option.Written:
		d.NoFixReason = "the option can't be replaced where it stands"
	case !removed.replaceable:
		d.NoFixReason = "other options of the command have no counterpart"
	default:
		d.Fix = &analyzer.Fix{Title: "Use " + instead, Safety: analyzer.Safe}
		if removed.words == "" {
			d.Fix.Edits = append(d.Fix.Edits, fixes.DeleteWord(p.Doc, option.Span))
		} else {
			d.Fix.Edits = append(d.Fix.Edits, fixes.ReplaceSpan(option.Span, removed.words))
		}
		if removed.verb != "" {
			d.Fix.Edits = append(d.Fix.Edits, fixes.ReplaceSpan(c.Installer.VerbSpan, removed.verb))
		}
		if instead == "" {
			d.Fix.Title = "Remove " + option.Written
		}
	}
	p.Report(d)
}

func reportExport(p *analyzer.Pass, c *analyzer.Command, poetry analyzer.Release) {
	d := analyzer.Diagnostic{
		Span:    c.Installer.VerbSpan,
		Message: "poetry has no export command since 2.0.0 unless poetry-plugin-export is installed, so the build fails",
	}
	by := poetry.By
	if by.Install == nil || by.Step.Instruction.JSON || !by.Shell.Exact {
		p.Report(d)
		return
	}
	d.Related = append(d.Related, analyzer.Related{Span: by.Installer.Span, Message: "poetry is installed here"})
	if tool := by.Installer.Tool; tool != installer.Pip && tool != installer.UvPip {
		p.Report(d)
		return
	}
	for _, r := range by.Install.Requirements {
		if r.Name == "poetry" && r.Literal {
			d.Fix = &analyzer.Fix{Title: "Install poetry-plugin-export with poetry", Safety: analyzer.Suggestion, Edits: []analyzer.Edit{
				fixes.InsertWord(r.Span, "poetry-plugin-export"),
			}}
		}
	}
	p.Report(d)
}

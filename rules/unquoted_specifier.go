package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnquotedSpecifier finds version specifiers and markers that the shell takes for itself, because the requirement is not quoted.
//
// `>` and `<` redirect: `pip install flask>=2` installs any version of flask and writes pip's output to a file named
// `=2` in the image, so a build log that misses pip's lines is the only sign. `flask<3` reads from a file named 3
// and stops the build, as there is none. `;` ends the command.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install flask>=2 gunicorn==23.0.0
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install "flask>=2" gunicorn==23.0.0
//
// # Fix
//
// Puts the requirement in double quotes, quotes around a part of it taken away. Safe: it is what the line says to every reader but the shell. There
// is no fix where there are other quotes around or inside it, nor where the result would be no valid requirement: pip refuses `virtualenv>=15.*`.
//
// # References
//
//   - https://pip.pypa.io/en/stable/reference/requirement-specifiers/
//   - https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07
var UnquotedSpecifier = register(&analyzer.Rule{
	Code: "PLD217", Name: "unquoted-specifier",
	Summary:  "the shell takes a version specifier for a redirection",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkUnquotedSpecifier,
})

func checkUnquotedSpecifier(p *analyzer.Pass) {
	for c := range p.Commands() {
		reportSwallowed(p, c, swallowedBy(c))
	}
}

func reportSwallowed(p *analyzer.Pass, c *analyzer.Command, swallowed []swallowed) {
	if len(swallowed) == 0 {
		return
	}
	first := swallowed[0]
	d := analyzer.Diagnostic{Span: first.span}
	name := first.requirement.Name
	switch file := first.file; {
	case first.operator == ";":
		d.Message = fmt.Sprintf("the shell ends the command at the unquoted ; and runs the marker of %s as a program", name)
	case first.operator == "<" && file != "":
		d.Message = fmt.Sprintf("the shell takes this < for a redirection and fails to open a file named %s", file)
	case first.operator == "<":
		d.Message = "the shell takes this < for a redirection and fails to open the file"
	case file != "":
		d.Message = fmt.Sprintf("the shell takes this > for a redirection to a file named %s, so any version of %s is installed", file, name)
	default:
		d.Message = fmt.Sprintf("the shell takes this > for a redirection to a file, so any version of %s is installed", name)
	}
	fix := &analyzer.Fix{Title: "Quote the requirement", Safety: analyzer.Safe}
	if len(swallowed) > 1 {
		fix.Title = "Quote the requirements"
	}
	for i, s := range swallowed {
		if i > 0 {
			d.Related = append(d.Related, analyzer.Related{Span: s.span, Message: "this one lacks quotes too"})
		}
		meant, valid := s.meant(c)
		edit, ok := fixes.Quote(p.Doc, s.span, meant)
		switch {
		case !valid:
			d.NoFixReason = meant + " is no valid requirement"
		case !ok || nested(c):
			d.NoFixReason = "there are other quotes around or inside the requirement"
		}
		fix.Edits = append(fix.Edits, edit)
	}
	if d.NoFixReason == "" {
		d.Fix = fix
	}
	p.Report(d)
}

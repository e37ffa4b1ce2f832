package rules

import (
	"bytes"
	"errors"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// SyntaxError finds Dockerfiles that Docker refuses to parse, and templates of Dockerfiles.
//
// The build stops before its first step. A template (Jinja, cookiecutter, ERB) is not a Dockerfile
// until it is rendered: it is reported once, since any other finding would be about text that
// Docker never sees. Exclude templates, or lint what they render to.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUNN pip install flask
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install flask
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/
var SyntaxError = register(&analyzer.Rule{
	Code: "PLD001", Name: "syntax-error", Summary: "the file is not a valid Dockerfile",
	Do:       "correct what the message names",
	Severity: analyzer.Error, AnyImage: true, Check: checkSyntax,
})

// checkSyntax reports what Docker refuses after its parser has taken the file: like Docker, the first place only, since one lost
// continuation makes an unknown instruction of every line that follows.
func checkSyntax(p *analyzer.Pass) {
	for _, problem := range dockerfile.Validate(p.Doc) {
		p.Report(analyzer.Diagnostic{Span: problem.Span, Message: problem.Message})
		return
	}
}

// Syntax is the one finding for a file that is not a Dockerfile: err is what dockerfile.Parse said, nil
// for a template that happens to parse.
func Syntax(file *source.File, err error) analyzer.Diagnostic {
	d := analyzer.Diagnostic{Rule: SyntaxError, Severity: SyntaxError.Severity}
	if span, ok := dockerfile.Template(file); ok {
		d.Span, d.Message = span, "this is a template of a Dockerfile, not one: lint what it renders to, or exclude it"
		return d
	}
	d.Message = "Docker can't read this file"
	var syntax *dockerfile.SyntaxError
	if errors.As(err, &syntax) {
		d.Span, d.Message = syntax.Span, syntax.Message
	}
	if d.Span.Empty() {
		d.Span = file.Line(file.LineOf(d.Span.Start))
	}
	return d
}

// isTemplate is dockerfile.Template, which parses anew, for files that hold a tag at all.
func isTemplate(file *source.File) bool {
	for _, opener := range []string{"{{", "{%", "{#", "<%"} {
		if bytes.Contains(file.Bytes(), []byte(opener)) {
			_, ok := dockerfile.Template(file)
			return ok
		}
	}
	return false
}

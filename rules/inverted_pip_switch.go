package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// InvertedPipSwitch finds variables such as PIP_NO_COMPILE=1 that make pip do the opposite of what they say.
//
// pip reads the variable as the value of the setting that the option clears: `--no-compile` stores "compile: false", so PIP_NO_COMPILE=1
// means "compile: true". With pip 23.2 to 26.2, PIP_NO_COMPILE=1 still compiles, PIP_NO_WARN_SCRIPT_LOCATION=1 still warns, and
// PIP_NO_BUILD_ISOLATION=1 still isolates builds; with 0 each does what the option does.
//
// # Flagged
//
//	FROM python:3.12-slim
//	ENV PIP_NO_COMPILE=1
//	RUN pip install --no-cache-dir flask==3.1.0
//
// # Instead
//
//	FROM python:3.12-slim
//	ENV PIP_NO_COMPILE=0
//	RUN pip install --no-cache-dir flask==3.1.0
//
// # Fix
//
// The value 0 is suggested. It is what the name asks for, but the builds have run without it so far.
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/configuration/#boolean-options
var InvertedPipSwitch = register(&analyzer.Rule{
	Code: "PLD220", Name: "inverted-pip-switch",
	Summary:  "a variable of pip does the opposite of what it says",
	Severity: analyzer.Warning, Fix: analyzer.Suggestion, Check: checkInvertedPipSwitch,
})

func checkInvertedPipSwitch(p *analyzer.Pass) {
	for step := range p.Steps() {
		// The value as Docker reads it: quotes gone, variables replaced.
		for _, pair := range step.Instruction.Pairs {
			value := env.Expand(pair.Value, p.Doc.Escape, step.Before.Lookup)
			if option, instead, ok := installer.Backwards(pair.Key, value.Or("")); ok && pair.HasValue {
				reportBackwards(p, pair.Key, option, instead, pair.Span, pair.ValueSpan)
			}
		}
		for _, c := range step.Commands {
			for _, a := range c.Shell.Assigns {
				if option, instead, ok := installer.Backwards(a.Name, c.State.Lookup(a.Name).Or("")); ok && a.Value != nil && c.Shell.Exact {
					reportBackwards(p, a.Name, option, instead, a.Span, a.Value.Span)
				}
			}
			for _, f := range arguments(c) {
				name, value, isAssign := strings.Cut(f.Text(), "=")
				if option, instead, ok := installer.Backwards(name, value); ok && isAssign && p.File.Text(f.Span) == f.Text() {
					reportBackwards(p, name, option, instead, f.Span, source.Span{Start: f.Span.Start + len(name) + 1, End: f.Span.End})
				}
			}
		}
	}
}

// arguments are those of a command that sets variables by its arguments.
func arguments(c *analyzer.Command) []shell.Field {
	if len(c.Argv) == 0 {
		return nil
	}
	switch c.Argv[0].Text() {
	case "export", "env", "sudo":
		return c.Argv[1:]
	}
	return nil
}

func reportBackwards(p *analyzer.Pass, variable, option, instead string, at, value source.Span) {
	d := analyzer.Diagnostic{
		Span:    at,
		Message: fmt.Sprintf("pip takes %s the other way round: a true value means that %s is not in force", variable, option),
	}
	if text := p.File.Text(value); !strings.ContainsAny(text, "$\\\n") {
		d.Fix = &analyzer.Fix{
			Title: "Set " + variable + " to " + instead, Safety: analyzer.Suggestion,
			Edits: []analyzer.Edit{fixes.ReplaceSpan(value, instead)},
		}
	}
	p.Report(d)
}

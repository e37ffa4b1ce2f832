package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// IneffectiveRun finds a RUN whose whole effect ends with it: only `export`, `cd`, `alias` or an assignment, or mounts and no command.
//
// Each RUN has a shell of its own. Its variables, its working directory and its aliases are gone when it ends; only files stay. ENV
// sets a variable and WORKDIR a directory for what follows and for the container. A mount lasts for one RUN as well, so a RUN with nothing but
// `--mount` does nothing for the next one. And `--mount` behind a command, as in `RUN test -f uv.lock && --mount=...`, is no flag at all: the
// shell looks for a program of that name.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN export PYTHONPATH=/app/src
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	ENV PYTHONPATH=/app/src
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Suggests ENV or WORKDIR in the place of the RUN, or deletes it where it has mounts only: what was meant, a person must say.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#run
//   - https://docs.docker.com/reference/dockerfile/#env
var IneffectiveRun = register(&analyzer.Rule{
	Code: "PLD413", Name: "ineffective-run",
	Summary:  "all that a RUN does ends with it, or its flag stands behind a command",
	Severity: analyzer.Warning, Fix: analyzer.Suggestion, Check: checkIneffectiveRun,
})

var variableName = pattern.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

func checkIneffectiveRun(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		for _, step := range stage.Steps {
			in := step.Instruction
			if in.Keyword != "RUN" || in.JSON || len(in.Heredocs) > 0 {
				continue
			}
			reportLateFlags(p, step)
			switch _, mounts := in.Flag("mount"); {
			case in.Body.Empty() && mounts:
				p.Report(analyzer.Diagnostic{
					Span:    in.Span,
					Message: "this RUN has a mount and no command, so nothing happens: a mount is there for its own RUN only",
					Fix: &analyzer.Fix{Title: "Delete the RUN", Safety: analyzer.Suggestion, Edits: []analyzer.Edit{
						fixes.DeleteInstruction(p.Doc, in, false),
					}},
				})
			case len(step.Commands) > 0 && step.Script != nil && allShellState(step):
				d := analyzer.Diagnostic{Span: step.Script.Span, Message: stateMessage(step)}
				d.Fix, d.NoFixReason = lastingInstruction(p, step)
				p.Report(d)
			}
		}
	}
}

// lateFlag is a flag of RUN that stands where the shell looks for a program.
var lateFlag = pattern.New(`^--(?:mount|network|security)=`)

// reportLateFlags reports a flag behind a command: BuildKit reads flags directly behind RUN only.
func reportLateFlags(p *analyzer.Pass, step *analyzer.Step) {
	for _, c := range step.Commands {
		if len(c.Argv) == 0 || !lateFlag.MatchString(c.Argv[0].Text()) {
			continue
		}
		d := analyzer.Diagnostic{
			Span:        c.Argv[0].Span,
			Message:     "this flag stands behind a command, so the shell takes it for a program that it does not find: RUN reads its flags in front of the first command",
			NoFixReason: "in front, it is there for all commands of the RUN",
		}
		if c.Shell.Certain {
			d.Severity = analyzer.Error
		}
		p.Report(d)
		return
	}
}

// allShellState tells whether every command only changes the shell that ends with the RUN, and writes nothing.
func allShellState(step *analyzer.Step) bool {
	for _, c := range step.Commands {
		if len(c.Shell.Redirects) > 0 || c.Shell.Substitution || c.Shell.Subshell {
			return false
		}
		if len(c.Argv) == 0 {
			continue // an assignment
		}
		switch c.Argv[0].Text() {
		case "export", "cd", "alias":
			if len(c.Argv) == 1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func stateMessage(step *analyzer.Step) string {
	for _, c := range step.Commands {
		if len(c.Argv) == 0 {
			continue
		}
		switch c.Argv[0].Text() {
		case "export":
			return "a variable that a RUN exports ends with it: nothing below sees it; ENV sets one for good"
		case "cd":
			return "the directory that a RUN changes to ends with it: the next instruction is in the old one; WORKDIR changes it for good"
		case "alias":
			return "an alias ends with the RUN that makes it: nothing below sees it"
		}
	}
	return "a variable that a RUN sets ends with it: nothing below sees it; ENV sets one for good"
}

// lastingInstruction suggests ENV for one export and WORKDIR for one cd.
func lastingInstruction(p *analyzer.Pass, step *analyzer.Step) (fix *analyzer.Fix, refused string) {
	if len(step.Commands) != 1 || len(step.Script.Items) != 1 || step.Script.Items[0].Command != step.Commands[0].Shell {
		return nil, "the RUN has several commands"
	}
	c := step.Commands[0]
	text := ""
	switch {
	case len(c.Argv) == 2 && c.Argv[0].Text() == "cd" && c.Argv[1].Literal && plainPath.MatchString(c.Argv[1].Text()):
		text = fixes.KeywordCase(p.Doc, "WORKDIR") + " " + c.Argv[1].Text()
	case len(c.Argv) == 2 && c.Argv[0].Text() == "export", len(c.Argv) == 0 && len(c.Shell.Assigns) == 1:
		written := p.File.Text(c.Shell.Span)
		written = strings.TrimSpace(strings.TrimPrefix(written, "export"))
		if name, value, ok := strings.Cut(written, "="); ok && variableName.MatchString(name) && !strings.ContainsAny(value, "`\n") && !strings.Contains(value, "$(") {
			text = fixes.KeywordCase(p.Doc, "ENV") + " " + written
		}
	}
	if text == "" {
		return nil, "what it should be can't be told"
	}
	in := step.Instruction
	return &analyzer.Fix{
		Title: "Use " + strings.Fields(text)[0], Safety: analyzer.Suggestion,
		Edits: []analyzer.Edit{fixes.ReplaceSpan(instructionCode(in), text)},
	}, ""
}

func instructionCode(in *dockerfile.Instruction) source.Span {
	span := in.Span
	span.End = in.Body.End
	return span
}

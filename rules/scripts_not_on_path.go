package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ScriptsNotOnPath finds console scripts that are copied to a directory which PATH of the final image lacks, and what starts where it is
// only in an environment that the stage itself makes beside PATH.
//
// The start command, a start script of the build context, a health check or a person in the container then gets `not found` (exit code 127). For a virtual environment it is worse: plain `python` silently starts the system's interpreter, and only the
// import fails. What starts is judged by its name alone: where only the environment can bring a server, it need not be known what the lock file holds.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user gunicorn==23.0.0
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["gunicorn", "app:app"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user gunicorn==23.0.0
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot
//	ENV PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyroot /pyroot
//	CMD ["gunicorn", "app:app"]
//
// # Fix
//
// Adds the directory to PATH above the COPY. Safe: at the end of PATH for a user base or prefix, where it can't shadow
// anything, and in front for a virtual environment, whose python must win.
//
// # References
//
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
//   - https://peps.python.org/pep-0370/
var ScriptsNotOnPath = register(&analyzer.Rule{
	Code: "PLD104", Name: "scripts-not-on-path",
	Summary:  "console scripts are copied to a directory that PATH lacks",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AsksBase: true, Check: checkScriptsNotOnPath,
})

func checkScriptsNotOnPath(p *analyzer.Pass) {
	checkOwnEnvironment(p)
	seen := map[string]bool{}
	for _, c := range p.Received() {
		dir := c.ScriptsDir()
		if !c.Scripts || seen[dir] || p.Private(c.Dir) || p.Target.After.OnPath(dir) != analyzer.No {
			continue
		}
		seen[dir] = true
		wanted, by := wants(p.Target, c)
		called := ""
		if !wanted {
			if called = calledByScript(p, c); called == "" {
				continue
			}
		}
		entry, written := "", c.Written()+"/bin"
		if c.Install.Place == analyzer.VirtualEnv || c.Install.Place == analyzer.CondaEnv {
			entry = written + ":$PATH"
		} else {
			entry = "$PATH:" + written
		}
		d := analyzer.Diagnostic{
			Span:    c.Source.Span,
			Message: fmt.Sprintf("PATH of the final image lacks %s, so its console scripts are not found", dir),
			Fix: &analyzer.Fix{Title: "Add " + dir + " to PATH", Safety: analyzer.Safe, Edits: []analyzer.Edit{
				fixes.InsertBefore(p.Doc, firstCopy(p, c).Instruction, "ENV PATH="+entry),
			}},
		}
		if by != nil {
			d.Message = fmt.Sprintf("PATH of the final image lacks %s, so %s is not found there", dir, by.Program())
			if c.Install.Place == analyzer.VirtualEnv && by.IsInterpreter() {
				d.Message = fmt.Sprintf("PATH of the final image lacks %s, so %s is an interpreter that does not see the packages", dir, by.Program())
			}
			d.Related = []analyzer.Related{{Span: by.Span, Message: "it is started by its bare name here"}}
			if process, ok := p.Target.Process(); ok && process.Start.Span == by.Span && process.Program.Is(analyzer.No) {
				d.Severity = analyzer.Error
			}
		}
		if called != "" {
			d.Message = fmt.Sprintf("PATH of the final image lacks %s, so the start script does not find %s", dir, called)
		}
		p.Report(d)
	}
}

// calledByScript is a console script of the content that the start script of the build context calls by its bare name, at the beginning of a
// line, where nothing else has that name and the script does nothing about PATH; "" for none.
func calledByScript(p *analyzer.Pass, c analyzer.Content) string {
	for _, start := range p.Target.Start().Commands {
		_, text, ok := p.Target.ShellScript(start)
		if !ok || start.Runner() != "" || touchesPath.Match(text) {
			continue
		}
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			if len(words) > 1 && words[0] == "exec" {
				words = words[1:]
			}
			if len(words) > 0 && c.Install.Script(words[0]) == analyzer.Yes && p.Target.FindProgram(words[0], p.Target.After).Is(analyzer.No) {
				return words[0]
			}
		}
	}
	return ""
}

// touchesPath matches what may make an environment's programs known to a shell script, or call them by something else.
var touchesPath = pattern.New(`PATH|activate|(?m:^\s*(?:\.|source|alias|cd)\s)|\(\)|\bfunction\b|\b(?:poetry|pipenv|uv|pdm|conda) run\b`)

// checkOwnEnvironment reports a console script of an environment that the final stage makes itself, where it is what starts and nothing
// else of that name is on PATH.
func checkOwnEnvironment(p *analyzer.Pass) {
	process, ok := p.Target.Process()
	if !ok || process.Start.IsInterpreter() || !process.Program.Is(analyzer.No) {
		return
	}
	name := process.Start.Argv[0].Text()
	for _, c := range p.Target.Contents() {
		step := c.Install.Command.Step
		brings := c.Install.Script(name)
		if c.Copy != nil || c.Install.Place != analyzer.VirtualEnv || brings == analyzer.No || brings == analyzer.Maybe && analyzer.ScriptPackage(name) == "" {
			continue
		}
		if wanted, by := wants(p.Target, c); !wanted || by == nil || by.Span != process.Start.Span {
			continue
		}
		d := analyzer.Diagnostic{
			Span: process.Start.Argv[0].Span, Severity: analyzer.Error,
			Message: fmt.Sprintf("%s is in %s, which is not on PATH, so the container ends with exit code 127", name, c.ScriptsDir()),
			Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "it is installed here"}},
		}
		if brings == analyzer.Maybe {
			d.Message = fmt.Sprintf("%s can only be in %s, which is not on PATH, so the container ends with exit code 127", name, c.ScriptsDir())
			d.Related[0].Message = "this installs to there"
		}
		if step.Stage == p.Target {
			d.Fix = &analyzer.Fix{Title: "Put " + c.ScriptsDir() + " in front of PATH", Safety: analyzer.Safe, Edits: []analyzer.Edit{
				fixes.InsertAfter(p.Doc, step.Instruction, "ENV PATH="+c.ScriptsDir()+":$PATH"),
			}}
		}
		p.Report(d)
		return
	}
}

// firstCopy is the first COPY that brings a part of the same installation, so that the settings for it stand together.
func firstCopy(p *analyzer.Pass, c analyzer.Content) *analyzer.Step {
	for _, other := range p.Received() {
		// Another stage's COPY stands where its variables may not be known.
		if other.Install == c.Install && other.Dir == c.Dir && other.Copy.Step.Stage == c.Copy.Step.Stage {
			if c.Written() == c.Dir || other.Written() == c.Written() {
				return other.Copy.Step
			}
		}
	}
	return c.Copy.Step
}

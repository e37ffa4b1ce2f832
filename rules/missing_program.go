package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// MissingProgram finds a RUN, a HEALTHCHECK or an installation that needs a program which the image certainly has not.
//
// The slim images have no curl, no wget and no git, Alpine has no bash and no useradd, and distroless images have no shell at all. A RUN that
// calls one stops the build; a health check that calls one never succeeds, so that the container is unhealthy for ever. `git+`
// requirements, and poetry's dependencies from repositories, need git. A health check whose script nothing puts into the image never succeeds either. `source` is no command of dash, the `sh` of Debian and Ubuntu.
//
// It is silent where anything may bring the program: a package of another name, a copied file, a script; and where the command asks first
// (`command -v curl ||`, `if`, `curl ... || wget ...`).
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY app.py /
//	HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
//	CMD ["python", "/app.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY app.py /
//	HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/')"]
//	CMD ["python", "/app.py"]
//
// # Options
//
// A health check is a warning, since the image runs; what stops the build is an error.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#healthcheck
//   - https://pip.pypa.io/en/stable/topics/vcs-support/
var MissingProgram = register(&analyzer.Rule{
	Code: "PLD512", Name: "missing-program",
	Summary:  "a command needs a program that the image does not have",
	Do:       "install the package that brings it in the same stage before, or do without",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkMissingProgram,
})

func checkMissingProgram(p *analyzer.Pass) {
	seen := map[string]bool{}
	for s := range p.Feeding() {
		for _, step := range s.Steps {
			checkStepPrograms(p, step, seen)
		}
	}
	if in := p.Target.Healthcheck(); in != nil && !in.JSON && lacksShell(p.Target, p.Target.After) {
		p.Report(analyzer.Diagnostic{
			Span: in.Body, Severity: analyzer.Warning,
			Message:     "the final image has no shell to run this, so the health check never succeeds and the container is unhealthy for ever",
			NoFixReason: "write the command as a JSON array of its words, whose first is a program of the image",
		})
		return
	}
	for _, c := range p.Target.Healthchecks() {
		name := c.Argv[0].Text()
		if at := absentCheck(p, c); at != "" {
			p.Report(analyzer.Diagnostic{
				Span: c.Span, Severity: analyzer.Warning,
				Message:     fmt.Sprintf("nothing puts %s into the image, so the health check never succeeds and the container is unhealthy for ever", at),
				NoFixReason: "copy the file into the final image, or correct its path",
			})
			return
		}
		if name == "" || strings.Contains(name, "/") || program.Is(name, program.Builtin) || !p.Target.FindProgram(name, p.Target.After).Is(analyzer.No) {
			continue
		}
		p.Report(analyzer.Diagnostic{
			Span: c.Argv[0].Span, Severity: analyzer.Warning,
			Message:     fmt.Sprintf("the final image has no %s, so the health check never succeeds and the container is unhealthy for ever", name),
			NoFixReason: "ask with `python -c \"import urllib.request; urllib.request.urlopen('http://localhost:PORT/')\"`, which needs no other program",
		})
		return
	}
}

// absentCheck is the program or the script of a health check, where that is certainly not in the image; "" where it is or may be.
func absentCheck(p *analyzer.Pass, c analyzer.StartCommand) string {
	words := []env.Value{}
	if strings.Contains(c.Argv[0].Text(), "/") {
		words = append(words, c.Argv[0].Value)
	}
	if file := c.File(); file != nil {
		words = append(words, file.Value)
	}
	for _, word := range words {
		at := p.Target.After.Abs(word)
		if at.IsKnown() && p.Target.HasPath(at.Text).Is(analyzer.No) && bringsFiles(p.Target) && !p.Target.VolumeMayBring(at.Text) {
			return at.Text
		}
	}
	return ""
}

// bringsFiles tells whether a stage takes something from the build context: its image is not one to mount everything into.
func bringsFiles(s *analyzer.Stage) bool {
	return slices.ContainsFunc(s.ChainSteps(), func(step *analyzer.Step) bool { return step.Copy != nil })
}

// checkStepPrograms looks at the commands of a RUN. What one RUN lacks, later ones are not told again.
func checkStepPrograms(p *analyzer.Pass, step *analyzer.Step, seen map[string]bool) {
	in := step.Instruction
	if in.Keyword != "RUN" {
		return
	}
	report := func(at source.Span, name, what string) {
		if key := step.Stage.Label() + " " + name; !seen[key] {
			seen[key] = true
			p.Report(analyzer.Diagnostic{Span: at, Message: what})
		}
	}
	if !in.JSON && lacksShell(step.Stage, step.Before) {
		report(in.Body, "sh", "the image has no shell to run this, so the build fails: copy the result from another stage")
		return
	}
	for _, c := range step.Commands {
		if !c.Shell.Certain || len(c.Argv) == 0 || c.Shell.Function != "" {
			continue
		}
		name := c.Argv[0].Text()
		key := step.Stage.Label() + " " + name
		switch {
		case name == "source" && dashRuns(step):
			report(c.Argv[0].Span, name, "`source` is no command of dash, which is sh here, so the build fails: `.` does the same")
		case name == "" || program.Is(name, program.Builtin) || c.Step.Defines(name):
		case c.Install != nil && needsGit(c.Install) && c.FindProgram("git").Is(analyzer.No):
			report(c.Installer.Span, "git", "a requirement comes from a git repository, and the image has no git, so the build fails")
		case seen[key]: // asked already
		case strings.Contains(name, "/") || c.Argv[0].Glob || !step.Stage.Image.Official && !bareImage(step.Stage.Image):
		case c.FindProgram(name).Is(analyzer.No):
			report(c.Argv[0].Span, name, fmt.Sprintf("the image has no %s at this point, so the build fails", name))
		default:
			seen[key] = true
		}
	}
}

// noShell tells of a stage that its image has no shell.
type noShell bool

// lacksShell tells whether shell form finds no shell: the image has none, and no COPY from elsewhere may bring one.
func lacksShell(s *analyzer.Stage, state analyzer.State) bool {
	bare := func() noShell { return noShell(s.Image.Has("sh") == image.No) }
	if len(state.Shell) > 0 || !bool(analyzer.Remember(s.Build(), s, bare)) {
		return false
	}
	return !slices.ContainsFunc(s.ChainSteps(), func(step *analyzer.Step) bool {
		c := step.Copy
		return step.Unreadable != "" || step.Instruction.Keyword == "ONBUILD" ||
			c != nil && (!c.Dest.IsKnown() || c.Dest.Is("/") || analyzer.Under("/bin", c.Dest.Text) || analyzer.Under("/usr", c.Dest.Text)) && !c.OnlyUv()
	})
}

// bareImage tells the images of distributions whose programs are known best.
func bareImage(f image.Facts) bool {
	switch f.Reference.Path {
	case "library/debian", "library/ubuntu", "library/alpine":
		return true
	}
	return strings.HasPrefix(f.Reference.Path, "distroless/")
}

// dashRuns tells whether sh of the step is certainly dash: https://wiki.debian.org/Shell
func dashRuns(step *analyzer.Step) bool {
	facts := step.Stage.Image
	if len(step.Before.Shell) > 0 || step.Instruction.JSON || !facts.EnvKnown || facts.Extended || facts.Distro != "debian" && facts.Distro != "ubuntu" {
		return false
	}
	if text := step.Stage.Build().File.Text(step.Instruction.Span); strings.Contains(text, "<<") || strings.Contains(text, "bash") {
		return false
	}
	for _, c := range step.Stage.ChainCommands() {
		if c.MayDoAnything() && c.Argv[0].Text() != "source" || c.HasText("dash") || c.HasText("/bin/sh") {
			return false
		}
	}
	return true
}

// needsGit tells whether an installation certainly clones a repository.
func needsGit(in *analyzer.Installation) bool {
	git := func(r installer.Requirement) bool {
		return (r.Kind == installer.VCS || strings.HasPrefix(r.Location, "git+")) && strings.HasPrefix(r.Location, "git+") && r.Marker == ""
	}
	for _, r := range in.Requirements {
		if git(r) {
			return true
		}
	}
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			if git(line.Requirement) {
				return true
			}
		}
	}
	c := in.Command
	if in.Call.Tool != installer.Poetry || in.Call.Verb != "install" && in.Call.Verb != "sync" || !c.State.Workdir.IsKnown() || in.Call.Has("--directory") {
		return false
	}
	if only, ok := in.Call.Option("--only"); ok && !only.Value.Is("main") {
		return false
	}
	file := c.HasPath(path.Join(c.State.Workdir.Text, "pyproject.toml"))
	if meta, ok := c.Step.Stage.Build().Context.Project(path.Dir(file.Context)); ok && file.Is(analyzer.Yes) && file.Context != "" {
		return slices.ContainsFunc(meta.Dependencies, git)
	}
	return false
}

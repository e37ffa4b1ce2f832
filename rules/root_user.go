package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// RootUser finds a final image that runs a service or an application as root.
//
// Whoever breaks into the application is root in the container then: every file of the image can be changed, packages can be
// installed, and a hole in the container runtime, a mounted directory or a mounted Docker socket leads to root
// on the host. Kubernetes refuses such an image where runAsNonRoot is set.
//
// An image is judged when it exposes a port or starts a Python program, a known server or a script. Images that start a shell, tests or an unknown
// command-line tool are not, nor those whose start command changes the user (gosu, su-exec, setpriv, a supervisor), nor
// images for GitHub actions and AWS Lambda, which choose the user themselves. The short examples of many makers say nothing of a user;
// Docker's guide, its template for Python and uv's example make one.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY src /app
//	CMD ["python", "/app/main.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY src /app
//	RUN groupadd --gid 10001 app && useradd --create-home --uid 10001 --gid 10001 app
//	USER 10001:10001
//	CMD ["python", "/app/main.py"]
//
// # Fix
//
// Makes a user `app` with a group and gives their numbers to USER, above the start command: Kubernetes (runAsNonRoot) can't tell who a name is. Unsafe: the application may write to directories
// that belong to root. A `uv run` of the start command gets `--no-sync`, since the user can't write the environment. There is none where that is likely: a VOLUME, a directory made by mkdir, a module that writes files or uses
// SQLite. There is also none where a port below 1024 is in use, in the Dockerfile or in a module or script of the application, where files lie in root's home
// directory, where the image makes a user already, and for distributions other than Debian, Ubuntu and Alpine. Distroless images have no shell to make a user
// with, and one of their own, 65532.
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#user
//   - https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html#rule-2-set-a-user
var RootUser = register(&analyzer.Rule{
	Code: "PLD501", Name: "root-user",
	Summary:  "the final image runs as root",
	Do:       "make a user and switch to it with USER before the image starts",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Security: 5.0, AsksBase: true, Check: checkRootUser,
})

func checkRootUser(p *analyzer.Pass) {
	target := p.Target
	if !target.After.IsRoot() || !purpose.Serves(target) || mayDropRoot(target) || rootByPlatform(p.Build) {
		return
	}
	start := target.Start()
	d := analyzer.Diagnostic{
		Span:    rootSpan(target),
		Message: "the final image runs " + startName(start) + " as root, so a hole in it gives away the whole container",
	}
	if in := start.Commands[0]; len(in.Argv) > 0 {
		d.Related = append(d.Related, analyzer.Related{Span: in.Span, Message: "this is what root runs"})
	}
	d.Fix, d.NoFixReason = fixes.AddUser(p.Build)
	p.Report(d)
}

// rootSpan is the USER that names root, or else the base whose user nobody has changed.
func rootSpan(s *analyzer.Stage) source.Span {
	span := s.From.Span
	if len(s.From.Args) > 0 {
		span = s.From.Args[0].Span
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "USER" {
			span = step.Instruction.Span
		}
	}
	return span
}

// startName is the program, or the script that a shell runs.
func startName(start analyzer.Start) string {
	for _, c := range start.Commands {
		name := c.Program()
		if program.Is(name, program.ShellProgram) {
			if len(c.Argv) > 1 && path.Ext(c.Argv[1].Text()) != "" && !strings.ContainsAny(c.Argv[1].Text(), " \t\n") {
				return path.Base(c.Argv[1].Text())
			}
			continue
		}
		// What prepares the start is not what people know the image for.
		prepares := []program.Kind{program.Shell, program.ShellCode, program.Quiet, program.Files, program.Accounts}
		if f, _ := program.Lookup(name); name != "" && !shell.IsInit(name) && !slices.Contains(prepares, f.Kind) {
			return name
		}
	}
	return "its start command"
}

package rules

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// InstallInRuntime finds a final stage that installs again what a builder has installed for it.
//
// The packages come with the COPY, and the second installation finds them there or fetches them once more into another directory. Either it is
// useless, or the builder is, and the final image needs pip, the network and perhaps a compiler at a place where it should only copy. The same is said of the locked projects of uv, poetry,
// pipenv and pdm, unless the second installation brings what the first has left out: the project itself, a group, an extra.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /venv /venv
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["/venv/bin/python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /venv /venv
//	CMD ["/venv/bin/python", "-m", "myapp"]
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/
var InstallInRuntime = register(&analyzer.Rule{
	Code: "PLD112", Name: "install-in-runtime",
	Summary:  "the final stage installs again what a builder has installed for it",
	Do:       "copy what the builder installed with COPY --from, and drop this installation",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkInstallInRuntime,
})

func checkInstallInRuntime(p *analyzer.Pass) {
	for _, again := range findInstalledAgain(p.Build) {
		d := analyzer.Diagnostic{
			Span:    again.install.Call.Span,
			Message: "this installs what " + again.by.Command.Step.Stage.Label() + " has installed already, from " + again.written + ": one of the two is useless",
			Related: []analyzer.Related{
				{Span: again.by.Call.Span, Message: "it is installed here first"},
				{Span: again.content.Source.Span, Message: "and copied here"},
			},
		}
		p.Report(d)
	}
}

// installedAgain is an installation of the final stage that repeats one whose result the stage receives.
type installedAgain struct {
	install *analyzer.Installation
	by      *analyzer.Installation
	content analyzer.Content
	written string // the requirements file that both read, or the project
}

// findInstalledAgain are the installations from a requirements file, or of a poetry, pipenv, uv or pdm project, that the target
// repeats with the same tool.
func findInstalledAgain(b *analyzer.Build) []installedAgain {
	var found []installedAgain
	received := b.Received()
	for _, in := range b.Target.Installs() {
		// From wheels that a builder has made is no second installation, and uv sync of a project on top of its dependencies is the rest of one.
		if in.Command.Step.Stage != b.Target || in.Call.NoIndex() || in.Call.Has("--find-links") || in.Call.NoDeps() {
			continue
		}
		for _, c := range received {
			if !c.Libs || c.Copy.Step.Stage != b.Target || c.Install.Call.Tool != in.Call.Tool {
				continue
			}
			written, same := sameFile(in, c.Install)
			if !same {
				written, same = sameProject(in, c.Install)
			}
			if same {
				found = append(found, installedAgain{in, c.Install, c, written})
				break
			}
		}
	}
	return found
}

func sameFile(a, b *analyzer.Installation) (written string, same bool) {
	if a.Call.Tool != installer.Pip && a.Call.Tool != installer.UvPip {
		return "", false
	}
	if len(a.Files)+len(b.Files) == 0 && len(a.Requirements) == 1 && len(b.Requirements) == 1 {
		dirs := a.ProjectDirs()
		return "its project", len(dirs) == 1 && slices.Equal(dirs, b.ProjectDirs())
	}
	for _, x := range a.Files {
		for _, y := range b.Files {
			switch {
			case x.InContext != "" && x.InContext == y.InContext, x.InContext == "" && y.InContext == "" && x.Written != "" && path.Base(x.Written) == path.Base(y.Written):
				return path.Base(x.Written), true
			}
		}
	}
	return "", false
}

// sameProject tells whether the first installation, of a whole project by uv, poetry, pipenv or pdm, brings nothing that the second has not.
// It gives the lock file, or the file of the project, that both read.
func sameProject(again, first *analyzer.Installation) (file string, same bool) {
	lock := map[installer.Tool]string{
		installer.Uv: "uv.lock", installer.Poetry: "poetry.lock", installer.Pipenv: "Pipfile.lock", installer.Pdm: "pdm.lock",
	}[again.Call.Tool]
	if lock == "" || len(again.Call.Requirements)+len(first.Call.Requirements)+len(again.Files)+len(first.Files) > 0 || more(again, first) {
		return "", false
	}
	here, from := again.Command.LockFile(lock)
	there, other := first.Command.LockFile(lock)
	sameFile := from != "" && from == other || from == "" && other == "" && again.Command.State.Workdir == first.Command.State.Workdir
	if here == analyzer.No || there == analyzer.No || !sameFile || !again.Command.State.Workdir.IsKnown() {
		return "", false
	}
	return lock, true
}

// more tells whether an installation of a project may bring what the first has left out: groups, extras or the project itself.
func more(in *analyzer.Installation, first *analyzer.Installation) bool {
	if !in.Call.SkipsProject() && first.Call.SkipsProject() {
		return true
	}
	dev, _ := in.Call.DevGroups()
	if had, _ := first.Call.DevGroups(); dev && !had {
		return true
	}
	for _, name := range []string{
		"--group", "--groups", "--all-groups", "--extra", "--extras", "--all-extras", "--with", "--without", "--only", "--only-group", "--only-dev", "--only-root",
		"--package", "--all-packages", "--categories", "--dev-only", "--directory", "--project", "--reinstall", "--upgrade",
	} {
		if in.Call.Has(name) && !slices.EqualFunc(in.Call.All(name), first.Call.All(name), func(a, b installer.Option) bool { return a.Value == b.Value }) {
			return true
		}
	}
	return false
}

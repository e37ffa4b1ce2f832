package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// InstalledAgain is an installation of the final stage that repeats one whose result the stage receives.
type InstalledAgain struct {
	Install *Installation
	By      *Installation
	Content Content
	Written string // the requirements file that both read, or the project
}

// InstalledAgain are the installations from a requirements file, or of a poetry, pipenv, uv or pdm project, that the target
// repeats with the same tool.
func (b *Build) InstalledAgain() []InstalledAgain {
	var found []InstalledAgain
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
			if written, same := sameFile(in, c.Install); same {
				found = append(found, InstalledAgain{in, c.Install, c, written})
				break
			}
		}
	}
	return found
}

func sameFile(a, b *Installation) (written string, same bool) {
	if a.Call.Tool != installer.Pip && a.Call.Tool != installer.UvPip {
		return "", false
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

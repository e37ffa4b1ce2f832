package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// neededFiles are files without which a command that installs nothing itself, or a whole project, stops the build: what pip wheel and
// pip-compile read, and the files of the project of uv, poetry, pdm, pipenv and `pip install .`.
func neededFiles(c *analyzer.Command) []analyzer.MissingFile {
	call := c.Installer
	if call == nil || call.Opaque != "" || !c.Shell.Certain {
		return nil
	}
	var missing []analyzer.MissingFile
	if call.Tool == installer.Pip && slices.Contains([]string{"wheel", "download"}, call.Verb) || call.Tool == installer.PipTools {
		for _, f := range call.RequirementFiles() {
			if at := c.State.Abs(f.Value); at.IsKnown() && !strings.Contains(f.Value.Text, "://") && f.Value.Text != "-" && c.HasPath(at.Text).Is(analyzer.No) {
				missing = append(missing, analyzer.MissingFile{InImage: at.Text, Span: f.Span})
			}
		}
	}
	if names := projectFiles(call); len(names) > 0 && c.State.Workdir.IsKnown() && noneAbove(c, names) {
		missing = append(missing, analyzer.MissingFile{InImage: path.Join(c.State.Workdir.Text, names[0]), Span: call.Span})
	}
	if call.Tool == installer.Pip && slices.Contains([]string{"install", "wheel"}, call.Verb) {
		for _, r := range call.Requirements {
			dir := c.State.Abs(env.Of(r.Location))
			if r.Kind != installer.Local || !dir.IsKnown() || path.Ext(r.Location) != "" && path.Base(r.Location) != "." && path.Base(r.Location) != ".." ||
				strings.ContainsAny(r.Location, "*?[$") {
				continue
			}
			if noneIn(c, dir.Text, []string{"pyproject.toml", "setup.py"}) {
				missing = append(missing, analyzer.MissingFile{InImage: path.Join(dir.Text, "pyproject.toml"), Span: r.Span})
			}
		}
	}
	return append(missing, absentWheels(c)...)
}

// absentWheels are the directories that are not there of an installation which may take packages from nowhere else.
func absentWheels(c *analyzer.Command) (missing []analyzer.MissingFile) {
	call := c.Installer
	if call.Tool != installer.Pip && call.Tool != installer.UvPip || call.Verb != "install" || !call.Has("--no-index") {
		return nil
	}
	for _, o := range call.Options {
		if o.Name != "--find-links" && o.Name != "-f" {
			continue
		}
		at := c.State.Abs(o.Value)
		if !at.IsKnown() || strings.Contains(o.Value.Text, "://") || !c.HasPath(at.Text).Is(analyzer.No) {
			return nil // one of them is enough
		}
		missing = append(missing, analyzer.MissingFile{InImage: at.Text, Span: o.Span})
	}
	return missing
}

// projectFiles are the files any of which makes a directory the project that the command works on, nil where it needs none or may be told
// of another directory.
func projectFiles(call *installer.Command) []string {
	verbs, file := "", "pyproject.toml"
	switch call.Tool {
	case installer.Uv:
		verbs = "sync export"
	case installer.Poetry:
		verbs = "install sync export"
	case installer.Pdm:
		verbs = "install sync export"
	case installer.Pipenv:
		verbs, file = "sync requirements", "Pipfile"
		if call.Has("--deploy") {
			verbs += " install" // without, an absent Pipfile is made
		}
	}
	if !slices.Contains(strings.Fields(verbs), call.Verb) || len(call.Requirements) > 0 {
		return nil
	}
	for _, name := range []string{"--project", "--directory", "--script", "--no-project", "--global", "--config-file"} {
		if call.Has(name) {
			return nil
		}
	}
	return []string{file}
}

// noneAbove tells whether the working directory and those above it certainly have none of the files.
func noneAbove(c *analyzer.Command, names []string) bool {
	for at := c.State.Workdir.Text; ; at = path.Dir(at) {
		if !noneIn(c, at, names) {
			return false
		}
		if at == "/" {
			return true
		}
	}
}

func noneIn(c *analyzer.Command, dir string, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !c.HasPath(path.Join(dir, name)).Is(analyzer.No) })
}

package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// UnwritableDirectory finds an installer that runs as a USER who can't write where it must.
//
// `python -m venv`, `uv sync` and `pip install --target` make their directory themselves, and stop with "Permission denied" where the
// directory around it belongs to root. COPY makes files of root unless --chown says otherwise, whatever USER is; a WORKDIR below USER makes
// a directory of that user. uv also needs a place for its cache, by default in the user's home directory, which a number without an entry in /etc/passwd and
// a system user do not have: set UV_CACHE_DIR or UV_NO_CACHE. apt-get and apk want to be root. Silent where a command changes owners or modes there, and on base images that are not known.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN useradd --create-home app
//	WORKDIR /app
//	USER app
//	RUN python -m venv .venv
//	CMD ["/app/.venv/bin/python", "-m", "http.server"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN useradd --create-home app
//	WORKDIR /app
//	RUN python -m venv .venv
//	USER app
//	CMD ["/app/.venv/bin/python", "-m", "http.server"]
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#user
//   - https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
var UnwritableDirectory = register(&analyzer.Rule{
	Code: "PLD520", Name: "unwritable-directory",
	Summary:  "an installer runs as a user who can't write where it must",
	Do:       "install above USER, or give that user the directory",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkUnwritableDirectory,
})

func checkUnwritableDirectory(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		if !stage.Feeds || !plainBase(stage) {
			continue
		}
		for _, step := range stage.Steps {
			for _, c := range step.Commands {
				d, ok := unwritable(c)
				if !ok {
					d, ok = withoutCache(c)
				}
				if !ok {
					d, ok = systemPackages(c)
				}
				if ok {
					p.Report(d)
					break
				}
			}
		}
	}
}

// plainBase tells whether the image at the root of the stage is one in which root owns everything outside of home directories.
func plainBase(s *analyzer.Stage) bool {
	f := s.Image
	return f.EnvKnown && (f.Official || slices.Contains([]string{"library/debian", "library/ubuntu", "library/alpine", "astral-sh/uv"}, f.Reference.Path))
}

func unwritable(c *analyzer.Command) (d analyzer.Diagnostic, found bool) {
	call := c.Installer
	if call == nil || call.Opaque != "" || len(call.Wrappers) > 0 || !c.Shell.Certain || c.Shell.User != "" || !c.State.NonRoot() {
		return d, false
	}
	dirs, ok := filledDirs(c)
	if !ok {
		return d, false
	}
	for _, dir := range dirs {
		around, there := existing(c, dir)
		if !there || !rootOwns(c, around) {
			continue
		}
		what := "write to " + dir.path
		if around != dir.path {
			what = "make " + dir.path + " in " + around
		} else if call.Tool != installer.Pip && call.Tool != installer.UvPip {
			continue // a finished environment may need nothing more
		}
		return analyzer.Diagnostic{
			Span:    dir.span,
			Message: fmt.Sprintf("this runs as %s, who can't %s, which root owns, so the build fails", c.State.User.Text, what),
		}, true
	}
	return d, false
}

// systemPackages finds the package manager of the distribution run by another than root.
func systemPackages(c *analyzer.Command) (d analyzer.Diagnostic, found bool) {
	if c.OS == nil || c.OS.Opaque != "" || c.OS.Verb != ospkg.Install && c.OS.Verb != ospkg.Update || !c.Shell.Certain || c.Shell.User != "" || !c.State.NonRoot() {
		return d, false
	}
	for _, m := range c.Step.Mounts() {
		if !m.Target.IsKnown() || analyzer.Under("/var", m.Target.Text) {
			return d, false
		}
	}
	if stage := c.Step.Stage; bool(analyzer.Remember(stage.Build(), stage, func() opensVar { return opensVar(givesVar(stage)) })) {
		return d, false
	}
	return analyzer.Diagnostic{
		Span:    c.OS.Span,
		Message: fmt.Sprintf("this runs as %s, and only root may install packages with %s, so the build fails", c.State.User.Text, c.OS.Program),
	}, true
}

// opensVar tells of a stage that another than root may write to the directories of the package manager.
type opensVar bool

func givesVar(s *analyzer.Stage) bool {
	return slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool {
		return c.MayDoAnything() || c.HasText("u+s") || len(c.Argv) > 0 && ownerPrograms[shell.Program(c.Argv[0])] && c.HasText("/var")
	})
}

// withoutCache finds uv run by a user without a home directory: it makes its cache there, and stops where it can't.
// https://docs.astral.sh/uv/reference/storage/#cache-directory
func withoutCache(c *analyzer.Command) (d analyzer.Diagnostic, found bool) {
	call, home := c.Installer, c.State.Home()
	if homeless(c) {
		home = env.Of("/nonexistent")
	}
	if call == nil || call.Tool != installer.Uv && call.Tool != installer.UvPip || call.Opaque != "" || !c.Shell.Certain || c.Shell.User != "" ||
		!c.State.NonRoot() || !home.Is("/") && !home.Is("/nonexistent") || call.Has("--no-cache") || call.Has("--cache-dir") {
		return d, false
	}
	for _, name := range []string{"UV_CACHE_DIR", "UV_NO_CACHE", "XDG_CACHE_HOME", "HOME"} {
		if c.State.Sets(name) {
			return d, false
		}
	}
	cache := path.Join(home.Text, ".cache")
	if !c.HasPath(cache).Is(analyzer.No) || home.Text != "/" && !c.HasPath(home.Text).Is(analyzer.No) || c.Step.Stage.ChainMatches(givesRoot) {
		return d, false
	}
	for _, m := range c.Step.Mounts() {
		if !m.Target.IsKnown() || analyzer.Under(cache, m.Target.Text) {
			return d, false
		}
	}
	return analyzer.Diagnostic{
		Span:    call.Span,
		Message: fmt.Sprintf("this runs as %s, whose home directory is %s, so uv can't make its cache in %s and the build fails", c.State.User.Text, home.Text, cache),
	}, true
}

// homeless tells whether the command's user is one that Debian's adduser has made with --system and no --home: since release 12 its home directory
// is /nonexistent. https://manpages.debian.org/bookworm/adduser/adduser.8.en.html
func homeless(c *analyzer.Command) bool {
	facts := c.Step.Stage.Image
	if facts.Distro != "debian" || facts.Release != "12" && facts.Release != "13" || !c.State.User.IsKnown() {
		return false
	}
	return slices.ContainsFunc(c.Step.Stage.ChainCommands(), func(other *analyzer.Command) bool {
		return len(other.Argv) > 1 && other.Argv[0].Text() == "adduser" && other.HasText("--system") && !other.HasText("--home") &&
			slices.ContainsFunc(other.Argv[1:], func(f shell.Field) bool { return f.Value.Is(c.State.User.Text) })
	})
}

// givesRoot matches what may give the root directory itself to another user.
var givesRoot = pattern.New(`\b(?:chown|chmod|setfacl|usermod)\b[^\n;&|]*\s/(?:\s|$)|usermod|\bsed\b[^\n]*passwd`)

type filledDir struct {
	path string
	span source.Span
}

// filledDirs are the directories that an installer is certain to write to.
func filledDirs(c *analyzer.Command) (dirs []filledDir, ok bool) {
	call := c.Installer
	switch call.Tool {
	case installer.Venv, installer.Uv, installer.Poetry, installer.Pdm, installer.Pipenv:
	case installer.Pip, installer.UvPip:
		if c.Install != nil && c.Install.Place == analyzer.System && call.Tool == installer.Pip {
			return nil, false // pip takes the user base instead
		}
	default:
		return nil, false
	}
	for _, x := range c.Effects.List {
		if x.Verb == effect.WritesTree && !x.Doubtful && path.IsAbs(x.Path) {
			dirs = append(dirs, filledDir{x.Path, call.Span})
		}
	}
	return dirs, len(dirs) > 0
}

// existing is the directory itself, or the nearest one around it that is certainly there; false where one on the way may be there.
func existing(c *analyzer.Command, dir filledDir) (string, bool) {
	for at := dir.path; ; at = path.Dir(at) {
		switch a := c.HasPath(at); {
		case a.Is(analyzer.Yes):
			return at, true
		case a.Is(analyzer.Maybe):
			return "", false
		}
		if at == "/" {
			return "/", true
		}
	}
}

// rootOwns tells whether a directory that is there belongs to root, and nobody else may write to it.
func rootOwns(c *analyzer.Command, dir string) bool {
	if within := func(of string) bool { return dir == of || strings.HasPrefix(dir, of+"/") }; within("/tmp") || within("/var/tmp") || within("/dev") ||
		within("/home") || within("/run") {
		return false
	}
	if home := c.State.Home(); home.IsKnown() && home.Text != "/" && (dir == home.Text || strings.HasPrefix(dir, home.Text+"/")) {
		return false
	}
	for _, m := range c.Step.Mounts() {
		if !m.Target.IsKnown() || m.Target.Text == dir || strings.HasPrefix(dir, strings.TrimSuffix(m.Target.Text, "/")+"/") {
			return false
		}
	}
	for _, step := range c.Step.Stage.ChainSteps() {
		if step.Unreadable != "" || step.Copy != nil && givesAway(step, dir) ||
			step.Instruction.Keyword == "WORKDIR" && step.Before.NonRoot() || !step.Before.User.IsKnown() {
			return false
		}
		for _, other := range step.Commands {
			if other == c {
				return true
			}
			if mayGiveAway(other, dir) {
				return false
			}
		}
	}
	return true
}

// givesAway tells whether a COPY may make the directory for another than root, or with another mode.
func givesAway(step *analyzer.Step, dir string) bool {
	for _, f := range step.Instruction.Flags {
		if f.Name == "chown" || f.Name == "chmod" {
			dest := step.Copy.Dest
			return !dest.IsKnown() || dest.Text == dir || strings.HasPrefix(dir, strings.TrimSuffix(dest.Text, "/")+"/") ||
				strings.HasPrefix(dest.Text, strings.TrimSuffix(dir, "/")+"/")
		}
	}
	// An archive, or the context of an unknown base, brings its own owners.
	return step.Instruction.Keyword == "ADD" || !step.Copy.Dest.IsKnown()
}

// ownerPrograms change who may write to a directory that they name.
var ownerPrograms = map[string]bool{
	"chown": true, "chmod": true, "chgrp": true, "setfacl": true, "install": true, "useradd": true, "adduser": true, "usermod": true, "mkdir": true,
	"mount": true, "su": true, "cp": true, "mv": true, "rsync": true, "tar": true, "fix-permissions": true, "find": true, "xargs": true, "ln": true,
}

// accountPrograms name users, and directories only with a slash.
var accountPrograms = map[string]bool{"useradd": true, "adduser": true, "usermod": true}

func mayGiveAway(c *analyzer.Command, dir string) bool {
	if c.MayDoAnything() || c.Shell.User != "" {
		return true
	}
	if len(c.Argv) == 0 || c.Installer != nil {
		return c.Installer != nil && c.State.NonRoot()
	}
	program := shell.Program(c.Argv[0])
	if program == "sudo" || program == "" {
		return true
	}
	if !ownerPrograms[program] {
		return false
	}
	if program == "mkdir" && c.State.IsRoot() && !slices.ContainsFunc(c.Argv, func(f shell.Field) bool {
		return strings.HasPrefix(f.Text(), "-m") || strings.HasPrefix(f.Text(), "--mode") || f.Text() == "-pm"
	}) {
		return false
	}
	for _, f := range c.Argv[1:] {
		if accountPrograms[program] && f.Value.IsKnown() && !strings.Contains(f.Text(), "/") {
			if strings.Contains(f.Text(), "staff") {
				return true
			}
			continue
		}
		at := c.State.Abs(f.Value)
		_, value, _ := strings.Cut(f.Text(), "=")
		if !at.IsKnown() || f.Glob || at.Text == dir || strings.HasPrefix(dir, strings.TrimSuffix(at.Text, "/")+"/") ||
			value != "" && strings.HasPrefix(dir+"/", strings.TrimSuffix(value, "/")+"/") || strings.Contains(f.Text(), "staff") {
			return !strings.HasPrefix(f.Text(), "-") || value != "" || !at.IsKnown()
		}
	}
	return false
}

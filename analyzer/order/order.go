// Package order finds the COPY of an application's sources that stands in front of the installation of its dependencies, so that each edit
// installs them anew, and the place where it could stand instead.
package order

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// EarlyCopy is a COPY of sources from the build context that stands before an installation which needs no more of them than
// the files that list its dependencies.
type EarlyCopy struct {
	Copy    *analyzer.Copy
	Source  analyzer.CopySource
	Install *analyzer.Installation
	File    string      // base name of the file that lists the dependencies
	Span    source.Span // where the installation names it, else the command
	// Elsewhere tells that the file comes by a COPY of its own, behind this one.
	Elsewhere bool
}

// Find finds the first such COPY of the stage's own instructions. Installations that build a project (but for uv, which can leave it for a
// second step), or that follow one from a file of the same name, do not count, and neither do files that something else may have put there.
func Find(s *analyzer.Stage) (found EarlyCopy, ok bool) {
	installed := map[string]bool{} // files that earlier RUNs of the chain have installed from
	installs := func(in *analyzer.Installation) {
		for _, f := range dependencyFiles(in) {
			installed[path.Base(f.InImage.Text)] = true
		}
	}
	note := func(step *analyzer.Step) {
		for _, c := range step.Commands {
			installs(c.Install)
		}
		if step.Copy != nil && step.Copy.From != nil {
			// An environment that a builder has filled: what follows has little more to do.
			for _, in := range step.Copy.From.Installs() {
				if covers(step.Copy, in.Dir) {
					installs(in)
				}
			}
		}
	}
	copies := copyIndex{byName: map[string][]*analyzer.Step{}}
	for _, step := range s.Base.ChainSteps() {
		note(step)
		copies.add(step)
	}
	for _, step := range s.Steps {
		if !bindsContext(step) {
			for i, c := range step.Commands {
				for _, f := range dependencyFiles(c.Install) {
					name := path.Base(f.InImage.Text)
					if !f.InImage.IsKnown() || installed[name] || len(installed) > 0 && buildsProject(c.Install) {
						continue
					}
					if copied, src, ok := earlyCopyOf(step, f.InImage.Text, i, copies); ok {
						return EarlyCopy{copied, src, c.Install, name, f.Span, false}, true
					}
					if copied, src, ok := wholeBefore(step, f); ok {
						return EarlyCopy{copied, src, c.Install, name, f.Span, true}, true
					}
				}
			}
		}
		note(step)
		copies.add(step)
	}
	return EarlyCopy{}, false
}

// wholeBefore finds a COPY of the whole build context before the step and before another COPY that brings the file: the layers behind it
// are made anew with any edit all the same.
func wholeBefore(step *analyzer.Step, f analyzer.RequirementsUse) (whole *analyzer.Copy, from analyzer.CopySource, ok bool) {
	for _, other := range step.Stage.Steps[:step.Index] {
		c := other.Copy
		switch {
		case c == nil || !c.FromContext():
		case whole == nil:
			for _, s := range c.Sources {
				if (s.Text.Is(".") || s.Text.Is("*")) && len(other.Instruction.Flags) == 0 {
					whole, from = c, s
				}
			}
		case f.InContext != "" && len(c.Sources) == 1 && c.Sources[0].Text.Is(f.InContext) && c.Puts(f.InImage.Text) == analyzer.Yes:
			ok = true
		}
	}
	return whole, from, ok && whole != nil
}

// covers tells whether the COPY takes this directory, or one above it.
func covers(c *analyzer.Copy, dir env.Value) bool {
	return dir.IsKnown() && slices.ContainsFunc(c.Sources, func(src analyzer.CopySource) bool {
		return src.Text.IsKnown() && analyzer.Under(dir.Text, src.Text.Text)
	})
}

// copyIndex holds COPYs so that those which may bring a file are found without asking each: there may be thousands of both.
type copyIndex struct {
	byName map[string][]*analyzer.Step // that bring nothing but files of certain names
	others []*analyzer.Step
}

func (x *copyIndex) add(step *analyzer.Step) {
	c := step.Copy
	if c == nil {
		return
	}
	names, ok := onlyFiles(c)
	if !ok {
		x.others = append(x.others, step)
		return
	}
	for _, name := range names {
		if list := x.byName[name]; len(list) == 0 || list[len(list)-1] != step {
			x.byName[name] = append(list, step)
		}
	}
}

// of gives those that may bring the file, in the order in which they run.
func (x *copyIndex) of(file string) []*analyzer.Step {
	named := x.byName[path.Base(file)]
	if len(named) == 0 {
		return x.others
	}
	steps := slices.Concat(x.others, named)
	stable.Sort(steps, func(a, b *analyzer.Step) int { return len(a.Earlier()) - len(b.Earlier()) })
	return steps
}

// onlyFiles gives the base names of the files that a COPY from the context brings; ok is false when it may bring others.
func onlyFiles(c *analyzer.Copy) (names []string, ok bool) {
	if !c.FromContext() || !c.Dest.IsKnown() {
		return nil, false
	}
	if _, parents := c.Step.Instruction.Flag("parents"); parents {
		return nil, false
	}
	context := c.Step.Stage.Build().Context
	names = append(names, path.Base(c.Dest.Text))
	for _, s := range c.Sources {
		name := path.Base(s.Text.Text)
		if !s.Text.IsKnown() || s.Remote || analyzer.HasPattern(s.Text.Text) || !analyzer.LooksLikeFile(name) || context.IsDir(s.Text.Text) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

func bindsContext(step *analyzer.Step) bool {
	return slices.ContainsFunc(step.Mounts(), func(m analyzer.Mount) bool { return m.Type == "bind" })
}

// dependencyFiles are the files that list what the installation installs, none when it needs more than these: it builds a project,
// or takes packages from a directory.
func dependencyFiles(in *analyzer.Installation) []analyzer.RequirementsUse {
	if in == nil || needsSources(in) {
		return nil
	}
	call, here := in.Call, in.Command.State
	ofProject := func(name string) []analyzer.RequirementsUse {
		use := analyzer.RequirementsUse{Written: name, Span: call.Span, InImage: here.Abs(env.Of(name))}
		if use.InImage.IsKnown() {
			_, use.InContext = in.Command.Step.Holds(use.InImage.Text)
		}
		return []analyzer.RequirementsUse{use}
	}
	switch call.Tool {
	case installer.Pip, installer.UvPip, installer.PipTools:
		return in.Files
	case installer.Pipenv:
		switch {
		case len(in.Files) > 0:
			return in.Files
		case len(call.Requirements) > 0, here.Lookup("PIPENV_PIPFILE").Kind == env.Known, call.Verb != "install" && call.Verb != "sync":
			return nil
		}
		return ofProject("Pipfile")
	case installer.Poetry:
		if (call.Verb == "install" || call.Verb == "sync") && call.Has("--no-root") && !call.Has("--directory") && !call.Has("--project") {
			return ofProject("pyproject.toml")
		}
	case installer.Uv:
		if call.Verb == "sync" && !tiedElsewhere(in) {
			return ofProject("uv.lock")
		}
	}
	return nil
}

// tiedElsewhere tells whether `uv sync` may need directories besides that of the project: it is told so, or the project has members or
// dependencies there.
func tiedElsewhere(in *analyzer.Installation) bool {
	for _, option := range []string{"--directory", "--project", "--package", "--all-packages", "--script", "--no-install-workspace"} {
		if in.Call.Has(option) {
			return true
		}
	}
	at := in.Command.State.Abs(env.Of("pyproject.toml"))
	if !at.IsKnown() {
		return true
	}
	_, from := in.Command.Step.Holds(at.Text)
	content, _ := in.Command.Step.Stage.Build().Context.Read(from)
	return local.Match(content)
}

// buildsProject tells whether `uv sync` installs the project itself, too, which needs its sources; uv's guide does that in a second step.
func buildsProject(in *analyzer.Installation) bool {
	if in.Call.Tool != installer.Uv || in.Call.Has("--no-install-project") {
		return false
	}
	_, from := in.Command.Step.Holds(in.Command.State.Abs(env.Of("pyproject.toml")).Text)
	meta, ok := in.Command.Step.Stage.Build().Context.Project(path.Dir(from))
	return !ok || meta.BuildSystem && !meta.NonPackage
}

// local finds what ties a project to other directories: uv's workspaces and dependencies by path.
var local = pattern.New(`workspace|\bpath\s*=|file:|package\s*=\s*true`)

// needsSources tells whether the installation builds something that is not among the files that list dependencies, or may do so.
func needsSources(in *analyzer.Installation) bool {
	if slices.ContainsFunc(in.Requirements, installer.Requirement.IsLocal) {
		return true
	}
	for _, o := range in.Call.All("--find-links") {
		if !strings.Contains(o.Value.Text, "://") {
			return true
		}
	}
	context := in.Command.Step.Stage.Build().Context
	for _, use := range append(slices.Clone(in.Files), in.Constraints...) {
		if use.InContext == "" {
			continue // a file that is changed in the image can be asked: its lines are there at first
		}
		lines, _ := context.AllRequirements(use.InContext)
		for _, line := range lines {
			if line.Requirement.IsLocal() {
				return true
			}
		}
		if use.File != nil && slices.ContainsFunc(use.File.Options, func(o project.RequirementOption) bool {
			return o.Name == "--find-links" && !strings.Contains(o.Value, "://")
		}) {
			return true
		}
	}
	return projectNeedsSources(in)
}

// projectNeedsSources is needsSources for the tools that read a project file.
func projectNeedsSources(in *analyzer.Installation) bool {
	step, here := in.Command.Step, in.Command.State
	context := step.Stage.Build().Context
	var all []installer.Requirement
	switch in.Call.Tool {
	case installer.Pipenv:
		at := here.Abs(env.Of("Pipfile"))
		if _, from := step.Holds(at.Text); from != "" {
			if file, ok := context.Pipfile(from); ok {
				all = append(append(all, file.Packages...), file.DevPackages...)
			}
		}
	case installer.Poetry:
		at := here.Abs(env.Of("pyproject.toml"))
		if _, from := step.Holds(at.Text); from != "" {
			if meta, ok := context.Project(path.Dir(from)); ok {
				all = append(all, meta.Dependencies...)
				for _, group := range meta.Groups {
					all = append(all, group...)
				}
			}
		}
	}
	return slices.ContainsFunc(all, installer.Requirement.IsLocal)
}

// earlyCopyOf finds the COPY of sources that brought the file before the step's command number index, if nothing else may have;
// copies are those before the step.
func earlyCopyOf(step *analyzer.Step, file string, index int, copies copyIndex) (copied *analyzer.Copy, from analyzer.CopySource, ok bool) {
	s := step.Stage
	for _, other := range copies.of(file) {
		if other.Stage != s {
			if bringsFile(other, file) {
				return nil, from, false
			}
			continue
		}
		src, whole := sourcesWith(other.Copy, file)
		switch {
		case whole && copied == nil:
			copied, from = other.Copy, src
		case !whole && bringsFile(other, file):
			return nil, from, false
		}
	}
	if copied == nil {
		return nil, from, false
	}
	// Without a context, `git clone` may have brought the file. What names it between may have made it.
	known := s.Build().Context != nil
	for _, other := range s.Steps[:step.Index+1] {
		commands := other.Commands
		if other == step {
			commands = commands[:index]
		}
		for _, c := range commands {
			if other.Index > copied.Step.Index && mentions(c, path.Base(file)) || !known && fetches(c, copied.Dest.Text) {
				return nil, from, false
			}
		}
	}
	return copied, from, true
}

// bringsFile tells whether a COPY or ADD may put the file there by itself.
func bringsFile(step *analyzer.Step, file string) bool {
	c := step.Copy
	if c == nil {
		return false
	}
	if c.Dest.IsKnown() {
		presence := c.Puts(file)
		return presence != analyzer.No
	}
	return slices.ContainsFunc(c.Sources, func(s analyzer.CopySource) bool {
		base := path.Base(s.Text.Text)
		return !s.Text.IsKnown() || base == path.Base(file) || analyzer.HasPattern(base) || !analyzer.LooksLikeFile(base)
	})
}

// sourcesWith finds the source of a COPY from the context that is a tree of sources and holds the file.
func sourcesWith(c *analyzer.Copy, file string) (analyzer.CopySource, bool) {
	if !c.FromContext() || !c.Dest.IsKnown() || !analyzer.Under(c.Dest.Text, file) {
		return analyzer.CopySource{}, false
	}
	context := c.Step.Stage.Build().Context
	if slices.ContainsFunc(c.Sources, func(s analyzer.CopySource) bool { return path.Base(s.Text.Text) == path.Base(file) }) {
		return analyzer.CopySource{}, false // named beside the sources
	}
	for _, s := range c.Sources {
		if !s.Text.IsKnown() || s.Heredoc || s.Remote || !isSourceTree(c, s.Text.Text) {
			continue
		}
		if context != nil {
			if a := c.SourceHas(s, file); !a.Is(analyzer.Yes) {
				continue
			}
		}
		return s, true
	}
	return analyzer.CopySource{}, false
}

// sourceFolder holds names of folders that are an application's sources by custom: without a context no more is known.
var sourceFolder = map[string]bool{
	"app": true, "apps": true, "src": true, "source": true, "backend": true, "server": true, "api": true, "code": true, "project": true,
	"web": true, "webapp": true, "service": true, "application": true, "django": true, "flask": true, "bot": true,
}

// isSourceTree tells whether a source of a COPY is a directory of sources, not one of requirements files.
func isSourceTree(c *analyzer.Copy, name string) bool {
	if name == "." || name == "*" {
		return true
	}
	context := c.Step.Stage.Build().Context
	if context == nil {
		return sourceFolder[path.Base(name)]
	}
	if !context.IsDir(name) {
		return false
	}
	return context.Remember("Python sources below "+name, func() any {
		python := false
		context.Walk(name, func(p string, isDir bool) bool {
			python = python || !isDir && path.Ext(p) == ".py" && path.Base(p) != "setup.py"
			return !python
		})
		return python
	}).(bool)
}

// mentions tells whether the command names a file of that base name, apart from installing from it.
func mentions(c *analyzer.Command, base string) bool {
	for _, r := range c.Shell.Redirects {
		if r.Target != nil && path.Base(r.Target.Value(c.State.Lookup).Text) == base {
			return true
		}
	}
	if c.Install != nil {
		return false
	}
	return slices.ContainsFunc(c.Argv, func(f shell.Field) bool { return strings.Contains(f.Text(), base) })
}

// fetches tells whether the command may bring files from elsewhere, by a checkout or out of an archive, to dir or below.
func fetches(c *analyzer.Command, dir string) bool {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 || c.OS != nil || c.Installer != nil {
		return false
	}
	switch shell.Program(argv[0]) {
	case "git", "hg", "svn", "tar", "unzip":
	default:
		return false
	}
	if !c.State.Workdir.IsKnown() || analyzer.Under(dir, c.State.Workdir.Text) {
		return true
	}
	return slices.ContainsFunc(argv[1:], func(f shell.Field) bool {
		return !f.Value.IsKnown() || path.IsAbs(f.Text()) && analyzer.Under(dir, path.Clean(f.Text()))
	})
}

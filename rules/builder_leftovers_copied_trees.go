package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// leftoverKind is what a builder leaves behind besides what it was there to make.
type leftoverKind uint8

const (
	// downloadCache is an installer's cache directory, or ~/.cache around it.
	downloadCache leftoverKind = iota + 1
	// wholeRoot is everything that the builder has.
	wholeRoot
	// idleWheels are wheels that nothing in the image installs.
	idleWheels
	// buildTree is what setuptools leaves beside the sources of a project that it has installed: build, NAME.egg-info.
	buildTree
)

// leftover is a COPY that takes something of no use from another stage.
type leftover struct {
	kind   leftoverKind
	copy   *analyzer.Copy
	source analyzer.CopySource
	// made is the command that has filled or made it.
	made *analyzer.Command
}

// leftovers are those that the stage's chain copies from other stages of the file.
func leftovers(s *analyzer.Stage) []leftover {
	var found []leftover
	for _, step := range s.ChainSteps() {
		if step.Copy == nil || step.Copy.From == nil {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() {
				continue
			}
			for _, c := range step.Copy.From.ChainCommands() {
				if kind := leftoverOf(s, step.Copy, source.Text.Text, c); kind != 0 {
					found = append(found, leftover{kind, step.Copy, source, c})
					break
				}
			}
		}
	}
	return found
}

// leftoverOf tells what the copied path is, going by one command of the stage that it comes from; 0 when that tells nothing.
func leftoverOf(s *analyzer.Stage, c *analyzer.Copy, from string, made *analyzer.Command) leftoverKind {
	if made.Installer == nil || made.Installer.Opaque != "" {
		return 0
	}
	switch in := made.Install; {
	case in == nil:
		if dir := wheelhouse(made); dir != "" && dir == from && readsNothingOf(s, c) {
			return idleWheels
		}
	case from == "/":
		// Onto an empty image it makes one layer of many, which is on purpose.
		if c.Dest.Is("/") && !fromScratch(s) && !fromScratch(c.From) {
			return wholeRoot
		}
	case !made.Installer.NoCacheDir() && cachesIn(made, from):
		return downloadCache
	case builtIn(in, path.Dir(from)) && (path.Base(from) == "build" || path.Ext(from) == ".egg-info"):
		return buildTree
	}
	return 0
}

func fromScratch(s *analyzer.Stage) bool { return s.Chain()[0].BaseText.Is("scratch") }

// cachesIn tells whether the path is the command's cache directory, or a cache directory around it.
func cachesIn(c *analyzer.Command, p string) bool {
	dir := caches.Dir(c)
	return dir.IsKnown() && (p == dir.Text || caches.IsName(path.Base(p)) && analyzer.Under(p, dir.Text))
}

// wheelhouse is the directory that the command puts wheels into, "" when it makes none.
func wheelhouse(c *analyzer.Command) string {
	call := c.Installer
	if call == nil || call.Tool != installer.Pip || call.Opaque != "" || call.Verb != "wheel" && call.Verb != "download" {
		return ""
	}
	at := c.State.Workdir
	for _, name := range []string{"--wheel-dir", "--dest"} {
		if o, ok := call.Option(name); ok {
			at = c.State.Abs(o.Value)
		}
	}
	return at.Or("")
}

// readsNothingOf tells whether the stage certainly does nothing with what the COPY brings: no later instruction has its directory, and
// the image starts Python or a program that is known, not a script which may.
func readsNothingOf(s *analyzer.Stage, c *analyzer.Copy) bool {
	if !c.Dest.IsKnown() || c.Dest.Is("/") || len(c.Sources) != 1 {
		return false
	}
	behind := false
	for _, step := range s.ChainSteps() {
		if step == c.Step {
			behind = true
			continue
		}
		if behind && (step.Unreadable != "" || step.MentionsDir(c.Dest.Text)) {
			return false
		}
		for _, other := range step.Commands {
			if behind && (other.MayDoAnything() || other.State.Workdir.IsKnown() && analyzer.Under(c.Dest.Text, other.State.Workdir.Text)) {
				return false
			}
		}
	}
	start := s.Start()
	for _, command := range start.Commands {
		if program := command.Program(); !analyzer.IsInterpreterName(program) && analyzer.ScriptPackage(program) == "" {
			return false
		}
	}
	return len(start.Commands) > 0 && !s.StartMentions(c.Dest.Text)
}

// builtIn tells whether the installation builds the project in that directory of its stage, to leave it afterwards.
func builtIn(in *analyzer.Installation, dir string) bool {
	if in.Call.Tool == installer.SetupPy {
		return in.Call.Verb == "install" && in.Command.State.Workdir.Is(dir)
	}
	for _, r := range in.Requirements {
		if r.Kind == installer.Local && !r.Editable && strings.HasPrefix(dir, "/") {
			if at := in.Command.State.Abs(env.Of(r.Location)); at.Is(dir) {
				return true
			}
		}
	}
	return false
}

// cacheReader is the one installation after the COPY that a copied download cache is for; ok is false when there are more, or none.
func (l leftover) cacheReader() (t analyzer.Transient, ok bool) {
	if l.kind != downloadCache || !l.copy.Dest.IsKnown() {
		return t, false
	}
	t = analyzer.Transient{Copy: l.copy, Source: l.source, Dir: l.copy.Dest.Text}
	for _, step := range l.copy.Step.Stage.Steps[l.copy.Step.Index+1:] {
		for _, c := range step.Commands {
			if c.Install == nil || !cachesIn(c, t.Dir) {
				continue
			}
			if t.Install != nil && t.Install.Step != step {
				return t, false
			}
			if t.Install == nil {
				t.Install = c
			}
		}
	}
	return t, t.Install != nil
}

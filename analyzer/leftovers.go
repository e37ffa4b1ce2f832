package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// LeftoverKind is what a builder leaves behind besides what it was there to make.
type LeftoverKind uint8

const (
	// DownloadCache is an installer's cache directory, or ~/.cache around it.
	DownloadCache LeftoverKind = iota + 1
	// WholeRoot is everything that the builder has.
	WholeRoot
	// IdleWheels are wheels that nothing in the image installs.
	IdleWheels
	// BuildTree is what setuptools leaves beside the sources of a project that it has installed: build, NAME.egg-info.
	BuildTree
)

// Leftover is a COPY that takes something of no use from another stage.
type Leftover struct {
	Kind   LeftoverKind
	Copy   *Copy
	Source CopySource
	// Made is the command that has filled or made it.
	Made *Command
}

// Leftovers are those that the stage's chain copies from other stages of the file.
func (s *Stage) Leftovers() []Leftover {
	var found []Leftover
	for _, step := range s.ChainSteps() {
		if step.Copy == nil || step.Copy.From == nil {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() {
				continue
			}
			for _, c := range step.Copy.From.ChainCommands() {
				if kind := s.leftover(step.Copy, source.Text.Text, c); kind != 0 {
					found = append(found, Leftover{kind, step.Copy, source, c})
					break
				}
			}
		}
	}
	return found
}

// leftover tells what the copied path is, going by one command of the stage that it comes from; 0 when that tells nothing.
func (s *Stage) leftover(c *Copy, from string, made *Command) LeftoverKind {
	if made.Installer == nil || made.Installer.Opaque != "" {
		return 0
	}
	switch in := made.Install; {
	case in == nil:
		if dir := made.wheelhouse(); dir != "" && dir == from && s.ignores(c) {
			return IdleWheels
		}
	case from == "/":
		// Onto an empty image it makes one layer of many, which is on purpose.
		if c.Dest.Is("/") && !s.fromScratch() && !c.From.fromScratch() {
			return WholeRoot
		}
	case !made.Installer.NoCacheDir() && made.cachesIn(from):
		return DownloadCache
	case in.builtIn(path.Dir(from)) && (path.Base(from) == "build" || path.Ext(from) == ".egg-info"):
		return BuildTree
	}
	return 0
}

func (s *Stage) fromScratch() bool { return s.Chain()[0].BaseText.Is("scratch") }

// cachesIn tells whether the path is the command's cache directory, or a cache directory around it.
func (c *Command) cachesIn(p string) bool {
	dir := c.CacheDir()
	return dir.IsKnown() && (p == dir.Text || cacheName[path.Base(p)] && Under(p, dir.Text))
}

// wheelhouse is the directory that the command puts wheels into, "" when it makes none.
func (c *Command) wheelhouse() string {
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

// ignores tells whether the stage certainly does nothing with what the COPY brings: no later instruction has its directory, and
// the image starts Python or a program that is known, not a script which may.
func (s *Stage) ignores(c *Copy) bool {
	if !c.Dest.IsKnown() || c.Dest.Is("/") || len(c.Sources) != 1 {
		return false
	}
	behind := false
	for _, step := range s.ChainSteps() {
		if step == c.Step {
			behind = true
			continue
		}
		if behind && (step.Unreadable != "" || step.mentions(c.Dest.Text)) {
			return false
		}
		for _, other := range step.Commands {
			if behind && (other.MayDoAnything() || other.State.Workdir.IsKnown() && Under(c.Dest.Text, other.State.Workdir.Text)) {
				return false
			}
		}
	}
	start := s.Start()
	for _, command := range start.Commands {
		if program := command.Program(); !IsInterpreterName(program) && scriptPackage(program) == "" {
			return false
		}
	}
	return len(start.Commands) > 0 && !s.startMentions(c.Dest.Text)
}

// builtIn tells whether the installation builds the project in that directory of its stage, to leave it afterwards.
func (in *Installation) builtIn(dir string) bool {
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

// CacheReader is the one installation after the COPY that a copied download cache is for; ok is false when there are more, or none.
func (l Leftover) CacheReader() (t Transient, ok bool) {
	if l.Kind != DownloadCache || !l.Copy.Dest.IsKnown() {
		return t, false
	}
	t = Transient{Copy: l.Copy, Source: l.Source, Dir: l.Copy.Dest.Text}
	for _, step := range l.Copy.Step.Stage.Steps[l.Copy.Step.Index+1:] {
		for _, c := range step.Commands {
			if c.Install == nil || !c.cachesIn(t.Dir) {
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

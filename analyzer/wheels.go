package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// WheelCopy is a directory of wheels that a COPY puts into the final image only for pip to install them from there.
type WheelCopy struct {
	Copy   *Copy
	Source CopySource
	Dir    string // where it is in the image
	// Install is the first command that installs from it.
	Install *Command
}

// WheelCopies are those of the finished stage's chain.
func (s *Stage) WheelCopies() []WheelCopy {
	var found []WheelCopy
	seen := map[*Copy]bool{}
	for _, c := range s.ChainCommands() {
		for _, dir := range c.wheelDirs() {
			if w, ok := s.copyOf(dir, c); ok && !seen[w.Copy] {
				seen[w.Copy] = true
				found = append(found, w)
			}
		}
	}
	return found
}

// copyOf finds the COPY before the command that brings the directory.
func (s *Stage) copyOf(dir string, c *Command) (WheelCopy, bool) {
	found, ok := WheelCopy{}, false
	for _, step := range s.ChainSteps() {
		if step == c.Step {
			break
		}
		if step.Copy == nil || !step.Copy.Dest.IsKnown() || step.Copy.Dest.Text != dir {
			continue
		}
		for _, source := range step.Copy.Sources {
			if source.Text.IsKnown() && !source.Heredoc && !source.Remote && !looksLikeFile(path.Base(source.Text.Text)) {
				found, ok = WheelCopy{Copy: step.Copy, Source: source, Dir: dir, Install: c}, true
				break
			}
		}
	}
	return found, ok
}

// wheelDirs are the directories that pip installs archives from: --find-links, and those of named or matched wheels.
func (c *Command) wheelDirs() []string {
	if c.Install == nil || c.Installer.Tool != installer.Pip && c.Installer.Tool != installer.UvPip {
		return nil
	}
	var dirs []string
	add := func(v env.Value) {
		if at := c.State.Abs(v); at.IsKnown() && at.Text != "/" {
			dirs = append(dirs, at.Text)
		}
	}
	for _, o := range c.Installer.All("--find-links") {
		if o.Value.IsKnown() && !strings.Contains(o.Value.Text, "://") {
			add(o.Value)
		}
	}
	for _, f := range c.Installer.Operands {
		text := f.Text()
		if strings.HasSuffix(text, ".whl") || strings.HasSuffix(text, "/*") && f.Glob || strings.HasSuffix(text, ".tar.gz") && f.Glob {
			if dir := path.Dir(text); !strings.ContainsAny(dir, "*?[") && !strings.Contains(dir, "://") {
				add(env.Of(dir))
			}
		}
	}
	return dirs
}

// Bind tells whether a bind mount for the RUN of Install can take the place of the whole COPY; cleanup are then the commands of the
// RUN that remove the directory, which a mount would make fail. reason says why not.
func (w WheelCopy) Bind() (cleanup []*Command, reason string) {
	c := w.Copy
	switch {
	case len(c.Sources) != 1:
		return nil, "the COPY has more than one source"
	case c.Step.Stage != w.Install.Step.Stage:
		return nil, "a base stage copies the wheels"
	case hasPattern(w.Source.Text.Text):
		return nil, "the COPY's source is a pattern"
	case c.Step.Instruction.JSON || w.Install.Step.Instruction.JSON:
		return nil, "it is in JSON form"
	case c.From == nil && !c.FromContext():
		return nil, "the wheels come from an image"
	}
	for _, f := range c.Step.Instruction.Flags {
		if f.Name == "parents" || f.Name == "exclude" {
			return nil, "the COPY has --" + f.Name
		}
	}
	for _, step := range w.Install.Step.Stage.Steps[c.Step.Index+1:] {
		if step == w.Install.Step {
			continue
		}
		if strings.Contains(step.Stage.build.File.Text(step.Instruction.Span), w.Dir) {
			return nil, "another instruction uses " + w.Dir
		}
	}
	for _, other := range w.Install.Step.Commands {
		_, _, argv, _ := shell.Unwrap(other.Argv)
		if other == w.Install || len(argv) == 0 {
			continue
		}
		touched, more := other.operandsUnder(argv[1:], w.Dir)
		if !touched {
			continue
		}
		if shell.Program(argv[0]) != "rm" || more {
			return nil, "another command of the RUN uses " + w.Dir
		}
		cleanup = append(cleanup, other)
	}
	return cleanup, ""
}

// operandsUnder tells whether an argument is dir or below it, or can't be read, and whether there are operands besides.
func (c *Command) operandsUnder(args []shell.Field, dir string) (touched, more bool) {
	for _, f := range args {
		if strings.HasPrefix(f.Text(), "-") && !strings.Contains(f.Text(), dir) {
			continue
		}
		if at := c.State.Abs(f.Value); !at.IsKnown() || under(dir, at.Text) || strings.Contains(f.Text(), dir) {
			touched = true
		} else {
			more = true
		}
	}
	return touched, more
}

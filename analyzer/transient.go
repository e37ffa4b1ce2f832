package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Transient is a directory that a COPY puts into the final image only for one installation to read: wheels, a download cache.
type Transient struct {
	Copy   *Copy
	Source CopySource
	Dir    string // where it is in the image
	// Install is the first command that reads it.
	Install *Command
}

// Bind tells whether a bind mount for the RUN of Install can take the place of the whole COPY; cleanup are then the commands of the
// RUN that remove the directory, which a mount would make fail. reason says why not.
func (t Transient) Bind() (cleanup []*Command, reason string) {
	c := t.Copy
	switch {
	case len(c.Sources) != 1:
		return nil, "the COPY has more than one source"
	case c.Step.Stage != t.Install.Step.Stage:
		return nil, "a base stage copies the directory"
	case HasPattern(t.Source.Text.Text):
		return nil, "the COPY's source is a pattern"
	case c.Step.Instruction.JSON || t.Install.Step.Instruction.JSON:
		return nil, "it is in JSON form"
	case c.From == nil && !c.FromContext():
		return nil, "the directory comes from an image"
	// A mount hides what else is in the directory.
	case t.Install.State.Workdir.IsKnown() && Under(t.Dir, t.Install.State.Workdir.Text):
		return nil, "the RUN works in " + t.Dir
	}
	for _, f := range c.Step.Instruction.Flags {
		if f.Name == "parents" || f.Name == "exclude" {
			return nil, "the COPY has --" + f.Name
		}
	}
	for _, step := range t.Install.Step.Stage.Steps {
		switch {
		case step == t.Install.Step, step == c.Step:
		case step.Copy != nil && step.Copy.Dest.IsKnown() && Under(t.Dir, step.Copy.Dest.Text):
			return nil, "another instruction puts something into " + t.Dir
		case step.Index > c.Step.Index && step.MentionsDir(t.Dir):
			return nil, "another instruction uses " + t.Dir
		}
	}
	for _, other := range t.Install.Step.Commands {
		_, _, argv, _ := shell.Unwrap(other.Argv)
		if other == t.Install || len(argv) == 0 {
			continue
		}
		touched, more := other.operandsUnder(argv[1:], t.Dir)
		if !touched {
			continue
		}
		if shell.Program(argv[0]) != "rm" || more {
			return nil, "another command of the RUN uses " + t.Dir
		}
		cleanup = append(cleanup, other)
	}
	return cleanup, ""
}

// MentionsDir tells whether the instruction writes the directory out, works in it, or has a known variable for it.
func (step *Step) MentionsDir(dir string) bool {
	if strings.Contains(step.Stage.build.File.Text(step.Instruction.Span), dir) {
		return true
	}
	for _, c := range step.Commands {
		for _, f := range c.Argv {
			if at := c.State.Abs(f.Value); f.Value.IsKnown() && (strings.Contains(f.Text(), dir) || at.IsKnown() && Under(dir, at.Text)) {
				return true
			}
		}
	}
	return false
}

// operandsUnder tells whether an argument is dir or below it, or can't be read, and whether there are operands besides.
func (c *Command) operandsUnder(args []shell.Field, dir string) (touched, more bool) {
	for _, f := range args {
		if strings.HasPrefix(f.Text(), "-") && !strings.Contains(f.Text(), dir) {
			continue
		}
		if at := c.State.Abs(f.Value); !at.IsKnown() || Under(dir, at.Text) || strings.Contains(f.Text(), dir) {
			touched = true
		} else {
			more = true
		}
	}
	return touched, more
}

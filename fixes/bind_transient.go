package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// bind tells whether a bind mount for the RUN of Install can take the place of the whole COPY; cleanup are then the commands of the
// RUN that remove the directory, which a mount would make fail. reason says why not.
func bind(t analyzer.Transient) (cleanup []*analyzer.Command, reason string) {
	c := t.Copy
	switch {
	case len(c.Sources) != 1:
		return nil, "the COPY has more than one source"
	case c.Step.Stage != t.Install.Step.Stage:
		return nil, "a base stage copies the directory"
	case analyzer.HasPattern(t.Source.Text.Text):
		return nil, "the COPY's source is a pattern"
	case c.Step.Instruction.JSON || t.Install.Step.Instruction.JSON:
		return nil, "it is in JSON form"
	case c.From == nil && !c.FromContext():
		return nil, "the directory comes from an image"
	// A mount hides what else is in the directory.
	case t.Install.State.Workdir.IsKnown() && analyzer.Under(t.Dir, t.Install.State.Workdir.Text):
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
		case step.Copy != nil && step.Copy.Dest.IsKnown() && analyzer.Under(t.Dir, step.Copy.Dest.Text):
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
		touched, more := operandsUnder(other, argv[1:], t.Dir)
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

// operandsUnder tells whether an argument is dir or below it, or can't be read, and whether there are operands besides.
func operandsUnder(c *analyzer.Command, args []shell.Field, dir string) (touched, more bool) {
	for _, f := range args {
		if strings.HasPrefix(f.Text(), "-") && !strings.Contains(f.Text(), dir) {
			continue
		}
		if at := c.State.Abs(f.Value); !at.IsKnown() || analyzer.Under(dir, at.Text) || strings.Contains(f.Text(), dir) {
			touched = true
		} else {
			more = true
		}
	}
	return touched, more
}

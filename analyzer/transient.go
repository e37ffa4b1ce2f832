package analyzer

import (
	"strings"
)

// Transient is a directory that a COPY puts into the final image only for one installation to read: wheels, a download cache.
type Transient struct {
	Copy   *Copy
	Source CopySource
	Dir    string // where it is in the image
	// Install is the first command that reads it.
	Install *Command
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

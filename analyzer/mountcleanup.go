package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// MountCleanup is a command of a RUN that removes a directory which the RUN itself mounts, or what is in it.
type MountCleanup struct {
	Command *Command
	Mount   Mount
	Span    source.Span // the operand
	// Whole tells that the mount point itself is to be removed, which fails; else its contents are.
	Whole bool
	// Only tells that the command removes nothing else.
	Only bool
}

// MountCleanups are those of the RUN, for cache mounts, and for any mount where the mount point itself is meant.
func (step *Step) MountCleanups() []MountCleanup {
	var found []MountCleanup
	mounts := step.Mounts()
	if len(mounts) == 0 {
		return nil
	}
	for _, c := range step.Commands {
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) < 2 || shell.Program(argv[0]) != "rm" || !c.Shell.Certain && !c.Shell.Attempted {
			continue
		}
		operands := 0
		var hit *MountCleanup
		for _, f := range argv[1:] {
			if strings.HasPrefix(f.Text(), "-") {
				continue
			}
			operands++
			at := c.State.Abs(f.Value)
			if !at.IsKnown() {
				continue
			}
			for _, m := range mounts {
				if !m.Target.IsKnown() || m.Target.Text == "/" {
					continue
				}
				whole := at.Text == m.Target.Text && m.Type != "secret" && m.Type != "ssh"
				contents := m.Type == "cache" && f.Glob && strings.HasPrefix(at.Text, m.Target.Text+"/") && strings.HasSuffix(at.Text, "/*")
				if hit == nil && (whole || contents) {
					hit = &MountCleanup{Command: c, Mount: m, Span: f.Span, Whole: whole}
				}
			}
		}
		if hit != nil {
			hit.Only = operands == 1
			found = append(found, *hit)
		}
	}
	return found
}

package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// LeavesIndex gives the commands of a RUN that leave an OS package manager's index in its layer: nothing later in
// the RUN removes it, and no mount lies over it. All are of one manager, the first of them tells which.
func (step *Step) LeavesIndex() []*Command {
	var found []*Command
	for i, c := range step.Commands {
		if !c.fetchesIndex() || len(found) > 0 && found[0].OS.Manager != c.OS.Manager {
			continue
		}
		if !step.mountsOver(ospkg.IndexDir(c.OS.Manager)[0]) && !cleansIndex(c.OS.Manager, step.Commands[i:]) {
			found = append(found, c)
		}
	}
	return found
}

// fetchesIndex tells whether the command certainly writes the index to the file system. apt-get's install reads it
// only; apk and dnf fetch it whenever it is absent.
func (c *Command) fetchesIndex() bool {
	if c.OS == nil || c.OS.Opaque != "" || !c.Shell.Certain && !c.Shell.Attempted || c.Shell.Substitution {
		return false
	}
	switch verb := c.OS.Verb; c.OS.Manager {
	case ospkg.Apt:
		return verb == ospkg.Update || verb == ospkg.Install && c.OS.UpdateCache
	case ospkg.Apk:
		return !c.OS.NoCache && (verb == ospkg.Update || verb == ospkg.Install || verb == ospkg.Upgrade)
	case ospkg.Dnf:
		return verb == ospkg.Update || verb == ospkg.Install || verb == ospkg.Upgrade
	}
	return false
}

// cleansIndex tells whether one of the commands removes the manager's index, or may do so.
func cleansIndex(manager ospkg.Manager, commands []*Command) bool {
	for _, c := range commands {
		if ospkg.CleansCache(manager, c.Argv) {
			return true
		}
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) == 0 {
			continue
		}
		if shell.Program(argv[0]) == "rm" && c.removesDir(ospkg.IndexDir(manager)[0]) {
			return true
		}
		for _, f := range argv {
			// cleanup.sh, bash /opt/clean-layer.sh, apt_clean: a script or function for this very purpose.
			if name := path.Base(f.Text()); strings.Contains(name, "clean") && c.OS == nil {
				return true
			}
		}
	}
	return false
}

// IndexReaders are the later steps of the stage that install with apt's lists which this step fetches and leaves in its layer without
// installing anything itself, up to the next update; nil for every other step.
func (step *Step) IndexReaders() []*Step {
	if !step.onlyFetchesLists() {
		return nil
	}
	var readers []*Step
	for _, later := range step.Stage.Steps[step.Index+1:] {
		if later.readsLists() == Yes {
			readers = append(readers, later)
		}
		if slices.ContainsFunc(later.Commands, func(c *Command) bool {
			return c.OS != nil && c.OS.Manager == ospkg.Apt && c.OS.Verb == ospkg.Update
		}) {
			break
		}
	}
	return readers
}

// onlyFetchesLists tells whether a RUN fetches apt's lists and installs nothing new.
func (step *Step) onlyFetchesLists() bool {
	if left := step.LeavesIndex(); len(left) == 0 || left[0].OS.Manager != ospkg.Apt {
		return false
	}
	for _, c := range step.Commands {
		if c.OS != nil && c.OS.Manager == ospkg.Apt {
			switch c.OS.Verb {
			case ospkg.Update, ospkg.Upgrade, ospkg.Clean:
				continue
			}
			return false
		}
		if e := c.Effect(); e != Nothing && e != ShellState {
			return false
		}
	}
	return true
}

// NeedsIndexElsewhere tells whether something besides those steps may install with the lists that this step leaves: a script, or a stage
// that is built from this one.
func (step *Step) NeedsIndexElsewhere(readers []*Step) bool {
	for _, stage := range step.Stage.build.Stages {
		if stage.Base == step.Stage {
			return true
		}
	}
	for _, later := range step.Stage.Steps[step.Index+1:] {
		if later.readsLists() == Maybe && !slices.Contains(readers, later) {
			return true
		}
	}
	return false
}

// NeedsIndexLater tells whether something behind the step, in its stage or in one that is built from it, may install with the index that
// this step leaves: removing it would break that. Of apk only releases that don't fetch an index by themselves rely on it, of dnf none. by
// is the first command that may do so, nil where it is another instruction.
func (step *Step) NeedsIndexLater(manager ospkg.Manager) (need Presence, by *Command) {
	if manager != ospkg.Apt && (manager != ospkg.Apk || step.Stage.Image.ApkRefreshes()) {
		return No, nil
	}
	at := len(step.earlier()) // its place in the chain of each stage that is built from its own, too
	need = No
	for _, stage := range step.Stage.build.Stages {
		if at < len(stage.chain) && stage.chain[at] == step {
			uses := stage.indexUsedBehind(manager)[at]
			if uses.need == Yes || need == No {
				need, by = uses.need, uses.by
			}
		}
		if need == No && stage.takesIndex(step, at, manager) {
			need = Maybe
		}
	}
	return need, by
}

// indexUse is whether the index is read behind a step, and by what.
type indexUse struct {
	need Presence
	by   *Command
}

// indexUsedBehind tells for each step of the chain whether what comes behind it may read the index that it finds there.
func (s *Stage) indexUsedBehind(manager ospkg.Manager) []indexUse {
	if used, ok := s.indexUses[manager]; ok {
		return used
	}
	used := make([]indexUse, len(s.chain))
	behind := indexUse{need: No}
	if s.callsAtStart(manager) {
		behind.need = Maybe
	}
	for i := len(s.chain) - 1; i >= 0; i-- {
		used[i] = behind
		here, anew := s.chain[i].usesIndex(manager)
		switch {
		case here.need != No && (here.need == Yes || behind.need != Yes || anew):
			behind = here
		case anew:
			behind = indexUse{need: No} // what comes behind finds another index in any case
		}
	}
	if s.indexUses == nil {
		s.indexUses = map[ospkg.Manager][]indexUse{}
	}
	s.indexUses[manager] = used
	return used
}

// usesIndex tells whether the step may install with the index that it finds, before it fetches or removes one itself: anew.
func (step *Step) usesIndex(manager ospkg.Manager) (use indexUse, anew bool) {
	use.need = No
	if step.Instruction.Keyword == "ONBUILD" && step.Instruction.Trigger != nil && step.Instruction.Trigger.Keyword == "RUN" || step.Unreadable != "" {
		use.need = Maybe
		return use, false
	}
	for _, c := range step.Commands {
		if c.OS != nil && c.OS.Manager == manager && (c.OS.Verb == ospkg.Update || c.OS.UpdateCache) && c.OS.Opaque == "" {
			return use, c.Shell.Certain
		}
		if ospkg.CleansCache(manager, c.Argv) && c.Shell.Certain {
			return use, true
		}
		switch need := c.CallsManager(manager); {
		case need == Yes:
			return indexUse{Yes, c}, false
		case need == Maybe && use.need == No:
			use = indexUse{Maybe, c}
		}
	}
	return use, false
}

// takesIndex tells whether a COPY or mount of the stage takes the manager's index out of a stage that has the layer of left, at that place of
// its chain.
func (s *Stage) takesIndex(left *Step, at int, manager ospkg.Manager) bool {
	for _, step := range s.Steps {
		if copied := step.Copy; copied != nil && copied.From != nil && at < len(copied.From.chain) && copied.From.chain[at] == left {
			for _, source := range step.Copy.Sources {
				for _, dir := range ospkg.IndexDir(manager) {
					if !source.Text.IsKnown() || Under(source.Text.Text, dir) || Under(dir, source.Text.Text) {
						return true
					}
				}
			}
		}
		for _, m := range step.Mounts() {
			if m.From != "" && strings.HasPrefix(m.Source, "/var") && m.Type == "bind" {
				return true
			}
		}
	}
	return false
}

// callsAtStart tells whether the start command names the package manager: it installs when the container starts.
func (s *Stage) callsAtStart(manager ospkg.Manager) bool {
	for _, start := range s.Start().Commands {
		if len(start.Argv) > 0 && ospkg.ManagerOf(shell.Program(start.Argv[0])) == manager {
			return true
		}
	}
	return false
}

// readsLists tells whether the RUN installs with apt-get before it fetches lists of its own. A script may do anything.
func (step *Step) readsLists() Presence {
	use, _ := step.usesIndex(ospkg.Apt)
	return use.need
}

// runsScript tells whether the command runs shell code from a file or a pipe.
func (c *Command) runsScript() bool {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return false
	}
	program := shell.Program(argv[0])
	switch program {
	case "":
		return true
	case "sh", "bash", "ash", "dash", "zsh", "source", ".":
		return len(argv) < 2 || !strings.Contains(argv[1].Text(), "c") || !strings.HasPrefix(argv[1].Text(), "-")
	}
	return strings.HasSuffix(program, ".sh")
}

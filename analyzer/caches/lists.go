package caches

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// LeavesIndex gives the commands of a RUN that leave an OS package manager's index in its layer: nothing later in
// the RUN removes it, and no mount lies over it. All are of one manager, the first of them tells which.
func LeavesIndex(step *analyzer.Step) []*analyzer.Command {
	var found []*analyzer.Command
	for i, c := range step.Commands {
		if !fetchesIndex(c) || len(found) > 0 && found[0].OS.Manager != c.OS.Manager {
			continue
		}
		if !MountsOver(step, ospkg.IndexDir(c.OS.Manager)[0]) && !cleansIndex(c.OS.Manager, step.Commands[i:]) {
			found = append(found, c)
		}
	}
	return found
}

// fetchesIndex tells whether the command certainly writes the index to the file system. apt-get's install reads it
// only; apk and dnf fetch it whenever it is absent.
func fetchesIndex(c *analyzer.Command) bool {
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
func cleansIndex(manager ospkg.Manager, commands []*analyzer.Command) bool {
	for _, c := range commands {
		if ospkg.CleansCache(manager, c.OS, c.Argv) {
			return true
		}
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) == 0 {
			continue
		}
		if shell.Program(argv[0]) == "rm" && RemovesDir(c, ospkg.IndexDir(manager)[0]) {
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
func IndexReaders(step *analyzer.Step) []*analyzer.Step {
	if !onlyFetchesLists(step) {
		return nil
	}
	var readers []*analyzer.Step
	for _, later := range step.Stage.Steps[step.Index+1:] {
		if ReadsLists(later) == analyzer.Yes {
			readers = append(readers, later)
		}
		if slices.ContainsFunc(later.Commands, func(c *analyzer.Command) bool {
			return c.OS != nil && c.OS.Manager == ospkg.Apt && c.OS.Verb == ospkg.Update
		}) {
			break
		}
	}
	return readers
}

// onlyFetchesLists tells whether a RUN fetches apt's lists and installs nothing new.
func onlyFetchesLists(step *analyzer.Step) bool {
	if left := LeavesIndex(step); len(left) == 0 || left[0].OS.Manager != ospkg.Apt {
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
		if e := c.Concern(); e != analyzer.Nothing && e != analyzer.ShellState {
			return false
		}
	}
	return true
}

// NeedsIndexLater tells whether something behind the step, in its stage or in one that is built from it, may install with the index that
// this step leaves: removing it would break that. Of apk only releases that don't fetch an index by themselves rely on it, of dnf none. by
// is the first command that may do so, nil where it is another instruction.
func NeedsIndexLater(step *analyzer.Step, manager ospkg.Manager) (need analyzer.Presence, by *analyzer.Command) {
	if manager != ospkg.Apt && (manager != ospkg.Apk || step.Stage.Image.ApkRefreshes()) {
		return analyzer.No, nil
	}
	at := len(step.Earlier()) // its place in the chain of each stage that is built from its own, too
	need = analyzer.No
	for _, stage := range step.Stage.Build().Stages {
		if at < len(stage.ChainSteps()) && stage.ChainSteps()[at] == step {
			uses := indexUsedBehind(stage, manager)[at]
			if uses.need == analyzer.Yes || need == analyzer.No {
				need, by = uses.need, uses.by
			}
		}
		if need == analyzer.No && takesIndex(stage, step, at, manager) {
			need = analyzer.Maybe
		}
	}
	return need, by
}

// indexUse is whether the index is read behind a step, and by what.
type indexUse struct {
	need analyzer.Presence
	by   *analyzer.Command
}

// indexUsedBehind tells for each step of the chain whether what comes behind it may read the index that it finds there.
func indexUsedBehind(s *analyzer.Stage, manager ospkg.Manager) []indexUse {
	return analyzer.Remember(s.Build(), indexKey{s, manager}, func() []indexUse { return findIndexUses(s, manager) })
}

// indexKey is what an indexUse is about.
type indexKey struct {
	stage   *analyzer.Stage
	manager ospkg.Manager
}

func findIndexUses(s *analyzer.Stage, manager ospkg.Manager) []indexUse {
	used := make([]indexUse, len(s.ChainSteps()))
	behind := indexUse{need: analyzer.No}
	if callsAtStart(s, manager) {
		behind.need = analyzer.Maybe
	}
	for i := len(s.ChainSteps()) - 1; i >= 0; i-- {
		used[i] = behind
		here, anew := usesIndex(s.ChainSteps()[i], manager)
		switch {
		case here.need != analyzer.No && (here.need == analyzer.Yes || behind.need != analyzer.Yes || anew):
			behind = here
		case anew:
			behind = indexUse{need: analyzer.No} // what comes behind finds another index in any case
		}
	}
	return used
}

// usesIndex tells whether the step may install with the index that it finds, before it fetches or removes one itself: anew.
func usesIndex(step *analyzer.Step, manager ospkg.Manager) (use indexUse, anew bool) {
	use.need = analyzer.No
	if step.Instruction.Keyword == "ONBUILD" && step.Instruction.Trigger != nil && step.Instruction.Trigger.Keyword == "RUN" || step.Unreadable != "" {
		use.need = analyzer.Maybe
		return use, false
	}
	for _, c := range step.Commands {
		if c.OS != nil && c.OS.Manager == manager && (c.OS.Verb == ospkg.Update || c.OS.UpdateCache) && c.OS.Opaque == "" {
			return use, c.Shell.Certain
		}
		if ospkg.CleansCache(manager, c.OS, c.Argv) && c.Shell.Certain {
			return use, true
		}
		switch need := CallsManager(c, manager); {
		case need == analyzer.Yes:
			return indexUse{analyzer.Yes, c}, false
		case need == analyzer.Maybe && use.need == analyzer.No:
			use = indexUse{analyzer.Maybe, c}
		}
	}
	return use, false
}

// takesIndex tells whether a COPY or mount of the stage takes the manager's index out of a stage that has the layer of left, at that place of
// its chain.
func takesIndex(s *analyzer.Stage, left *analyzer.Step, at int, manager ospkg.Manager) bool {
	for _, step := range s.Steps {
		if copied := step.Copy; copied != nil && copied.From != nil && at < len(copied.From.ChainSteps()) && copied.From.ChainSteps()[at] == left {
			for _, source := range step.Copy.Sources {
				for _, dir := range ospkg.IndexDir(manager) {
					if !source.Text.IsKnown() || analyzer.Under(source.Text.Text, dir) || analyzer.Under(dir, source.Text.Text) {
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
func callsAtStart(s *analyzer.Stage, manager ospkg.Manager) bool {
	for _, start := range s.Start().Commands {
		if len(start.Argv) > 0 && ospkg.ManagerOf(shell.Program(start.Argv[0])) == manager {
			return true
		}
	}
	return false
}

// ReadsLists tells whether the RUN installs with apt-get before it fetches lists of its own. A script may do anything.
func ReadsLists(step *analyzer.Step) analyzer.Presence {
	use, _ := usesIndex(step, ospkg.Apt)
	return use.need
}

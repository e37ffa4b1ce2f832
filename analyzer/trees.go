package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// ContextTree is a directory of the build context that a COPY or ADD takes.
type ContextTree struct {
	Copy   *Copy
	Source CopySource
	Dir    string // in the context, "." for all of it
}

// ContextTrees are the directories of the build context that COPYs and ADDs take in the stages that feed the final
// image, in the order of the file. There are none without a context.
func (b *Build) ContextTrees() []ContextTree {
	var found []ContextTree
	for _, s := range b.Stages {
		if !s.Feeds {
			continue
		}
		for _, step := range s.Steps {
			if step.Copy == nil || !step.Copy.FromContext() {
				continue
			}
			for _, source := range step.Copy.Sources {
				if source.Text.IsKnown() && !source.Heredoc && !source.Remote && b.Context.IsDir(source.Text.Text) {
					found = append(found, ContextTree{step.Copy, source, source.Text.Text})
				}
			}
		}
	}
	return found
}

// Excludes tells whether an --exclude of the COPY keeps a path of the context out. The documentation does not say what
// its patterns are relative to for every kind of source, so both readings count.
func (t ContextTree) Excludes(p string) bool {
	var patterns []string
	for _, f := range t.Copy.Step.Instruction.Flags {
		if f.Name == "exclude" {
			patterns = append(patterns, f.Value)
		}
	}
	if len(patterns) == 0 {
		return false
	}
	inside := strings.TrimPrefix(p, t.Dir+"/")
	return project.WouldIgnore(patterns, p) || project.WouldIgnore(patterns, inside)
}

// ContextNames are the paths of the build context, or patterns for them, that COPYs, ADDs and bind mounts of the
// whole file name.
func (b *Build) ContextNames() []string {
	var names []string
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Copy != nil && step.Copy.FromContext() {
				for _, source := range step.Copy.Sources {
					if source.Text.IsKnown() && !source.Heredoc && !source.Remote {
						names = append(names, source.Text.Text)
					}
				}
			}
			for _, m := range step.Mounts() {
				if m.Type == "bind" && m.From == "" && m.Source != "" {
					names = append(names, strings.TrimPrefix(path.Clean("/"+m.Source), "/"))
				}
			}
		}
	}
	return names
}

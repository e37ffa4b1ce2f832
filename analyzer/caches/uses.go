package caches

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// removal is an installer's cache directory.
type removal struct {
	tool installer.Tool
	dir  string
}

// cacheUse is what a stage's chain shows of one cache directory of an installer.
type cacheUse struct {
	fed   *analyzer.Step // the first COPY that may put something into it
	taken *analyzer.Step // a COPY that may take something out of it
	used  *analyzer.Step // the first RUN that copies, packs or unpacks something of it
	// spread are the packages, by name or place, and fromFiles for all requirements files, whose installations have a removal of OS packages
	// between them: what the first has built the others take from the cache.
	spread map[string]bool
}

const fromFiles = "\x00files"

// Uses says in a clause why the installation c of the stage's chain needs the installer's cache, or may do so: something puts a cache there
// for it to read, such as wheels that another stage has built, or something reads what it leaves. "" where nothing is seen to do that. Without
// the cache the package would be built again, where there may be no compiler any more.
func Uses(s *analyzer.Stage, c *analyzer.Command) string {
	at := Dir(c)
	if !at.IsKnown() {
		return ""
	}
	for _, m := range c.Step.Mounts() {
		if m.Target.IsKnown() && analyzer.Under(at.Text, m.Target.Text) {
			return "a mount puts a part of the cache there"
		}
	}
	use := usesOf(s, removal{c.Installer.Tool, at.Text})
	line := func(step *analyzer.Step) int { return s.Build().File.LineOf(step.Instruction.Span.Start) }
	switch {
	case use.fed != nil && use.fed.Instruction.Span.Start < c.Shell.Span.Start:
		return fmt.Sprintf("line %d copies a cache for it to read", line(use.fed))
	case use.taken != nil:
		return fmt.Sprintf("line %d copies the cache", line(use.taken))
	case use.used != nil:
		return fmt.Sprintf("line %d uses the cache", line(use.used))
	}
	for _, key := range keys(c.Install) {
		if use.spread[key] {
			return "the same is installed twice, and OS packages such as compilers are removed in between"
		}
	}
	return ""
}

// usesOf looks through the chain once for each cache.
func usesOf(s *analyzer.Stage, cache removal) cacheUse {
	return analyzer.Remember(s.Build(), cacheKey{s, cache}, func() cacheUse { return findUses(s, cache) })
}

// cacheKey is what a cacheUse is about.
type cacheKey struct {
	stage *analyzer.Stage
	cache removal
}

func findUses(s *analyzer.Stage, cache removal) cacheUse {
	use := cacheUse{spread: map[string]bool{}}
	for _, step := range s.ChainSteps() {
		if use.fed == nil && step.Copy != nil && feeds(step.Copy, cache.dir) {
			use.fed = step
		}
	}
	for _, other := range s.Build().Stages {
		for _, step := range other.Steps {
			if use.taken == nil && step.Copy != nil && takesTree(step.Copy, s, cache.dir) {
				use.taken = step
			}
		}
	}
	part := 0 // how often OS packages were removed so far
	seen := map[string]int{}
	for _, c := range s.ChainCommands() {
		switch {
		case c.OS != nil && (c.OS.Verb == ospkg.Remove || c.OS.Verb == ospkg.AutoRemove):
			part++
		case c.Install != nil && c.Installer.Tool == cache.tool && Dir(c).Is(cache.dir):
			for _, key := range keys(c.Install) {
				if first, again := seen[key]; again && first != part {
					use.spread[key] = true
				} else if !again {
					seen[key] = part
				}
			}
		case use.used == nil && c.Installer == nil && handles(c, cache.dir):
			use.used = c.Step
		}
	}
	return use
}

// keys are what an installation has in common with others that install the same.
func keys(in *analyzer.Installation) (keys []string) {
	if len(in.Files) > 0 {
		keys = append(keys, fromFiles)
	}
	for _, r := range in.Requirements {
		keys = append(keys, r.Name+r.Location)
	}
	return keys
}

// feeds tells whether a COPY or ADD may put something into the cache directory.
func feeds(c *analyzer.Copy, dir string) bool {
	switch {
	case !c.Dest.IsKnown():
		return !c.FromContext()
	case analyzer.Under(dir, c.Dest.Text):
		return true
	case !analyzer.Under(c.Dest.Text, dir):
		return false
	case path.Base(c.Dest.Text) == ".cache":
		return true
	}
	// A tree that lies above it.
	rest := strings.TrimPrefix(strings.TrimPrefix(dir, c.Dest.Text), "/")
	for _, source := range c.Sources {
		switch {
		case c.From != nil:
			if !source.Text.IsKnown() || path.Clean(source.Text.Text) == c.Dest.Text || path.Clean(source.Text.Text) == "/" || path.Base(source.Text.Text) == ".cache" {
				return true
			}
		case !c.FromContext():
			return true
		case source.Text.IsKnown() && !source.Remote:
			// Without the context nobody can tell, and hardly anybody keeps a cache in there.
			if context := c.Step.Stage.Build().Context; context != nil && len(context.Glob(path.Join(source.Text.Text, rest))) > 0 {
				return true
			}
		}
	}
	return false
}

// takesTree tells whether a COPY takes dir, or something below or above it, out of a stage that is, or is built from, one of the chain of s.
func takesTree(c *analyzer.Copy, s *analyzer.Stage, dir string) bool {
	if c.From == nil || !slices.Contains(c.From.Chain(), s.Chain()[0]) {
		return false
	}
	return slices.ContainsFunc(c.Sources, func(source analyzer.CopySource) bool {
		return !source.Text.IsKnown() || analyzer.Under(source.Text.Text, dir) || analyzer.Under(dir, source.Text.Text)
	})
}

// handles tells whether the command copies, packs or unpacks something in dir.
func handles(c *analyzer.Command, dir string) bool {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return false
	}
	switch shell.Program(argv[0]) {
	case "cp", "mv", "tar", "rsync", "unzip", "ln", "install", "curl", "wget", "git", "aws", "gsutil":
	default:
		return false
	}
	for _, f := range argv[1:] {
		if at := c.State.Abs(f.Value); at.IsKnown() && (analyzer.Under(dir, at.Text) || at.Is(path.Dir(dir)) && path.Base(at.Text) == ".cache") {
			return true
		}
	}
	return false
}

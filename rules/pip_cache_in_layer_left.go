package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// leavesCache tells whether the command certainly leaves the installer's cache in the layer of its RUN: the cache
// is on, no mount lies over it, and nothing in the same RUN removes it.
func leavesCache(c *analyzer.Command) bool {
	if c.Install == nil || c.Installer.NoCacheDir() || c.Installer.NoIndex() || c.Install.FetchesNothing() {
		return false
	}
	switch c.Installer.Tool {
	case installer.Pip, installer.UvPip:
	case installer.Uv:
		if c.Installer.Verb != "sync" && c.Installer.Verb != "add" {
			return false
		}
	default:
		return false
	}
	if caches.CanBeOff(c) != analyzer.Yes {
		return false // a pip without the option has no cache either
	}
	option := c.Installer.NoCacheOption()
	if named := c.Installer.Tool == installer.Pip && c.Installer.Has("--cache-dir"); !named { // which wins over PIP_NO_CACHE_DIR
		if off := c.Setting(option); off.Is("true") || off.Kind == env.Unknown {
			return false
		}
	}
	dir := caches.Dir(c)
	if !dir.IsKnown() || analyzer.Under("/tmp", dir.Text) && caches.MountsOver(c.Step, "/tmp") {
		return false
	}
	// A user without an entry in passwd has HOME=/ and can't write there: pip and uv do without a cache then.
	if c.State.NonRoot() && path.Dir(dir.Text) == "/.cache" {
		return false
	}
	return !caches.MountsOver(c.Step, dir.Text) && !removes(c.Step, c, dir.Text) && !warmsCache(c) && !syncedBefore(c)
}

// warmsCache tells whether the RUN removes the environment again that it has made, so that the cache is all that it is for.
func warmsCache(c *analyzer.Command) bool {
	dir := c.Install.Dir
	if !dir.IsKnown() {
		return false
	}
	removed := analyzer.Remember(c.Step.Stage.Build(), c.Step, func() removedWhole { return wholeRemovals(c.Step) })
	for at := dir.Text; at != "/" && at != "."; at = path.Dir(at) {
		if start, ok := removed[at]; ok && start > c.Shell.Span.Start {
			return true
		}
	}
	return false
}

// removedWhole are the paths that a RUN removes with all that is below them, and where the last rm of each begins.
type removedWhole map[string]int

func wholeRemovals(step *analyzer.Step) removedWhole {
	removed := removedWhole{}
	for _, c := range step.Commands {
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) < 2 || shell.Program(argv[0]) != "rm" {
			continue
		}
		for _, f := range argv[1:] {
			if at := c.State.Abs(f.Value); at.IsKnown() && !strings.HasPrefix(f.Text(), "-") {
				removed[at.Text] = c.Shell.Span.Start
			}
		}
	}
	return removed
}

// syncedBefore tells of a `uv sync` that finds everything in the environment: an earlier one had the same options, and the project is no
// package that would be built.
func syncedBefore(c *analyzer.Command) bool {
	dirs := c.Install.ProjectDirs()
	if c.Installer.Tool != installer.Uv || c.Installer.Verb != "sync" || !c.Install.Dir.IsKnown() || len(dirs) != 1 {
		return false
	}
	meta, ok := c.Step.Stage.Build().Context.Project(dirs[0])
	if !ok || len(meta.Workspace) > 0 || meta.BuildSystem && !meta.NonPackage && !c.Installer.Has("--no-install-project") {
		return false
	}
	first := analyzer.Remember(c.Step.Stage.Build(), c.Step.Stage, func() firstSyncs {
		first := firstSyncs{}
		for _, other := range c.Step.Stage.ChainCommands() {
			if other.Install == nil || !other.Shell.Certain || other.Installer.Tool != installer.Uv || other.Installer.Verb != "sync" {
				continue
			}
			if key := choices(other); first[key] == nil {
				first[key] = other
			}
		}
		return first
	})
	return first[choices(c)] != nil && first[choices(c)] != c
}

// firstSyncs are the first of the `uv sync` of a chain that install the same.
type firstSyncs map[string]*analyzer.Command

// choices are the environment of a `uv sync` and the options that say which packages are installed.
func choices(c *analyzer.Command) string {
	chosen := []string{c.Install.Dir.Or("?")}
	for _, o := range c.Installer.Options {
		switch o.Name {
		case "--no-install-project", "--no-install-workspace", "--frozen", "--locked", "--compile-bytecode", "--link-mode", "--no-editable", "--no-progress":
		default:
			chosen = append(chosen, o.Name+"="+o.Value.Text)
		}
	}
	slices.Sort(chosen[1:])
	return strings.Join(chosen, "\x00")
}

// removes tells whether a command of the RUN at or behind c removes the directory, or may do so.
func removes(step *analyzer.Step, c *analyzer.Command, dir string) bool {
	tool := c.Installer.Tool
	last := analyzer.Remember(step.Stage.Build(), removalKey{step, tool, dir}, func() lastRemoval {
		last := lastRemoval(-1)
		for _, other := range step.Commands {
			if start := lastRemoval(other.Shell.Span.Start); start > last && (purges(other, tool) || caches.RemovesDir(other, dir)) {
				last = start
			}
		}
		return last
	})
	return int(last) >= c.Shell.Span.Start
}

// lastRemoval is where the last command of a RUN begins that removes a cache, -1 for none.
type lastRemoval int

// purges tells `pip cache purge`, `uv cache clean` and their like.
func purges(c *analyzer.Command, tool installer.Tool) bool {
	call := c.Installer
	if call == nil {
		return false
	}
	switch {
	case tool == installer.Pip:
		return call.Tool == installer.Pip && (call.Verb == "cache purge" || call.Verb == "cache remove")
	default:
		return call.Tool == installer.Uv && strings.HasPrefix(call.Verb, "cache")
	}
}

// removalKey is what a lastRemoval is about: the cache directory of a tool.
type removalKey struct {
	step *analyzer.Step
	tool installer.Tool
	dir  string
}

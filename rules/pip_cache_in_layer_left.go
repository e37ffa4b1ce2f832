package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
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
	return !caches.MountsOver(c.Step, dir.Text) && !removes(c.Step, c, dir.Text)
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

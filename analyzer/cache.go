package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// CacheDir is the directory of the installer's download cache for this command's user and environment.
// https://pip.pypa.io/en/stable/topics/caching/ and https://docs.astral.sh/uv/concepts/cache/
func (c *Command) CacheDir() env.Value {
	name := ""
	switch c.Installer.Tool {
	case installer.Pip:
		name = "pip"
	case installer.Uv, installer.UvPip:
		name = "uv"
	default:
		return env.Doubtful()
	}
	if dir, ok := c.Installer.CacheDir(); ok {
		return c.State.Abs(dir)
	}
	if v, variable := c.Installer.EnvironmentOption("--cache-dir", c.State.Lookup); v.IsKnown() {
		return c.State.Abs(v)
	} else if v.Kind == env.Unknown && c.State.Sets(variable) {
		return env.Doubtful()
	}
	if v := c.State.Lookup("XDG_CACHE_HOME"); v.IsKnown() && v.Text != "" {
		return env.Of(path.Join(v.Text, name))
	}
	home := c.State.Home()
	if !home.IsKnown() {
		return env.Doubtful()
	}
	return env.Of(path.Join(home.Text, ".cache", name))
}

// LeavesCache tells whether the command certainly leaves the installer's cache in the layer of its RUN: the cache
// is on, no mount lies over it, and nothing in the same RUN removes it.
func (c *Command) LeavesCache() bool {
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
	if c.UnderstandsNoCache() != Yes {
		return false // a pip without the option has no cache either
	}
	option := c.Installer.NoCacheOption()
	if named := c.Installer.Tool == installer.Pip && c.Installer.Has("--cache-dir"); !named { // which wins over PIP_NO_CACHE_DIR
		if off := c.Setting(option); off.Is("true") || off.Kind == env.Unknown {
			return false
		}
	}
	dir := c.CacheDir()
	if !dir.IsKnown() || Under("/tmp", dir.Text) && c.Step.mountsOver("/tmp") {
		return false
	}
	// A user without an entry in passwd has HOME=/ and can't write there: pip and uv do without a cache then.
	if c.State.NonRoot() && path.Dir(dir.Text) == "/.cache" {
		return false
	}
	return !c.Step.mountsOver(dir.Text) && !c.Step.removes(c, dir.Text)
}

// FetchesNothing tells whether everything that is installed is on disk already: wheels, or projects that are built
// without an environment of their own for the build, and no dependencies.
func (in *Installation) FetchesNothing() bool {
	if !in.Call.NoDeps() || len(in.Files) > 0 || len(in.Requirements) == 0 {
		return false
	}
	for _, r := range in.Requirements {
		switch {
		case r.Kind == installer.Archive && strings.HasSuffix(r.Location, ".whl"):
		case (r.Kind == installer.Archive || r.Kind == installer.Local) && in.Call.Has("--no-build-isolation"):
		default:
			return false
		}
	}
	return true
}

// mountsOver tells whether a --mount of the RUN keeps what is written to dir out of the layer, or may do so.
func (step *Step) mountsOver(dir string) bool {
	for _, m := range step.Mounts() {
		// What is written to a bind mount is lost, or can't be written at all.
		if !m.Target.IsKnown() || Under(m.Target.Text, dir) && (m.Type == "cache" || m.Type == "tmpfs" || m.Type == "bind") {
			return true
		}
		// A cache mount somewhere in the cache, such as ~/.cache/pip/http, shows that somebody thought of it. So does one for
		// the cache of another user: there it is the mount that is wrong.
		if m.Type == "cache" && (Under(dir, m.Target.Text) || IsCacheName(path.Base(m.Target.Text))) {
			return true
		}
	}
	return false
}

// mountedOver tells whether a --mount of the RUN lies over p: what is written there is not in the layer.
func (step *Step) mountedOver(p string) bool {
	for _, m := range step.Mounts() {
		if m.Target.IsKnown() && Under(m.Target.Text, p) {
			return true
		}
	}
	return false
}

// IsCacheName tells the last elements of the directories that pip and uv keep their caches in.
func IsCacheName(name string) bool { return name == ".cache" || name == "pip" || name == "uv" }

// removal is an installer's cache directory that a RUN may remove.
type removal struct {
	tool installer.Tool
	dir  string
}

// removes tells whether a command of the RUN at or behind c removes the directory, or may do so.
func (step *Step) removes(c *Command, dir string) bool {
	key := removal{c.Installer.Tool, dir}
	last, known := step.removals[key]
	if !known {
		last = -1
		for _, other := range step.Commands {
			if other.Shell.Span.Start > last && (other.purges(key.tool) || other.removesDir(dir)) {
				last = other.Shell.Span.Start
			}
		}
		if step.removals == nil {
			step.removals = map[removal]int{}
		}
		step.removals[key] = last
	}
	return last >= c.Shell.Span.Start
}

// purges tells `pip cache purge`, `uv cache clean` and their like.
func (c *Command) purges(tool installer.Tool) bool {
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

// removesDir tells whether the command is an rm or find that takes dir, a directory above it, or everything in it away.
func (c *Command) removesDir(dir string) bool {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return false
	}
	program := shell.Program(argv[0])
	if program != "rm" && program != "find" {
		return false
	}
	for _, f := range argv[1:] {
		if !f.Value.IsKnown() {
			return true
		}
		text := f.Text()
		if strings.HasPrefix(text, "-") || text == "" {
			continue
		}
		at := c.State.Abs(env.Of(text))
		if !at.IsKnown() || matchesAbove(at.Text, dir) {
			return true
		}
		// A part of the cache is removed on purpose: whoever does that has measured it.
		if Under(dir, at.Text) {
			return true
		}
	}
	return false
}

// matchesAbove tells whether the shell pattern names dir or a directory above it.
func matchesAbove(pattern, dir string) bool {
	if pattern == "/" {
		return true
	}
	want, have := strings.Split(pattern, "/"), strings.Split(dir, "/")
	if len(want) > len(have) {
		return false
	}
	for i, part := range want {
		if ok, err := path.Match(part, have[i]); err != nil || !ok {
			return false
		}
	}
	return true
}

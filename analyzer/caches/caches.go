// Package caches says what the build keeps for its next installation: the download caches of Python's installers and the package lists of the
// operating system's manager. Who fills them, who reads them, what switches them off, and what takes them away again.
package caches

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// Dir is the directory of the installer's download cache for this command's user and environment.
// https://pip.pypa.io/en/stable/topics/caching/ and https://docs.astral.sh/uv/concepts/cache/
func Dir(c *analyzer.Command) env.Value {
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

// MountsOver tells whether a --mount of the RUN keeps what is written to dir out of the layer, or may do so.
func MountsOver(step *analyzer.Step, dir string) bool {
	for _, m := range step.Mounts() {
		// What is written to a bind mount is lost, or can't be written at all.
		if !m.Target.IsKnown() || analyzer.Under(m.Target.Text, dir) && (m.Type == "cache" || m.Type == "tmpfs" || m.Type == "bind") {
			return true
		}
		// A cache mount somewhere in the cache, such as ~/.cache/pip/http, shows that somebody thought of it. So does one for
		// the cache of another user: there it is the mount that is wrong.
		if m.Type == "cache" && (analyzer.Under(dir, m.Target.Text) || IsName(path.Base(m.Target.Text))) {
			return true
		}
	}
	return false
}

// IsName tells the last elements of the directories that pip and uv keep their caches in.
func IsName(name string) bool { return name == ".cache" || name == "pip" || name == "uv" }

// RemovesDir tells whether the command is an rm or find that takes dir, a directory above it, or everything in it away.
func RemovesDir(c *analyzer.Command, dir string) bool {
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
		if analyzer.Under(dir, at.Text) {
			return true
		}
	}
	return false
}

// CanBeOff tells whether the program that the command calls has an option that switches its cache off: pip's --no-cache-dir, uv's
// --no-cache, apk's --no-cache. Maybe where the image may be so old that it can't be told.
func CanBeOff(c *analyzer.Command) analyzer.Presence {
	switch {
	case c.OS != nil && c.OS.Manager == ospkg.Apk:
		if c.State.Image().ApkRefreshes() {
			return analyzer.Yes
		}
		if c.State.Image().Distro == "alpine" && c.State.Image().Release != "" {
			return analyzer.No
		}
		return analyzer.Maybe
	case c.Installer == nil:
		return analyzer.Maybe
	case c.Installer.Tool == installer.Pip:
		return pipIsAtLeast(c, pipNoCacheDir)
	}
	return analyzer.Yes
}

// pipIsAtLeast tells whether the pip that runs is of that release or newer, one of before 2017: an unfamiliar image that doesn't look older is
// taken for one that has it.
func pipIsAtLeast(c *analyzer.Command, wanted string) analyzer.Presence {
	base := c.State.Image()
	if !base.MayBeOld() {
		return analyzer.Yes
	}
	pip := c.ToolRelease("pip")
	switch {
	case (c.Install != nil && c.Install.Place == analyzer.VirtualEnv || pipOfAnother(c) || c.OtherPython()):
		return analyzer.Maybe // a virtual environment, or an interpreter from elsewhere, brings a pip of its own
	case pip.Version != "":
		if version.Compare(pip.Version, wanted) < 0 {
			return analyzer.No
		}
		return analyzer.Yes
	case pip.Newest:
		return analyzer.Yes
	case pip.By == nil && image.DistroPip(base.Distro, base.Release) != "":
		return analyzer.No
	}
	return analyzer.Maybe
}

// pipNoCacheDir is the release of December 2014 that brought --no-cache-dir.
const pipNoCacheDir = "6.0"

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

// pipOfAnother tells whether pip is called for an interpreter that is named by another version than the distribution's.
func pipOfAnother(c *analyzer.Command) bool {
	hint := c.Installer.InterpreterHint()
	python := c.State.Python()
	return strings.Contains(hint, ".") && hint != "2.7" && (python == nil || hint != python.Minor) || strings.Contains(c.Installer.Program.Text(), "/")
}

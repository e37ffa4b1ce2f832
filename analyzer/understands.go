package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// Options that fixes write and that programs of images in use do not have: pip has --no-cache-dir since 6.0 (December 2014), conda's clean
// has -f since 4.6 (January 2019), apk has --no-cache since Alpine 3.3.
const (
	pipNoCacheDir  = "6.0"
	condaForceDirs = "4.6"
)

// UnderstandsNoCache tells whether the program that the command calls has an option that switches its cache off: pip's --no-cache-dir, uv's
// --no-cache, apk's --no-cache. Maybe where the image may be so old that it can't be told.
func (c *Command) UnderstandsNoCache() Presence {
	switch {
	case c.OS != nil && c.OS.Manager == ospkg.Apk:
		if c.State.Image().ApkRefreshes() {
			return Yes
		}
		if c.State.Image().Distro == "alpine" && c.State.Image().Release != "" {
			return No
		}
		return Maybe
	case c.Installer == nil:
		return Maybe
	case c.Installer.Tool == installer.Pip:
		return c.pipIsAtLeast(pipNoCacheDir)
	}
	return Yes
}

// pipIsAtLeast tells whether the pip that runs is of that release or newer, one of before 2017: an unfamiliar image that doesn't look older is
// taken for one that has it.
func (c *Command) pipIsAtLeast(version string) Presence {
	base := c.State.Image()
	if !base.MayBeOld() {
		return Yes
	}
	pip := c.ToolRelease("pip")
	switch {
	case (c.Install != nil && c.Install.Place == VirtualEnv || c.pipOfAnother() || c.OtherPython()):
		return Maybe // a virtual environment, or an interpreter from elsewhere, brings a pip of its own
	case pip.Version != "":
		if CompareVersions(pip.Version, version) < 0 {
			return No
		}
		return Yes
	case pip.Newest:
		return Yes
	case pip.By == nil && image.DistroPip(base.Distro, base.Release) != "":
		return No
	}
	return Maybe
}

// pipOfAnother tells whether pip is called for an interpreter that is named by another version than the distribution's.
func (c *Command) pipOfAnother() bool {
	hint := c.Installer.InterpreterHint()
	python := c.State.Python()
	return strings.Contains(hint, ".") && hint != "2.7" && (python == nil || hint != python.Minor) || strings.Contains(c.Installer.Program.Text(), "/")
}

// CleanOptions are the options with which the conda that runs removes its package cache without asking: -f, which removes the directories of
// packages that are in use as well, is newer than some images.
func (c *Command) CleanOptions() string {
	if strings.HasSuffix(c.Installer.Program.Text(), "mamba") {
		return "-afy"
	}
	conda := c.ToolRelease("conda")
	if conda.Newest || conda.Version != "" && CompareVersions(conda.Version, condaForceDirs) >= 0 {
		return "-afy"
	}
	return "-tipy" // all releases have these
}

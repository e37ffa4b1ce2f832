package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// cleanOptions are the options with which the conda that runs removes its package cache without asking: -f, which removes the directories of
// packages that are in use as well, is newer than some images.
func cleanOptions(c *analyzer.Command) string {
	if strings.HasSuffix(c.Installer.Program.Text(), "mamba") {
		return "-afy"
	}
	conda := c.ToolRelease("conda")
	if conda.Newest || conda.Version != "" && version.Compare(conda.Version, condaForceDirs) >= 0 {
		return "-afy"
	}
	return "-tipy" // all releases have these
}

// condaForceDirs is the release of January 2019 that brought -f of clean.
const condaForceDirs = "4.6"

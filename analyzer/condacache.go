package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// LeavesCondaCache gives the first command of a RUN with which conda, mamba or micromamba leaves the packages that it has fetched in
// the layer, nil when there is none: nothing later in the RUN cleans up, and no mount lies over a directory of packages.
func (step *Step) LeavesCondaCache() *Command {
	for _, m := range step.Mounts() {
		if (m.Type == "cache" || m.Type == "tmpfs") && (!m.Target.IsKnown() || strings.Contains(m.Target.Text, "pkgs") || strings.Contains(m.Target.Text, "conda") || strings.Contains(m.Target.Text, "mamba")) {
			return nil
		}
	}
	var found *Command
	for _, c := range step.Commands {
		switch {
		case c.Installer != nil && c.Installer.Tool == installer.Conda && c.Install != nil && (c.Shell.Certain || c.Shell.Attempted):
			if found == nil && !c.Installer.Has("--dry-run") {
				found = c
			}
		case c.hasText("clean") || c.hasText("pkgs"):
			// conda clean, clean-layer.sh, rm -rf /opt/conda/pkgs
			return nil
		}
	}
	return found
}

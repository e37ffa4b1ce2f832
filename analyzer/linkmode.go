package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// LinksAcrossMount finds the first command of the RUN with which uv installs from a cache below a cache mount, in the default link mode.
func (step *Step) LinksAcrossMount() (c *Command, mount Mount, ok bool) {
	for _, c := range step.Commands {
		if c.Install == nil || c.Installer.Tool != installer.Uv && c.Installer.Tool != installer.UvPip || c.Installer.NoCacheDir() {
			continue
		}
		if c.Installer.Has("--link-mode") || c.Setting("--link-mode").Kind != env.Unset || c.Setting("--no-cache").Is("true") {
			continue
		}
		dir := c.CacheDir()
		if !dir.IsKnown() {
			continue
		}
		for _, m := range step.Mounts() {
			if m.Type == "cache" && m.Target.IsKnown() && under(m.Target.Text, dir.Text) && !(c.Install.Dir.IsKnown() && under(m.Target.Text, c.Install.Dir.Text)) {
				return c, m, true
			}
		}
	}
	return nil, Mount{}, false
}

package multistage

import (
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// readsCopied tells whether something in the builder may read what a COPY brings: nothing does where pip installs named packages, alone or from
// files that a COPY of their own brings, and no other command stands in the builder.
func (c *conversion) readsCopied(copied *analyzer.Step) bool {
	workdir := copied.Before.Workdir
	if to := copied.Copy.Dest; !to.IsKnown() || !workdir.IsKnown() || workdir.Text == "/" || !analyzer.Under(path.Clean(workdir.Text), path.Clean(to.Text)) {
		return true // a pip.conf, a certificate, a list of package sources
	}
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.at&inBuilder == 0 || one.packages || one.follows != itself {
				continue
			}
			for _, command := range commandsIn(p.step, one.span) {
				if in := command.Install; in == nil || !c.onlyNamed(in, copied) {
					return true
				}
			}
		}
	}
	return false
}

// onlyNamed tells whether an installation reads no file but those that another COPY than the given one brings on its own, and no project.
func (c *conversion) onlyNamed(in *analyzer.Installation, copied *analyzer.Step) bool {
	if !in.Call.ReadsLists() {
		return false
	}
	for _, option := range []string{"--cert", "--client-cert", "--find-links", "--constraint", "--requirement"} {
		if in.Command.Setting(option).Text != "" {
			return false
		}
	}
	for _, name := range []string{"PIP_CONFIG_FILE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NETRC"} {
		if in.Command.State.Lookup(name).Text != "" {
			return false
		}
	}
	if slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return r.Kind != installer.Named }) {
		return false
	}
	for _, use := range slices.Concat(in.Files, in.Constraints) {
		lines, complete := c.build.Context.AllRequirements(use.InContext)
		if use.InContext == "" || !complete || slices.ContainsFunc(lines, func(l project.RequirementLine) bool { return l.Requirement.Kind != installer.Named }) || !c.copiedAlone(use.InContext, copied) {
			return false
		}
		if file, ok := c.build.Context.Requirements(use.InContext); !ok || len(file.Includes) > 0 || len(file.Options) > 0 {
			return false
		}
	}
	return true
}

// copiedAlone tells whether a COPY of nothing but dependency files, which the builder has, brings this file of the context.
func (c *conversion) copiedAlone(file string, not *analyzer.Step) bool {
	return slices.ContainsFunc(c.steps, func(p *placed) bool {
		return p.step != not && p.step.Copy != nil && p.step.Copy.FromContext() && p.at&inBuilder != 0 && c.onlyDependencies(p.step.Copy) &&
			slices.ContainsFunc(p.step.Copy.Sources, func(s analyzer.CopySource) bool { return path.Clean(s.Text.Text) == path.Clean(file) })
	})
}

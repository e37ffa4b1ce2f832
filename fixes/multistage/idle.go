package multistage

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// readsCopied tells whether something in the builder may read what a COPY brings: nothing does where pip installs named packages, alone or from
// files that a COPY of their own brings, and no other command stands in the builder.
func (c *conversion) readsCopied(copied *analyzer.Step) bool {
	return c.reads(copied, copied)
}

// reads is readsCopied for what else than requirements files a COPY brings; what the COPY other brings does not count as brought.
func (c *conversion) reads(copied, other *analyzer.Step) bool {
	workdir, to := copied.Before.Workdir, copied.Copy.Dest
	if !to.IsKnown() || !workdir.IsKnown() {
		return true
	}
	service := ""
	if !forServices.MatchString(workdir.Text) {
		service = forServices.FindString(to.Text)
	}
	switch {
	case service != "":
	case workdir.Text == "/":
		if to.Text != "/" || slices.ContainsFunc(copied.Copy.Sources, func(s analyzer.CopySource) bool { return path.Ext(s.Text.Text) != ".py" && !c.isDependency(s) }) {
			return true
		}
	case !analyzer.Under(path.Clean(workdir.Text), path.Clean(to.Text)):
		return true // a pip.conf, a certificate, a list of package sources
	}
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.at&inBuilder == 0 || one.packages || one.follows != itself {
				continue
			}
			for _, command := range commandsIn(p.step, one.span) {
				if in := command.Install; in == nil || (service == "" || strings.Contains(c.doc.File.Text(command.Shell.Span), service)) && !c.onlyNamed(in, other) {
					return true
				}
			}
		}
	}
	return false
}

// forServices matches directories that only the services read that they are named after.
var forServices = pattern.New(`^/etc/(?:supervisor|nginx|uwsgi|cron|crontabs|systemd|logrotate|redis|apache2)`)

// onlyNamed tells whether an installation reads no file but those that another COPY than the given one brings by name, and no project.
func (c *conversion) onlyNamed(in *analyzer.Installation, copied *analyzer.Step) bool {
	if !in.Call.ReadsLists() {
		return false
	}
	for _, option := range strings.Fields("--cert --client-cert --find-links --constraint --requirement") {
		if in.Command.Setting(option).Text != "" {
			return false
		}
	}
	for _, name := range strings.Fields("PIP_CONFIG_FILE SSL_CERT_FILE REQUESTS_CA_BUNDLE NETRC") {
		if in.Command.State.Lookup(name).Text != "" {
			return false
		}
	}
	if slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return r.Kind != installer.Named && r.Kind != installer.URL }) {
		return false
	}
	for _, use := range slices.Concat(in.Files, in.Constraints) {
		if use.InContext == "" || !c.copiedByName(use.InContext, copied) {
			return false
		}
		file, ok := c.build.Context.Requirements(use.InContext)
		if !ok || len(file.Includes)+len(file.Options) > 0 || slices.ContainsFunc(file.Lines, func(l project.RequirementLine) bool { return l.Requirement.Kind != installer.Named }) {
			return false
		}
	}
	return true
}

// copiedByName tells whether another COPY of the builder names this file of the context.
func (c *conversion) copiedByName(file string, not *analyzer.Step) bool {
	has := inBuilder
	if c.base == "" {
		has |= inBase // which the builder is built from, or what of it is read is repeated there
	}
	return slices.ContainsFunc(c.steps, func(p *placed) bool {
		return p.step != not && p.step.Copy != nil && p.step.Copy.FromContext() && p.at&has != 0 &&
			slices.ContainsFunc(p.step.Copy.Sources, func(s analyzer.CopySource) bool { return path.Clean(s.Text.Text) == path.Clean(file) })
	})
}

// narrowed is a COPY of the builder without the sources that nothing there reads, where it brings them beside requirements files.
func (c *conversion) narrowed(p *placed, text string) string {
	copied := p.step.Copy
	if copied == nil || !copied.FromContext() || p.at&^inBuilder == 0 || p.step.Instruction.JSON {
		return text
	}
	var edits []analyzer.Edit
	for _, s := range copied.Sources {
		if !c.isDependency(s) {
			edits = append(edits, fixes.DeleteWord(c.doc, s.Span))
		}
	}
	if len(edits) == 0 || len(edits) == len(copied.Sources) || c.reads(p.step, nil) {
		return text
	}
	return c.edited(p.step.Instruction.Span, edits)
}

// leaveArguments gives to the builder alone the ARGs that nothing in the other stages mentions, and that no program there may ask for: where the
// value is a password, the history of the final image does not have it then.
func (c *conversion) leaveArguments() {
	for i, p := range c.steps {
		if p.at != inBase || p.step.Instruction.Keyword != "ARG" {
			continue
		}
		set, asked := variablesSet(p.step), false
		for _, later := range c.steps[i+1:] {
			asked = asked || c.mayAsk(later, set)
		}
		if !asked {
			p.at = inBuilder
		}
	}
}

// mayAsk tells whether what the base and the final stage have of a step mentions one of some variables, or may ask for it as a program does that
// reads its environment.
func (c *conversion) mayAsk(p *placed, names []string) bool {
	mentions := func(text string) bool {
		return slices.ContainsFunc(variablesIn(text), func(name string) bool { return slices.Contains(names, name) })
	}
	if len(p.pieces) == 0 {
		return p.at&(inBase|inRuntime) != 0 && mentions(c.doc.File.Text(p.step.Instruction.Span))
	}
	for _, one := range p.pieces {
		if one.at&(inBase|inRuntime) == 0 || one.follows == dropped {
			continue
		}
		if mentions(c.doc.File.Text(one.span)) {
			return true
		}
		for _, command := range commandsIn(p.step, one.span) {
			switch command.Concern() {
			case analyzer.Files, analyzer.Accounts, analyzer.Nothing, analyzer.ShellState, analyzer.IndexCleanup:
			default:
				return true
			}
		}
	}
	return false
}

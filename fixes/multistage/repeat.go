package multistage

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// A builder of a full image is not built from the base stage: what the installations may need of that is written there, too.

// repeatExpanded gives the builder the variables of an ENV that was left out of it, where something there mentions them.
func (c *conversion) repeatExpanded() {
	for i, p := range c.steps {
		if p.at != inBase || p.step.Instruction.Keyword != "ENV" {
			continue
		}
		set := variablesSet(p.step)
		for _, later := range c.steps[i+1:] {
			texts := []string{c.doc.File.Text(later.step.Instruction.Span)}
			if len(later.pieces) > 0 {
				texts = nil
			}
			for _, one := range later.pieces {
				if one.at&inBuilder != 0 {
					texts = append(texts, c.doc.File.Text(one.span))
				}
			}
			names := variablesIn(strings.Join(texts, "\n"))
			if (later.at&inBuilder != 0 || len(later.pieces) > 0) && slices.ContainsFunc(names, func(name string) bool { return slices.Contains(set, name) }) {
				p.at |= inBuilder
				break
			}
		}
	}
}

// idleInBuilder are variables that only a running application reads.
const idleInBuilder = " PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PORT HOST FLASK_APP FLASK_ENV FLASK_DEBUG FLASK_RUN_HOST FLASK_RUN_PORT " +
	"DJANGO_SETTINGS_MODULE TZ DEBUG LOG_LEVEL PYTHONFAULTHANDLER PYTHONHASHSEED "

// setsClock matches a command that says which time zone the image is in, which no installation asks.
var setsClock = pattern.New(`^(?:ln|cp|echo|printf|rm)\s[^;&|]*/etc/(?:localtime|timezone)$`)

// forRunning matches programs that only a running container needs.
var forRunning = pattern.New(`\b(?:gosu|su-exec|tini|dumb-init|s6-overlay|wait-for-it|dockerize|chromedriver|geckodriver)\b`)

// repeatInBuilder gives the builder, which is not built from the base stage then, what the installations may need of that.
func (c *conversion) repeatInBuilder(p *placed) {
	in := p.step.Instruction
	switch {
	case in.Keyword == "ENV" && !slices.ContainsFunc(in.Pairs, func(pair dockerfile.Pair) bool { return !strings.Contains(idleInBuilder, " "+pair.Key+" ") }):
		return
	case in.Keyword != "RUN":
		if p.at == inBase && p.step.Copy == nil {
			p.at |= inBuilder
		}
		return
	}
	for i := range p.pieces {
		if one := &p.pieces[i]; one.packages && one.at&inBase != 0 && c.repeatPackages(p.step, one) && len(p.pieces) > 1 {
			c.settleFollowers(p)
		}
	}
	if forRunning.MatchString(c.doc.File.Text(in.Span)) {
		return
	}
	for i := range p.pieces {
		one := &p.pieces[i]
		system := one.packages || one.follows == systemBehind || one.follows == systemBefore
		if one.at&inBase == 0 || system {
			continue
		}
		for _, command := range commandsIn(p.step, one.span) {
			leans := leansOn(command)
			switch command.Concern() {
			case analyzer.Accounts:
				if !c.copiesForUsers() {
					return
				}
			case analyzer.Nothing, analyzer.ShellState:
				continue
			case analyzer.Files:
				if leans == theirSettings || c.idleDirectory(command) || setsClock.MatchString(c.doc.File.Text(one.span)) {
					continue
				}
			}
			one.at |= inBuilder
			if leans == theirFiles {
				c.repeatAllPackages(command)
			}
		}
	}
}

// idleDirectory tells whether the command only makes directories of which nothing in the builder speaks before a COPY or WORKDIR makes them.
func (c *conversion) idleDirectory(command *analyzer.Command) bool {
	if len(command.Argv) == 0 || command.Argv[0].Text() != "mkdir" {
		return false
	}
	for _, f := range command.Argv[1:] {
		if !f.Value.IsKnown() || !strings.HasPrefix(f.Text(), "-") && c.speaksOf(f.Text(), command) {
			return false
		}
	}
	return true
}

// speaksOf tells whether something in the builder speaks of a directory that the command makes, before another instruction makes it.
func (c *conversion) speaksOf(dir string, command *analyzer.Command) bool {
	for _, p := range c.steps[command.Step.Index:] {
		made := c.after(p.step)
		if p.step.Copy != nil {
			made = p.step.Copy.Dest
		}
		if p.step != command.Step && p.at&(inBase|inBuilder) != 0 && made.IsKnown() && analyzer.Under(dir, made.Text) {
			return false
		}
		for _, one := range p.pieces {
			if one.at&inBuilder != 0 && strings.Contains(c.doc.File.Text(one.span), dir) {
				return true
			}
		}
	}
	return false
}

// copiesForUsers tells whether a COPY of the builder gives files to a user by name.
func (c *conversion) copiesForUsers() bool {
	return slices.ContainsFunc(c.steps, func(p *placed) bool {
		_, chown := p.step.Instruction.Flag("chown")
		return chown && p.at&inBuilder != 0
	})
}

// lean is what a command needs of the OS packages that are installed before it.
type lean uint8

const (
	ownFeet       lean = iota
	theirSettings      // only what services and the system read, of no use for an installation
	theirFiles         // programs, libraries or headers
)

var (
	// settings are the directories of what services and the system read.
	settings = pattern.New(`^/(?:etc|var|run|srv)/`)
	// ofInstallers are what pip, git and apt read there.
	ofInstallers = pattern.New(`^/etc/(?:pip|ssl|pki|ca-certificates|apt|ld\.so|gitconfig|hosts)`)
	// packaged are the directories of packages.
	packaged = pattern.New(`^/usr/(?:lib|include|share|s?bin)/`)
)

// leansOn tells what a command needs of OS packages: its program, and the paths that it names and does not make itself.
func leansOn(command *analyzer.Command) lean {
	_, _, argv, _ := shell.Unwrap(command.Argv)
	if len(argv) == 0 || !argv[0].Value.IsKnown() {
		return ownFeet
	}
	byPackages := func(a analyzer.Answer) bool {
		return a.Command != nil && (a.Command.OS != nil || program.Is(programOf(a.Command), program.Settings))
	}
	name := shell.Program(argv[0])
	switch {
	case program.Is(name, program.Settings):
		return theirSettings
	case byPackages(command.FindProgram(argv[0].Text()).Answer), byPackages(command.FindProgram(command.Argv[0].Text()).Answer): // sudo, too
		return theirFiles
	case name == "mkdir":
		return ownFeet
	}
	var paths []string
	for _, f := range argv[1:] {
		if text := f.Text(); f.Value.IsKnown() && path.IsAbs(text) {
			paths = append(paths, path.Clean(text))
		}
	}
	for _, r := range command.Shell.Redirects {
		if r.Target == nil {
			continue
		}
		if to := r.Target.Value(command.State.Lookup); to.IsKnown() && path.IsAbs(to.Text) {
			paths = append(paths, path.Dir(path.Clean(to.Text)))
		}
	}
	found := ownFeet
	for _, p := range paths {
		switch ofSettings := settings.MatchString(p) && !ofInstallers.MatchString(p); {
		case !ofSettings && !packaged.MatchString(p) || !byPackages(command.HasPath(p)):
		case ofSettings:
			found = theirSettings
		default:
			return theirFiles
		}
	}
	return found
}

// programOf is the base name of the program that a command calls, "" for none.
func programOf(command *analyzer.Command) string {
	if _, _, argv, _ := shell.Unwrap(command.Argv); len(argv) > 0 {
		return shell.Program(argv[0])
	}
	return ""
}

// repeatAllPackages gives the builder all OS packages that are installed before a command.
func (c *conversion) repeatAllPackages(command *analyzer.Command) {
	for _, p := range c.steps {
		for i := range p.pieces {
			one := &p.pieces[i]
			if !one.packages || one.at&inBase == 0 || one.span.Start > command.Shell.Span.Start {
				continue
			}
			one.at |= inBuilder
			delete(one.rewrites, inBuilder)
		}
		if len(p.pieces) > 1 {
			c.settleFollowers(p)
		}
	}
}

// repeatPackages gives a builder that is not built from the base stage what stays there and building may need: headers of which not all is known, or
// which the application needs when it runs, and what no name tells. It tells whether that is anything.
func (c *conversion) repeatPackages(step *analyzer.Step, one *piece) bool {
	all := commandsIn(step, one.span)
	if len(all) != 1 || all[0].OS == nil || all[0].OS.Verb != ospkg.Install {
		return false
	}
	call := all[0].OS
	stays := func(p ospkg.Package) bool { return !slices.Contains(one.leaves, c.doc.File.Text(p.Span)) }
	builds := func(p ospkg.Package) bool {
		if !c.named(p) {
			return true
		}
		return ospkg.ClassOf(c.stage.Image.Distro, p.Name) == ospkg.BuildOnly && c.stage.Image.HasPackage(p.Name) != image.Yes
	}
	switch {
	case call.Opaque != "":
		one.at |= inBuilder
		return true
	case !slices.ContainsFunc(call.Packages, func(p ospkg.Package) bool { return stays(p) && builds(p) }):
		return false
	}
	one.at |= inBuilder
	one.rewrites[inBuilder] = c.withPackages(one.span, call.Packages, func(i int) []string {
		if p := call.Packages[i]; !stays(p) || builds(p) {
			return []string{c.doc.File.Text(p.Span)}
		}
		return nil
	})
	return true
}

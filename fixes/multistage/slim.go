package multistage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// narrowBase builds the base stage, and with it the final one, from the slim variant of a full Python image. Where it is not known what the
// packages or the sources need at run time, the reason says so, and the user has to try it. Where a command of the final stage may need more
// than slim has, the build itself might fail: then all stay on the full image.
func (c *conversion) narrowBase() string {
	written := c.stage.From.Args[0].Text
	slim, ok := c.stage.Image.SlimVariant(written)
	switch {
	case c.build.Settings.RuntimeImage == "same":
		return ""
	case !ok && c.stage.Image.BuildTools && c.stage.Image.Reference.Digest != "":
		c.sameImage = "the digest of the slim variant is not known"
		return ""
	case !ok:
		return ""
	}
	decided := c.build.Settings.RuntimeImage == "slim"
	if line := c.mayNeedTools(); line != "" && !decided {
		c.sameImage = fmt.Sprintf("%s may need more than %s has", line, slim)
		return ""
	}
	found := c.systemNeeds()
	if len(found.linked) > 0 && !decided {
		c.sameImage = fmt.Sprintf("%s is built with libraries that %s lacks", found.linked[0], slim)
		return ""
	}
	packages, unknown := found.packages, found.unknown
	tools, calls := c.needsOfFullImage()
	for _, name := range tools {
		if !slices.Contains(packages, name) && !c.stage.After.HasOSPackage(name) {
			packages = append(packages, name)
		}
	}
	if unknown = append(unknown, calls...); len(unknown) > 0 && !decided {
		c.unsure = words.List(unknown) + " may need more"
	}
	c.base = slim
	c.libraries = packages
	c.runtimes = append(c.runtimes, packages...)
	for i, p := range c.steps {
		c.repeatInBuilder(p)
		if at := c.updatedFor(i); at != 0 {
			c.placeUpdate(i, at)
		}
	}
	for _, p := range c.steps {
		if p.step.Copy != nil && p.at == inBase && c.readsCopied(p.step) {
			p.at |= inBuilder
		}
	}
	c.repeatExpanded()
	return ""
}

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

// mayNeedTools is the line of a command in the base or the final stage that runs a program of which nothing is known.
func (c *conversion) mayNeedTools() string {
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.at&(inBase|inRuntime) == 0 || one.follows == dropped || one.packages {
				continue
			}
			for _, command := range commandsIn(p.step, one.span) {
				if command.Concern() == analyzer.Unclear {
					return c.lineOf(p.step.Instruction)
				}
			}
		}
	}
	return ""
}

// calledProgram matches the name of a program that Python code calls.
var calledProgram = pattern.New(`(?:\bsubprocess\.\w+|\bos\.(?:system|popen)|\bPopen|\bcheck_output|\bcheck_call)\(\s*\[?\s*f?["'](\w+)`)

// needsOfFullImage are the OS packages of programs that something besides the Python packages calls and that only the full image has; unknown
// names what may call more than can be told.
func (c *conversion) needsOfFullImage() (packages, unknown []string) {
	switch file, read := callsOut(c.build); {
	case !read:
		unknown = append(unknown, "the application")
	case file != "":
		unknown = append(unknown, file)
		if content, ok := c.build.Context.Read(file); ok {
			for _, m := range calledProgram.FindAllStringSubmatch(string(content), -1) {
				packages = append(packages, needs.ToolPackages(m[1])...)
			}
		}
	}
	texts, complete := c.stage.StartTexts()
	if !complete {
		unknown = append(unknown, "the start command")
	}
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.at&(inBase|inRuntime) == 0 || one.follows == dropped || one.packages {
				continue
			}
			for _, command := range commandsIn(p.step, one.span) {
				if command.OS == nil {
					texts = append(texts, c.doc.File.Text(command.Shell.Span))
				}
			}
		}
	}
	for _, text := range texts {
		packages = append(packages, needs.ToolPackages(text)...)
	}
	slices.Sort(packages)
	return slices.Compact(packages), unknown
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
			switch command.Concern() {
			case analyzer.Accounts:
				if !c.copiesForUsers() {
					return
				}
				one.at |= inBuilder
			case analyzer.Nothing, analyzer.ShellState:
			case analyzer.Files:
				if !c.idleDirectory(command) && !setsClock.MatchString(c.doc.File.Text(one.span)) {
					one.at |= inBuilder
				}
			default:
				one.at |= inBuilder
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

// writeLibraries installs in the base stage what the slim image lacks.
func (c *conversion) writeLibraries(w *stageWriter) {
	if len(c.libraries) == 0 || c.joinLibraries() {
		return
	}
	w.line(fixes.KeywordCase(c.doc, "RUN") + " " + c.aptInstall(strings.Join(c.libraries, " ")))
}

// aptInstall is the code that installs packages.
func (c *conversion) aptInstall(packages string) string {
	next := " \\\n" + fixes.Indent(c.doc) + "&& "
	return "apt-get update" + next + "apt-get install -y --no-install-recommends " + packages + next + "rm -rf /var/lib/apt/lists/*"
}

// joinLibraries names them in the installation that the base stage begins with.
func (c *conversion) joinLibraries() bool {
	for _, p := range c.steps {
		for i := range p.pieces {
			one := &p.pieces[i]
			if one.at&inBase == 0 || one.follows != itself {
				continue
			}
			if !one.packages {
				return false // it may call what they bring
			}
			command := commandsIn(p.step, one.span)[0]
			call := command.OS
			if call.Manager != ospkg.Apt || call.Verb != ospkg.Install || call.Opaque != "" || command.OtherArchive() || !command.Shell.Exact || !command.Shell.Certain || len(call.Packages) == 0 {
				return false
			}
			text := cmp.Or(one.rewrites[inBase], c.doc.File.Text(one.span))
			last := c.doc.File.Text(call.Packages[len(call.Packages)-1].Span)
			if n := len(one.stays); n > 0 {
				last = one.stays[n-1]
			}
			at := strings.LastIndex(text, last)
			gap := text[len(strings.TrimRight(text[:at], " \t\r\n\\")):at]
			if !strings.Contains(gap, "\n") {
				gap = " "
			}
			at += len(last)
			one.rewrites[inBase] = text[:at] + gap + strings.Join(c.libraries, " ") + text[at:]
			return true
		}
	}
	return false
}

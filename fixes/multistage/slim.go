package multistage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
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
	if line := c.countsOnFull(); line != "" && !decided {
		c.sameImage = fmt.Sprintf("%s installs packages without apt-get update, which only works for those that the full image has", line)
		return ""
	}
	asks := slices.ContainsFunc(c.stage.ChainCommands(), func(command *analyzer.Command) bool { return command.OS != nil && command.OS.Verb == ospkg.Update })
	if len(packages) > 0 && c.stage.Image.ArchiveGone() && !asks && !decided {
		c.sameImage = fmt.Sprintf("%s lacks %s, and the packages of its release have left the servers", slim, packages[0])
		return ""
	}
	if unknown = append(unknown, calls...); len(unknown) > 0 && !decided {
		c.unsure = words.List(unknown) + " may need more"
	}
	c.base = slim
	c.libraries = packages
	c.runtimes = append(c.runtimes, packages...)
	for _, p := range c.steps {
		c.repeatInBuilder(p)
	}
	for i := range c.steps {
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

// countsOnFull is the line of an installation of OS packages before which no list of packages is fetched.
func (c *conversion) countsOnFull() string {
	for _, command := range c.stage.ChainCommands() {
		switch os := command.OS; {
		case os == nil || os.Manager != ospkg.Apt:
		case os.Verb == ospkg.Update:
			return ""
		case os.Verb == ospkg.Install:
			return c.lineOf(command.Step.Instruction)
		}
	}
	return ""
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

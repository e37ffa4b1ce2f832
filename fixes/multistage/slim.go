package multistage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// narrowBase builds the base stage, and with it the final one, from the slim variant of a full Python image, where it is
// known what the packages need at run time and that nothing else in the file or its sources needs the full image.
func (c *conversion) narrowBase() string {
	slim, ok := c.stage.Image.SlimVariant(c.stage.From.Args[0].Text)
	if !ok || c.build.Settings.RuntimeImage == "same" {
		return ""
	}
	packages, unknown := c.systemNeeds()
	if unknown == "" {
		var tools []string
		tools, unknown = c.needsOfFullImage()
		for _, name := range tools {
			if !slices.Contains(packages, name) && !c.stage.After.HasOSPackage(name) {
				packages = append(packages, name)
			}
		}
	}
	if unknown != "" {
		c.sameImage = fmt.Sprintf("%s may need more than %s has", unknown, slim)
		return ""
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
	return ""
}

// systemNeeds are the OS packages that the application's packages need on a slim image; unknown names one of which that can't be told.
func (c *conversion) systemNeeds() (packages []string, unknown string) {
	facts := c.stage.Image
	for _, in := range c.apps {
		needs, unknown := systemNeeds(in, facts.Distro, facts.PackageRelease())
		if unknown != "" && c.build.Settings.RuntimeImage != "slim" {
			return nil, unknown
		}
		for _, name := range needs {
			if !slices.Contains(packages, name) && !slices.Contains(c.runtimes, name) {
				packages = append(packages, name)
			}
		}
	}
	return packages, ""
}

// needsOfFullImage are the OS packages of programs that something besides the Python packages calls and that only the full image has; unknown
// names what may call more than can be told.
func (c *conversion) needsOfFullImage() (packages []string, unknown string) {
	if c.build.Settings.RuntimeImage != "slim" {
		switch file, read := callsOut(c.build); {
		case !read:
			return nil, "the application"
		case file != "":
			return nil, file
		}
	}
	texts, complete := c.stage.StartTexts()
	if !complete && c.build.Settings.RuntimeImage != "slim" {
		return nil, "the start command"
	}
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.at&(inBase|inRuntime) == 0 || one.follows == dropped || one.packages {
				continue
			}
			for _, command := range commandsIn(p.step, one.span) {
				if command.Effect() == analyzer.Unclear && c.build.Settings.RuntimeImage != "slim" {
					return nil, c.lineOf(p.step.Instruction)
				}
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
	return slices.Compact(packages), ""
}

// idleInBuilder are variables that only a running application reads.
var idleInBuilder = map[string]bool{
	"PYTHONUNBUFFERED": true, "PYTHONDONTWRITEBYTECODE": true, "PORT": true, "HOST": true, "FLASK_APP": true, "FLASK_ENV": true, "FLASK_DEBUG": true,
	"FLASK_RUN_HOST": true, "FLASK_RUN_PORT": true, "DJANGO_SETTINGS_MODULE": true, "TZ": true, "DEBUG": true, "LOG_LEVEL": true,
	"PYTHONFAULTHANDLER": true, "PYTHONHASHSEED": true,
}

// repeatInBuilder gives the builder, which is not built from the base stage then, what the installations may need of that.
func (c *conversion) repeatInBuilder(p *placed) {
	in := p.step.Instruction
	switch {
	case in.Keyword == "ENV" && !slices.ContainsFunc(in.Pairs, func(pair dockerfile.Pair) bool { return !idleInBuilder[pair.Key] }):
		return
	case in.Keyword != "RUN":
		if p.at == inBase {
			p.at |= inBuilder
		}
		return
	}
	for i := range p.pieces {
		one := &p.pieces[i]
		system := one.packages || one.follows == systemBehind || one.follows == systemBefore
		if one.at&inBase == 0 || system {
			continue
		}
		for _, command := range commandsIn(p.step, one.span) {
			switch command.Effect() {
			case analyzer.Accounts:
				if !c.copiesForUsers() {
					return
				}
				one.at |= inBuilder
			case analyzer.Nothing, analyzer.ShellState:
			default:
				one.at |= inBuilder
			}
		}
	}
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
	if len(c.libraries) == 0 {
		return
	}
	indent := fixes.Indent(c.doc)
	w.line(fixes.KeywordCase(c.doc, "RUN") + " apt-get update \\\n" + indent + "&& apt-get install -y --no-install-recommends " +
		strings.Join(c.libraries, " ") + " \\\n" + indent + "&& rm -rf /var/lib/apt/lists/*")
}

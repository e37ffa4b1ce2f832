package multistage

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// namesLink matches a library by the name without a version, which is a link that only the package with the headers brings.
var namesLink = pattern.New(`\blib([A-Za-z0-9_+-]+)\.so(?:[^.\w]|$)`)

// loadsLink tells whether something in the final image names a library by the link that this package of headers brings: a setting such as
// GDAL_LIBRARY_PATH, a RUN, the start command, or the code of the application.
func (c *conversion) loadsLink(name string) bool {
	library, isHeaders := strings.CutSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "default-"), "lib"), "-dev")
	if !isHeaders || library == "" {
		return false
	}
	if !c.linksRead {
		c.links, c.linksRead = c.namedLinks(), true
	}
	for _, link := range c.links {
		if strings.HasPrefix(link, library) || strings.HasPrefix(library, link) {
			return true
		}
	}
	return false
}

// namedLinks are the libraries that something names by such a link, without "lib".
func (c *conversion) namedLinks() []string {
	texts, _ := c.stage.StartTexts()
	for _, step := range c.stage.Steps {
		switch step.Instruction.Keyword {
		case "ENV", "RUN":
			texts = append(texts, c.doc.File.Text(step.Instruction.Span))
		}
	}
	found := linksIn(strings.Join(texts, "\n"))
	if c.build.Context != nil {
		found = append(found, namedBy(c.build.Context).links...)
	}
	return found
}

func linksIn(text string) (found []string) {
	for _, m := range namesLink.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// scriptNamed says which file of the build context starts a script of the application's packages by a path that those would leave, such as a
// configuration of supervisor; "" for none.
func (c *conversion) scriptNamed() string {
	if c.build.Context == nil {
		return ""
	}
	for _, p := range namedBy(c.build.Context).programs {
		if name := path.Base(p.at); c.scriptsDir(path.Dir(p.at)) && c.comesWithPackages(p.at, name) && c.bringsScript(name) {
			return p.file + " names " + p.at + ", which would be in another place"
		}
	}
	return ""
}

// named is what the files of a build context name by its place in the image.
type named struct {
	links    []string // see namesLink
	programs []programNamed
}

// programNamed is a path that matches namesProgram, and the file that names it.
type programNamed struct{ at, file string }

func namedBy(context *project.Context) *named {
	return context.Remember("names places", func() any { return findNamed(context) }).(*named)
}

// findNamed reads code and the configurations of what starts programs. Those of systemd, for machines of their own, are none of them.
func findNamed(context *project.Context) *named {
	const most = 2000
	found, n := &named{}, 0
	context.Walk(".", func(p string, isDir bool) bool {
		kind := path.Ext(p)
		if path.Base(p) == "Procfile" {
			kind = "Procfile"
		}
		switch {
		case isDir, !strings.Contains(" .py .conf .ini .cfg Procfile ", " "+kind+" ") || kind == "", context.Ignored(p), project.OutsideApp(p) && kind == ".py":
			return true
		}
		content, ok := context.Read(p)
		if !ok {
			return true
		}
		text := string(content)
		if kind == ".py" {
			found.links = append(found.links, linksIn(text)...)
		}
		for _, line := range strings.Split(text, "\n") {
			if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, ";") {
				continue
			}
			for _, m := range namesProgram.FindAllString(line, -1) {
				found.programs = append(found.programs, programNamed{m, p})
			}
		}
		n++
		return n < most
	})
	return found
}

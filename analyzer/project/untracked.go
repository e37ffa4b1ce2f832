package project

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Untracked tells whether a .gitignore of the context names the path: such a file is made by a build, or kept back on
// purpose, so that its absence or presence says nothing about other machines. Patterns above the context root are not known.
func (c *Context) Untracked(written string) bool {
	name, ok := CleanPath(written)
	if c == nil || !ok || name == "." {
		return false
	}
	var lines []string
	for _, dir := range parents(name) {
		content, ok := c.read(path.Join(dir, ".gitignore"))
		if !ok {
			continue
		}
		for line := range strings.Lines(string(content)) {
			lines = append(lines, ignoreLines(dir, strings.TrimSpace(line))...)
		}
	}
	return wouldIgnore(lines, name)
}

// parents are the directories that hold name, from the root.
func parents(name string) []string {
	found := []string{"."}
	for i := range len(name) {
		if name[i] == '/' {
			found = append(found, name[:i])
		}
	}
	return found
}

// ignoreLines translates a line of a .gitignore in dir: without a slash in it, it means any depth.
// https://git-scm.com/docs/gitignore#_pattern_format
func ignoreLines(dir, line string) []string {
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	pattern, negated := strings.CutPrefix(line, "!")
	pattern = strings.TrimSuffix(strings.TrimSuffix(pattern, "/*"), "/")
	if !strings.Contains(pattern, "/") {
		pattern = "**/" + pattern
	}
	pattern = path.Join(dir, strings.TrimPrefix(pattern, "/"))
	if negated {
		pattern = "!" + pattern
	}
	return []string{pattern}
}

// ComposeMentions tells whether a script, a CI file or a compose file runs a container and holds the text.
func (c *Context) ComposeMentions(text string) bool {
	return c.scriptsHold(func(base, content string) bool {
		ext := path.Ext(base)
		runs := strings.Contains(content, "docker") || strings.Contains(base, "compose") || strings.Contains(base, "docker") || strings.Contains(content, "podman")
		return ext != ".md" && ext != ".rst" && runs && strings.Contains(content, text)
	})
}

// ScriptsMention tells whether a script, a build or CI file, or a guide near the context root holds the text: what they name
// may be made before the image is built.
func (c *Context) ScriptsMention(text string) bool {
	return text != "" && c.scriptsHold(func(_, content string) bool { return strings.Contains(content, text) })
}

// script is a file that may run or describe builds.
type script struct{ base, content string }

// scriptsHold tells whether one of the scripts is as asked.
func (c *Context) scriptsHold(ask func(base, content string) bool) bool {
	if c == nil || c.fsys == nil {
		return false
	}
	all := c.Remember("scripts", func() any { return c.readScripts() }).([]script)
	return slices.ContainsFunc(all, func(s script) bool { return ask(s.base, s.content) })
}

// readScripts reads the scripts near the context root; it looks at some thousands of files at most.
func (c *Context) readScripts() []script {
	var all []script
	left := 4000
	_ = fs.WalkDir(c.fsys, ".", func(p string, d fs.DirEntry, err error) error {
		left--
		switch {
		case err != nil && d != nil && d.IsDir():
			return fs.SkipDir
		case err != nil: // a file that can't be read says nothing
			return nil //nolint:nilerr // the walk goes on
		case left < 0:
			return fs.SkipAll
		case d.IsDir():
			if base := path.Base(p); base == ".git" || base == "node_modules" || base == ".venv" || strings.Count(p, "/") >= 3 {
				return fs.SkipDir
			}
			return nil
		case !isScript(path.Base(p)) && path.Ext(p) != "":
			return nil
		}
		content, ok := c.read(p)
		if ok && (isScript(path.Base(p)) || bytes.HasPrefix(content, []byte("#!"))) {
			all = append(all, script{path.Base(p), string(content)})
		}
		return nil
	})
	return all
}

func isScript(base string) bool {
	switch strings.ToLower(path.Ext(base)) {
	case ".sh", ".bash", ".ps1", ".bat", ".yml", ".yaml", ".md", ".rst", ".mk", ".hcl", ".groovy", ".gradle":
		return true
	}
	switch base {
	case "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "Jenkinsfile", "Earthfile", "tox.ini", "noxfile.py", "tasks.py",
		"fabfile.py", "package.json", "pyproject.toml", "setup.py", "setup.cfg", "pavement.py", "build", "Tiltfile", "Rakefile":
		return true
	}
	return false
}

package project

import (
	"cmp"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

func (c *Context) pipfile(written string) (*Pipfile, bool) {
	name, ok := CleanPath(written)
	if c == nil || !ok {
		return nil, false
	}
	got := c.pipfiles.get(name, func() found[*Pipfile] {
		content, ok := c.read(name)
		if !ok {
			return found[*Pipfile]{}
		}
		return found[*Pipfile]{parsePipfile(content), true}
	})
	return got.value, got.ok
}

func parsePipfile(content []byte) *Pipfile {
	root, problems := parseToml(content)
	in := tomlSource{content}
	read := func(t *tomlValue) []installer.Requirement {
		var all []installer.Requirement
		for _, name := range t.table() {
			all = append(all, in.tableRequirement(name, t.get(name), pipfileConstraint))
		}
		return all
	}
	p := &Pipfile{
		Packages:      read(root.get("packages")),
		DevPackages:   read(root.get("dev-packages")),
		PythonVersion: cmp.Or(root.get("requires", "python_full_version").str(), root.get("requires", "python_version").str()),
		Problems:      problems,
	}
	for _, source := range root.get("source").items() {
		p.Sources = append(p.Sources, source.get("url").str())
	}
	for _, name := range root.get("scripts").table() {
		script := root.get("scripts", name)
		command := cmp.Or(script.str(), script.get("cmd").str())
		if command == "" {
			continue // {call = "pkg.mod:func()"}
		}
		if p.Scripts == nil {
			p.Scripts = map[string]string{}
		}
		p.Scripts[name] = command
	}
	return p
}

// pipfileConstraint: PEP 440, and "*" for anything.
func pipfileConstraint(written string) string {
	if strings.TrimSpace(written) == "*" {
		return ""
	}
	return strings.ReplaceAll(written, " ", "")
}

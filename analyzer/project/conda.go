package project

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/yaml"
)

// CondaEnvironment is an environment.yml.
type CondaEnvironment struct {
	Name     string
	Python   string                  // the version that is asked for, "3.11" of python=3.11; "" for none
	Packages []string                // names of conda's packages, as written before their version
	Pip      []installer.Requirement // what pip is told to install, files aside
	Local    bool                    // pip is told to install files or folders beside the environment's own file
}

// CondaEnvironment reads an environment.yml by path; ok is false when it is not in the context or holds no dependencies.
func (c *Context) CondaEnvironment(written string) (e *CondaEnvironment, ok bool) {
	content, ok := c.read(written)
	if !ok {
		return nil, false
	}
	root := yaml.Parse(content)
	if root == nil || root.Kind != yaml.Map || root.Values["dependencies"] == nil {
		return nil, false
	}
	e = &CondaEnvironment{}
	if name := root.Values["name"]; name != nil && name.Kind == yaml.Scalar {
		e.Name = name.Text
	}
	for _, d := range root.Values["dependencies"].List {
		if d.Kind == yaml.Map && d.Values["pip"] != nil {
			for _, line := range d.Values["pip"].List {
				if !strings.HasPrefix(line.Text, "-") {
					e.Pip = append(e.Pip, installer.ParseRequirement(line.Text, source.Span{}))
				}
				e.Local = e.Local || strings.HasPrefix(line.Text, "-r") || strings.HasPrefix(line.Text, "-e") || strings.HasPrefix(line.Text, ".")
			}
			continue
		}
		if d.Kind != yaml.Scalar {
			continue
		}
		spec := d.Text[strings.LastIndex(d.Text, ":")+1:] // channel::name
		end := strings.IndexAny(spec, " =<>!~[")
		if end < 0 {
			end = len(spec)
		}
		e.Packages = append(e.Packages, spec[:end])
		if version := strings.TrimLeft(spec[end:], " =<>!~"); spec[:end] == "python" {
			e.Python, _, _ = strings.Cut(version, "=") // version=build
			e.Python, _, _ = strings.Cut(e.Python, ",")
			e.Python = strings.TrimSuffix(e.Python, ".*")
		}
	}
	return e, true
}

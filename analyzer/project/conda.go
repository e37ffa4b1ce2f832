package project

import "strings"

// CondaEnvironment is an environment.yml.
type CondaEnvironment struct {
	Name     string
	Python   string   // the version that is asked for, "3.11" of python=3.11; "" for none
	Packages []string // names of conda's packages, as written before their version
	Local    bool     // pip is told to install files or folders beside the environment's own file
}

// CondaEnvironment reads an environment.yml by path; ok is false when it is not in the context or holds no dependencies.
func (c *Context) CondaEnvironment(written string) (e *CondaEnvironment, ok bool) {
	content, ok := c.read(written)
	if !ok {
		return nil, false
	}
	root := parseYaml(content)
	if root == nil || root.kind != yamlMap || root.values["dependencies"] == nil {
		return nil, false
	}
	e = &CondaEnvironment{}
	if name := root.values["name"]; name != nil && name.kind == yamlScalar {
		e.Name = name.text
	}
	for _, d := range root.values["dependencies"].list {
		if d.kind == yamlMap && d.values["pip"] != nil {
			for _, line := range d.values["pip"].list {
				e.Local = e.Local || strings.HasPrefix(line.text, "-r") || strings.HasPrefix(line.text, "-e") || strings.HasPrefix(line.text, ".")
			}
			continue
		}
		if d.kind != yamlScalar {
			continue
		}
		spec := d.text[strings.LastIndex(d.text, ":")+1:] // channel::name
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

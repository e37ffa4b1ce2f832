package project

import (
	"cmp"
	"path"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// poetry reads [tool.poetry]: https://python-poetry.org/docs/pyproject/. What [project] says comes first, as in
// poetry 2.
func (b *metadataBuilder) poetry(in tomlSource, t *tomlValue) {
	m := b.m
	if t.get("package-mode").is(false) {
		// "Building a package is not possible in non-package mode": pip install fails too.
		m.NonPackage, m.Installable = true, false
	}
	m.Name = cmp.Or(m.Name, t.get("name").str())
	m.Version = cmp.Or(m.Version, t.get("version").str())
	for _, file := range t.get("readme").strs() {
		if m.Readme == "" {
			b.readme(file)
			continue
		}
		b.reads(file)
	}
	if dependencies := t.get("dependencies"); dependencies != nil {
		if m.DependenciesFile == "" {
			m.Dependencies = in.poetryDependencies(dependencies)
			m.DependenciesFile = "pyproject.toml"
		}
		if m.RequiresPython == "" {
			m.RequiresPython = poetryConstraint(dependencies.get("python").str())
		}
	}
	if dev := t.get("dev-dependencies"); dev != nil {
		b.group("dev", in.poetryDependencies(dev))
	}
	for _, name := range t.get("group").table() {
		b.group(installer.NormalizeName(name), in.poetryDependencies(t.get("group", name, "dependencies")))
		if t.get("group", name, "optional").is(true) {
			m.OptionalGroups = append(m.OptionalGroups, installer.NormalizeName(name))
		}
	}
	b.poetryExtras(t)
	for _, name := range t.get("scripts").table() {
		script := t.get("scripts", name)
		target := script.str()
		if target == "" && script.get("type").str() != "file" {
			target = cmp.Or(script.get("callable").str(), script.get("reference").str())
		}
		b.script(name, target)
	}
	for _, item := range t.get("packages").items() {
		name := item.get("include").str()
		if name == "" || hasWildcard(name) {
			continue
		}
		m.Packages = append(m.Packages, strings.TrimSuffix(path.Clean(name), ".py"))
		b.lookIn(cmp.Or(item.get("from").str(), "."))
	}
	if script := cmp.Or(t.get("build", "script").str(), t.get("build").str()); script != "" {
		b.reads(script)
	}
}

// poetryExtras finds the dependencies that an extra names among the optional ones.
func (b *metadataBuilder) poetryExtras(t *tomlValue) {
	extras := t.get("extras")
	for _, name := range extras.table() {
		if b.m.Extras == nil {
			b.m.Extras = map[string][]installer.Requirement{}
		}
		var all []installer.Requirement
		for _, wanted := range extras.get(name).strs() {
			for _, r := range b.m.Dependencies {
				if r.Name == installer.NormalizeName(wanted) {
					all = append(all, r)
				}
			}
		}
		b.m.Extras[name] = all
	}
}

func (s tomlSource) poetryDependencies(t *tomlValue) []installer.Requirement {
	var all []installer.Requirement
	for _, name := range t.table() {
		if name == "python" {
			continue
		}
		value := t.get(name)
		if value.kind == tomlArray { // several constraints for different markers
			for _, item := range value.items() {
				r := s.tableRequirement(name, item, poetryConstraint)
				r.Span = value.entry
				all = append(all, r)
			}
			continue
		}
		all = append(all, s.tableRequirement(name, value, poetryConstraint))
	}
	return all
}

// tableRequirement makes a requirement of `name = "constraint"` or `name = {version = ..., git = ...}` as Poetry and Pipenv
// write them. Its span is the whole entry, its text what the file says of it.
func (s tomlSource) tableRequirement(name string, value *tomlValue, constraint func(string) string) installer.Requirement {
	r := installer.Requirement{Kind: installer.Named, Name: installer.NormalizeName(name), Span: value.entry}
	if r.Span == (source.Span{}) && value.kind == tomlTable {
		r.Span = tableSpan(value) // [tool.poetry.dependencies.name]
	}
	if at := r.Span; 0 <= at.Start && at.Start < at.End && at.End <= len(s.content) {
		r.Text = string(s.content[at.Start:at.End])
	}
	if value.kind == tomlString {
		r.Specifier = constraint(value.text)
		return r
	}
	r.Specifier = constraint(value.get("version").str())
	r.Marker = cmp.Or(value.get("markers").str(), value.get("marker").str())
	for _, extra := range value.get("extras").strs() {
		r.Extras = append(r.Extras, installer.NormalizeName(extra))
	}
	r.Editable = value.get("editable").is(true) || value.get("develop").is(true)
	for _, system := range []string{"git", "hg", "svn", "bzr"} {
		if location := value.get(system).str(); location != "" {
			r.Kind, r.Location = installer.VCS, system+"+"+location
			for _, key := range []string{"ref", "rev", "tag", "branch"} {
				r.Revision = cmp.Or(r.Revision, value.get(key).str())
			}
		}
	}
	if location := cmp.Or(value.get("url").str(), value.get("file").str()); location != "" && r.Kind == installer.Named {
		r.Kind, r.Location = installer.URL, location
		if !strings.Contains(location, "://") {
			r.Kind = installer.Archive
		}
	}
	if location := value.get("path").str(); location != "" && r.Kind == installer.Named {
		r.Kind, r.Location = installer.Local, location
		for _, suffix := range []string{".whl", ".tar.gz", ".zip", ".tar.bz2"} {
			if strings.HasSuffix(location, suffix) {
				r.Kind = installer.Archive
			}
		}
	}
	return r
}

func tableSpan(table *tomlValue) source.Span {
	var span source.Span
	for i, key := range table.keys {
		entry := table.values[key].entry
		if i == 0 {
			span = entry
			continue
		}
		span = span.Join(entry)
	}
	return span
}

// poetryConstraint translates a constraint of Poetry's into PEP 440, "" when that can't say it
// (https://python-poetry.org/docs/dependency-specification/).
func poetryConstraint(written string) string {
	if strings.Contains(written, "||") || strings.Contains(written, "|") {
		return ""
	}
	var parts []string
	// ">=1 <2" and ">=1,<2" are the same; ">= 1" is one.
	text := written
	for _, operator := range []string{"===", ">=", "<=", "!=", "~=", "==", ">", "<", "^", "~", "="} {
		text = strings.ReplaceAll(text, operator+" ", operator)
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		translated, ok := poetryPart(part)
		if !ok {
			return ""
		}
		if translated != "" {
			parts = append(parts, translated)
		}
	}
	return strings.Join(parts, ",")
}

func poetryPart(part string) (string, bool) {
	switch {
	case part == "*":
		return "", true
	case strings.HasPrefix(part, "^"):
		return bumped(part[1:], true)
	case strings.HasPrefix(part, "~") && !strings.HasPrefix(part, "~="):
		return bumped(part[1:], false)
	case strings.HasPrefix(part, "=") && !strings.HasPrefix(part, "=="):
		return "=" + part, true
	case part[0] >= '0' && part[0] <= '9' || part[0] == 'v':
		return "==" + strings.TrimPrefix(part, "v"), true
	case strings.ContainsAny(part[:1], "<>=!~"):
		return part, true
	}
	return "", false
}

// bumped is ">=version,<limit": caret raises the first number that is not zero, tilde the second one.
func bumped(version string, caret bool) (string, bool) {
	numbers := []int{}
	for _, text := range strings.Split(version, ".") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return "", false // pre-releases and the like
		}
		numbers = append(numbers, n)
	}
	at := min(1, len(numbers)-1)
	if caret {
		at = 0
		for at < len(numbers)-1 && numbers[at] == 0 {
			at++
		}
	}
	limit := append([]int(nil), numbers[:at+1]...)
	limit[at]++
	texts := make([]string, len(limit))
	for i, n := range limit {
		texts[i] = strconv.Itoa(n)
	}
	return ">=" + version + ",<" + strings.Join(texts, "."), true
}

package project

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// iniLine is one line of an ini value, trimmed.
type iniLine struct {
	text string
	span source.Span
}

// iniFile maps section and key to the value's lines.
type iniFile map[string]map[string][]iniLine

// parseIni reads what Python's configparser reads (RawConfigParser as setuptools uses it): "=" or ":" after a key, continuation
// lines that are indented deeper than their key, whole-line comments. Keys have dashes made underscores, as
// setuptools does. Lines that configparser refuses are skipped.
func parseIni(text string) iniFile {
	file := iniFile{}
	var section map[string][]iniLine
	key, keyIndent := "", 0
	for _, span := range pythonLines(text) {
		raw := text[span.Start:span.End]
		trimmed := strings.TrimSpace(raw)
		if trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';' {
			continue // an empty line does not end a value
		}
		indent := strings.Index(raw, trimmed)
		line := iniLine{trimmed, source.Span{Start: span.Start + indent, End: span.Start + indent + len(trimmed)}}
		if key != "" && indent > keyIndent {
			section[key] = append(section[key], line)
			continue
		}
		if trimmed[0] == '[' {
			if end := strings.IndexByte(trimmed, ']'); end > 0 {
				name := trimmed[1:end]
				if file[name] == nil {
					file[name] = map[string][]iniLine{}
				}
				section, key = file[name], ""
				continue
			}
		}
		at := strings.IndexAny(trimmed, "=:")
		if section == nil || at <= 0 {
			key = ""
			continue
		}
		key, keyIndent = strings.ReplaceAll(strings.TrimSpace(trimmed[:at]), "-", "_"), indent
		section[key] = nil
		value := strings.TrimSpace(trimmed[at+1:])
		if value != "" {
			end := line.span.End
			section[key] = []iniLine{{value, source.Span{Start: end - len(value), End: end}}}
		}
	}
	return file
}

// text is a value's first line, "" when there is none.
func (f iniFile) text(section, key string) string {
	if lines := f[section][key]; len(lines) > 0 {
		return lines[0].text
	}
	return ""
}

// list is a value as setuptools' "list-comma" and "list-semi": one item a line, or separated on one line.
func (f iniFile) list(section, key, separator string) []iniLine {
	lines := f[section][key]
	if len(lines) != 1 {
		return lines
	}
	var items []iniLine
	at := lines[0].span.Start
	for _, part := range strings.Split(lines[0].text, separator) {
		trimmed := strings.TrimSpace(part)
		if trimmed != "" {
			start := at + strings.Index(part, trimmed)
			items = append(items, iniLine{trimmed, source.Span{Start: start, End: start + len(trimmed)}})
		}
		at += len(part) + len(separator)
	}
	return items
}

// fileDirective gives the files of "file: a, b".
func fileDirective(lines []iniLine) (files []string, ok bool) {
	if len(lines) == 0 || !strings.HasPrefix(lines[0].text, "file:") {
		return nil, false
	}
	for i, line := range lines {
		text := line.text
		if i == 0 {
			text = strings.TrimPrefix(text, "file:")
		}
		for _, file := range strings.Split(text, ",") {
			if file = strings.TrimSpace(file); file != "" {
				files = append(files, file)
			}
		}
	}
	return files, true
}

// setupCfg reads setup.cfg for setuptools: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html.
// What pyproject.toml has said stays, since setuptools lets it win.
func (b *metadataBuilder) setupCfg(content []byte) {
	m := b.m
	f := parseIni(string(content))
	if m.Name == "" {
		m.Name = f.text("metadata", "name")
	}
	if version := f.text("metadata", "version"); version != "" && m.Version == "" {
		b.cfgVersion(version, f["metadata"]["version"])
	}
	m.RequiresPython = cmp.Or(m.RequiresPython, strings.ReplaceAll(f.text("options", "python_requires"), " ", ""))
	for _, key := range []string{"long_description", "description_file"} {
		files, ok := fileDirective(f["metadata"][key])
		if key == "description_file" && !ok { // pbr
			for _, line := range f["metadata"][key] {
				files = append(files, line.text)
			}
		}
		for i, file := range files {
			if i == 0 && m.Readme == "" {
				b.readme(file)
				continue
			}
			b.reads(file)
		}
	}
	for _, key := range []string{"license_file", "license_files"} {
		for _, item := range f.list("metadata", key, ",") {
			b.licenses([]string{item.text})
		}
	}
	b.cfgDependencies(string(content), f)
	b.cfgPackages(f)
	b.cfgScripts(f)
	if _, ok := f["pbr"]; ok || f["files"]["packages"] != nil {
		m.UsesSCM = m.UsesSCM || m.Version == "" && b.requiresVersionTool(m.Requires)
	}
}

func (b *metadataBuilder) cfgVersion(version string, lines []iniLine) {
	if files, ok := fileDirective(lines); ok {
		b.reads(files...)
		b.m.Dynamic = append(b.m.Dynamic, "version")
		return
	}
	if attribute, ok := strings.CutPrefix(version, "attr:"); ok {
		b.attribute(strings.TrimSpace(attribute))
		b.m.Dynamic = append(b.m.Dynamic, "version")
		return
	}
	b.m.Version = version
}

func (b *metadataBuilder) cfgRequirements(text string, f iniFile, section, key string) []installer.Requirement {
	if files, ok := fileDirective(f[section][key]); ok {
		b.reads(files...)
		b.m.Dynamic = append(b.m.Dynamic, key)
		return nil
	}
	var all []installer.Requirement
	in := tomlSource{[]byte(text)}
	for _, item := range f.list(section, key, ";") {
		// A line may end in a comment, as in a requirements file; "%(...)s" is configparser's interpolation.
		if at := commentStart(item.text); at >= 0 {
			item.text = item.text[:at]
			item.span.End = item.span.Start + at
		}
		if item.text != "" {
			all = append(all, in.requirement(item.text, item.span))
		}
	}
	return all
}

func (b *metadataBuilder) cfgDependencies(text string, f iniFile) {
	m := b.m
	if _, ok := f["options"]["install_requires"]; ok && m.DependenciesFile == "" && !b.closed {
		dynamic := len(m.Dynamic)
		m.Dependencies = b.cfgRequirements(text, f, "options", "install_requires")
		if len(m.Dynamic) == dynamic {
			m.DependenciesFile = "setup.cfg"
		}
	}
	m.Requires = append(m.Requires, b.cfgRequirements(text, f, "options", "setup_requires")...)
	for extra := range f["options.extras_require"] {
		if m.Extras == nil {
			m.Extras = map[string][]installer.Requirement{}
		}
		if _, ok := m.Extras[extra]; !ok {
			m.Extras[extra] = b.cfgRequirements(text, f, "options.extras_require", extra)
		}
	}
}

func (b *metadataBuilder) cfgPackages(f iniFile) {
	m := b.m
	for _, item := range f.list("options", "package_dir", ",") {
		if name, dir, ok := strings.Cut(item.text, "="); ok && strings.TrimSpace(name) == "" {
			b.lookIn(strings.TrimSpace(dir))
		}
	}
	switch packages := f.text("options", "packages"); {
	case strings.HasPrefix(packages, "find:"), strings.HasPrefix(packages, "find_namespace:"):
		where := f.text("options.packages.find", "where")
		if where != "" {
			b.lookIn(where)
		} else if b.packageDir == "" {
			b.flatPackage = true
		}
	default:
		for _, item := range f.list("options", "packages", ",") {
			m.Packages = append(m.Packages, item.text)
		}
	}
	for _, item := range f.list("options", "py_modules", ",") {
		m.Packages = append(m.Packages, item.text)
	}
	b.dataDirs(slices.Sorted(maps.Keys(f["options.data_files"]))...)
	for _, item := range f["files"]["packages"] { // pbr
		m.Packages = append(m.Packages, item.text)
	}
}

func (b *metadataBuilder) cfgScripts(f iniFile) {
	if files, ok := fileDirective(f["options"]["entry_points"]); ok {
		b.reads(files...)
		b.m.Dynamic = append(b.m.Dynamic, "entry_points")
	}
	for _, section := range []string{"options.entry_points", "entry_points"} { // the second is pbr's
		for _, group := range []string{"console_scripts", "gui_scripts"} {
			for _, line := range f[section][group] {
				b.entryPoint(line.text)
			}
		}
	}
}

// entryPoint reads "name = pkg.mod:func [extra]".
func (b *metadataBuilder) entryPoint(text string) {
	name, target, ok := strings.Cut(text, "=")
	if !ok {
		return
	}
	target, _, _ = strings.Cut(target, "[")
	name = strings.TrimSpace(name)
	if _, known := b.m.Scripts[name]; !known {
		b.script(name, strings.TrimSpace(target))
	}
}

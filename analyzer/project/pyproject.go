package project

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func (c *Context) project(written string) (*Metadata, bool) {
	dir, ok := CleanPath(written)
	if c == nil || !ok {
		return nil, false
	}
	got := c.projects.get(dir, func() found[*Metadata] {
		b := metadataBuilder{c: c, m: &Metadata{Dir: dir}}
		b.readAll()
		return found[*Metadata]{b.m, len(b.m.Files) > 0}
	})
	if !got.ok {
		return nil, false
	}
	return got.value, true
}

// metadataBuilder fills a Metadata from the files of one directory.
type metadataBuilder struct {
	c           *Context
	m           *Metadata
	packageDir  string // where packages are looked for, as the backend's own settings say; "" for no setting
	flatPackage bool   // the settings say that it is the project's directory
	closed      bool   // [project] does not leave dependencies to others: setuptools then ignores those of setup.cfg and setup.py
}

func (b *metadataBuilder) readAll() {
	m := b.m
	m.Backend = "setuptools"
	contents := map[string][]byte{}
	for _, name := range []string{"pyproject.toml", "setup.cfg", "setup.py"} {
		if content, ok := b.c.read(path.Join(m.Dir, name)); ok {
			m.Files = append(m.Files, name)
			contents[name] = content
		}
	}
	if content, ok := contents["pyproject.toml"]; ok {
		b.pyproject(content)
	}
	if m.Backend == "setuptools" {
		if content, ok := contents["setup.cfg"]; ok {
			b.setupCfg(content)
		}
		if content, ok := contents["setup.py"]; ok {
			b.setupPy(content)
		}
	}
	if _, ok := contents["setup.py"]; ok && !m.NonPackage {
		m.Installable = true
	}
	b.sourceDir()
	slices.Sort(m.Dynamic)
	m.Dynamic = slices.Compact(m.Dynamic)
	slices.Sort(m.DynamicFiles)
	m.DynamicFiles = slices.Compact(m.DynamicFiles)
}

// pyproject reads the tables that every backend shares, then those of the backend.
func (b *metadataBuilder) pyproject(content []byte) {
	m := b.m
	root, problems := parseToml(content)
	for _, p := range problems {
		p.File = "pyproject.toml"
		m.Problems = append(m.Problems, p)
	}
	in := tomlSource{content: content}
	tool := root.get("tool")
	m.Poetry, m.Pdm, m.UvProject = tool.get("poetry") != nil, tool.get("pdm") != nil, tool.get("uv") != nil
	if build := root.get("build-system"); build != nil {
		m.BuildSystem = true
		m.Requires = in.requirements(build.get("requires"))
		if written := build.get("build-backend").str(); written != "" {
			m.Backend = backendName(written)
		}
	}
	project := root.get("project")
	m.Installable = project != nil || m.Poetry || m.BuildSystem
	if project != nil {
		b.projectTable(in, project)
	}
	b.dependencyGroups(in, root.get("dependency-groups"))
	if m.Poetry {
		b.poetry(in, tool.get("poetry"))
	}
	if m.Pdm {
		b.pdm(in, tool.get("pdm"))
	}
	if uv := tool.get("uv"); uv != nil {
		b.uv(in, uv)
	}
	switch m.Backend {
	case "setuptools":
		b.setuptools(tool.get("setuptools"))
	case "hatchling":
		b.hatch(tool.get("hatch"))
	case "flit_core", "flit", "flit_scm":
		b.flit(in, tool.get("flit"))
	case "maturin":
		b.maturin(tool.get("maturin"))
	}
	b.versionControl(tool)
}

// tomlSource turns strings of a TOML file into requirements.
type tomlSource struct{ content []byte }

func (s tomlSource) requirement(text string, span source.Span) installer.Requirement {
	r := installer.ParseRequirement(text, span)
	r.Span = span
	r.Literal = 0 <= span.Start && span.Start <= span.End && span.End <= len(s.content) && string(s.content[span.Start:span.End]) == text
	return r
}

func (s tomlSource) requirements(array *tomlValue) []installer.Requirement {
	var all []installer.Requirement
	for _, item := range array.items() {
		if item.kind == tomlString && item.text != "" {
			all = append(all, s.requirement(item.text, item.span))
		}
	}
	return all
}

// projectTable reads [project]: https://packaging.python.org/en/latest/specifications/pyproject-toml/.
func (b *metadataBuilder) projectTable(in tomlSource, t *tomlValue) {
	m := b.m
	m.Name = t.get("name").str()
	m.Version = t.get("version").str()
	m.RequiresPython = t.get("requires-python").str()
	m.Dynamic = append(m.Dynamic, t.get("dynamic").strs()...)
	if dependencies := t.get("dependencies"); dependencies != nil {
		m.Dependencies = in.requirements(dependencies)
		m.DependenciesFile = "pyproject.toml"
	}
	b.closed = !slices.Contains(m.Dynamic, "dependencies")
	if extras := t.get("optional-dependencies"); extras != nil {
		m.Extras = map[string][]installer.Requirement{}
		for _, name := range extras.table() {
			m.Extras[name] = in.requirements(extras.get(name))
		}
	}
	for _, table := range []string{"scripts", "gui-scripts"} {
		for _, name := range t.get(table).table() {
			b.script(name, t.get(table, name).str())
		}
	}
	if readme := t.get("readme"); readme != nil {
		file := readme.str()
		if file == "" {
			file = readme.get("file").str()
		}
		b.readme(file)
	}
	b.licenses([]string{t.get("license", "file").str()})
	b.licenses(t.get("license-files").strs())
	for _, key := range []string{"paths", "globs"} { // the draft of PEP 639 that hatchling knew
		b.licenses(t.get("license-files", key).strs())
	}
}

func (b *metadataBuilder) script(name, target string) {
	if name == "" || target == "" {
		return
	}
	if b.m.Scripts == nil {
		b.m.Scripts = map[string]string{}
	}
	b.m.Scripts[name] = target
}

func (b *metadataBuilder) readme(file string) {
	if full, ok := JoinPath(b.m.Dir, file); ok {
		b.m.Readme = full
		b.m.DynamicFiles = append(b.m.DynamicFiles, full)
	}
}

// reads notes files that the build reads besides its configuration.
func (b *metadataBuilder) reads(files ...string) {
	for _, file := range files {
		if full, ok := JoinPath(b.m.Dir, file); ok {
			b.m.DynamicFiles = append(b.m.DynamicFiles, full)
		}
	}
}

// dataDirs notes directories of data files, which are relative to the prefix that the project is installed to.
func (b *metadataBuilder) dataDirs(dirs ...string) {
	for _, dir := range dirs {
		if first, _, _ := strings.Cut(path.Clean(dir), "/"); first != "" && first != "." && first != ".." {
			b.m.DataDirs = append(b.m.DataDirs, first)
		}
	}
}

// licenses notes licence files. They may be patterns: those that match nothing are left out, since no backend misses what a
// pattern did not find.
func (b *metadataBuilder) licenses(patterns []string) {
	for _, pattern := range patterns {
		full, ok := JoinPath(b.m.Dir, pattern)
		if !ok {
			continue
		}
		names := []string{full}
		if hasWildcard(pattern) {
			names = nil
			for _, e := range matchPattern(b.c.fsys, full) {
				if !e.isDir {
					names = append(names, e.path)
				}
			}
		}
		for _, name := range names {
			if !slices.Contains(b.m.LicenseFiles, name) {
				b.m.LicenseFiles = append(b.m.LicenseFiles, name)
				b.m.DynamicFiles = append(b.m.DynamicFiles, name)
			}
		}
	}
}

// dependencyGroups reads [dependency-groups] (PEP 735), whose names are compared after normalization.
func (b *metadataBuilder) dependencyGroups(in tomlSource, t *tomlValue) {
	byName := map[string]*tomlValue{}
	for _, name := range t.table() {
		byName[installer.NormalizeName(name)] = t.get(name)
	}
	done := map[string][]installer.Requirement{}
	var expand func(name string, above []string) []installer.Requirement
	expand = func(name string, above []string) []installer.Requirement {
		if all, ok := done[name]; ok || slices.Contains(above, name) || len(above) > maxIncludes {
			return all // nothing for a cycle, which the specification forbids
		}
		above = append(slices.Clone(above), name)
		var all []installer.Requirement
		for _, item := range byName[name].items() {
			if item.kind == tomlString {
				all = append(all, in.requirement(item.text, item.span))
			}
			if included := item.get("include-group").str(); included != "" && len(all) < maxGroup {
				all = append(all, expand(installer.NormalizeName(included), above)...)
			}
		}
		done[name] = all[:min(len(all), maxGroup)]
		return done[name]
	}
	for _, name := range t.table() {
		b.group(installer.NormalizeName(name), expand(installer.NormalizeName(name), nil))
	}
}

// maxGroup bounds what groups that include each other many times can grow to.
const maxGroup = 10_000

func (b *metadataBuilder) group(name string, requirements []installer.Requirement) {
	if b.m.Groups == nil {
		b.m.Groups = map[string][]installer.Requirement{}
	}
	b.m.Groups[name] = append(b.m.Groups[name], requirements...)
}

// backendName is how a build backend is known: its distribution's module, without the submodule that holds the hooks.
func backendName(written string) string {
	module, _, _ := strings.Cut(written, ":")
	switch module {
	case "setuptools.build_meta", "setuptools.build_meta_legacy":
		return "setuptools"
	case "hatchling.build", "hatchling.ouroboros":
		return "hatchling"
	case "poetry.core.masonry.api", "poetry.masonry.api", "poetry_dynamic_versioning.backend":
		return "poetry.core"
	case "flit_core.buildapi", "flit.buildapi":
		return "flit_core"
	case "pdm.backend", "uv_build", "maturin", "mesonpy":
		return module
	}
	for _, suffix := range []string{".buildapi", ".build_meta", ".build", ".api", ".backend"} {
		if cut, ok := strings.CutSuffix(module, suffix); ok && cut != "" {
			return cut
		}
	}
	return module
}

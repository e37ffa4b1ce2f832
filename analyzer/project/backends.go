package project

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// setuptools reads [tool.setuptools]:
// https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html.
func (b *metadataBuilder) setuptools(t *tomlValue) {
	m := b.m
	m.Packages = append(m.Packages, t.get("packages").strs()...)
	m.Packages = append(m.Packages, t.get("py-modules").strs()...)
	if where := t.get("packages", "find", "where").strs(); len(where) > 0 {
		b.lookIn(where[0])
	}
	if root := t.get("package-dir", ""); root != nil {
		b.lookIn(root.str())
	}
	b.dataDirs(t.get("data-files").table()...)
	b.licenses(t.get("license-files").strs())
	dynamic := t.get("dynamic")
	for _, field := range dynamic.table() {
		value := dynamic.get(field)
		if field == "optional-dependencies" {
			for _, extra := range value.table() {
				b.reads(value.get(extra, "file").strs()...)
			}
			continue
		}
		files := value.get("file").strs()
		b.reads(files...)
		if field == "readme" && len(files) > 0 {
			b.readme(files[0])
		}
		if attribute := value.get("attr").str(); attribute != "" {
			b.attribute(attribute)
		}
	}
}

// lookIn notes the directory that packages are searched in.
func (b *metadataBuilder) lookIn(dir string) {
	b.packageDir = path.Clean(dir)
	if b.packageDir == "." {
		b.packageDir, b.flatPackage = "", true
	}
}

// attribute notes the file that "pkg.module.NAME" is read from, if it is there.
func (b *metadataBuilder) attribute(dotted string) {
	module, _, ok := cutLast(dotted, ".")
	if !ok {
		return
	}
	base := strings.ReplaceAll(module, ".", "/")
	for _, dir := range []string{b.packageDir, "src", "."} {
		for _, file := range []string{base + ".py", base + "/__init__.py"} {
			if full, ok := JoinPath(path.Join(b.m.Dir, dir), file); ok && b.c.isFile(full) {
				b.m.DynamicFiles = append(b.m.DynamicFiles, full)
				return
			}
		}
	}
}

func cutLast(s, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// hatch reads [tool.hatch]: https://hatch.pypa.io/latest/config/build/.
func (b *metadataBuilder) hatch(t *tomlValue) {
	b.reads(t.get("version", "path").str())
	hooks := t.get("metadata", "hooks")
	b.reads(hooks.get("requirements_txt", "files").strs()...)
	extras := hooks.get("requirements_txt", "optional-dependencies")
	for _, extra := range extras.table() {
		b.reads(extras.get(extra).strs()...)
	}
	for _, fragment := range hooks.get("fancy-pypi-readme", "fragments").items() {
		b.reads(fragment.get("path").str())
	}
	if hook := hooks.get("custom"); hook != nil {
		b.reads(cmp.Or(hook.get("path").str(), "hatch_build.py"))
	}
	build := t.get("build")
	for _, hook := range []*tomlValue{build.get("hooks", "custom"), build.get("targets", "wheel", "hooks", "custom")} {
		if hook != nil {
			b.reads(cmp.Or(hook.get("path").str(), "hatch_build.py"))
		}
	}
	for _, from := range build.get("targets", "wheel", "force-include").table() {
		b.reads(from)
	}
	shared := build.get("targets", "wheel", "shared-data")
	for _, from := range shared.table() {
		b.dataDirs(shared.get(from).str())
	}
	packages := build.get("targets", "wheel", "packages").strs()
	if len(packages) == 0 {
		packages = build.get("packages").strs()
	}
	for _, written := range packages {
		// "src/pkg" is shipped as "pkg".
		b.m.Packages = append(b.m.Packages, path.Base(path.Clean(written)))
		b.lookIn(path.Dir(path.Clean(written)))
	}
}

// flit reads [tool.flit], whose version and description come from the module's source:
// https://flit.pypa.io/en/stable/pyproject_toml.html.
func (b *metadataBuilder) flit(in tomlSource, t *tomlValue) {
	m := b.m
	module := cmp.Or(t.get("module", "name").str(), strings.ReplaceAll(m.Name, "-", "_"))
	if old := t.get("metadata"); old != nil {
		module = cmp.Or(old.get("module").str(), module)
		m.Name = cmp.Or(cmp.Or(old.get("dist-name").str(), module), m.Name)
		m.RequiresPython = cmp.Or(m.RequiresPython, old.get("requires-python").str())
		if requires := old.get("requires"); requires != nil && m.DependenciesFile == "" {
			m.Dependencies, m.DependenciesFile = in.requirements(requires), "pyproject.toml"
		}
		b.readme(old.get("description-file").str())
		m.Dynamic = append(m.Dynamic, "version", "description")
	}
	for _, name := range t.get("scripts").table() {
		b.script(name, t.get("scripts", name).str())
	}
	if module == "" {
		return
	}
	if t.get("module", "name") != nil || t.get("metadata", "module") != nil {
		m.Packages = append(m.Packages, module)
	}
	if slices.Contains(m.Dynamic, "version") || slices.Contains(m.Dynamic, "description") {
		b.attribute(module + ".__version__")
	}
}

// maturin reads [tool.maturin]; what [project] leaves dynamic it takes from Cargo.toml.
func (b *metadataBuilder) maturin(t *tomlValue) {
	b.reads(cmp.Or(t.get("manifest-path").str(), "Cargo.toml"))
	if dir := t.get("python-source").str(); dir != "" {
		b.lookIn(dir)
	}
}

// pdm reads [tool.pdm]: https://backend.pdm-project.org/metadata/ and https://pdm-project.org/en/latest/reference/pep621/.
func (b *metadataBuilder) pdm(in tomlSource, t *tomlValue) {
	m := b.m
	if t.get("distribution").is(false) {
		m.NonPackage, m.Installable = true, false
	}
	groups := t.get("dev-dependencies")
	for _, name := range groups.table() {
		b.group(installer.NormalizeName(name), in.requirements(groups.get(name)))
	}
	if strings.HasPrefix(m.Backend, "pdm") {
		b.reads(t.get("version", "path").str())
		if dir := t.get("build", "package-dir"); dir != nil {
			b.lookIn(cmp.Or(dir.str(), "."))
		}
	}
}

// uv reads [tool.uv]: https://docs.astral.sh/uv/reference/settings/.
func (b *metadataBuilder) uv(in tomlSource, t *tomlValue) {
	m := b.m
	if t.get("package").is(false) {
		m.NonPackage, m.Installable = true, false
	}
	if dev := t.get("dev-dependencies"); dev != nil {
		b.group("dev", in.requirements(dev))
	}
	if defaults := t.get("default-groups"); defaults != nil {
		m.DefaultGroups = []string{}
		for _, name := range defaults.strs() {
			m.DefaultGroups = append(m.DefaultGroups, installer.NormalizeName(name))
		}
	}
	for _, member := range t.get("workspace", "members").strs() {
		if full, ok := JoinPath(m.Dir, member); ok {
			m.Workspace = append(m.Workspace, full)
		}
	}
	if m.Backend == "uv_build" {
		backend := t.get("build-backend")
		m.Packages = append(m.Packages, backend.get("module-name").strs()...)
		b.lookIn("src")
		if root := backend.get("module-root"); root != nil {
			b.lookIn(cmp.Or(root.str(), "."))
		}
	}
}

// versionTools are distributions that compute a version from version control during the build.
var versionTools = []string{
	"setuptools-scm", "setuptools-git-versioning", "hatch-vcs", "pbr", "versioneer", "versioneer-518", "dunamai",
	"poetry-dynamic-versioning", "uv-dynamic-versioning", "versioningit", "flit-scm", "setuptools-vcs-versioning", "vcs-versioning",
}

// versionControl finds out where a version that is not written down comes from.
func (b *metadataBuilder) versionControl(tool *tomlValue) {
	m := b.m
	if tool.get("poetry-dynamic-versioning", "enable").is(true) {
		m.UsesSCM = true
	}
	if m.Backend == "pdm.backend" && tool.get("pdm", "version", "source").str() == "scm" {
		m.UsesSCM = true
	}
	if m.Version != "" || m.Backend == "poetry.core" {
		return // poetry's plugin is off unless enabled
	}
	if m.Backend == "hatchling" {
		// hatchling reads a file unless another source is named, whatever else is required for the build.
		source := tool.get("hatch", "version", "source").str()
		m.UsesSCM = source == "vcs" || source == "uv-dynamic-versioning" || source == "versioningit"
		return
	}
	if version := tool.get("setuptools", "dynamic", "version"); version != nil {
		// "attr" and "file" are used even where setuptools-scm is there; versioneer is called by setup.py.
		return
	}
	m.UsesSCM = m.UsesSCM || b.requiresVersionTool(m.Requires)
}

func (b *metadataBuilder) requiresVersionTool(requires []installer.Requirement) bool {
	return slices.ContainsFunc(requires, func(r installer.Requirement) bool {
		return slices.Contains(versionTools, r.Name)
	})
}

// sourceDir finds where packages are looked for: the backend's setting, else what its automatic discovery would choose.
func (b *metadataBuilder) sourceDir() {
	m := b.m
	if b.packageDir != "" || b.flatPackage {
		m.SourceDir = b.packageDir
		return
	}
	src := path.Join(m.Dir, "src")
	if !b.c.isDir(src) {
		return
	}
	switch m.Backend {
	case "setuptools":
		// https://setuptools.pypa.io/en/latest/userguide/package_discovery.html#src-layout; setup.py without any setting finds nothing else
		if len(m.Packages) == 0 && !slices.Contains(m.Dynamic, "packages") && !slices.Contains(m.Dynamic, "package_dir") {
			m.SourceDir = "src"
		}
	case "pdm.backend", "pdm.pep517":
		m.SourceDir = "src"
	case "hatchling", "flit_core", "flit_scm", "poetry.core", "maturin":
		names := m.Packages
		if len(names) == 0 && m.Name != "" {
			names = []string{strings.ReplaceAll(installer.NormalizeName(m.Name), "-", "_")}
		}
		for _, name := range names {
			if b.c.exists(path.Join(src, name)) || b.c.exists(path.Join(src, name+".py")) {
				m.SourceDir = "src"
			}
		}
	}
}

package project

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

func (c *Context) lock(written string) (*Lock, bool) {
	name, ok := CleanPath(written)
	if c == nil || !ok {
		return nil, false
	}
	got := c.locks.get(name, func() found[*Lock] {
		format := lockFormat(path.Base(name))
		if format == "" {
			return found[*Lock]{}
		}
		content, ok := c.read(name)
		if !ok {
			return found[*Lock]{}
		}
		lock, ok := parseLock(name, format, content)
		return found[*Lock]{lock, ok}
	})
	return got.value, got.ok
}

func lockFormat(base string) string {
	switch base {
	case "poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml":
		return base
	}
	// PEP 751: pylock.NAME.toml, where NAME has no dot.
	if name, ok := strings.CutPrefix(base, "pylock."); ok {
		if name, ok = strings.CutSuffix(name, ".toml"); ok && name != "" && !strings.Contains(name, ".") {
			return "pylock.toml"
		}
	}
	return ""
}

// parseLock refuses a file with errors: half a lock file locks nothing.
func parseLock(name, format string, content []byte) (*Lock, bool) {
	l := &Lock{Path: name, Format: format, Packages: map[string]string{}, Dev: map[string]bool{}, Wheels: map[string][]string{}}
	if format == "Pipfile.lock" {
		return l, l.readPipfileLock(content)
	}
	root, problems := parseToml(content)
	if len(problems) > 0 {
		return nil, false
	}
	switch format {
	case "poetry.lock":
		l.readPackages(root.get("package"), poetryDev)
		files := root.get("metadata", "files") // until lock version 2.0
		for _, name := range files.table() {
			l.addWheels(name, files.get(name), "file")
		}
	case "pdm.lock":
		l.readPackages(root.get("package"), pdmDev)
	case "uv.lock":
		l.readUv(root)
	case "pylock.toml":
		defaults := root.get("default-groups").strs()
		l.readPackages(root.get("packages"), func(p *tomlValue) bool { return pylockDev(p, defaults) })
	}
	return l, true
}

// add notes a package. Lock files may hold several versions of one for different interpreters and platforms: then none is known.
func (l *Lock) add(name, version string, dev bool) {
	name = installer.NormalizeName(name)
	if name == "" {
		return
	}
	known, twice := l.Packages[name]
	if twice && known != version {
		version = ""
	}
	l.Packages[name] = version
	switch {
	case !dev:
		delete(l.Dev, name)
	case !twice:
		l.Dev[name] = true
	}
}

func (l *Lock) readPackages(packages *tomlValue, dev func(*tomlValue) bool) {
	for _, p := range packages.items() {
		l.add(p.get("name").str(), p.get("version").str(), dev(p))
		l.addWheels(p.get("name").str(), p.get("files"), "file")
		l.addWheels(p.get("name").str(), p.get("wheels"), "url")
	}
}

// addWheels notes the wheels among the files of a package, which are named or stand at the end of a URL.
func (l *Lock) addWheels(name string, files *tomlValue, key string) {
	name = installer.NormalizeName(name)
	for _, file := range files.items() {
		if base := path.Base(file.get(key).str()); strings.HasSuffix(base, ".whl") {
			l.Wheels[name] = append(l.Wheels[name], base)
		}
	}
}

// poetryDev: category until lock version 2.0, groups since 2.1.
func poetryDev(p *tomlValue) bool {
	if groups := p.get("groups").strs(); len(groups) > 0 {
		return !slices.Contains(groups, "main")
	}
	return p.get("category").str() == "dev"
}

func pdmDev(p *tomlValue) bool {
	groups := p.get("groups").strs()
	return len(groups) > 0 && !slices.Contains(groups, "default")
}

// pylockDev: a marker that asks for one group which is not installed by default.
func pylockDev(p *tomlValue, defaults []string) bool {
	marker := p.get("marker").str()
	if strings.Contains(marker, " or ") || strings.Contains(marker, "not in dependency_groups") {
		return false
	}
	before, _, ok := strings.Cut(marker, " in dependency_groups")
	if !ok {
		return false
	}
	group := strings.Trim(before[strings.LastIndex(before, " ")+1:], `'"()`)
	return !slices.Contains(defaults, group)
}

// readUv follows the dependencies of the projects that the file locks: what only their dev-dependencies need is for development.
func (l *Lock) readUv(root *tomlValue) {
	byName := map[string][]*tomlValue{}
	var roots []*tomlValue
	for _, p := range root.get("package").items() {
		name := installer.NormalizeName(p.get("name").str())
		byName[name] = append(byName[name], p)
		if source := p.get("source"); source.get("editable") != nil || source.get("virtual") != nil {
			roots = append(roots, p)
		}
	}
	needed := map[string]bool{}
	var queue []*tomlValue
	need := func(dependencies *tomlValue) {
		for _, d := range dependencies.items() {
			name := installer.NormalizeName(d.get("name").str())
			if !needed[name] {
				needed[name] = true
				queue = append(queue, byName[name]...)
			}
		}
	}
	queue = append(queue, roots...)
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		need(p.get("dependencies"))
		optional := p.get("optional-dependencies")
		for _, extra := range optional.table() {
			need(optional.get(extra))
		}
	}
	for _, p := range root.get("package").items() {
		source := p.get("source")
		if source.get("virtual") != nil || source.get("editable").str() == "." {
			continue // the project itself
		}
		name := installer.NormalizeName(p.get("name").str())
		isRoot := source.get("editable") != nil
		l.addWheels(name, p.get("wheels"), "url")
		l.add(name, p.get("version").str(), len(roots) > 0 && !needed[name] && !isRoot)
	}
}

func (l *Lock) readPipfileLock(content []byte) bool {
	type section map[string]struct {
		Version string `json:"version"`
	}
	var file struct {
		Default section `json:"default"`
		Develop section `json:"develop"`
	}
	if json.Unmarshal(content, &file) != nil {
		return false
	}
	for name, p := range file.Develop {
		l.add(name, strings.TrimLeft(p.Version, "="), true)
	}
	for name, p := range file.Default {
		l.add(name, strings.TrimLeft(p.Version, "="), false)
	}
	return true
}

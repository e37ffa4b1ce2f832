package inspect

import (
	"encoding/json"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Distribution is an installed Python distribution.
type Distribution struct {
	Name    string // normalized: lower case, one hyphen between words
	Version string
	Dir     string // site-packages or its like
	Info    *imagefs.File
	// Requires are its requirements as written, markers included.
	Requires []string
	// Editable is where its sources are, "" when it was copied.
	Editable string
	// Scripts are its console scripts: name and MODULE:OBJECT.
	Scripts map[string]string
	// Modules are the top-level modules and packages that it brings, as far as it says.
	Modules []string
	// Files are paths as its RECORD has them, relative to Dir.
	Files []string
}

var separators = regexp.MustCompile(`[-_.]+`)

// Normalize is a name as PEP 503 compares it.
func Normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(strings.TrimSpace(name), "-"))
}

// DistributionsIn are the distributions in a directory, in the order of their names.
func (s *System) DistributionsIn(dir string) []*Distribution {
	folder, err := s.Image.Stat(dir)
	if err != nil {
		return nil
	}
	var found []*Distribution
	for _, child := range folder.Children() {
		switch path.Ext(child.Name()) {
		case ".dist-info":
			if child.IsDir() {
				found = append(found, s.distInfo(folder.Path(), child))
			}
		case ".egg-info":
			found = append(found, s.eggInfo(folder.Path(), child))
		case ".egg-link":
			if d := s.eggLink(child); d != nil {
				found = append(found, d)
			}
		}
	}
	return slices.DeleteFunc(found, func(d *Distribution) bool { return d == nil || d.Name == "" })
}

// Distributions are those that a search through the directories finds: the first of a name hides the others.
func (s *System) Distributions(dirs []string) map[string]*Distribution {
	found := map[string]*Distribution{}
	for _, dir := range dirs {
		for _, d := range s.DistributionsIn(dir) {
			if found[d.Name] == nil {
				found[d.Name] = d
			}
		}
	}
	return found
}

func content(dir *imagefs.File, name string) string {
	if file := dir.Child(name); file != nil {
		return file.Content
	}
	return ""
}

func (s *System) distInfo(dir string, info *imagefs.File) *Distribution {
	d := &Distribution{Dir: dir, Info: info}
	d.metadata(content(info, "METADATA"))
	if d.Name == "" {
		name, version, _ := strings.Cut(strings.TrimSuffix(info.Name(), ".dist-info"), "-")
		d.Name, d.Version = Normalize(name), version
	}
	d.Scripts = consoleScripts(content(info, "entry_points.txt"))
	for line := range strings.Lines(content(info, "RECORD")) {
		if name := recordPath(strings.TrimSpace(line)); name != "" {
			d.Files = append(d.Files, name)
		}
	}
	d.Modules = modules(content(info, "top_level.txt"), d.Files)
	var direct struct {
		URL     string
		DirInfo struct{ Editable bool } `json:"dir_info"`
	}
	if text := content(info, "direct_url.json"); text != "" && json.Unmarshal([]byte(text), &direct) == nil && direct.DirInfo.Editable {
		if u, err := url.Parse(direct.URL); err == nil && u.Scheme == "file" {
			d.Editable = u.Path
		}
	}
	return d
}

// recordPath is the first column of a line of RECORD, which is quoted where it has a comma.
func recordPath(line string) string {
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		name, _, _ := strings.Cut(quoted, `"`)
		return name
	}
	name, _, _ := strings.Cut(line, ",")
	return name
}

func (d *Distribution) metadata(text string) {
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ": ")
		if !ok {
			continue
		}
		switch strings.ToLower(name) {
		case "name":
			d.Name = Normalize(value)
		case "version":
			d.Version = strings.TrimSpace(value)
		case "requires-dist":
			d.Requires = append(d.Requires, strings.TrimSpace(value))
		}
	}
}

func (s *System) eggInfo(dir string, info *imagefs.File) *Distribution {
	d := &Distribution{Dir: dir, Info: info}
	if !info.IsDir() { // distutils wrote a file
		d.metadata(s.Content(info.Path()))
		return d
	}
	d.metadata(content(info, "PKG-INFO"))
	d.Scripts = consoleScripts(content(info, "entry_points.txt"))
	for line := range strings.Lines(content(info, "installed-files.txt")) { // relative to the folder that it is in
		d.Files = append(d.Files, path.Join(info.Name(), strings.TrimSpace(line)))
	}
	d.Modules = modules(content(info, "top_level.txt"), d.Files)
	for line := range strings.Lines(content(info, "requires.txt")) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "[") {
			break // extras and markers follow
		} else if line != "" {
			d.Requires = append(d.Requires, line)
		}
	}
	return d
}

// eggLink is a `setup.py develop` install: the first line is where the sources are.
func (s *System) eggLink(link *imagefs.File) *Distribution {
	source, _, _ := strings.Cut(link.Content, "\n")
	source = strings.TrimSpace(source)
	name := Normalize(strings.TrimSuffix(link.Name(), ".egg-link"))
	d := &Distribution{Name: name, Dir: link.Parent().Path(), Info: link, Editable: source}
	for _, found := range s.DistributionsIn(source) {
		if found.Name == name {
			d.Version, d.Requires, d.Scripts, d.Modules = found.Version, found.Requires, found.Scripts, found.Modules
		}
	}
	return d
}

// consoleScripts reads the scripts of entry_points.txt.
func consoleScripts(text string) map[string]string {
	scripts := map[string]string{}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		if name, target, ok := strings.Cut(line, "="); ok && (section == "console_scripts" || section == "gui_scripts") {
			target, _, _ = strings.Cut(target, "[")
			scripts[strings.TrimSpace(name)] = strings.TrimSpace(target)
		}
	}
	return scripts
}

// modules are the names that can be imported.
func modules(topLevel string, files []string) []string {
	var names []string
	for line := range strings.Lines(topLevel) {
		if line = strings.TrimSpace(line); line != "" {
			names = append(names, line)
		}
	}
	if len(names) > 0 {
		return names
	}
	for _, file := range files {
		first, rest, inFolder := strings.Cut(file, "/")
		switch {
		case first == ".." || strings.HasSuffix(first, ".dist-info") || strings.HasSuffix(first, ".libs") || strings.HasSuffix(first, ".data") || first == "__pycache__":
			continue
		case !inFolder:
			module, ok := moduleOf(first)
			if !ok {
				continue
			}
			first = module
		case !strings.HasSuffix(rest, ".py") && !strings.HasSuffix(rest, ".so"):
			continue
		}
		if !slices.Contains(names, first) {
			names = append(names, first)
		}
	}
	return names
}

// moduleOf is the module that a file is, for .py files and extension modules.
func moduleOf(name string) (string, bool) {
	module, ending, _ := strings.Cut(name, ".")
	return module, ending == "py" || strings.HasSuffix(ending, "so")
}

// Imports tells whether a top-level module is found in the directories: a package, a namespace, a file or an extension module.
func (s *System) Imports(dirs []string, module string) bool {
	for _, dir := range dirs {
		folder, err := s.Image.Stat(dir)
		if err != nil {
			continue
		}
		if at, err := s.Image.Stat(path.Join(dir, module)); err == nil && at.IsDir() {
			return true
		}
		if folder.Child(module+".py") != nil || folder.Child(module+".pyc") != nil {
			return true
		}
		for _, child := range folder.Children() {
			if name, ok := moduleOf(child.Name()); ok && name == module {
				return true
			}
		}
	}
	return false
}

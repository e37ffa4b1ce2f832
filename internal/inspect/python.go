package inspect

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Environment is an interpreter as it is called by one path: it decides which directories are searched for modules.
// https://docs.python.org/3/library/site.html, https://docs.python.org/3/library/sys_path_init.html
type Environment struct {
	Program string // absolute path by which it is called; a link in a virtual environment
	Real    string // the interpreter's own path, all links followed; "" where they lead nowhere
	Version string // 3.12; "" when not known
	Prefix  string // directory that lib/python3.12 is in
	Venv    bool
	Broken  string // why it can't run, "" when it can: a target of a link or a home directory that is gone
	// Site are the directories of installed packages, in the order of the search. Without those of a user base.
	Site []string
	// Library is the directory of the standard library; "" when it is not there.
	Library string
	// Opaque tells that a .pth file runs code, so that more may be found than is listed here.
	Opaque bool
}

var versioned = regexp.MustCompile(`^(?:python|pypy)(\d+\.\d+)t?$`)

// Environments are those of all interpreters of the image: each virtual environment is one, and so is each interpreter that
// is not in one. They are in the order of their paths.
func (s *System) Environments() []*Environment {
	if s.environments != nil {
		return s.environments
	}
	s.environments = []*Environment{}
	seen := map[string]bool{}
	for file := range s.Image.Root().All() {
		if file.IsDir() || !isInterpreter(file.Name()) || file.Parent().Name() != "bin" {
			continue
		}
		e := s.EnvironmentOf(file.Path())
		if e == nil || seen[e.Prefix+"\x00"+e.Version] {
			continue
		}
		seen[e.Prefix+"\x00"+e.Version] = true
		s.environments = append(s.environments, e)
	}
	return s.environments
}

// isInterpreter tells whether a program of this name is Python.
func isInterpreter(name string) bool {
	return name == "python" || name == "python3" || versioned.MatchString(name)
}

// EnvironmentOf is the environment of the interpreter at the path, nil when there is none.
func (s *System) EnvironmentOf(program string) *Environment {
	file, err := s.Image.Lstat(program)
	if err != nil || !isInterpreter(path.Base(program)) {
		return nil
	}
	e := &Environment{Program: program}
	target, err := s.Image.Stat(program)
	switch {
	case err != nil:
		e.Broken = program + " leads to " + s.deadEnd(file) + ", which is not there"
	case target.ELF == nil:
		return nil // a script that is called python
	default:
		e.Real = target.Path()
	}
	bin := path.Dir(s.realDir(path.Dir(program)))
	if config, err := s.Image.Stat(path.Join(bin, "pyvenv.cfg")); err == nil {
		s.readVenv(e, bin, config.Content)
		return e
	}
	if e.Broken != "" || e.Real == "" {
		return nil // a stray link is no environment
	}
	s.readSystem(e)
	return e
}

// realDir resolves the links of a directory.
func (s *System) realDir(dir string) string {
	if file, err := s.Image.Stat(dir); err == nil {
		return file.Path()
	}
	return dir
}

// deadEnd is where a chain of links ends.
func (s *System) deadEnd(file *imagefs.File) string {
	at := file.Path()
	for range 40 {
		f, err := s.Image.Lstat(at)
		if err != nil || f.Target == "" {
			break
		}
		at = absolute(path.Dir(at), f.Target)
	}
	return at
}

func (s *System) readVenv(e *Environment, prefix, config string) {
	e.Venv, e.Prefix = true, prefix
	settings := map[string]string{}
	for line := range strings.Lines(config) {
		name, value, _ := strings.Cut(line, "=")
		settings[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	if version := settings["version"] + settings["version_info"]; version != "" {
		e.Version = minorOf(version)
	}
	if m := versioned.FindStringSubmatch(path.Base(e.Real)); m != nil {
		if e.Version != "" && e.Version != m[1] && e.Broken == "" {
			e.Broken = "it was made for Python " + e.Version + ", and " + e.Program + " is Python " + m[1]
		} else {
			e.Version = m[1]
		}
	}
	if home := settings["home"]; e.Broken == "" && home != "" {
		if _, err := s.Image.Stat(home); err != nil {
			e.Broken = "its interpreter was in " + home + ", which is not there"
		}
	}
	base := s.baseOf(e)
	if base != nil {
		e.Library = base.Library
	}
	s.addSite(e, path.Join(prefix, "lib", "python"+e.Version, "site-packages"))
	s.addSite(e, path.Join(prefix, "lib64", "python"+e.Version, "site-packages"))
	if base != nil && strings.EqualFold(settings["include-system-site-packages"], "true") {
		for _, dir := range base.Site {
			s.addSite(e, dir)
		}
	}
}

// baseOf is the interpreter that a virtual environment was made with.
func (s *System) baseOf(e *Environment) *Environment {
	if e.Real == "" {
		return nil
	}
	base := &Environment{Program: e.Real, Real: e.Real}
	s.readSystem(base)
	return base
}

// readSystem finds where an interpreter that is not in a virtual environment looks.
func (s *System) readSystem(e *Environment) {
	e.Prefix = path.Dir(path.Dir(e.Real))
	if m := versioned.FindStringSubmatch(path.Base(e.Real)); m != nil {
		e.Version = m[1]
	}
	lib := path.Join(e.Prefix, "lib", "python"+e.Version)
	if dir, err := s.Image.Stat(lib); err == nil && dir.IsDir() {
		e.Library = lib
	}
	if s.debian(e) {
		// Debian's site.py: /usr/local/lib/python3.11/dist-packages, then /usr/lib/python3/dist-packages.
		s.addSite(e, "/usr/local/lib/python"+e.Version+"/dist-packages")
		s.addSite(e, "/usr/lib/python3/dist-packages")
		s.addSite(e, "/usr/lib/python"+e.Version+"/dist-packages")
		return
	}
	s.addSite(e, path.Join(lib, "site-packages"))
	s.addSite(e, path.Join(e.Prefix, "lib64", "python"+e.Version, "site-packages"))
	if e.Prefix == "/usr" { // Fedora
		s.addSite(e, "/usr/local/lib/python"+e.Version+"/site-packages")
		s.addSite(e, "/usr/local/lib64/python"+e.Version+"/site-packages")
	}
}

// debian tells whether the interpreter is the distribution's on Debian or what comes of it.
func (s *System) debian(e *Environment) bool {
	if e.Prefix != "/usr" {
		return false
	}
	_, err := s.Image.Stat("/usr/lib/python3/dist-packages")
	return err == nil
}

// addSite adds a directory that is there, and those that .pth files in it name.
func (s *System) addSite(e *Environment, dir string) {
	file, err := s.Image.Stat(dir)
	if err != nil || !file.IsDir() || slices.Contains(e.Site, file.Path()) {
		return
	}
	e.Site = append(e.Site, file.Path())
	for _, child := range file.Children() {
		if path.Ext(child.Name()) != ".pth" {
			continue
		}
		for _, line := range s.pthLines(child) {
			if strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "import\t") {
				if child.Name() != "distutils-precedence.pth" { // setuptools', which adds nothing
					e.Opaque = true
				}
				continue
			}
			if added, err := s.Image.Stat(absolute(dir, line)); err == nil && added.IsDir() && !slices.Contains(e.Site, added.Path()) {
				e.Site = append(e.Site, added.Path())
			}
		}
	}
}

func (s *System) pthLines(file *imagefs.File) []string {
	content := s.Content(file.Path())
	var lines []string
	for line := range strings.Lines(content) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// SearchOf are all directories that a process of this identity searches for modules with this environment: PYTHONPATH, the
// standard library, a user base, site-packages. The script's directory, or the working directory, comes before them.
func (s *System) SearchOf(e *Environment, id Identity) []string {
	var dirs []string
	add := func(dir string) {
		if file, err := s.Image.Stat(dir); err == nil && file.IsDir() && !slices.Contains(dirs, file.Path()) {
			dirs = append(dirs, file.Path())
		}
	}
	for _, dir := range strings.Split(s.Env["PYTHONPATH"], ":") {
		if dir != "" {
			add(absolute(s.Image.Config.WorkingDir, dir))
		}
	}
	if e.Library != "" {
		add(e.Library)
		add(path.Join(e.Library, "lib-dynload"))
	}
	if user := s.userSite(e, id); user != "" {
		with := &Environment{Version: e.Version}
		s.addSite(with, user)
		e.Opaque = e.Opaque || with.Opaque
		for _, dir := range with.Site {
			add(dir)
		}
	}
	for _, dir := range e.Site {
		add(dir)
	}
	return dirs
}

// userSite is the directory of PEP 370, "" where it is not searched.
func (s *System) userSite(e *Environment, id Identity) string {
	if s.Env["PYTHONNOUSERSITE"] != "" || e.Version == "" || e.Venv && !s.seesSystem(e) {
		return ""
	}
	base := s.Env["PYTHONUSERBASE"]
	if base == "" {
		home := s.Env["HOME"]
		if home == "" {
			home = id.Home
		}
		base = path.Join(home, ".local")
	}
	return path.Join(base, "lib", "python"+e.Version, "site-packages")
}

func (s *System) seesSystem(e *Environment) bool {
	for line := range strings.Lines(s.Content(path.Join(e.Prefix, "pyvenv.cfg"))) {
		name, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(strings.ToLower(name)) == "include-system-site-packages" {
			return strings.EqualFold(strings.TrimSpace(value), "true")
		}
	}
	return false
}

func minorOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[0] + "." + parts[1]
}

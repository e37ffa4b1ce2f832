package rules

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// appModule is the module of the application that a server is told to load.
type appModule struct {
	server string
	word   shell.Field
	name   string // dotted
	attr   bool   // the last part may be an attribute of the module before it
}

var (
	appTarget = pattern.New(`^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?::[A-Za-z_]\w*(?:\(.*\))?|\.[aw]sgi)$`)
	appName   = pattern.New(`^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$`)
	// movesSearch is what changes where servers look for modules, in their options, scripts and configuration.
	movesSearch = pattern.New(`--(?:app-dir|chdir|pythonpath|python-path|workdir)\b|\bchdir\b|pythonpath|sys\.path|PYTHONPATH|\bcd\s|pushd|__import__`)
)

// appOptions are those of servers that take their application by an option; the others take an operand.
var appOptions = map[string][]string{"celery": {"-A", "--app"}, "litestar": {"--app"}}

// notModules are what stands before the colon of an address or of a reference to a configuration.
var notModules = map[string]bool{"unix": true, "fd": true, "tcp": true, "ssl": true, "tls": true, "python": true, "file": true, "localhost": true}

// appSwitches are options without a value that stand before the application.
var appSwitches = map[string]bool{"--reload": true, "--factory": true, "--preload": true, "--proxy-headers": true, "--debug": true, "--dev": true}

// startModule is the module of the application that the command starts; ok is false where there is none, or options say where to look.
func startModule(c analyzer.StartCommand) (m appModule, ok bool) {
	args := c.ProgramArgs()
	if file, module := c.Operand(); module != nil && c.Runner() == "" && file == nil && !program.Is(module.Text(), program.Loads) {
		m.server, m.word = c.Program(), *module
		m.name, _, _ = strings.Cut(module.Text(), ".")
		return m, appName.MatchString(m.name)
	}
	if len(args) < 2 || c.Runner() != "" {
		return m, false
	}
	m.server = path.Base(args[0].Text())
	if !program.Is(m.server, program.Loads) {
		return m, false
	}
	options := appOptions[m.server]
	for i, arg := range args[1:] {
		if arg.Glob || !arg.Value.IsKnown() {
			return m, false
		}
		text, before := arg.Text(), args[i].Text()
		if options == nil {
			value := i > 0 && strings.HasPrefix(before, "-") && !strings.Contains(before, "=") && !appSwitches[before]
			if found := appTarget.FindStringSubmatch(text); found != nil && !ok && !notModules[found[1]] && !value {
				m.word, m.name, ok = arg, strings.Split(text, ":")[0], true
			}
			continue
		}
		name, value, joined := strings.Cut(text, "=")
		if joined && slices.Contains(options, name) {
			text = value
		} else if !slices.Contains(options, before) {
			continue
		}
		text, _, colon := strings.Cut(text, ":")
		if !ok && appName.MatchString(text) {
			m.word, m.name, m.attr, ok = arg, text, !colon, true
		}
	}
	return m, ok
}

// absentApplication finds a server whose application's module is certainly in none of the directories in which it looks.
func absentApplication(p *analyzer.Pass) (d analyzer.Diagnostic, found bool) {
	s := p.Target
	here := s.After.Workdir
	start := s.Start()
	if len(start.Commands) != 1 && !(len(start.Commands) == 2 && s.HandsOver(start.Commands[0])) || !here.IsKnown() || p.Context == nil || len(p.Context.Glob("*")) == 0 {
		return d, false
	}
	m, ok := startModule(start.Commands[len(start.Commands)-1])
	dirs, plain := s.ModuleDirs()
	if !ok || !plain || redirectsSearch(p) {
		return d, false
	}
	top, rest, dotted := strings.Cut(m.name, ".")
	for _, dir := range dirs {
		at := path.Join(dir, top)
		folder, file := s.HasPath(at), s.HasPath(at+".py")
		if folder.Is(analyzer.No) && file.Is(analyzer.No) {
			continue
		}
		if !dotted || !folder.Is(analyzer.Yes) || !file.Is(analyzer.No) || !lacksModule(p, rest, at, m.attr) {
			return d, false
		}
		d.Message = fmt.Sprintf("%s has no %s, so %s ends at once", at, path.Join(strings.Split(rest, ".")...), m.server)
	}
	if d.Message == "" {
		if s.VolumeMayBring(path.Join(here.Text, top)) {
			return d, false
		}
		in, own := ownModule(p, top)
		near, code := beside(p, here.Text)
		slip := ""
		for _, name := range near {
			if words.Slip(top, name) {
				slip = name
			}
		}
		switch {
		case own && !installsProject(p):
			d.Message = fmt.Sprintf("the module %s is not in the image where %s looks for it, in %s, so the container ends at once: the build context has it at %s",
				top, m.server, here.Text, in)
			unlessMounted(p, &d)
		case slip != "" && !namesPackage(p, top):
			d.Message = fmt.Sprintf("there is no module %s in %s, where %s looks for it, so the container ends at once; there is %s", top, here.Text, m.server, slip)
		case code && !own && program.Is(m.server, program.Loads) && !installsProject(p) && noPackageLike(p, top):
			d.Message = fmt.Sprintf("there is no module %s in %s, where %s looks for it, and no package that is installed has its name, so the container ends at once",
				top, here.Text, m.server)
		default:
			return d, false
		}
	}
	d.Span = m.word.Span
	return d, true
}

// redirectsSearch tells whether something may make the server look elsewhere, too.
func redirectsSearch(p *analyzer.Pass) bool {
	s := p.Target
	texts, complete := s.StartTexts()
	if !complete || slices.ContainsFunc(texts, movesSearch.MatchString) {
		return true
	}
	for _, name := range []string{"GUNICORN_CMD_ARGS", "UVICORN_APP_DIR", "PYTHONHOME", "CELERY_APP"} {
		if s.After.Sets(name) {
			return true
		}
	}
	for _, name := range slices.Concat(p.Context.Glob("*.py"), p.Context.Glob("*/*.py")) {
		if base := path.Base(name); !strings.Contains(base, "conf") && !strings.Contains(base, "gunicorn") && base != "sitecustomize.py" {
			continue
		}
		if text, ok := p.Context.Read(name); !ok || movesSearch.Match(text) {
			return true
		}
	}
	for c := range p.Commands() {
		if c.HasText(".pth") {
			return true
		}
	}
	return false
}

// lacksModule tells whether the package in the directory, which comes from the build context, certainly has no module of the dotted name.
func lacksModule(p *analyzer.Pass, rest, at string, attr bool) bool {
	from := p.Target.HasPath(at).Context
	parts := strings.Split(rest, ".")
	for i, part := range parts {
		if from == "" || !p.Context.IsDir(from) || p.Target.VolumeMayBring(path.Join(at, part)) {
			return false
		}
		next := path.Join(from, part)
		if p.Context.IsDir(next) && i < len(parts)-1 {
			from, at = next, path.Join(at, part)
			continue
		}
		text, ok := p.Context.Read(path.Join(from, "__init__.py")) // which may make up modules and attributes
		return ok && !p.Context.Exists(next) && len(p.Context.Glob(next+".*")) == 0 && !p.Context.Untracked(next+".py") && !p.Context.ScriptsMention(part+".py") &&
			!(attr && strings.Contains(string(text), part)) && !strings.Contains(string(text), "__path__") && !strings.Contains(string(text), "__getattr__")
	}
	return false
}

// ownModule is where the build context has a module of the name.
func ownModule(p *analyzer.Pass, name string) (at string, ok bool) {
	for _, around := range []string{"", "src", "app", "*"} {
		for _, file := range []string{name + ".py", name + "/__init__.py", name + "/*.py"} {
			switch matches := p.Context.Glob(path.Join(around, file)); {
			case len(matches) == 0:
			case strings.Contains(file, "/"):
				return path.Dir(matches[0]), true
			default:
				return matches[0], true
			}
		}
	}
	return "", false
}

// unlessMounted makes advice of a finding where the image takes no code of the build context at all: it may be there to have all of it mounted.
func unlessMounted(p *analyzer.Pass, d *analyzer.Diagnostic) {
	code := func(s analyzer.CopySource) bool {
		text := s.Text.Text
		return !s.Text.IsKnown() || strings.Contains(text, "*") || p.Context.IsDir(text) || path.Ext(text) == ".py" || path.Ext(text) == ".sh"
	}
	if p.Context == nil || p.Target.After.Workdir.Is("/") {
		return // nothing is mounted over the whole image
	}
	for _, step := range p.Target.ChainSteps() {
		if step.Copy != nil && (!step.Copy.FromContext() || slices.ContainsFunc(step.Copy.Sources, code)) {
			return
		}
	}
	d.Severity = analyzer.Info
	d.Message = strings.Replace(d.Message, "ends at once", "ends at once unless it is mounted there", 1)
}

// beside are the modules of the build context that the image has in the directory; code tells that there are any.
func beside(p *analyzer.Pass, dir string) (names []string, code bool) {
	set := map[string]bool{}
	for _, around := range []string{"*.py", "*/*.py", "*/*/*.py"} {
		for _, match := range p.Context.Glob(around) {
			for _, name := range strings.Split(match, "/") {
				set[strings.TrimSuffix(name, ".py")] = true
			}
		}
	}
	for name := range maps.Keys(set) {
		for _, file := range []string{name, name + ".py"} {
			if p.Target.HasPath(path.Join(dir, file)).Is(analyzer.Yes) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names, len(names) > 0
}

// installsProject tells whether a project of the build context may be installed, so that its modules are found among the packages.
func installsProject(p *analyzer.Pass) bool {
	for _, content := range p.Target.Contents() {
		if in := content.Install; in.Call.Opaque != "" || mayInstallRoot(in) {
			return true
		}
	}
	for c := range p.Commands() {
		if c.MayDoAnything() || c.Install != nil && mayInstallRoot(c.Install) {
			return true
		}
	}
	return false
}

// mayInstallRoot tells whether a tool that reads a project installs it, too.
func mayInstallRoot(in *analyzer.Installation) bool {
	switch in.Call.Tool {
	case installer.Pip, installer.UvPip, installer.Pipenv:
		return len(in.ProjectDirs()) > 0
	}
	return !in.Call.SkipsProject()
}

// namesPackage tells whether a package is installed that is called like the module.
func namesPackage(p *analyzer.Pass, module string) bool {
	return slices.ContainsFunc(p.Target.Contents(), func(c analyzer.Content) bool {
		set := c.Install.Packages()
		return set.Names[installer.NormalizeName(module)] || !set.Read
	})
}

// noPackageLike tells whether all that is installed is known, and nothing has a name like the module's.
func noPackageLike(p *analyzer.Pass, module string) bool {
	module = strings.Trim(installer.NormalizeName(module), "-")
	like := func(name string) bool {
		return strings.Contains(name, module) || strings.Contains(module, name) && len(name) > 2
	}
	some := false
	for _, content := range p.Target.Contents() {
		set := content.Install.Packages()
		if !set.Read || !set.Whole {
			return false
		}
		for _, names := range []map[string]bool{set.Names, set.Required()} {
			for name := range names {
				if like(name) {
					return false
				}
				some = true
			}
		}
	}
	return some
}

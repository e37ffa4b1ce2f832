package analyzer

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/pypi"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// PackageSet is what an installation installs, by normalized names, as far as that can be read.
type PackageSet struct {
	// Names are those that the command, its files, its lock file, or the project that it installs name.
	Names map[string]bool
	// Read tells that all of these could be read.
	Read bool
	// Whole tells that no other package can come along than Names and those that they are known to require.
	Whole bool
	named []pypi.Requirement
	comes pypi.Closure // what these bring
	// elsewhere tells that an index beside or instead of PyPI is asked, newest that it is PyPI's newest releases that certainly come.
	elsewhere, newest bool

	scripts map[string]bool // programs of the projects of the build context among them
	opaque  bool            // these may have others
}

// Required are packages that most likely come with the others.
func (set *PackageSet) Required() map[string]bool {
	required := pypi.Usual(set.named)
	maps.DeleteFunc(required, func(name string, _ bool) bool { return set.Names[name] })
	return required
}

// Packages are what the installation installs. Requirements with markers are among them.
func (in *Installation) Packages() PackageSet {
	return Remember(in.Command.Step.Stage.build, in, func() PackageSet {
		set := in.readPackages()
		set.elsewhere = in.Call.OtherIndex(in.Command.State.Lookup)
		set.newest = !set.elsewhere && in.newest()
		set.comes = pypi.Close(set.named, set.newest)
		set.Whole = set.Whole && set.comes.Whole
		maps.Copy(set.comes.Programs, set.scripts)
		// Packages of conda require others than those of PyPI.
		set.comes.Known = set.comes.Known && in.Call.Tool != installer.Conda && !set.opaque
		return set
	})
}

// newest tells whether an installer that asks PyPI takes the newest release of what nothing else bounds.
func (in *Installation) newest() bool {
	const oldest = "3.12" // of those whose newest releases nearly all packages still support
	if in.Call.HoldsBack(in.Command.State.Lookup) {
		return false
	}
	python := in.Interpreter
	return python != nil && python.Minor != "" && !version.Older(python.Minor, oldest)
}

func (in *Installation) readPackages() PackageSet {
	set := PackageSet{Names: map[string]bool{}, scripts: map[string]bool{}, Read: true, Whole: true}
	if lockOf[in.Call.Tool] != "" && len(in.Requirements) == 0 {
		set.locked(in.Command, !in.skipsDev())
		for _, dir := range in.ProjectDirs() {
			set.project(in.Command.Step.Stage.build.Context.Project(dir))
		}
		return set
	}
	switch in.Call.Tool {
	case installer.Pip, installer.UvPip:
	case installer.Conda:
		return in.condaPackages(set)
	default:
		return PackageSet{}
	}
	_, hashed := in.HashMode()
	hashed = hashed || in.Call.NoDeps() || in.Command.Setting("--no-deps").Is("true")
	for _, r := range in.Requirements {
		if r.Kind == installer.Local && in.local(r, &set, hashed) {
			continue
		}
		set.add(r, hashed)
	}
	for _, use := range in.Files {
		in.file(use, &set, hashed)
	}
	if in.Call.Has("--group") {
		set.Read = false
	}
	set.Whole = set.Whole && set.Read && len(set.Names) > 0
	return set
}

// condaPackages are those that a call of conda names: by operands and in the description of the environment.
func (in *Installation) condaPackages(set PackageSet) PackageSet {
	requirements := slices.Clip(in.Requirements)
	if e := in.Command.condaFile(); e != nil {
		for _, name := range e.Packages {
			requirements = append(requirements, installer.Requirement{Kind: installer.Named, Name: installer.NormalizeName(name)})
		}
		requirements = append(requirements, e.Pip...)
		set.Whole = !e.Local
	} else if len(in.Call.RequirementFiles()) > 0 || in.Call.Has("--clone") {
		set.Read, set.Whole = false, false
	}
	for _, r := range requirements {
		if r.Name == "python" {
			set.Names[r.Name] = true
			continue
		}
		set.add(r, false)
	}
	for i := range set.named {
		set.named[i].Conda = true
	}
	set.Whole = set.Whole && set.Names["python"]
	return set
}

// condaPython is the minor version of Python that a call of conda asks for; "" when that is not known.
func (in *Installation) condaPython() string {
	asked := ""
	if e := in.Command.condaFile(); e != nil {
		asked = e.Python
	}
	for _, r := range in.Requirements {
		if r.Name == "python" {
			asked = strings.TrimLeft(r.Specifier, "=")
		}
	}
	if at := pythonMinor.FindStringIndex(asked); at != nil {
		return asked[:at[1]]
	}
	return ""
}

var pythonMinor = pattern.New(`^3\.\d+`)

// skipsDev tells whether a tool leaves the packages for development out that its lock file has.
func (in *Installation) skipsDev() bool {
	dev, said := in.Call.DevGroups()
	return said && !dev
}

// add takes a requirement. hashed tells that everything is named.
func (set *PackageSet) add(r installer.Requirement, hashed bool) {
	if r.Kind != installer.Named || r.Name == "" {
		set.Read, set.Whole = false, false
		return
	}
	set.Names[r.Name] = true
	set.named = append(set.named, pypi.Requirement{Name: r.Name, Extras: r.Extras, Specifier: r.Specifier, Always: r.Marker == "", Alone: hashed})
}

// locked takes what a lock file of the command's tool names.
func (set *PackageSet) locked(c *Command, dev bool) {
	_, from := c.LockFile(lockOf[c.Installer.Tool])
	lock, found := c.Step.Stage.build.Context.Lock(from)
	if from == "" || !found || len(lock.Packages) == 0 {
		set.Read, set.Whole = false, false
		return
	}
	for name, version := range lock.Packages {
		if dev || !lock.Dev[name] {
			set.Names[name] = true
			set.named = append(set.named, pypi.Requirement{Name: name, Specifier: "==" + version, Alone: true})
		}
	}
}

// local takes a project of the build context: what its metadata require.
func (in *Installation) local(r installer.Requirement, set *PackageSet, hashed bool) bool {
	dir, ok := in.Command.Step.ContextDir(in.Command.State.Abs(env.Of(r.Location)).Text)
	if !ok {
		return false
	}
	meta, ok := in.Command.Step.Stage.build.Context.Project(dir)
	if !ok || meta.Name == "" {
		return false
	}
	set.Names[meta.Name] = true
	set.project(meta, ok)
	if in.Call.NoDeps() {
		return true
	}
	if slices.Contains(meta.Dynamic, "dependencies") {
		set.Read = false
	}
	requires := slices.Clone(meta.Dependencies)
	asked := slices.Clone(r.Extras)
	for name, more := range meta.Extras {
		if i := slices.Index(asked, installer.NormalizeName(name)); i >= 0 {
			asked = slices.Delete(asked, i, i+1)
			requires = append(requires, more...)
		}
	}
	set.Whole = set.Whole && len(asked) == 0
	for _, d := range requires {
		set.add(d, hashed)
	}
	return true
}

// project takes the programs of a project of the build context. Those that setup.py adds, or a tool makes up, are not known.
func (set *PackageSet) project(meta *project.Metadata, ok bool) {
	computed := func(field string) bool {
		return slices.Contains([]string{"scripts", "gui-scripts", "entry-points", "entry_points"}, field)
	}
	if !ok || slices.Contains(meta.Files, "setup.py") || slices.ContainsFunc(meta.Dynamic, computed) {
		set.opaque = true
	}
	if ok {
		for name := range meta.Scripts {
			set.scripts[name] = true
		}
	}
}

// file takes a requirements file: of the build context, or one that an earlier command has exported from a lock file.
func (in *Installation) file(use RequirementsUse, set *PackageSet, hashed bool) {
	if use.File != nil {
		lines, complete := in.Command.Step.Stage.build.Context.AllRequirements(use.InContext)
		set.Read = set.Read && complete
		set.Whole = set.Whole && complete
		for _, line := range lines {
			set.add(line.Requirement, hashed)
		}
		return
	}
	maker := in.exporter(use)
	switch {
	case maker == nil:
		set.Read, set.Whole = false, false
	case lockOf[maker.Installer.Tool] != "":
		dev, said := maker.Installer.DevGroups()
		set.locked(maker, !said || dev)
	default:
		of := &Installation{Command: maker, Call: maker.Installer}
		sources := maker.Installer.RequirementFiles()
		set.Read = set.Read && len(sources) > 0
		for _, f := range sources {
			if use := useOf(maker, f); use.File != nil {
				of.file(use, set, false)
			} else {
				set.Read, set.Whole = false, false
			}
		}
	}
}

// exported is a *Command and the path of a file that it reads, which another may have written.
type exported [2]any

// exporter is the command that has written the requirements file, from a lock file (poetry export, uv export, pipenv requirements, pdm
// export) or from other requirements (pip-compile). It may have run in another stage. nil where that can't be told.
func (in *Installation) exporter(use RequirementsUse) *Command {
	if !use.InImage.IsKnown() {
		return nil
	}
	a := Remember(in.Command.Step.Stage.build, exported{in.Command, use.InImage.Text}, func() Answer { return in.Command.HasPath(use.InImage.Text) })
	if a.Presence != Yes || a.Command == nil || a.Command.Installer == nil {
		return nil
	}
	call := a.Command.Installer
	exports := lockOf[call.Tool] != "" && (call.Verb == "requirements" || strings.Contains(call.Verb, "export"))
	if exports || call.Verb == "compile" && (call.Tool == installer.PipTools || call.Tool == installer.UvPip) {
		return a.Command
	}
	return nil
}

// Script tells whether the installation brings a console script of that name.
func (in *Installation) Script(name string) Presence {
	switch {
	case in.EntryPoints()[name] != "":
		return Yes
	case in.Call.Tool == installer.Conda && (name == "python" || name == "python3"):
		if in.Packages().Names["python"] {
			return Yes
		}
		return Maybe
	case in.Call.Tool == installer.Conda && (IsInterpreterName(name) || program.OfSystem(name) && !(program.OfDistribution(name) && in.Packages().Whole)):
		return Maybe
	case IsInterpreterName(name), program.OfDistribution(name), program.OfSystem(name) && !in.buildsOthers():
		return No // environments have one, packages bring none
	}
	set := in.Packages()
	pkg := ScriptPackage(name)
	if pkg == "" && program.Sole(name) {
		pkg = name
	}
	always, may := set.comes.Program(name)
	switch {
	case pkg != "" && set.Names[pkg] && in.Call.Tool == installer.Conda:
		return Yes
	case pkg != "" && in.CertainlyBrings(pkg), pkg != "" && set.Names[pkg] && lockOf[in.Call.Tool] != "" && len(in.Requirements) == 0:
		return Yes
	case always:
		return Yes
	case !set.Whole || set.Names[pkg] || may:
		return Maybe
	case program.Sole(name) || set.comes.Known:
		return No
	}
	return Maybe // those of which nothing is known may have it
}

// buildsOthers tells whether something beside packages of an index is installed, a project that may have a script of any name.
func (in *Installation) buildsOthers() bool {
	other := func(r installer.Requirement) bool { return r.Kind != installer.Named }
	return slices.ContainsFunc(in.Requirements, other) || slices.ContainsFunc(in.Files, func(use RequirementsUse) bool {
		return use.File != nil && slices.ContainsFunc(use.File.Lines, func(l project.RequirementLine) bool { return other(l.Requirement) })
	})
}

// ScriptPackage is the package on PyPI that brings a console script which images start, "" for others.
func ScriptPackage(name string) string {
	if f, ok := program.Lookup(name); ok {
		return f.Package
	}
	return ""
}

// EntryPoints are the console scripts of the projects that the installation builds from the build
// context, name to object reference; nil when there are none or the context is unknown.
func (in *Installation) EntryPoints() map[string]string {
	for _, dir := range in.ProjectDirs() {
		meta, ok := in.Command.Step.Stage.build.Context.Project(dir)
		if ok && len(meta.Scripts) > 0 {
			return meta.Scripts
		}
	}
	return nil
}

// scriptIn is what an installation makes of a file in its directory of programs: the installer's own scripts, the interpreter of a virtual
// environment, and those of packages. inside is the path below the installation's directory.
func (c *Command) scriptIn(inside string, venv bool) Presence {
	dir, name := path.Split(inside)
	in := c.Install
	switch {
	case strings.HasSuffix(dir, "sbin/"):
		if in != nil && in.Script(name) == Maybe {
			return Maybe
		}
		return No
	case venv && IsInterpreterName(name) && !strings.HasPrefix(name, "pypy"):
		_, minor, _ := MadeVenv(c)
		switch version := strings.TrimPrefix(name, "python"); {
		case version == "" || version == "3" || version == minor:
			return Yes
		case minor != "" && strings.HasPrefix(version, "3."):
			return No
		}
		return Maybe
	case in == nil: // a fresh environment
		for _, own := range []string{"pip", "python", "pypy", "activate", "Activate", "deactivate", "easy_install", "wheel", "pydoc"} {
			if strings.HasPrefix(name, own) {
				return Maybe
			}
		}
		return No
	case (in.NestedPrefix() != "") != strings.HasPrefix(dir, "local/"):
		return No
	}
	return in.Script(name)
}

// lacksModule tells whether what a command installs certainly lacks a module of the packages directory: that of a package whose program
// has its name.
func (c *Command) lacksModule(name string) bool {
	name = strings.TrimSuffix(name, ".py")
	return program.Sole(name) && ScriptPackage(name) == name && (c.Install == nil || c.Install.Script(name) == No)
}

// CertainlyBrings tells whether the package is named on the command line or in a requirements file that could be read.
func (in *Installation) CertainlyBrings(pkg string) bool {
	if pkg == "" {
		return false
	}
	for _, r := range in.Requirements {
		if r.Name == pkg && r.Marker == "" {
			return true
		}
	}
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			if line.Requirement.Name == pkg && line.Requirement.Marker == "" {
				return true
			}
		}
	}
	return false
}

// CompiledPackage is the first package of the installation that certainly has compiled modules.
func (in *Installation) CompiledPackage() string {
	all := append([]installer.Requirement(nil), in.Requirements...)
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			all = append(all, line.Requirement)
		}
	}
	for _, r := range all {
		if r.Marker == "" && needs.IsNative(r.Name) {
			return r.Name
		}
	}
	return ""
}

// BringsPackage tells whether the installation certainly installs the package from PyPI: it names it or one that requires it, or a requirements
// file or the project that it installs does. by is the package that requires it, "" where it is named itself.
func (in *Installation) BringsPackage(name string) (file string, span source.Span, by string, ok bool) {
	// Another index may have wheels, with the library in them.
	set := in.Packages()
	if set.elsewhere {
		return "", source.Span{}, "", false
	}
	extra, pkg := "", name
	if name == "psycopg-c" {
		pkg, extra = "psycopg", "c"
	}
	file, span, _, ok = in.requires(func(r installer.Requirement) bool {
		return r.Name == pkg && (extra == "" || slices.Contains(r.Extras, extra))
	})
	if !ok && set.comes.Packages[name] && !in.Call.Has("--override") && !in.Call.Has("--excludes") {
		file, span, by, ok = in.requires(func(r installer.Requirement) bool {
			one := []pypi.Requirement{{Name: r.Name, Extras: r.Extras, Specifier: r.Specifier, Always: true}}
			return pypi.Close(one, set.newest).Packages[name]
		})
	}
	return file, span, by, ok
}

// requires is where the first requirement that is for each platform and named, and for which is holds, is written, with its name.
func (in *Installation) requires(is func(installer.Requirement) bool) (file string, span source.Span, name string, ok bool) {
	holds := func(r installer.Requirement) bool { return r.Kind == installer.Named && r.Marker == "" && is(r) }
	for _, r := range in.Requirements {
		if holds(r) {
			return "", r.Span, r.Name, true
		}
	}
	context := in.Command.Step.Stage.build.Context // nil answers that it holds nothing
	dirs := in.ProjectDirs()
	for _, use := range in.Files {
		if use.File == nil {
			if maker := in.exporter(use); maker != nil && lockOf[maker.Installer.Tool] != "" && maker.State.Workdir.IsKnown() {
				if dir, ok := maker.Step.ContextDir(maker.State.Workdir.Text); ok {
					dirs = append(dirs, dir)
				}
			}
			continue
		}
		lines, _ := context.AllRequirements(use.InContext)
		for _, line := range lines {
			if holds(line.Requirement) {
				return line.Path, line.Span, line.Requirement.Name, true
			}
		}
	}
	for _, dir := range dirs {
		if meta, found := context.Project(dir); found {
			for _, r := range meta.Dependencies {
				if holds(r) {
					return path.Join(dir, meta.DependenciesFile), r.Span, r.Name, true
				}
			}
		}
	}
	return "", source.Span{}, "", false
}

package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
)

// PackageSet is what an installation installs, by normalized names, as far as that can be read.
type PackageSet struct {
	// Names are those that the command, its files, its lock file, or the project that it installs name.
	Names map[string]bool
	// Read tells that all of these could be read.
	Read bool
	// Whole tells that no other package can come along that has a program which images start: all that they depend on is among Names, or
	// none of them depends on such a package.
	Whole bool
}

// Packages are what the installation installs. Requirements with markers are among them.
func (in *Installation) Packages() PackageSet {
	return remember(in.Command.Step.Stage.build, in, func() PackageSet { return in.readPackages() })
}

func (in *Installation) readPackages() PackageSet {
	set := PackageSet{Names: map[string]bool{}, Read: true, Whole: true}
	if lockOf[in.Call.Tool] != "" && len(in.Requirements) == 0 {
		set.locked(in.Command, !in.skipsDev())
		return set
	}
	if in.Call.Tool != installer.Pip && in.Call.Tool != installer.UvPip {
		return PackageSet{}
	}
	_, hashed := in.HashMode()
	hashed = hashed || in.Call.NoDeps()
	for _, r := range in.Requirements {
		if r.Kind == installer.Local && in.local(r, &set, hashed) {
			continue
		}
		set.add(r, hashed)
	}
	for _, use := range in.Files {
		in.file(use, &set, hashed)
	}
	set.Whole = set.Whole && set.Read && len(set.Names) > 0
	return set
}

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
	set.Whole = set.Whole && (hashed || alone(r))
}

// locked takes what a lock file of the command's tool names.
func (set *PackageSet) locked(c *Command, dev bool) {
	_, from := c.LockFile(lockOf[c.Installer.Tool])
	lock, found := c.Step.Stage.build.Context.Lock(from)
	if from == "" || !found || len(lock.Packages) == 0 {
		set.Read, set.Whole = false, false
		return
	}
	for name := range lock.Packages {
		if dev || !lock.Dev[name] {
			set.Names[name] = true
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
	if in.Call.NoDeps() {
		return true
	}
	if slices.Contains(meta.Dynamic, "dependencies") {
		set.Read = false
	}
	for _, d := range meta.Dependencies {
		set.add(d, hashed)
	}
	return true
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
	if maker == nil {
		set.Read, set.Whole = false, false
		return
	}
	dev, said := maker.Installer.DevGroups()
	set.locked(maker, !said || dev)
}

// exporter is the command that has written the requirements file from a lock file: poetry export, uv export, pipenv requirements, pdm
// export. It may have run in another stage. nil where that can't be told.
func (in *Installation) exporter(use RequirementsUse) *Command {
	if !use.InImage.IsKnown() {
		return nil
	}
	a := in.Command.HasPath(use.InImage.Text)
	if a.Presence != Yes || a.Command == nil || a.Command.Installer == nil {
		return nil
	}
	call := a.Command.Installer
	if lockOf[call.Tool] == "" || call.Verb != "requirements" && !strings.Contains(call.Verb, "export") {
		return nil
	}
	return a.Command
}

// Script tells whether the installation brings a console script of that name.
func (in *Installation) Script(name string) Presence {
	switch {
	case in.EntryPoints()[name] != "":
		return Yes
	case IsInterpreterName(name), systemTools[name]:
		return No // environments have one, packages bring none
	}
	set := in.Packages()
	pkg := ScriptPackage(name)
	switch {
	case pkg != "" && in.CertainlyBrings(pkg), pkg != "" && set.Names[pkg] && lockOf[in.Call.Tool] != "" && len(in.Requirements) == 0:
		return Yes
	case !set.Whole || set.Names[pkg]:
		return Maybe
	case soleProvided[name]:
		return No // of other names the dependencies may have a script
	}
	return Maybe
}

// systemTools are programs that no package on PyPI brings.
var systemTools = map[string]bool{"curl": true, "wget": true, "git": true, "bash": true, "sh": true, "nc": true, "useradd": true, "apt-get": true}

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
	case venv && IsInterpreterName(name):
		_, minor, _ := MadeVenv(c)
		if version := strings.TrimLeft(name, "pyton"); version == "" || version == "3" || version == minor {
			return Yes
		}
		return Maybe
	case in == nil: // a fresh environment
		if strings.HasPrefix(name, "pip") || strings.HasPrefix(name, "activate") || strings.HasPrefix(name, "Activate") || ScriptPackage(name) == "" {
			return Maybe
		}
		return No
	case in.NestedPrefix() != "" && dir == "bin/":
		return No
	}
	return in.Script(name)
}

package e2e

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// This file is all that the proof knows of the model's interface: what the model is asked, and how its answers read.

// modelPath asks whether a path is there at the end of a stage.
func modelPath(s *analyzer.Stage, p string) Belief {
	return believe(s.HasPath(p).Presence)
}

func believe(p analyzer.Presence) Belief {
	switch p {
	case analyzer.Yes:
		return Yes
	case analyzer.No:
		return No
	}
	return Maybe
}

// modelUser asks for a user by name, and for the home directory, "" where that is not known.
func modelUser(s *analyzer.Stage, name string) (said Belief, home string) {
	if value := s.After.HomeOf(env.Of(name)); value.IsKnown() {
		home = value.Text
	}
	return believe(s.HasUser(name).Presence), home
}

// modelProgram asks for a program on PATH: it is there for certain where one of the directories has it, whatever may hide it.
func modelProgram(s *analyzer.Stage, name string) Belief {
	said := believe(s.FindProgram(name, s.After).Presence)
	dirs, _ := s.After.PathList()
	for _, dir := range dirs {
		if p := path.Join(dir, name); said == Maybe && s.FindProgram(p, s.After).Presence == analyzer.Yes {
			return Yes
		}
	}
	return said
}

// modelPackages are the directories that the model says hold installed packages, with the distributions that are certain.
func modelPackages(s *analyzer.Stage) []Packages {
	var all []Packages
	for _, c := range s.Contents() {
		if !c.Libs || c.Mismatch || c.Install.Interpreter == nil || c.Install.Interpreter.Minor == "" {
			continue
		}
		p := Packages{Dir: c.Dir, Place: string(c.Install.Place), Minor: c.Install.Interpreter.Minor}
		p.add(c.Install.Requirements...)
		for _, use := range c.Install.Files {
			if use.File == nil {
				continue
			}
			for _, line := range use.File.Lines {
				p.add(line.Requirement)
			}
		}
		all = append(all, p)
	}
	return all
}

// add notes the names that are installed whatever the platform.
func (p *Packages) add(requirements ...installer.Requirement) {
	for _, r := range requirements {
		if r.Name != "" && r.Marker == "" {
			p.Names = append(p.Names, r.Name)
		}
	}
}

// modelStart asks whether what the image starts is certain not to be there. Only the target is asked.
func modelStart(b *analyzer.Build) (absent bool, what string) {
	a, ok := b.AbsentStart()
	return ok, a.File + a.Script
}

// Process is what the model says of the program that the target starts.
type Process struct {
	Program     string // absolute path, "" where the model is not certain that it is there
	Python      bool
	Environment string            // directory of the virtual environment, "" for the system's interpreter
	Sees        map[string]Belief // by directory of packages: whether the interpreter looks there
}

// modelProcess follows the start of the target; ok is false where the model can't.
func modelProcess(s *analyzer.Stage) (p Process, ok bool) {
	said, ok := s.Process()
	if !ok {
		return p, false
	}
	p = Process{Python: said.Python, Environment: said.Environment, Sees: map[string]Belief{}}
	if said.Program.Presence == analyzer.Yes {
		p.Program = said.Program.Path
	}
	for _, c := range s.Contents() {
		if dir := c.PackagesDir(); dir != "" {
			p.Sees[dir] = believe(said.Sees(c))
		}
	}
	return p, true
}

// modelSetting is what a stage's configuration says, as far as it is known.
func modelSettings(s *analyzer.Stage) map[string]env.Value {
	settings := map[string]env.Value{"user": s.After.User, "workdir": s.After.Workdir}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword != "ENV" {
			continue
		}
		for _, pair := range step.Instruction.Pairs {
			settings["env "+pair.Key] = s.After.Env(pair.Key)
		}
	}
	for _, name := range []string{"PATH", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONUSERBASE"} {
		settings["env "+name] = s.After.Env(name)
	}
	return settings
}

// site is where the packages of a place are, as installers lay them out.
func (p Packages) site() []string {
	lib := path.Join(p.Dir, "lib", "python"+p.Minor)
	switch analyzer.Place(p.Place) {
	case analyzer.TargetDir:
		return []string{p.Dir}
	case analyzer.System, analyzer.PrefixDir:
		return []string{path.Join(lib, "site-packages"), path.Join(lib, "dist-packages"), path.Join(p.Dir, "local/lib", "python"+p.Minor, "dist-packages"), "/usr/local/lib/python" + p.Minor + "/dist-packages"}
	}
	return []string{path.Join(lib, "site-packages")}
}

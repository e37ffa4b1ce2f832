package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// AbsentVenv is a COPY of PROJECT/.venv from a stage in which poetry or pipenv certainly made its virtual environment elsewhere.
type AbsentVenv struct {
	Copy    *Copy
	Source  CopySource
	Install *Installation
	// Variable would have put it there.
	Variable, Value string
	// System tells that poetry is told to make no environment at all.
	System bool
}

// AbsentVenvs finds them in the stages that feed the final image.
func (b *Build) AbsentVenvs() []AbsentVenv {
	var found []AbsentVenv
	for _, s := range b.Stages {
		if !s.Feeds {
			continue
		}
		for _, step := range s.Steps {
			if step.Copy == nil || step.Copy.From == nil {
				continue
			}
			for _, source := range step.Copy.Sources {
				if !source.Text.IsKnown() || path.Base(source.Text.Text) != ".venv" {
					continue
				}
				if a, ok := step.Copy.From.lacksVenv(source.Text.Text); ok {
					a.Copy, a.Source = step.Copy, source
					found = append(found, a)
				}
			}
		}
	}
	return found
}

// lacksVenv tells whether the finished stage certainly has no .venv at dir, though poetry or pipenv installs the project around it.
// poetry and pipenv take a .venv that is there already, and an active environment.
func (s *Stage) lacksVenv(dir string) (a AbsentVenv, ok bool) {
	if _, made := s.After.Venv(dir); made {
		return a, false
	}
	if s.HasPath(path.Join(dir, "bin/python")).Is(Yes) {
		return a, false
	}
	for _, c := range s.ChainCommands() {
		// mkdir .venv, ln -s, mv, a script: anything else may make it.
		if c.Installer == nil && c.OS == nil && (c.HasText(".venv") || c.MayDoAnything()) {
			return a, false
		}
		in := c.Install
		if c.Installer != nil && c.Installer.Tool != installer.Poetry && c.Installer.Tool != installer.Pipenv && in != nil && !in.Dir.IsKnown() && in.Place == VirtualEnv {
			return a, false
		}
		if in == nil || !c.State.Workdir.Is(path.Dir(dir)) {
			continue
		}
		if in.OutsideProject() {
			a.Install, ok = in, true
			a.System = in.Place == System
			a.Variable, a.Value = "PIPENV_VENV_IN_PROJECT", "1"
			if in.Call.Tool == installer.Poetry {
				a.Variable, a.Value = "POETRY_VIRTUALENVS_IN_PROJECT", "true"
			}
		}
	}
	return a, ok
}

// OutsideProject tells whether poetry or pipenv certainly puts the environment into its own directory for environments.
func (in *Installation) OutsideProject() bool {
	c := in.Command
	if _, active := c.State.ActiveVenv(); active || c.State.Lookup("VIRTUAL_ENV").Kind != env.Unset || !c.State.image.EnvKnown {
		return false
	}
	switch in.Call.Tool {
	case installer.Poetry:
		nowhere := c.poetrySetting("virtualenvs.create").Is("false")
		for _, name := range []string{"virtualenvs.in-project", "virtualenvs.create", "virtualenvs.path"} {
			if v := c.poetrySetting(name); v.Kind != env.Unset && !nowhere && !(name == "virtualenvs.in-project" && v.Is("false")) &&
				!(name == "virtualenvs.create" && (v.Is("true") || v.Is("1"))) {
				return false
			}
		}
		there, _ := c.Step.Holds(path.Join(c.State.Workdir.Text, "poetry.toml"))
		return (in.Call.Verb == "install" || in.Call.Verb == "sync") && there == No && len(in.Call.Requirements) == 0
	case installer.Pipenv:
		v := c.Setting("venv-in-project")
		return !c.SystemWide() && (v.Kind == env.Unset || v.Is("false")) && c.Setting("custom-venv-name").Kind == env.Unset && c.State.Lookup("WORKON_HOME").Kind == env.Unset
	}
	return false
}

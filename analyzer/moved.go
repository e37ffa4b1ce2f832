package analyzer

import (
	"strings"
)

// MovedVenv is a virtual environment that the finished stage holds at another path than the one that it was made at.
type MovedVenv struct {
	Content Content
	Start   *StartCommand // the console script of it that the image starts; nil when none is seen to
}

// MovedVenvs are the virtual environments whose console scripts name a path that is not there any more. Relocatable ones,
// and those whose old path the stage may have a link at, are left out.
func (s *Stage) MovedVenvs() []MovedVenv {
	var found []MovedVenv
	seen := map[string]bool{}
	for _, c := range s.Contents() {
		made := c.Install.Dir.Text
		if c.Copy == nil || c.Install.Place != VirtualEnv || !c.Libs || !c.Scripts || c.Dir == made || seen[c.Dir] {
			continue
		}
		seen[c.Dir] = true
		if s.MayName(made) || s.holdsVenv(made) || s.madeHere(c.Dir) || c.relocated() || c.Copy.From.calls("sed", "ln", "relocatable", "virtualenv-clone", "venv-pack") {
			continue
		}
		m := MovedVenv{Content: c}
		for _, start := range append(s.Start().Commands, s.Healthchecks()...) {
			program := start.Argv[0].Text()
			called := program == c.ScriptsDir()+"/"+start.Program() || !strings.Contains(program, "/") && s.After.OnPath(c.ScriptsDir()) == Yes && c.has(program)
			if called && !IsInterpreterName(start.Program()) {
				m.Start = &start
				break
			}
		}
		found = append(found, m)
	}
	return found
}

// holdsVenv tells whether an environment is at dir in the finished stage.
func (s *Stage) holdsVenv(dir string) bool {
	_, ok := s.After.Venv(dir)
	return ok
}

// madeHere tells whether a command of the stage's own chain makes an environment at dir, or renews one.
func (s *Stage) madeHere(dir string) bool {
	for _, c := range s.ChainCommands() {
		if c.Installer == nil {
			continue
		}
		if at, _, ok := madeVenv(c); ok && at == dir {
			return true
		}
	}
	return false
}

// relocated tells whether uv was told to write scripts that find their environment wherever it is.
func (c Content) relocated() bool {
	for _, command := range c.Install.Command.Step.Stage.ChainCommands() {
		if command.Installer != nil && command.Installer.Has("--relocatable") {
			return true
		}
	}
	return c.Install.Command.State.Sets("UV_VENV_RELOCATABLE")
}

// calls tells whether a command of the chain has one of the words, as its program or inside an argument that begins with
// dashes.
func (s *Stage) calls(words ...string) bool {
	for _, c := range s.ChainCommands() {
		for i, f := range c.Argv {
			for _, word := range words {
				if text := f.Text(); text == word && i == 0 || len(word) > 4 && strings.Contains(text, word) {
					return true
				}
			}
		}
	}
	return false
}

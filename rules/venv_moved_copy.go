package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// movedVenv is a virtual environment that the finished stage holds at another path than the one that it was made at.
type movedVenv struct {
	content analyzer.Content
	start   *analyzer.StartCommand // the console script of it that the image starts; nil when none is seen to
}

// movedVenvs are the virtual environments whose console scripts name a path that is not there any more. Relocatable ones,
// and those whose old path the stage may have a link at, are left out.
func movedVenvs(s *analyzer.Stage) []movedVenv {
	var found []movedVenv
	seen := map[string]bool{}
	for _, c := range s.Contents() {
		made := c.Install.Dir.Text
		if c.Copy == nil || c.Install.Place != analyzer.VirtualEnv && c.Install.Place != analyzer.CondaEnv || !c.Libs || !c.Scripts || c.Dir == made || seen[c.Dir] {
			continue
		}
		seen[c.Dir] = true
		if s.MayName(made) || holdsVenv(s, made) || madeHere(s, c.Dir) || relocated(c) || c.Copy.From.Calls("sed", "ln", "relocatable", "virtualenv-clone", "venv-pack") {
			continue
		}
		m := movedVenv{content: c}
		for _, start := range append(s.Start().Commands, s.Healthchecks()...) {
			program := start.Argv[0].Text()
			called := program == c.ScriptsDir()+"/"+start.Program() || !strings.Contains(program, "/") && s.After.OnPath(c.ScriptsDir()) == analyzer.Yes && c.HasScript(program)
			if called && !analyzer.IsInterpreterName(start.Program()) {
				m.start = &start
				break
			}
		}
		found = append(found, m)
	}
	return found
}

// madeHere tells whether a command of the stage's own chain makes an environment at dir, or renews one.
func madeHere(s *analyzer.Stage, dir string) bool {
	for _, c := range s.ChainCommands() {
		if c.Installer == nil {
			continue
		}
		if at, _, ok := analyzer.MadeVenv(c); ok && at == dir {
			return true
		}
	}
	return false
}

// relocated tells whether uv was told to write scripts that find their environment wherever it is.
func relocated(c analyzer.Content) bool {
	for _, command := range c.Install.Command.Step.Stage.ChainCommands() {
		if command.Installer != nil && command.Installer.Has("--relocatable") {
			return true
		}
	}
	return c.Install.Command.State.Sets("UV_VENV_RELOCATABLE")
}

// holdsVenv tells whether an environment is at dir in the finished stage.
func holdsVenv(s *analyzer.Stage, dir string) bool {
	_, ok := s.After.Venv(dir)
	return ok
}

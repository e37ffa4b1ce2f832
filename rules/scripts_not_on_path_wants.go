package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// wants tells whether the scripts of a content that was copied to the stage are meant to be called by their bare
// names there: the start command or the health check does so (by is that command), or a COPY brings nothing but scripts.
// Start commands that call them by path, or that run `python -m`, want no PATH.
func wants(s *analyzer.Stage, c analyzer.Content) (wanted bool, by *analyzer.StartCommand) {
	start := s.Start()
	commands := append(append([]analyzer.StartCommand(nil), start.Commands...), s.Healthchecks()...)
	for i, command := range commands {
		program := command.Argv[0].Text()
		switch {
		case strings.Contains(program, "/") && path.Dir(program) == c.ScriptsDir():
			return false, nil
		case strings.Contains(program, "/"), program == "", command.Runner() != "":
			continue // `uv run` and its like know the environment themselves
		case c.HasScript(program):
			return true, &commands[i]
		}
	}
	onlyScripts := !c.Libs && c.Install.Place != analyzer.VirtualEnv
	return onlyScripts, nil
}

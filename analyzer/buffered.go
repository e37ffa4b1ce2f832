package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// BufferedProgram is the command with which the finished stage starts a Python program whose standard output is certainly
// buffered, and the first instruction of the stage that has to do with the start. Modules that are servers of their own, and commands
// that are over at once, are none.
func (s *Stage) BufferedProgram() (c StartCommand, in *dockerfile.Instruction, ok bool) {
	// A command-line tool writes all it has to say when it ends, which is soon.
	if !s.Serves() || s.After.Env("PYTHONUNBUFFERED").Kind != env.Unset || s.startMentions("PYTHONUNBUFFERED") {
		return c, nil, false
	}
	start := s.Start()
	for _, step := range s.Steps {
		if step.Instruction == start.Entrypoint || step.Instruction == start.Cmd {
			in = step.Instruction
			break
		}
	}
	if in == nil {
		return c, nil, false
	}
	for _, c := range start.Commands {
		if !c.IsInterpreter() || len(c.Argv) < 2 {
			continue
		}
		for _, f := range c.Argv[1:] {
			text := f.Text()
			if strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "u") && text != "-" {
				return c, nil, false // -u, -uB
			}
			if !strings.HasPrefix(text, "-") {
				break
			}
		}
		args := c.programArgs()
		if len(args) == 0 || args[0].Text() == "" || isServer(args[0].Text()) || tests[args[0].Text()] || args[0].Text() == "setup.py" || args[0].Text() == "manage.py" {
			continue
		}
		return c, in, true
	}
	return c, nil, false
}

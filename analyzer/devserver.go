package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// ProgramArgs are the arguments from the Python program on: flask of `python -u -m flask run`, manage.py of `python manage.py`.
func (c StartCommand) ProgramArgs() []shell.Field {
	args := c.Argv
	if !c.IsInterpreter() {
		return args
	}
	for i := 1; i < len(args); i++ {
		text := args[i].Text()
		switch {
		case text == "":
			return nil
		case text == "-m":
			return args[i+1:]
		case text == "-W", text == "-X":
			i++
		case strings.HasPrefix(text, "-"):
			if text == "-c" || text == "-" {
				return nil
			}
		default:
			return args[i:]
		}
	}
	return nil
}

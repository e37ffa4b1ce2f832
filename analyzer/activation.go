package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Activation is a `. DIR/bin/activate`.
type Activation struct {
	Command *Command
	Dir     string // the virtual environment, absolute
	// Item is the activation's place in the top-level list of its RUN, -1 when it stands deeper. Alone tells that the
	// RUN does nothing else.
	Item  int
	Alone bool
	// Misses is the first thing below that calls Python or an installer by its bare name, and so by another interpreter.
	Misses source.Span
}

// LostActivations are the activations in the stage's own RUNs that no command of the RUN follows, while something below
// would need them: a shell's variables end with its RUN. Environments that PATH of the finished stage has are left out.
func (s *Stage) LostActivations() []Activation {
	var found []Activation
	for _, step := range s.Steps {
		if step.Instruction.Keyword != "RUN" || step.Instruction.JSON {
			continue
		}
		c, ok := step.lastingNothing()
		if !ok || !c.Shell.Certain && !c.Shell.Attempted || c.Shell.Function != "" {
			continue
		}
		// conda's own activate takes the name of an environment.
		if len(c.Argv) != 2 || path.Base(c.Argv[1].Text()) != "activate" {
			continue
		}
		at := c.State.Abs(c.Argv[1].Value)
		bin := path.Dir(at.Text)
		if !at.IsKnown() || path.Base(bin) != "bin" || s.After.OnPath(bin) == Yes {
			continue
		}
		a := Activation{Command: c, Dir: path.Dir(bin), Item: -1}
		for i, item := range step.Script.Items {
			if item.Command == c.Shell {
				a.Item = i
			}
		}
		a.Alone = len(step.Script.Items) == 1 && (a.Item == 0 || shell.Program(step.Commands[0].Argv[0]) != "." && len(step.Commands) == 2)
		var relied bool
		if a.Misses, relied = s.callsPythonAfter(step); relied {
			found = append(found, a)
		}
	}
	return found
}

// callsPythonAfter finds the first command below a step of the stage, or the start command, that calls Python or an
// installer by its bare name.
func (s *Stage) callsPythonAfter(step *Step) (source.Span, bool) {
	for _, later := range s.Steps[step.Index+1:] {
		for _, c := range later.Commands {
			if len(c.Argv) == 0 {
				continue
			}
			bare := isInterpreter(c.Argv[0].Text())
			if call := c.Installer; call != nil {
				bare = bare || c.Install != nil && c.Install.Place != VirtualEnv && c.Install.Place != ToolEnv && !strings.Contains(call.Program.Text(), "/")
			}
			if _, active := c.State.ActiveVenv(); bare && !active {
				return c.Shell.Span, true
			}
		}
	}
	for _, c := range s.Start().Commands {
		if program := c.Argv[0].Text(); isPythonProgram(program) {
			return c.Span, true
		}
	}
	return source.Span{}, false
}

// lastingNothing is the `.` or `source` that no other command of the RUN follows.
func (step *Step) lastingNothing() (*Command, bool) {
	for i := len(step.Commands) - 1; i >= 0; i-- {
		c := step.Commands[i]
		if len(c.Argv) == 0 {
			return nil, false
		}
		switch c.Argv[0].Text() {
		case ".", "source":
			return c, true
		case "true", ":", "echo", "deactivate":
		default:
			return nil, false
		}
	}
	return nil, false
}

package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Activation is a `. DIR/bin/activate`, a `bash DIR/bin/activate`, or a `conda activate NAME`.
type Activation struct {
	Command *Command
	Dir     string // the virtual environment, absolute; "" for conda's
	Name    string // of conda's environment, "" for others
	// Process tells that the script runs in a process of its own, and so changes nothing even for its own RUN.
	Process bool
	// Item is the activation's place in the top-level list of its RUN, -1 when it stands deeper. Alone tells that the
	// RUN does nothing else.
	Item  int
	Alone bool
	// Misses is the first thing below that calls Python or an installer by its bare name, and so by another interpreter.
	Misses source.Span
}

// LostActivations are the activations in the stage's own RUNs that no command of their shell follows, while something below
// would need them: a shell's variables end with it. Environments that PATH of the finished stage has are left out.
func (s *Stage) LostActivations() []Activation {
	var found []Activation
	for _, step := range s.Steps {
		if step.Instruction.Keyword != "RUN" || step.Instruction.JSON {
			continue
		}
		for i, c := range step.Commands {
			a, ok := s.activation(c)
			if !ok || !c.Shell.Certain && !c.Shell.Attempted || c.Shell.Function != "" || !a.Process && step.goesOnAfter(i) {
				continue
			}
			a.Item = slices.IndexFunc(step.Script.Items, func(item shell.Item) bool { return item.Command == c.Shell })
			a.Alone = len(step.Script.Items) == 1 && (a.Item == 0 || shell.Program(step.Commands[0].Argv[0]) != "." && len(step.Commands) == 2)
			var relied bool
			if a.Misses, relied = s.callsPythonAfter(step, i, a); relied {
				found = append(found, a)
				break
			}
		}
	}
	return found
}

// activation reads a command that is to activate an environment that PATH does not name in the end.
func (s *Stage) activation(c *Command) (a Activation, ok bool) {
	a = Activation{Command: c, Item: -1}
	if len(c.Argv) < 2 {
		return a, false
	}
	program, script := shell.Program(c.Argv[0]), c.Argv[1]
	switch sourced := program == "." || program == "source"; {
	case len(c.Argv) == 3 && script.Text() == "activate" && (sourced || program == "conda" || program == "mamba" || program == "micromamba"):
		a.Name = c.Argv[2].Text()
		return a, s.isCondaName(a.Name)
	case len(c.Argv) != 2 || path.Base(script.Text()) != "activate" || !sourced && !activatingShells[program]:
		return a, false
	default:
		a.Process = !sourced
	}
	at := c.State.Abs(script.Value)
	bin := path.Dir(at.Text)
	if !at.IsKnown() || path.Base(bin) != "bin" || s.After.OnPath(bin) == Yes {
		return a, false
	}
	a.Dir = path.Dir(bin)
	return a, true
}

var activatingShells = map[string]bool{"sh": true, "bash": true, "dash": true, "zsh": true, "ash": true}

// isCondaName tells whether name is an environment beside conda's own base that neither PATH nor a shell's start file nor SHELL activates.
func (s *Stage) isCondaName(name string) bool {
	if name == "" || name == "base" || name == "root" || strings.ContainsAny(name, "/$") {
		return false
	}
	for stage := s; stage != nil; stage = stage.Base {
		for _, step := range stage.Steps {
			text := s.build.File.Text(step.Instruction.Span)
			switch step.Instruction.Keyword {
			case "ENV":
				if strings.Contains(text, name+"/bin") || strings.Contains(text, "CONDA_DEFAULT_ENV") || strings.Contains(text, "BASH_ENV") {
					return false
				}
			case "SHELL":
				if strings.Contains(text, "conda") {
					return false
				}
			default:
				if strings.Contains(text, "bashrc") || strings.Contains(text, "profile") {
					return false
				}
			}
		}
	}
	return true
}

// callsPythonAfter finds the first command behind the i-th of a step of the stage, or the start command, that calls Python or an
// installer by its bare name.
func (s *Stage) callsPythonAfter(step *Step, i int, a Activation) (source.Span, bool) {
	for _, c := range step.Commands[i+1:] {
		if c.callsPython(a) {
			return c.Shell.Span, true
		}
	}
	for _, later := range s.Steps[step.Index+1:] {
		for _, c := range later.Commands {
			if c.callsPython(a) {
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

// callsPython tells whether the command calls Python or an installer by its bare name, with no virtual environment on PATH.
func (c *Command) callsPython(a Activation) bool {
	if len(c.Argv) == 0 {
		return false
	}
	bare := isInterpreter(c.Argv[0].Text())
	if call := c.Installer; call != nil && !(a.Name != "" && call.Tool == installer.Conda) {
		bare = bare || c.Install != nil && c.Install.Place != VirtualEnv && c.Install.Place != ToolEnv && !strings.Contains(call.Program.Text(), "/")
	}
	_, active := c.State.ActiveVenv()
	return bare && !active
}

// goesOnAfter tells whether the shell of the i-th command runs others after it, so that they have what it has set.
func (step *Step) goesOnAfter(i int) bool {
	scope := step.Commands[i].Shell.Scope
	for _, c := range step.Commands[i+1:] {
		if len(c.Argv) == 0 {
			return true
		}
		inside := c.Shell.Scope == scope
		for parent := c.Shell.ParentScope; !inside && parent > scope; {
			parent = step.parentOf(parent)
			inside = parent == scope
		}
		inside = inside || c.Shell.ParentScope == scope
		if !inside {
			continue
		}
		switch c.Argv[0].Text() {
		case ".", "source", "true", ":", "echo", "deactivate":
		default:
			return true
		}
	}
	return false
}

// parentOf is the scope around a scope of the step, -1 when no command shows it.
func (step *Step) parentOf(scope int) int {
	for _, c := range step.Commands {
		if c.Shell.Scope == scope {
			return c.Shell.ParentScope
		}
	}
	return -1
}

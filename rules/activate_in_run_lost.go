package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// activation is a `. DIR/bin/activate`, a `bash DIR/bin/activate`, or a `conda activate NAME`.
type activation struct {
	command *analyzer.Command
	dir     string // the virtual environment, absolute; "" for conda's
	name    string // of conda's environment, "" for others
	// Process tells that the script runs in a process of its own, and so changes nothing even for its own RUN.
	process bool
	// Item is the activation's place in the top-level list of its RUN, -1 when it stands deeper. Alone tells that the
	// RUN does nothing else.
	item  int
	alone bool
	// Misses is the first thing below that calls Python or an installer by its bare name, and so by another interpreter.
	misses source.Span
}

// lostActivations are the activations in the stage's own RUNs that no command of their shell follows, while something below
// would need them: a shell's variables end with it. Environments that PATH of the finished stage has are left out.
func lostActivations(s *analyzer.Stage) []activation {
	var found []activation
	for _, step := range s.Steps {
		if step.Instruction.Keyword != "RUN" || step.Instruction.JSON {
			continue
		}
		for i, c := range step.Commands {
			a, ok := readActivation(s, c)
			if !ok || !c.Shell.Certain && !c.Shell.Attempted || c.Shell.Function != "" || !a.process && goesOnAfter(step, i) {
				continue
			}
			a.item = slices.IndexFunc(step.Script.Items, func(item shell.Item) bool { return item.Command == c.Shell })
			a.alone = len(step.Script.Items) == 1 && (a.item == 0 || shell.Program(step.Commands[0].Argv[0]) != "." && len(step.Commands) == 2)
			var relied bool
			if a.misses, relied = callsPythonAfter(s, step, i, a); relied {
				found = append(found, a)
				break
			}
		}
	}
	return found
}

// readActivation reads a command that is to activate an environment that PATH does not name in the end.
func readActivation(s *analyzer.Stage, c *analyzer.Command) (a activation, ok bool) {
	a = activation{command: c, item: -1}
	if len(c.Argv) < 2 {
		return a, false
	}
	program, script := shell.Program(c.Argv[0]), c.Argv[1]
	switch sourced := program == "." || program == "source"; {
	case len(c.Argv) == 3 && script.Text() == "activate" && (sourced || program == "conda" || program == "mamba" || program == "micromamba"):
		a.name = c.Argv[2].Text()
		return a, isCondaName(s, a.name)
	case len(c.Argv) != 2 || path.Base(script.Text()) != "activate" || !sourced && !activatingShells[program]:
		return a, false
	default:
		a.process = !sourced
	}
	at := c.State.Abs(script.Value)
	bin := path.Dir(at.Text)
	if !at.IsKnown() || path.Base(bin) != "bin" || s.After.OnPath(bin) == analyzer.Yes {
		return a, false
	}
	a.dir = path.Dir(bin)
	return a, true
}

var activatingShells = map[string]bool{"sh": true, "bash": true, "dash": true, "zsh": true, "ash": true}

// isCondaName tells whether name is an environment beside conda's own base that neither PATH nor a shell's start file nor SHELL activates.
func isCondaName(s *analyzer.Stage, name string) bool {
	if name == "" || name == "base" || name == "root" || strings.ContainsAny(name, "/$") {
		return false
	}
	for stage := s; stage != nil; stage = stage.Base {
		for _, step := range stage.Steps {
			text := s.Build().File.Text(step.Instruction.Span)
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
func callsPythonAfter(s *analyzer.Stage, step *analyzer.Step, i int, a activation) (source.Span, bool) {
	for _, c := range step.Commands[i+1:] {
		if callsPython(c, a) {
			return c.Shell.Span, true
		}
	}
	for _, later := range s.Steps[step.Index+1:] {
		for _, c := range later.Commands {
			if callsPython(c, a) {
				return c.Shell.Span, true
			}
		}
	}
	for _, c := range s.Start().Commands {
		if program := c.Argv[0].Text(); analyzer.IsPythonName(program) {
			return c.Span, true
		}
	}
	return source.Span{}, false
}

// callsPython tells whether the command calls Python or an installer by its bare name, with no virtual environment on PATH.
func callsPython(c *analyzer.Command, a activation) bool {
	if len(c.Argv) == 0 {
		return false
	}
	bare := analyzer.IsInterpreterName(c.Argv[0].Text())
	if call := c.Installer; call != nil && !(a.name != "" && call.Tool == installer.Conda) {
		bare = bare || c.Install != nil && c.Install.Place != analyzer.VirtualEnv && c.Install.Place != analyzer.ToolEnv && !strings.Contains(call.Program.Text(), "/")
	}
	_, active := c.State.ActiveVenv()
	return bare && !active
}

// goesOnAfter tells whether the shell of the i-th command runs others after it, so that they have what it has set.
func goesOnAfter(step *analyzer.Step, i int) bool {
	scope := step.Commands[i].Shell.Scope
	for _, c := range step.Commands[i+1:] {
		if len(c.Argv) == 0 {
			return true
		}
		inside := c.Shell.Scope == scope
		for parent := c.Shell.ParentScope; !inside && parent > scope; {
			parent = parentOf(step, parent)
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
func parentOf(step *analyzer.Step, scope int) int {
	for _, c := range step.Commands {
		if c.Shell.Scope == scope {
			return c.Shell.ParentScope
		}
	}
	return -1
}

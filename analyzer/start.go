package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Start is how a container of the finished stage starts.
func (s *Stage) Start() Start {
	if s == nil {
		return Start{}
	}
	if s.start == nil {
		st := s.findStart()
		s.start = &st
	}
	return *s.start
}

func (s *Stage) findStart() Start {
	var st Start
	external := !s.Image.StartKnown
	st.EntrypointUnknown, st.CmdUnknown = external, external
	for _, step := range s.ChainSteps() {
		switch in := step.Instruction; in.Keyword {
		case "ENTRYPOINT":
			// "If CMD is defined from the base image, setting ENTRYPOINT will reset CMD to an empty value."
			// https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
			st.Entrypoint, st.EntrypointUnknown = in, false
			st.CmdUnknown = false
			if st.Cmd != nil && !s.owns(st.Cmd) {
				st.Cmd = nil
			}
		case "CMD":
			st.Cmd, st.CmdUnknown = in, false
		}
	}
	for _, in := range []*dockerfile.Instruction{st.Entrypoint, st.Cmd} {
		// The shell form of ENTRYPOINT ignores CMD.
		if in == st.Cmd && st.Entrypoint != nil && !st.Entrypoint.JSON {
			continue
		}
		if in == nil {
			continue
		}
		commands := s.startCommands(in)
		if st.Entrypoint == nil && in.JSON {
			commands = s.inherited(commands)
		}
		if in == st.Cmd && st.Entrypoint != nil && in.JSON && len(commands) == 1 && len(st.Commands) <= 1 {
			if c, ok := s.wrapped(st.Entrypoint, commands[0]); ok {
				st.Commands = []StartCommand{c}
				continue
			}
		}
		if in == st.Cmd && st.Entrypoint != nil && continues(st.Commands, commands) {
			st.Commands[0].Argv = append(st.Commands[0].Argv, commands[0].Argv...)
			continue
		}
		st.Commands = append(st.Commands, commands...)
	}
	return st
}

// wrapped puts an ENTRYPOINT that is nothing but a wrapper with an environment of its own, such as ["poetry", "run"], around the command of CMD.
func (s *Stage) wrapped(entrypoint *dockerfile.Instruction, c StartCommand) (whole StartCommand, ok bool) {
	_, commands, problem := s.build.Script(entrypoint, s.After)
	if problem != "" || len(commands) != 1 || len(commands[0].Words) == 0 {
		return c, false
	}
	words := shell.Fields(commands[0].Words, s.atStart)
	wrappers, _, argv, _ := shell.Unwrap(append(slices.Clone(words), c.Argv...))
	if len(wrappers) == 0 || len(argv) != len(c.Argv) {
		return c, false
	}
	c.Wrappers, c.WrapperSpan = append(wrappers, c.Wrappers...), words[0].Span.Join(last(words).Span)
	return c, c.Runner() != ""
}

// inherited puts the interpreter in front that is the entry point of the base image, as in distroless ones.
func (s *Stage) inherited(commands []StartCommand) []StartCommand {
	if !s.Image.StartKnown || len(s.Image.Entrypoint) != 1 || len(commands) == 0 || !IsInterpreterName(path.Base(s.Image.Entrypoint[0])) {
		return commands
	}
	first := commands[0]
	if len(first.Wrappers) > 0 || len(first.Argv) == 0 {
		return commands
	}
	python := shell.Field{Value: env.Of(s.Image.Entrypoint[0]), Span: first.Argv[0].Span}
	first.Argv = append([]shell.Field{python}, first.Argv...)
	return append([]StartCommand{first}, commands[1:]...)
}

// continues tells whether CMD holds further arguments of the ENTRYPOINT's program, as in
// ENTRYPOINT ["python"] with CMD ["app.py"]. Behind any other entry point, an entrypoint.sh above all,
// CMD is a command that the script will run.
func continues(entrypoint, cmd []StartCommand) bool {
	if len(entrypoint) != 1 || len(cmd) != 1 {
		return false
	}
	return IsPythonName(entrypoint[0].Program()) || strings.HasPrefix(cmd[0].Argv[0].Text(), "-")
}

func (s *Stage) owns(in *dockerfile.Instruction) bool {
	for _, step := range s.Steps {
		if step.Instruction == in {
			return true
		}
	}
	return false
}

// startCommands reads the commands of CMD, ENTRYPOINT or the CMD of a HEALTHCHECK.
func (s *Stage) startCommands(in *dockerfile.Instruction) []StartCommand {
	_, commands, problem := s.build.Script(in, s.After)
	if problem != "" {
		return nil
	}
	var found []StartCommand
	for _, c := range commands {
		if len(c.Words) == 0 {
			continue
		}
		whole := shell.Fields(c.Words, s.atStart)
		wrappers, _, argv, _ := shell.Unwrap(whole)
		if len(argv) == 0 {
			continue
		}
		start := StartCommand{Argv: argv, Span: argv[0].Span.Join(last(argv).Span), Wrappers: wrappers}
		n := len(whole) - len(argv)
		if script, ok := shell.UvScript(argv); ok {
			python := shell.Field{Value: env.Of("python"), Span: script[0].Span}
			n = len(whole) - len(script)
			start.Argv, start.Span = append([]shell.Field{python}, script...), script[0].Span.Join(last(script).Span)
			start.Wrappers = append(start.Wrappers, "uv run")
		}
		if n > 0 {
			start.WrapperSpan = whole[0].Span.Join(whole[n-1].Span)
		}
		found = append(found, start)
	}
	return found
}

// atStart gives a variable as the container's first process sees it: the runtime sets HOME.
// https://docs.docker.com/reference/cli/docker/container/run/#env
func (s *Stage) atStart(name string) env.Value {
	if v := s.After.Env(name); name != "HOME" || v.Kind != env.Unset {
		return v
	}
	return s.After.Home()
}

func last(argv []shell.Field) shell.Field { return argv[len(argv)-1] }

// Healthcheck is the CMD of the HEALTHCHECK in force, nil for none.
func (s *Stage) Healthcheck() (in *dockerfile.Instruction) {
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "HEALTHCHECK" {
			in = step.Instruction.Trigger
		}
	}
	return in
}

// Healthchecks are its commands.
func (s *Stage) Healthchecks() []StartCommand {
	if in := s.Healthcheck(); in != nil {
		return s.startCommands(in)
	}
	return nil
}

// Program is the name of the program without its directory, "" when unknown.
func (c StartCommand) Program() string {
	if len(c.Argv) == 0 || !c.Argv[0].Value.IsKnown() {
		return ""
	}
	return shell.Program(c.Argv[0])
}

// Script is the instruction span of a start command's program word.
func (c StartCommand) Script() source.Span { return c.Argv[0].Span }

// OnlyShell tells whether the image starts a bare shell, or a build tool such as make: a place to work in, no application.
func (s Start) OnlyShell() bool {
	for _, c := range s.Commands {
		switch facts, _ := program.Lookup(c.Program()); {
		case facts.Is(program.ShellProgram):
			if len(c.Argv) > 1 && !strings.HasPrefix(c.Argv[1].Text(), "-") {
				return false // it runs a script
			}
		case !facts.Is(program.Idle):
			return false
		}
	}
	return len(s.Commands) > 0
}

// StartTexts are the texts that decide about how a container of the finished stage starts: its ENTRYPOINT, CMD and HEALTHCHECK, the scripts
// that they run, as far as these are in the build context, and what compose files start instead. complete is false when such a script can't be
// read.
func (s *Stage) StartTexts() (texts []string, complete bool) {
	complete = true
	start := s.Start()
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		if in != nil {
			texts = append(texts, s.build.File.Text(in.Span))
		}
	}
	for _, c := range append(start.Commands, s.Healthchecks()...) {
		content, ok := s.StartScript(c)
		_, code, shell := s.ShellScript(c)
		switch {
		case ok:
			texts = append(texts, string(content))
		case shell:
			texts = append(texts, string(code))
		case strings.HasSuffix(c.Program(), ".sh"):
			complete = false
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "HEALTHCHECK" {
			texts = append(texts, s.build.File.Text(step.Instruction.Span))
		}
	}
	if s == s.build.Target {
		texts = append(texts, s.build.Settings.Starts...)
	}
	return texts, complete
}

// IsInterpreter tells whether the command starts a Python interpreter.
func (c StartCommand) IsInterpreter() bool { return IsInterpreterName(c.Program()) }

// IsInterpreterName tells whether a program, by its base name, is a Python interpreter.
func IsInterpreterName(name string) bool {
	facts, _ := program.Lookup(name)
	return facts.Is(program.Interpreter) && !facts.Is(program.Work) // ipython is a package's program
}

// ProgramArgs are the arguments from the Python program on: flask of `python -u -m flask run`, manage.py of `python manage.py`.
func (c StartCommand) ProgramArgs() []shell.Field {
	args := c.Argv
	if !c.IsInterpreter() {
		return args
	}
	for i := 1; i < len(args); i++ {
		text := args[i].Text()
		switch module, glued := program.ModuleFlag(text); {
		case text == "", glued:
			return nil
		case module:
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

// UsesAtStart tells whether the start command, its script or the health check mentions one of the programs of an OS
// package that is otherwise used for building only, such as make.
func (s *Stage) UsesAtStart(pkg ospkg.Package) bool {
	if strings.HasSuffix(pkg.Name, "-dev") || strings.HasSuffix(pkg.Name, "-devel") {
		return false
	}
	if s.StartMentions(pkg.Name) {
		return true
	}
	if runtimeCompilers[strings.TrimRight(pkg.Name, "-.0123456789")] {
		return s.compilesKernels() || s.names("CC", pkg.Name) || s.names("CXX", pkg.Name)
	}
	return false
}

// runtimeCompilers are what inference engines call for the kernels that they make when a model is loaded.
// https://docs.vllm.ai/en/latest/design/torch_compile/
var runtimeCompilers = map[string]bool{
	"gcc": true, "g++": true, "clang": true, "build-essential": true, "build-base": true, "ninja-build": true, "ninja": true,
}

// compilesKernels tells whether the stage holds such an engine.
func (s *Stage) compilesKernels() bool {
	for _, c := range s.Contents() {
		for _, name := range []string{"vllm", "sglang", "flashinfer-python", "deepspeed", "triton"} {
			if _, _, by, ok := c.Install.BringsPackage(name); ok && by == "" { // PyTorch brings triton along for those who want it
				return true
			}
		}
	}
	return false
}

// names tells whether an environment variable of the containers is the program, by its name or its path.
func (s *Stage) names(variable, program string) bool {
	value := s.After.Env(variable)
	return value.IsKnown() && path.Base(value.Text) == program
}

// StartMentions tells whether ENTRYPOINT, CMD or a script that they run, as far as it is in the context,
// holds the word.
func (s *Stage) StartMentions(word string) bool {
	start := s.Start()
	if start.EntrypointUnknown && start.Entrypoint == nil && start.Cmd == nil {
		return true
	}
	if start.Entrypoint != nil && strings.Contains(s.build.File.Text(start.Entrypoint.Span), word) ||
		start.Cmd != nil && strings.Contains(s.build.File.Text(start.Cmd.Span), word) {
		return true
	}
	for _, c := range start.Commands {
		if content, ok := s.StartScript(c); ok && strings.Contains(string(content), word) {
			return true
		}
	}
	return false
}

// StartScript reads the file of the build context that a start command runs.
func (s *Stage) StartScript(c StartCommand) ([]byte, bool) { return s.ScriptAt(c.Argv[0].Value, true) }

// ScriptAt reads the file of the build context that a word of a start command names, as its program or as an operand.
func (s *Stage) ScriptAt(word env.Value, program bool) ([]byte, bool) {
	if from := s.startFile(word, program); from != "" {
		return s.build.Context.Read(from)
	}
	return nil, false
}

// HandsOver tells of an entry point, an init or a start script, that it runs the arguments that it is given, in its directory and with its PATH.
func (s *Stage) HandsOver(c StartCommand) bool {
	_, text, ok := s.ShellScript(c)
	return ok && shell.HandsOver(string(text)) || shell.AwaitsProgram(c.Argv)
}

// startFile is the file of the build context that a word of a start command names, "" for none. A program without a slash is one of PATH.
func (s *Stage) startFile(word env.Value, program bool) string {
	at := s.After.Abs(word)
	if !at.IsKnown() || s.build.Context == nil {
		return ""
	}
	if program && !strings.Contains(word.Text, "/") {
		at = env.Of(s.FindProgram(word.Text, s.After).Path)
	}
	if a := s.HasPath(at.Text); a.Is(Yes) {
		return a.Context
	}
	return ""
}

// ShellScript is the shell script of the build context that a start command runs, as its program or as the first operand of a shell: its
// file in the context and its text. ok is false where that is not certain, and for programs in other languages.
func (s *Stage) ShellScript(c StartCommand) (file string, text []byte, ok bool) {
	word := c.Argv[0]
	facts, _ := program.Lookup(c.Program())
	byShell := facts.Is(program.ShellProgram)
	if byShell {
		rest := c.Argv[1:]
		for len(rest) > 0 && strings.HasPrefix(rest[0].Text(), "-") && !strings.Contains(rest[0].Text(), "c") {
			rest = rest[1:] // bash -e start.sh
		}
		if len(rest) == 0 || strings.HasPrefix(rest[0].Text(), "-") {
			return "", nil, false
		}
		word = rest[0]
	}
	from := s.startFile(word.Value, !byShell)
	if from != "" {
		text, ok = s.build.Context.Read(from)
	}
	if !ok {
		return "", nil, false
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if bang, found := strings.CutPrefix(line, "#!"); found {
		_, known := shell.DialectOf(strings.Fields(bang))
		return from, text, known
	}
	return from, text, byShell || strings.HasSuffix(from, ".sh")
}

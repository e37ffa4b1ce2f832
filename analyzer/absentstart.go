package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// AbsentStart is what the image starts and what is certainly not in it: a file, or a console script.
type AbsentStart struct {
	Span source.Span // the word that names it
	// File is its absolute path; "" for a console script, which Script names, with the package that would bring it.
	File, Script, Package string
	// Elsewhere is where the image has a file of that name instead, and Copy the COPY that puts it there; "" and nil when
	// there is none.
	Elsewhere string
	Copy      *Copy
	// Hidden tells that the file is in the build context, and that the ignore file keeps it out.
	Hidden bool
	// Hides is an installation that has the script in an environment of its own; nil for none.
	Hides *Installation
	// Siblings are the names in the directory of the build context where it should be.
	Siblings []string
	// Near is a program that is certainly there and whose name the script's is a slip of; "" for none.
	Near string
}

// AbsentStart looks at the first command that the final image starts, and at CMD behind an entry point that hands over to it; others may follow a `cd`.
func (b *Build) AbsentStart() (a AbsentStart, ok bool) {
	s := b.Target
	start := s.Start()
	in := start.Entrypoint
	if in == nil {
		in = start.Cmd
	}
	if in == nil || len(start.Commands) == 0 || start.Entrypoint == nil && start.EntrypointUnknown {
		return a, false
	}
	first := start.Commands[0].Argv[0].Span
	if wrapped := in.JSON && start.Cmd != nil && start.Cmd.Span.Contains(first); !wrapped && !in.Span.Contains(first) {
		return a, false
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "ONBUILD" || step.Unreadable != "" {
			return a, false
		}
	}
	a, ok = s.absent(start.Commands[0])
	if !ok && len(start.Commands) == 2 && s.HandsOver(start.Commands[0]) {
		return s.absent(start.Commands[1])
	}
	return a, ok
}

// absent is AbsentStart for one command.
func (s *Stage) absent(c StartCommand) (a AbsentStart, ok bool) {
	process, ok := s.Resolve(c)
	if !ok {
		return a, false
	}
	word, name := process.Start.Argv[0], process.Start.Argv[0].Text()
	switch {
	case strings.HasPrefix(name, "["): // an array that is none
		return a, false
	case strings.Contains(name, "/") && process.Program.Presence == No && path.Dir(name) != "." && !s.VolumeMayBring(process.Program.Path) &&
		(process.File != &process.Start.Argv[0] || slices.Contains([]string{"bin", "sbin"}, path.Base(path.Dir(process.Program.Path)))): // which no volume brings
		return AbsentStart{Span: word.Span, File: process.Program.Path}, true
	case process.Program.Presence == No && !strings.Contains(name, "/"):
		return process.absentProgram()
	case process.Program.Presence == Maybe && process.isSlip():
		return process.misspelt()
	case process.runner != "":
		return process.absentRunner()
	case process.Module != nil:
		return process.absentModule()
	case process.File != nil:
		return s.absentFile(*process.File)
	}
	return a, false
}

// absentProgram is AbsentStart for a bare name.
func (p Process) absentProgram() (a AbsentStart, ok bool) {
	name := p.Start.Argv[0].Text()
	if p.runner != "" || strings.Contains(name, "/") || p.Program.Presence != No || program.Is(name, program.Builtin) {
		return a, false
	}
	a = AbsentStart{Span: p.Start.Argv[0].Span, Script: name, Package: ScriptPackage(name)}
	for _, c := range p.Stage.Contents() {
		// What is there and not on PATH, or was left behind by the COPY that brought its package, others say.
		if IsInterpreterName(name) && !c.Scripts {
			continue // its packages were copied without the interpreter
		}
		if there := c.Install.Script(name); there == Yes || there == Maybe && a.Package != "" || c.Install.Place == VirtualEnv && IsInterpreterName(name) {
			return a, false
		}
	}
	for _, c := range p.Stage.ChainCommands() {
		if in := c.Install; in != nil && !in.Dir.IsKnown() && in.Script(name) != No {
			if in.Place != VirtualEnv || in.Script(name) != Yes {
				return a, false
			}
			a.Hides = in
		}
	}
	return a, true
}

// isSlip tells whether the program has a name that nothing else in the Dockerfile has, and no program that is known.
func (p Process) isSlip() bool {
	name := path.Base(p.Start.Argv[0].Text())
	_, known := program.Lookup(name)
	return !known && p.runner == "" && len(name) > 3 && !program.Is(name, program.Builtin) && strings.Count(string(p.Stage.build.File.Bytes()), name) == 1
}

// absentRunner is AbsentStart for a start through `uv run` and its like.
func (p Process) absentRunner() (a AbsentStart, ok bool) {
	tool, _, _ := strings.Cut(p.runner, " ")
	if p.Stage.FindProgram(tool, p.Stage.After).Presence != No {
		return a, false
	}
	return AbsentStart{Span: p.Start.WrapperSpan, Script: tool, Package: ScriptPackage(tool)}, true
}

// misspelt is AbsentStart for a name that a package might bring, where it is a slip of a program's that is there, or may be.
func (p Process) misspelt() (a AbsentStart, ok bool) {
	s, word := p.Stage, p.Start.Argv[0]
	for _, stage := range s.build.Stages {
		if stage.Feeds && slices.ContainsFunc(stage.ChainCommands(), (*Command).MayDoAnything) {
			return a, false // it may make a program of that very name
		}
	}
	dir, name := path.Split(word.Text())
	candidates := []string{"python", "python3"}
	for _, c := range s.Contents() {
		for script := range c.EntryPoints() {
			candidates = append(candidates, script)
		}
	}
	program.All(func(f program.Facts) {
		if f.Package != "" {
			candidates = append(candidates, f.Name)
		}
	})
	for _, candidate := range candidates {
		if words.Slip(name, candidate) && s.FindProgram(dir+candidate, s.After).Presence != No {
			return AbsentStart{Span: word.Span, Script: name, Near: candidate}, true
		}
	}
	return a, false
}

// absentModule is AbsentStart for `python -m MODULE`, where the module is that of a package which brings a console script of its name.
func (p Process) absentModule() (a AbsentStart, ok bool) {
	s := p.Stage
	name, _, _ := strings.Cut(p.Module.Text(), ".")
	a = AbsentStart{Span: p.Module.Span, Script: name, Package: ScriptPackage(name)}
	dirs, known := p.searchDirs()
	if !program.Sole(name) || a.Package != name || !known || s.pathFiles() != No {
		return a, false
	}
	for _, dir := range dirs {
		for _, file := range []string{name, name + ".py"} {
			if s.index().findPackaged(path.Join(dir, file), s.end(), &search{}).Presence != No {
				return a, false
			}
		}
	}
	return a, true
}

// searchDirs are the directories in which the process looks for the module that it starts; ok is false where not all of them are known.
func (p Process) searchDirs() (dirs []string, ok bool) {
	s := p.Stage
	state, here := s.After, s.After.Workdir
	if p.runner != "" || p.Program.Presence != Yes || !here.IsKnown() || strings.Contains(string(s.build.File.Bytes()), "system-site-packages") {
		return nil, false
	}
	dirs, plain := s.ModuleDirs()
	if p.Environment != "" {
		minor, _ := state.Venv(p.Environment)
		for _, c := range s.Contents() {
			if c.Dir == p.Environment && minor == "" && c.Install.Call.Tool == installer.Conda {
				minor = c.Install.condaPython()
			}
		}
		return append(dirs, path.Join(p.Environment, "lib", "python"+minor, "site-packages")), minor != "" && plain
	}
	python, base, home := s.Interpreter(), state.Env("PYTHONUSERBASE"), state.Home()
	own, ok := s.Image.SearchDirs(python)
	if base.Kind == env.Unset && home.IsKnown() {
		base = env.Of(path.Join(home.Text, ".local"))
	}
	if !ok || !base.IsKnown() || p.Start.IsInterpreter() && path.Dir(path.Dir(p.Program.Path)) != python.Prefix {
		return nil, false
	}
	dirs = append(append(dirs, own...), path.Join(base.Text, "lib", "python"+python.Minor, "site-packages"))
	return dirs, plain
}

// ModuleDirs are the directories in which interpreters look for modules before they look among the packages: the working directory, and those of
// PYTHONPATH. ok is false where not all of them are known.
func (s *Stage) ModuleDirs() (dirs []string, ok bool) {
	dirs = []string{s.After.Workdir.Text}
	searched := s.After.Env("PYTHONPATH")
	for dir := range strings.SplitSeq(searched.Text, ":") {
		if dir != "" {
			dirs = append(dirs, s.After.Abs(env.Of(dir)).Text)
		}
	}
	return dirs, s.After.Workdir.IsKnown() && searched.Kind != env.Unknown
}

func (s *Stage) absentFile(word shell.Field) (a AbsentStart, ok bool) {
	at := s.After.Abs(word.Value)
	if !at.IsKnown() || ospkg.SystemDir(at.Text) {
		return a, false
	}
	a = AbsentStart{Span: word.Span, File: at.Text}
	if !s.Image.Plain() {
		return a, false
	}
	beside := false // a program is put into its directory, so that no volume is meant to bring it
	for _, step := range s.ChainSteps() {
		presence := step.brings(at.Text)
		if presence == Yes || presence == Maybe && (step.Copy == nil || !a.lacks(step.Copy) && (step.Copy.FromContext() || s.HasPath(at.Text).Presence != No)) {
			return a, false
		}
		if step.Copy == nil {
			continue
		}
		a.look(step.Copy)
		beside = beside || step.Copy.bringsCode()
		to := step.Copy.Dest.Text
		if to == path.Dir(at.Text) || path.Dir(to) == path.Dir(at.Text) && !step.Copy.DestIsDir {
			beside = beside || slices.ContainsFunc(step.Copy.Sources, func(from CopySource) bool {
				return path.Ext(from.Text.Text) == ".py" || path.Ext(from.Text.Text) == ".sh"
			}) || len(a.Siblings) > 0
		}
	}
	// Compose files are looked for last: there may be thousands of files to read.
	beside = beside || s.inContext(at.Text)
	return a, (beside || a.Elsewhere != "" || a.Hidden) && !s.VolumeMayBring(at.Text)
}

// bringsCode tells whether the COPY puts Python code of the build context into the image, through other stages, too: such an image is not made for a volume with code.
func (c *Copy) bringsCode() bool {
	if c.From != nil {
		return slices.ContainsFunc(c.From.ChainSteps(), func(step *Step) bool { return step.Copy != nil && step.Copy.bringsCode() })
	}
	if !c.FromContext() || !c.Dest.IsKnown() {
		return false
	}
	return slices.ContainsFunc(c.Sources, func(from CopySource) bool {
		text := from.Text.Text
		if !from.Text.IsKnown() || from.Heredoc || from.Remote {
			return false
		}
		context := c.Step.Stage.build.Context
		return path.Ext(text) == ".py" || context != nil && context.IsDir(text) && len(context.Glob(path.Join(text, "*.py"))) > 0
	})
}

// inContext tells whether the build context has the file where the working directory would have it: a COPY of it was forgotten.
func (s *Stage) inContext(p string) bool {
	here := s.After.Workdir
	if s.build.Context == nil || !here.IsKnown() || !Under(here.Text, p) {
		return false
	}
	inside := strings.TrimPrefix(strings.TrimPrefix(p, here.Text), "/")
	return s.build.Context.Exists(inside) && !s.build.Context.IsDir(inside)
}

// lacks tells whether a COPY of directories certainly does not put the file there, though it puts the directory that it should be in:
// the build context has no such file, and nothing tells that one is made before the build.
func (a *AbsentStart) lacks(c *Copy) bool {
	context := c.Step.Stage.build.Context
	if context == nil || !c.FromContext() || context.Exists(".gitmodules") {
		return false
	}
	for _, from := range c.Sources {
		if !from.Text.IsKnown() || from.Heredoc || from.Remote || HasPattern(from.Text.Text) || !context.IsDir(from.Text.Text) {
			return false
		}
		inside := path.Join(from.Text.Text, strings.TrimPrefix(a.File, c.Dest.Text))
		if context.Exists(inside) || context.Untracked(inside) || project.MadeName.MatchString(inside) || !context.IsDir(path.Dir(inside)) || context.ScriptsMention(path.Base(inside)) {
			return false
		}
		alone := true // a Dockerfile without its build context shows nothing
		for _, match := range context.Glob(path.Join(path.Dir(inside), "*")) {
			a.Siblings = append(a.Siblings, path.Base(match))
			alone = alone && strings.Contains(strings.ToLower(path.Base(match)), "dockerfile")
		}
		if alone {
			return false
		}
	}
	return true
}

// look notes where a COPY puts a file of that name instead, or that the ignore file hides it.
func (a *AbsentStart) look(c *Copy) {
	context := c.Step.Stage.build.Context
	if !c.FromContext() || !c.Dest.IsKnown() {
		return
	}
	for _, from := range c.Sources {
		text, name := from.Text.Text, path.Base(a.File)
		switch {
		case !from.Text.IsKnown() || from.Heredoc || from.Remote || HasPattern(text):
		case path.Base(text) == name && !context.IsDir(text):
			to := c.Dest.Text
			if c.DestIsDir || path.Base(to) != name && path.Ext(to) == "" {
				to = path.Join(to, name)
			}
			a.Elsewhere, a.Copy = to, c
		case context == nil || !context.IsDir(text):
		case Under(c.Dest.Text, a.File):
			inside := path.Join(text, strings.TrimPrefix(a.File, c.Dest.Text))
			a.Hidden = a.Hidden || context.Exists(inside) && context.Ignored(inside)
		case context.Exists(path.Join(text, name)) && !context.Ignored(path.Join(text, name)):
			a.Elsewhere, a.Copy = path.Join(c.Dest.Text, name), c
		}
	}
}

// VolumeMayBring tells whether a volume may bring the file when a container runs.
func (s *Stage) VolumeMayBring(p string) bool {
	for dir := path.Dir(p); dir != "/" && dir != "."; dir = path.Dir(dir) {
		if s.build.Context != nil && s.build.Context.ComposeMentions(":"+dir) {
			return true
		}
		for _, step := range s.ChainSteps() {
			if step.Instruction.Keyword == "VOLUME" && strings.Contains(s.build.File.Text(step.Instruction.Span), dir) {
				return true
			}
		}
	}
	return s.build.Context != nil && s.build.Context.ComposeMentions(":"+p)
}

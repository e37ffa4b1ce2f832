package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// run reads the shell code of a RUN and gives the state after it.
func (step *Step) run() State {
	script, commands, problem := step.Stage.build.Script(step.Instruction, step.Before)
	if problem != "" {
		step.Unreadable = problem
		return step.Before
	}
	step.Script = script
	for _, c := range script.Commands {
		if c.Function != "" {
			if step.functions == nil {
				step.functions = map[string]bool{}
			}
			step.functions[c.Function] = true
		}
	}
	walk := &walker{step: step, script: script, lasting: step.Before}
	walk.lookup = walk.shellLookup
	made := make([]Command, len(commands))
	step.Commands = make([]*Command, 0, len(commands))
	for i, c := range commands {
		walk.command(&made[i], c)
	}
	return walk.lasting
}

// Script parses the shell code of RUN, CMD, ENTRYPOINT or a HEALTHCHECK's CMD. problem says why
// there is none.
func (b *Build) Script(in *dockerfile.Instruction, state State) (script *shell.Script, commands []*shell.Command, problem string) {
	if in.JSON {
		script = execForm(in)
		return script, script.Commands, ""
	}
	dialect, ok := shell.DialectOf(state.Shell)
	if !ok {
		return nil, nil, "the SHELL in force is not a POSIX shell"
	}
	if h, only := onlyHeredoc(in); only {
		if bang := b.Doc.Shebang(h); bang != "" {
			if dialect, ok = shell.DialectOf(strings.Fields(bang)); !ok {
				return nil, nil, "the heredoc is a program for " + bang
			}
		}
		masked, span, ok := b.Doc.HeredocShell(h)
		if !ok {
			return nil, nil, "the heredoc can't be read"
		}
		return parsed(shell.Parse(masked, span.Start, dialect))
	}
	masked, span, ok := b.Doc.Shell(in)
	if !ok {
		return nil, nil, "there is no shell code"
	}
	return parsed(shell.Parse(masked, span.Start, dialect))
}

func parsed(script *shell.Script, err error) (*shell.Script, []*shell.Command, string) {
	if err != nil {
		return nil, nil, "the shell code has a syntax error: " + err.Error()
	}
	return script, script.Commands, ""
}

// onlyHeredoc tells whether the whole RUN is one heredoc: `RUN <<EOF`.
func onlyHeredoc(in *dockerfile.Instruction) (dockerfile.Heredoc, bool) {
	if len(in.Heredocs) != 1 || in.Heredocs[0].Marker != in.Body {
		return dockerfile.Heredoc{}, false
	}
	return in.Heredocs[0], true
}

// execForm is the command of a JSON form, which no shell sees unless it is called by name:
// ["sh", "-c", "..."] has the commands of that script too.
func execForm(in *dockerfile.Instruction) *shell.Script {
	c := &shell.Command{Span: in.Body, Certain: true, Exact: true, ParentScope: -1}
	for _, a := range in.Args {
		inside := source.Span{Start: a.Span.Start + 1, End: a.Span.End - 1}
		if inside.Len() != len(a.Value) { // the element has escapes
			inside = a.Span
		}
		part := shell.Part{Kind: shell.Literal, Span: inside, Text: a.Value, Quoted: true}
		c.Words = append(c.Words, shell.Word{Span: inside, Parts: []shell.Part{part}})
	}
	script := &shell.Script{Span: in.Body, Commands: []*shell.Command{c}}
	if inner := shell.Inner(shell.Fields(c.Words, env.Nothing)); inner != nil {
		for _, command := range inner.Commands {
			// Scope 0 is the exec form itself.
			command.Scope++
			command.ParentScope++
			script.Commands = append(script.Commands, command)
		}
		script.Loops = inner.Loops
	}
	return script
}

// walker follows the commands of one RUN. Every scope (the RUN's shell, a subshell, an inner
// `sh -c`) has a state of its own that begins as its parent's.
type walker struct {
	step   *Step
	script *shell.Script
	scopes []State // by their numbers; those that have not begun have no image
	// lasting is the state after the RUN: users, packages and virtual environments last,
	// variables and directories don't.
	lasting State
	now     State      // in which the command runs that is read
	lookup  env.Lookup // shellLookup
}

// state is that of a scope, or what it begins with.
func (w *walker) state(scope, parent int) State {
	for len(w.scopes) <= scope {
		w.scopes = append(w.scopes, State{})
	}
	for _, number := range [...]int{scope, parent} {
		if number >= 0 && w.scopes[number].image != nil {
			return w.scopes[number]
		}
	}
	return w.step.Before
}

// command fills in c, which sh is.
func (w *walker) command(c *Command, sh *shell.Command) {
	before := w.state(sh.Scope, sh.ParentScope)
	after := before
	w.now = before
	inline := before
	for _, a := range sh.Assigns {
		value := env.Of("")
		if a.Value != nil {
			value = a.Value.Value(w.lookup)
		}
		inline = inline.with(envVar, a.Name, value)
	}
	*c = Command{Step: w.step, Shell: sh, Argv: shell.Fields(sh.Words, w.lookup), State: inline, number: len(w.step.Commands)}
	w.step.Commands = append(w.step.Commands, c)
	if len(sh.Words) == 0 {
		for _, a := range sh.Assigns {
			after = w.assign(after, sh, a.Name, inline.Lookup(a.Name))
		}
		w.scopes[sh.Scope] = after
		c.Effects = c.effects(nil)
		return
	}
	_, assigns, rest, user := shell.Unwrap(c.Argv)
	for name, value := range assigns {
		c.State = c.State.with(envVar, name, value)
	}
	for _, name := range []string{sh.User, user} { // su around the script, then sudo in front
		switch name {
		case "":
		case shell.UnknownUser:
			c.State.User = env.Doubtful()
		default:
			c.State.User = env.Of(name)
		}
	}
	c.OS = ospkg.Parse(sh, c.Argv)
	if c.OS == nil {
		c.Installer = installer.Parse(sh, c.Argv)
	}
	if c.Installer != nil {
		// The state has these too, with their variables expanded.
		c.Installer.Environment = nil
	}
	after = w.builtin(after, sh, rest)
	w.scopes[sh.Scope] = after
	w.remember(c, rest)
	c.Effects = c.effects(rest)
}

// shellLookup is the environment of shell words: positional parameters and names that loops and
// `read` bind are unknown, not unset.
func (w *walker) shellLookup(name string) env.Value {
	if w.script.Binds(name) {
		return env.Doubtful()
	}
	return w.now.Lookup(name)
}

// assign sets a shell variable; behind a condition the old and the new value are both possible.
func (w *walker) assign(s State, sh *shell.Command, name string, value env.Value) State {
	if !sh.Certain {
		value = env.Doubtful()
	}
	return s.with(envVar, name, value)
}

// builtin follows the commands that change the shell itself.
func (w *walker) builtin(s State, sh *shell.Command, argv []shell.Field) State {
	if len(argv) == 0 {
		return s
	}
	switch argv[0].Text() {
	case "cd", "pushd":
		dir := s.Home()
		if len(argv) > 1 {
			dir = s.Abs(argv[len(argv)-1].Value)
		}
		if !sh.Certain {
			dir = env.Doubtful()
		}
		s.Workdir = dir
	case "popd":
		s.Workdir = env.Doubtful()
	case "export", "declare", "readonly", "local", "typeset":
		for _, word := range sh.Words[1:] {
			name, value, ok := splitAssign(word, w.lookup)
			if ok {
				s = w.assign(s, sh, name, value)
			}
		}
	case "unset":
		for _, f := range argv[1:] {
			s = s.with(envVar, f.Text(), env.Value{})
		}
	case ".", "source":
		if len(argv) < 2 || !sh.Certain {
			return s
		}
		file := s.Abs(argv[1].Value)
		dir, isActivate := strings.CutSuffix(file.Text, "/bin/activate")
		if !isActivate {
			return s
		}
		s = s.with(envVar, "VIRTUAL_ENV", env.Of(dir))
		return s.withEnv("PATH", dir+"/bin:$PATH", '\\')
	}
	return s
}

// splitAssign reads the word NAME=value of export and its like; an assignment there is one word
// to the parser, so its value is what follows the first '=' of the first part.
func splitAssign(word shell.Word, lookup env.Lookup) (name string, value env.Value, ok bool) {
	if len(word.Parts) == 0 || word.Parts[0].Kind != shell.Literal {
		return "", env.Value{}, false
	}
	name, first, ok := strings.Cut(word.Parts[0].Text, "=")
	if !ok || strings.HasPrefix(name, "-") {
		return "", env.Value{}, false
	}
	rest := word
	rest.Parts = append([]shell.Part(nil), word.Parts...)
	rest.Parts[0].Text = first
	return name, rest.Value(lookup), true
}

// remember keeps what outlives the RUN: packages, users, virtual environments; and works out what an
// installer command installs.
func (w *walker) remember(c *Command, argv []shell.Field) {
	if c.OS != nil && c.OS.Verb == ospkg.Install {
		for _, p := range c.OS.Packages {
			if p.Name != "" {
				w.keep(osPackage, p.Name, env.Of(p.Version))
			}
		}
		return
	}
	if c.Installer != nil {
		c.Install = newInstallation(c)
		if dir, minor, ok := MadeVenv(c); ok {
			w.keep(venvAt, dir, env.Of(minor))
		}
		if call := c.Installer; call.Tool == installer.Poetry && call.Verb == "config" && len(call.Operands) == 2 {
			w.keep(poetryConfig, call.Operands[0].Text(), call.Operands[1].Value)
		}
		return
	}
	if user, ok := effect.NewUser(argv); ok {
		w.keep(homeOf, user.Name, user.Home)
	}
}

// keep adds a lasting fact to the state after the RUN and to every scope that is open now.
func (w *walker) keep(kind scopeKind, name string, value env.Value) {
	before := w.lasting
	w.lasting = before.with(kind, name, value)
	for i, s := range w.scopes {
		switch {
		case s.image == nil:
		case s.vars == before.vars:
			w.scopes[i].vars = w.lasting.vars
		default:
			w.scopes[i] = s.with(kind, name, value)
		}
	}
}

package installer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

var (
	pipProgram    = pattern.New(`^pip(-?\d+(\.\d+)*)?$|^pip_pypy3?$|^pip-pypy3?$`)
	pythonProgram = pattern.New(`^(python|pypy)(\d+(\.\d+)*)?[tdmu]*$|^py$`)
	easyProgram   = pattern.New(`^easy_install(-?\d+(\.\d+)*)?$`)
	venvProgram   = pattern.New(`^(virtualenv|pyvenv)(-?\d+(\.\d+)*)?$`)
)

// modules are the tools that run by `python -m`.
var modules = map[string]Tool{
	"pip": Pip, "pip.__main__": Pip, "uv": Uv, "poetry": Poetry, "pipenv": Pipenv, "pdm": Pdm, "conda": Conda,
	"easy_install": EasyInstall, "setuptools.command.easy_install": EasyInstall, "pipx": Pipx, "piptools": PipTools,
	"venv": Venv, "virtualenv": Venv, "build": Build,
}

// call is an installer found in an argv: what it is and where its own arguments begin.
type call struct {
	tool    Tool
	verb    string // of programs that are one verb: pip-compile, uvx
	python  string
	program shell.Field
	args    []shell.Field
}

func parse(sh *shell.Command, argv []shell.Field) *Command {
	if len(argv) == 0 {
		return nil
	}
	wrappers, assigns, rest, _ := shell.Unwrap(argv)
	found, opaque := recognize(rest), ""
	if inner := behindXargs(rest); found == nil && inner != nil {
		more, set, last, _ := shell.Unwrap(inner)
		found, opaque = recognize(last), "xargs adds arguments from its input"
		wrappers = append(append(wrappers, "xargs"), more...)
		for name, value := range set {
			assigns = with(assigns, name, value)
		}
	}
	if found == nil {
		// `poetry run gunicorn`: the runner itself is the installer's command. It may install, too: `uv run`.
		wrappers, found = runner(argv, wrappers, len(argv)-len(rest))
	}
	if found == nil {
		return nil
	}
	cmd := &Command{Tool: found.tool, Program: found.program, Python: found.python, Wrappers: wrappers,
		Opaque: opaque, Environment: environment(sh, assigns), Shell: sh, Span: argv[0].Span.Join(argv[len(argv)-1].Span)}
	s := &scanner{cmd: cmd, g: grammars[found.tool], fields: found.args, global: true}
	s.read(found)
	cmd.finish()
	return cmd
}

// environment joins the assignments in front of the command with those of env and sudo.
func environment(sh *shell.Command, assigns map[string]env.Value) map[string]env.Value {
	var all map[string]env.Value
	if sh != nil {
		for _, a := range sh.Assigns {
			all = with(all, a.Name, assigned(a.Value))
		}
	}
	for name, value := range assigns {
		all = with(all, name, value)
	}
	return all
}

func with(all map[string]env.Value, name string, value env.Value) map[string]env.Value {
	if all == nil {
		all = map[string]env.Value{}
	}
	all[name] = value
	return all
}

// assigned is the value of a word without variables; with any, it is unknown here.
func assigned(word *shell.Word) env.Value {
	if word == nil {
		return env.Of("")
	}
	text, plain := word.Literal()
	if !plain {
		return env.Doubtful()
	}
	return env.Of(text)
}

// behindXargs is the command that xargs runs, nil where argv is none of xargs or not understood.
func behindXargs(argv []shell.Field) []shell.Field {
	if len(argv) == 0 || base(argv[0]) != "xargs" {
		return nil
	}
	for i := 1; i < len(argv); i++ {
		text := argv[i].Text()
		switch {
		case text == "":
			return nil
		case text[0] != '-':
			return argv[i:]
		case strings.HasPrefix(text, "--"):
			if !strings.Contains(text, "=") && (text == "--arg-file" || text == "--max-args" || text == "--max-procs" || text == "--delimiter") {
				i++
			}
		case len(text) == 2 && strings.ContainsAny(text[1:], "aEILnPsd"):
			i++
		}
	}
	return nil
}

// runner finds the innermost `uv run`, `poetry run` ... among the wrappers, which take up argv[:end].
func runner(argv []shell.Field, wrappers []string, end int) (outer []string, found *call) {
	n := 0
	for i := 0; i < min(end, len(argv)) && n < len(wrappers); i++ {
		if first, _, _ := strings.Cut(wrappers[n], " "); path.Base(first) != base(argv[i]) {
			continue
		}
		if c := recognize(argv[i:]); c != nil {
			outer, found = wrappers[:n], c
		}
		n++
	}
	return outer, found
}

func base(f shell.Field) string {
	return strings.TrimSuffix(path.Base(f.Text()), ".exe")
}

// recognize tells which installer argv calls, nil if none.
func recognize(argv []shell.Field) *call {
	if len(argv) == 0 || !argv[0].Value.IsKnown() || argv[0].Many {
		return nil
	}
	name := base(argv[0])
	if pythonProgram.MatchString(name) {
		return interpreted(&call{program: argv[0], args: argv[1:]}, argv[0].Text())
	}
	tool, verb := toolOf(name)
	if tool == "" {
		return nil
	}
	return &call{tool: tool, verb: verb, program: argv[0], args: argv[1:]}
}

// toolOf is what a program of that name is, "" for something else, and the verb that it stands for.
func toolOf(name string) (tool Tool, verb string) {
	switch name {
	case "uv":
		return Uv, ""
	case "uvx":
		return Uv, "tool run"
	case "poetry", "pipenv", "pdm", "pipx":
		return Tool(name), ""
	case "conda", "mamba", "micromamba":
		return Conda, ""
	case "pip-compile", "pip-sync":
		return PipTools, strings.TrimPrefix(name, "pip-")
	case "pyproject-build":
		return Build, ""
	case "setup.py":
		return SetupPy, ""
	}
	switch {
	case pipProgram.MatchString(name):
		return Pip, ""
	case easyProgram.MatchString(name):
		return EasyInstall, ""
	case venvProgram.MatchString(name):
		return Venv, ""
	}
	return "", ""
}

// interpreted reads `python [options] -m module` and `python [options] setup.py`. Flags may stand
// together (-Im) and the module may be attached (-mpip), https://docs.python.org/3/using/cmdline.html.
func interpreted(c *call, python string) *call {
	c.python = python
	for len(c.args) > 0 {
		f := c.args[0]
		if !f.Value.IsKnown() {
			return nil
		}
		text := f.Value.Text
		c.args = c.args[1:]
		if !strings.HasPrefix(text, "-") {
			if path.Base(text) != "setup.py" {
				return nil
			}
			c.tool, c.program = SetupPy, f
			return c
		}
		if text == "--check-hash-based-pycs" && len(c.args) > 0 {
			c.args = c.args[1:]
			continue
		}
		if c.python == "py" && len(text) > 1 && text[1] >= '0' && text[1] <= '9' {
			c.python += text // the Windows launcher's `py -3.12`
			continue
		}
		switch i := strings.IndexAny(text, "mcWXQ"); {
		case text == "-" || strings.HasPrefix(text, "--") || i >= 0 && text[i] == 'c':
			return nil
		case i < 0:
			continue
		case text[i] == 'm':
			module := text[i+1:]
			if module == "" {
				if len(c.args) == 0 || !c.args[0].Value.IsKnown() {
					return nil
				}
				module, c.args = c.args[0].Text(), c.args[1:]
			}
			c.tool = modules[module]
			if c.tool == "" {
				return nil
			}
			return c
		case i == len(text)-1: // -W, -X and -Q take the next word
			if len(c.args) == 0 {
				return nil
			}
			c.args = c.args[1:]
		}
	}
	return nil
}

// read takes the verb and all arguments.
func (s *scanner) read(c *call) {
	s.layers = s.g.layers("")
	switch {
	case c.tool == SetupPy:
		s.readSetup()
		return
	case c.verb != "":
		s.setVerb(c.verb)
	case s.g.verbs == nil:
		s.global = false
	default:
		if !s.readVerb() {
			return
		}
	}
	for {
		f, ok := s.operand()
		if !ok {
			return
		}
		s.cmd.Operands = append(s.cmd.Operands, f)
		if s.g.foreign[s.cmd.Verb] {
			s.cmd.Operands = append(s.cmd.Operands, s.rest()...)
		}
	}
}

func (s *scanner) setVerb(verb string) {
	s.cmd.Verb, s.global = verb, false
	s.layers = s.g.layers(verb)
}

// readVerb takes the words of the subcommand. It is false when nothing more can be read.
func (s *scanner) readVerb() bool {
	verb := ""
	for {
		f, ok := s.operand()
		if !ok {
			return false
		}
		if !f.Value.IsKnown() {
			if verb == "" {
				s.opaque("the subcommand is unknown")
			}
			s.cmd.Operands = append(s.cmd.Operands, f)
			s.global = false
			return true
		}
		word := f.Text()
		if verb == "" && s.g.tool == Uv && word == "pip" {
			s.cmd.Tool, s.g = UvPip, grammars[UvPip]
			s.cmd.Verbs = append(s.cmd.Verbs, f)
			s.layers = s.g.layers("")
			continue
		}
		next := strings.TrimSpace(verb + " " + word)
		if _, known := s.g.verbs[next]; !known {
			s.global = false
			if verb == "" {
				s.opaque("unknown subcommand " + word)
				s.cmd.Verb, s.cmd.VerbSpan, s.cmd.Verbs = word, f.Span, append(s.cmd.Verbs, f)
				return true
			}
			s.cmd.Operands = append(s.cmd.Operands, f)
			if s.g.foreign[verb] {
				s.cmd.Operands = append(s.cmd.Operands, s.rest()...)
			}
			return true
		}
		if verb == "" {
			s.cmd.VerbSpan = f.Span
		}
		verb = next
		s.cmd.VerbSpan = s.cmd.VerbSpan.Join(f.Span)
		s.cmd.Verbs = append(s.cmd.Verbs, f)
		s.setVerb(verb)
		if !s.g.isGroup(verb) {
			return true
		}
	}
}

// readSetup reads `setup.py [global options] command [options] command [options] ...`. Verb is the command
// that installs, or else the first.
func (s *scanner) readSetup() {
	for {
		f, ok := s.operand()
		if !ok {
			return
		}
		word := f.Text()
		_, known := setupVerbs[word]
		switch {
		case !f.Value.IsKnown():
			s.opaque("the command of setup.py is unknown")
			s.cmd.Operands = append(s.cmd.Operands, f)
			continue
		case !known:
			s.opaque("unknown command " + word + " of setup.py")
		}
		s.global = false
		s.cmd.Verbs = append(s.cmd.Verbs, f)
		if s.cmd.Verb == "" || setupInstalls[word] && !setupInstalls[s.cmd.Verb] {
			s.cmd.Verb, s.cmd.VerbSpan = word, f.Span
		}
		s.layers = s.g.layers(word)
		if word == "easy_install" || word == "alias" || word == "rotate" {
			for f, ok := s.operand(); ok; f, ok = s.operand() {
				s.cmd.Operands = append(s.cmd.Operands, f)
			}
		}
	}
}

var setupInstalls = map[string]bool{"install": true, "develop": true, "easy_install": true, "install_lib": true}

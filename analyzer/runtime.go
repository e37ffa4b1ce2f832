package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Received are the installations that the final image got from other stages.
func (b *Build) Received() []Content {
	var found []Content
	for _, c := range b.Target.Contents() {
		if c.Copy != nil {
			found = append(found, c)
		}
	}
	return found
}

// FindsUserBase tells whether the interpreter of the finished stage looks for packages in the user base at dir.
// https://docs.python.org/3/library/site.html#site.USER_BASE
func (s *Stage) FindsUserBase(dir string) Presence {
	state := s.After
	base := state.Env("PYTHONUSERBASE")
	if base.IsKnown() && base.Text != "" {
		if path.Clean(base.Text) == dir {
			return Yes
		}
	} else if home := state.Home(); home.IsKnown() && path.Join(home.Text, ".local") == dir {
		return Yes
	} else if !home.IsKnown() && strings.HasSuffix(dir, "/.local") {
		return Maybe
	}
	pythonPath := state.Env("PYTHONPATH")
	for _, entry := range strings.Split(pythonPath.Text, ":") {
		if entry != "" && Under(dir, path.Clean(entry)) {
			return Yes
		}
	}
	switch python := state.Python(); {
	case python != nil && python.Prefix == dir:
		return Yes // merged into the interpreter's own prefix: its site-packages
	case python == nil && (dir == "/usr" || dir == "/usr/local"):
		return Maybe
	}
	// The start command may set the variable itself, and a copied virtual environment is on its own.
	if base.Kind == env.Unknown || pythonPath.Kind == env.Unknown || s.StartMentions("PYTHONUSERBASE") {
		return Maybe
	}
	return No
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
func (s *Stage) StartScript(c StartCommand) ([]byte, bool) {
	at := s.After.Abs(c.Argv[0].Value)
	if !at.IsKnown() || s.build.Context == nil {
		return nil, false
	}
	if presence, from := s.Holds(at.Text); presence == Yes && from != "" {
		return s.build.Context.Read(from)
	}
	return nil, false
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
	at := s.After.Abs(word.Value)
	if !at.IsKnown() || s.build.Context == nil {
		return "", nil, false
	}
	presence, from := s.Holds(at.Text)
	if presence != Yes || from == "" {
		return "", nil, false
	}
	if text, ok = s.build.Context.Read(from); !ok {
		return "", nil, false
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if bang, found := strings.CutPrefix(line, "#!"); found {
		_, known := shell.DialectOf(strings.Fields(bang))
		return from, text, known
	}
	return from, text, byShell || strings.HasSuffix(from, ".sh")
}

// Private tells whether the user of the final image certainly can't enter dir: /root has mode 0700 in
// Debian's, Ubuntu's and Alpine's images, and a chmod or chown of it would be seen.
func (b *Build) Private(dir string) bool {
	if !Under("/root", dir) || !b.Target.After.NonRoot() {
		return false
	}
	for _, c := range b.Target.ChainCommands() {
		if len(c.Argv) == 0 {
			continue
		}
		switch program := c.Argv[0].Text(); {
		case strings.Contains(program, "chown"):
			for _, f := range c.Argv[1:] {
				if at := path.Clean(f.Text()); !f.Value.IsKnown() || at == "/root" || at == "/" {
					return false
				}
			}
			continue
		case !strings.Contains(program, "chmod") && !strings.Contains(program, "setfacl"):
			continue
		}
		for _, f := range c.Argv[1:] {
			if !f.Value.IsKnown() || Under("/root", path.Clean(f.Text())) {
				return false
			}
		}
	}
	return true
}

// Written is the content's Dir as the COPY's destination spells it, such as $PYROOT, or Dir itself.
func (c Content) Written() string {
	if c.Copy == nil {
		return c.Dir
	}
	step := c.Copy.Step
	text := step.Stage.build.File.Text(c.Copy.DestSpan)
	if step.Instruction.JSON {
		text = strings.Trim(text, `"`)
	}
	if strings.ContainsAny(text, "\"'") {
		return c.Dir // a piece of a quoted word is no word
	}
	for range 6 {
		text = strings.TrimSuffix(text, "/")
		if v := env.Expand(text, step.Stage.build.Doc.Escape, step.Before.Lookup); v.IsKnown() && path.Clean(v.Text) == c.Dir && path.IsAbs(v.Text) {
			return text
		}
		cut := strings.LastIndexByte(text, '/')
		if cut <= 0 {
			break
		}
		text = text[:cut]
	}
	return c.Dir
}

// OnPath tells whether PATH of the running container has the directory.
func (s State) OnPath(dir string) Presence {
	dirs, whole := s.PathList()
	switch {
	case slices.Contains(dirs, path.Clean(dir)):
		return Yes
	case whole:
		return No
	}
	return Maybe
}

// Serves tells whether the finished stage is certainly a service or an application: it exposes a port, or starts a Python
// program, a well-known server or a script. A shell, a test run or a console script of unknown nature is none: a
// command-line tool is often run as root on purpose, on files of the host.
func (s *Stage) Serves() bool {
	start := s.Start()
	if len(start.Commands) == 0 || start.OnlyShell() {
		return false
	}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "EXPOSE" {
			return true
		}
	}
	if start.Entrypoint != nil && start.Cmd != nil && asksForHelp(start.Cmd) {
		return false
	}
	// ENTRYPOINT ["python", "tool.py"] alone waits for the arguments of docker run.
	takesArguments := start.Entrypoint != nil && start.Cmd == nil
	for _, c := range start.Commands {
		if c.isApplication() && !(takesArguments && c.IsInterpreter()) {
			return true
		}
	}
	return false
}

// asksForHelp tells CMD ["--help"], by which an ENTRYPOINT shows that it is a command-line tool.
func asksForHelp(cmd *dockerfile.Instruction) bool {
	for _, a := range cmd.Args {
		switch a.Value {
		case "--help", "-h", "help", "--version":
			return true
		}
	}
	return false
}

func (c StartCommand) isApplication() bool {
	program, first, second := c.Program(), "", ""
	if len(c.Argv) > 1 {
		first = c.Argv[1].Text()
	}
	if len(c.Argv) > 2 {
		second = c.Argv[2].Text()
	}
	switch {
	case ChecksCode(program), IsInterpreterName(program) && first == "-m" && ChecksCode(second):
		return false
	case IsInterpreterName(program):
		return strings.HasSuffix(first, ".py") && first != "setup.py" && second != "test" || first == "-m" || first == "-u" && second != ""
	}
	return IsServer(program) || strings.HasSuffix(program, ".sh") || strings.HasSuffix(program, ".py")
}

// tests are programs that check or build code.
var tests = map[string]bool{
	"pytest": true, "unittest": true, "tox": true, "nox": true, "mypy": true, "flake8": true, "pylint": true, "black": true, "ruff": true,
	"build": true, "pip": true, "venv": true, "coverage": true, "ansible": true, "ansible-playbook": true, "aws": true, "mkdocs": true,
}

// ChecksCode tells programs that check or build code.
func ChecksCode(program string) bool { return tests[program] }

// IgnoredUserSite is a user base of the finished stage that its interpreter is told not to look into.
type IgnoredUserSite struct {
	Content Content
	Reason  string      // a clause
	Span    source.Span // of the start command or the ENV
}

// IgnoredUserSite finds the first one; ok is false when there is none.
func (s *Stage) IgnoredUserSite() (found IgnoredUserSite, ok bool) {
	contents := s.Contents()
	for _, c := range contents {
		if !c.Libs {
			continue
		}
		if c.Install.Place != UserSite || s.FindsUserBase(c.Dir) == Maybe {
			return found, false // other packages may be what the image runs
		}
		found.Content = c
	}
	if found.Content.Install == nil || s.Searches(found.Content.Dir) {
		return found, false
	}
	if v := s.After.Env("PYTHONNOUSERSITE"); v.IsKnown() && v.Text != "" {
		for _, step := range s.ChainSteps() {
			for _, p := range step.Instruction.Pairs {
				if step.Instruction.Keyword == "ENV" && p.Key == "PYTHONNOUSERSITE" {
					found.Reason, found.Span = "PYTHONNOUSERSITE is set", p.Span
				}
			}
		}
		return found, found.Reason != ""
	}
	for _, start := range s.Start().Commands {
		if o, ok := start.isolation(); ok && path.Dir(start.Argv[0].Text()) != found.Content.ScriptsDir() {
			found.Reason, found.Span = "python is started with "+o, start.Span
			return found, true
		}
	}
	return found, false
}

// isolation is the option of the interpreter that keeps the user site out: -s or -I, alone or in a cluster.
// https://docs.python.org/3/using/cmdline.html#cmdoption-I
func (c StartCommand) isolation() (string, bool) {
	if !c.IsInterpreter() {
		return "", false
	}
	for _, f := range c.Argv[1:] {
		text := f.Text()
		if f.Value.Kind != env.Known || !strings.HasPrefix(text, "-") || strings.HasPrefix(text, "--") || len(text) < 2 {
			return "", false
		}
		for _, letter := range text[1:] {
			switch letter {
			case 's', 'I':
				return text, true
			case 'c', 'm', 'W', 'X':
				return "", false // what follows is its value
			}
		}
	}
	return "", false
}

package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// This file is one question about a command: may it call an operating system's package manager? It stands alone so that it can become an
// effect of the command beside the others: it knows of nothing but the command itself and its RUN.

// CallsManager tells whether the command calls the package manager to install something, by itself or through another program: Yes for
// apt-get, for `xargs apt-get`, and for tools such as gdebi that do so; No for programs that certainly don't; Maybe for every program that
// is not known, and for scripts, makefiles and the like, which may do anything. A call that installs nothing (update, clean) is a No.
func (c *Command) CallsManager(manager ospkg.Manager) Presence {
	switch {
	case c.OS != nil:
		return calls(c.OS, manager)
	case c.Installer != nil:
		return No // building a Python package calls no package manager
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	return c.programCalls(argv, manager, 0)
}

func calls(call *ospkg.Command, manager ospkg.Manager) Presence {
	if call.Manager != manager {
		return No
	}
	switch call.Verb {
	case ospkg.Install, ospkg.Upgrade, ospkg.Other:
		return Yes
	}
	if call.Opaque != "" {
		return Maybe
	}
	return No
}

// programCalls is CallsManager for the words of a call, the program first.
func (c *Command) programCalls(argv []shell.Field, manager ospkg.Manager, depth int) Presence {
	const most = 4 // xargs in xargs
	if len(argv) == 0 {
		return No // an assignment
	}
	name := shell.Program(argv[0])
	facts, known := program.Lookup(name)
	switch {
	case name == "" || depth > most:
		return Maybe
	case c.Step.Defines(name), c.listsInner():
		return No // the commands in it are listed by themselves
	case isManager(name):
		if call := ospkg.Parse(c.Shell, argv); call != nil {
			return calls(call, manager)
		}
		return Maybe
	case name == "find":
		return c.innerCalls(afterAny(argv, "-exec", "-execdir", "-ok", "-okdir"), manager, depth)
	case runners[name]:
		return c.innerCalls(argv[1:], manager, depth)
	case facts.Is(program.CallsApt):
		if manager == ospkg.Apt {
			return Yes
		}
		return No
	case facts.Is(program.Interpreter):
		return pythonCalls(argv)
	case facts.Kind == program.ShellCode && len(argv) > 1 && harmlessScript.MatchString(argv[1].Text()+argv[1].Prefix):
		return No
	case known && facts.Touches != program.Anything:
		return No
	}
	return Maybe
}

// innerCalls is for programs that run another one: words are what comes behind the outer program's name. Its options and their values are not
// read: the first word that is a known program decides.
func (c *Command) innerCalls(words []shell.Field, manager ospkg.Manager, depth int) Presence {
	if len(words) == 0 {
		return No // find without -exec, xargs alone: echo
	}
	options := true
	for i, f := range words {
		text := f.Text()
		switch {
		case !f.Value.IsKnown():
			return Maybe
		case strings.HasPrefix(text, "-"), strings.Trim(text, "0123456789") == "", text == "{}", strings.HasPrefix(text, ":::"):
			continue
		}
		options = false
		if inner := c.programCalls(words[i:], manager, depth+1); inner != Maybe || isKnown(shell.Program(f)) {
			return inner
		}
	}
	if options {
		return No
	}
	return Maybe
}

func afterAny(words []shell.Field, options ...string) []shell.Field {
	for i, f := range words {
		for _, option := range options {
			if f.Text() == option {
				return words[i+1:]
			}
		}
	}
	return nil
}

// listsInner tells `sh -c '...'`, `su -c '...'` and eval whose commands could be read, and are listed on their own behind it.
func (c *Command) listsInner() bool {
	if c.Step.outer == nil {
		c.Step.outer = map[*Command]bool{}
		var last *Command // the last one that is in no substitution
		for _, other := range c.Step.Commands {
			if other.Shell.Substitution {
				continue
			}
			if last != nil && last.Shell.Span.Contains(other.Shell.Span) {
				c.Step.outer[last] = true
			}
			last = other
		}
	}
	return c.Step.outer[c]
}

func isManager(program string) bool { return ospkg.ManagerOf(program) != "" }

func isKnown(name string) bool {
	_, known := program.Lookup(name)
	return known || runners[name] || isManager(name)
}

// pythonCalls judges a call of Python: code that does not start other programs calls nothing, and neither do well-known modules; a script may.
func pythonCalls(argv []shell.Field) Presence {
	for i, f := range argv[1:] {
		text := f.Text()
		rest := argv[i+2:]
		switch {
		case !f.Value.IsKnown():
			return Maybe
		case text == "-m" || strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.HasSuffix(text, "m"):
			if len(rest) > 0 {
				module, _, _ := strings.Cut(rest[0].Text(), ".")
				if quietModules[module] {
					return No
				}
			}
			return Maybe
		case text == "-c" || strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.HasSuffix(text, "c"):
			if len(rest) == 0 || !rest[0].Value.IsKnown() || callsOut.MatchString(rest[0].Text()) {
				return Maybe
			}
			return No
		case text == "--version" || text == "-V" || text == "-VV" || text == "--help" || text == "-h":
			return No
		case !strings.HasPrefix(text, "-"):
			// Django's own commands.
			if path.Base(text) == "manage.py" && len(rest) > 0 && djangoCommands[rest[0].Text()] {
				return No
			}
			return Maybe
		}
	}
	return Maybe // it reads a program from its input
}

var (
	// runners run the program that their words name, with arguments that are not all written down, or in another root directory.
	runners = wordSet("xargs parallel chroot fakeroot fakechroot proot nsenter unshare strace ltrace watch busybox script flock faketime taskset chrt")
	// quietModules are Python modules whose programs start no others.
	quietModules = wordSet(`pip venv virtualenv ensurepip nltk spacy compileall py_compile ipykernel http json zipfile tarfile site textblob sysconfig
		pytest unittest IPython jupyter notebook build wheel setuptools easy_install timeit platform cProfile django pipx poetry pipenv uv pdm bash_kernel`)
	// djangoCommands are those of Django itself.
	djangoCommands = wordSet("collectstatic compilemessages compress migrate makemigrations check createcachetable loaddata syncdb test")
	// harmlessScript matches shell files that set variables only, and the installers of Miniconda and its like.
	harmlessScript = pattern.New(`(?:^|/)(?:activate|\.?bashrc|\.?profile|\.bash_profile|env|os-release|lsb-release|setup\.bash|nvm\.sh|conda\.sh|envvars)$|` +
		`(?i:(?:conda|mambaforge|miniforge)[\w.-]*\.sh)$`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

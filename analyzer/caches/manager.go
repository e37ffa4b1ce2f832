package caches

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// CallsManager tells whether the command calls the package manager to install something, by itself or through another program: Yes for
// apt-get, for `xargs apt-get`, and for tools such as gdebi that do so; No for programs that certainly don't; Maybe for every program that
// is not known, and for scripts, makefiles and the like, which may do anything. A call that installs nothing (update, clean) is a No.
func CallsManager(c *analyzer.Command, manager ospkg.Manager) analyzer.Presence {
	switch {
	case c.OS != nil:
		return calls(c.OS, manager)
	case c.Installer != nil:
		return analyzer.No // building a Python package calls no package manager
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	return programCalls(c, argv, manager, 0)
}

func calls(call *ospkg.Command, manager ospkg.Manager) analyzer.Presence {
	if call.Manager != manager {
		return analyzer.No
	}
	switch call.Verb {
	case ospkg.Install, ospkg.Upgrade, ospkg.Other:
		return analyzer.Yes
	}
	if call.Opaque != "" {
		return analyzer.Maybe
	}
	return analyzer.No
}

// programCalls is CallsManager for the words of a call, the program first.
func programCalls(c *analyzer.Command, argv []shell.Field, manager ospkg.Manager, depth int) analyzer.Presence {
	const most = 4 // xargs in xargs
	if len(argv) == 0 {
		return analyzer.No // an assignment
	}
	name := shell.Program(argv[0])
	facts, known := program.Lookup(name)
	switch {
	case name == "" || depth > most:
		return analyzer.Maybe
	case c.Step.Defines(name), listsInner(c):
		return analyzer.No // the commands in it are listed by themselves
	case isManager(name):
		if call := ospkg.Parse(c.Shell, argv); call != nil {
			return calls(call, manager)
		}
		return analyzer.Maybe
	case name == "find":
		return innerCalls(c, afterAny(argv, "-exec", "-execdir", "-ok", "-okdir"), manager, depth)
	case facts.Is(program.Runs):
		return innerCalls(c, argv[1:], manager, depth)
	case facts.Is(program.CallsApt):
		if manager == ospkg.Apt {
			return analyzer.Yes
		}
		return analyzer.No
	case facts.Is(program.Interpreter):
		return pythonCalls(argv)
	case facts.Kind == program.ShellCode && len(argv) > 1 && harmlessScript.MatchString(argv[1].Text()+argv[1].Prefix):
		return analyzer.No
	case known && facts.Touches != program.Anything:
		return analyzer.No
	}
	return analyzer.Maybe
}

// innerCalls is for programs that run another one: words are what comes behind the outer program's name. Its options and their values are not
// read: the first word that is a known program decides.
func innerCalls(c *analyzer.Command, words []shell.Field, manager ospkg.Manager, depth int) analyzer.Presence {
	if len(words) == 0 {
		return analyzer.No // find without -exec, xargs alone: echo
	}
	options := true
	for i, f := range words {
		text := f.Text()
		switch {
		case !f.Value.IsKnown():
			return analyzer.Maybe
		case strings.HasPrefix(text, "-"), strings.Trim(text, "0123456789") == "", text == "{}", strings.HasPrefix(text, ":::"):
			continue
		}
		options = false
		if inner := programCalls(c, words[i:], manager, depth+1); inner != analyzer.Maybe || isKnown(shell.Program(f)) {
			return inner
		}
	}
	if options {
		return analyzer.No
	}
	return analyzer.Maybe
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
func listsInner(c *analyzer.Command) bool {
	return analyzer.Remember(c.Step.Stage.Build(), c.Step, func() outerCommands {
		outer := outerCommands{}
		var last *analyzer.Command // the last one that is in no substitution
		for _, other := range c.Step.Commands {
			if other.Shell.Substitution {
				continue
			}
			if last != nil && last.Shell.Span.Contains(other.Shell.Span) {
				outer[last] = true
			}
			last = other
		}
		return outer
	})[c]
}

// outerCommands are those of a RUN whose code could be read.
type outerCommands map[*analyzer.Command]bool

func isManager(program string) bool { return ospkg.ManagerOf(program) != "" }

func isKnown(name string) bool {
	_, known := program.Lookup(name)
	return known || isManager(name)
}

// pythonCalls judges a call of Python: code that does not start other programs calls nothing, and neither do well-known modules; a script may.
func pythonCalls(argv []shell.Field) analyzer.Presence {
	for i, f := range argv[1:] {
		text := f.Text()
		rest := argv[i+2:]
		switch module, glued := program.ModuleFlag(text); {
		case !f.Value.IsKnown():
			return analyzer.Maybe
		case module:
			if len(rest) > 0 && !glued {
				module, _, _ := strings.Cut(rest[0].Text(), ".")
				if quietModules[module] {
					return analyzer.No
				}
			}
			return analyzer.Maybe
		case text == "-c" || strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.HasSuffix(text, "c"):
			if len(rest) == 0 || !rest[0].Value.IsKnown() || needs.CallsOut.MatchString(rest[0].Text()) {
				return analyzer.Maybe
			}
			return analyzer.No
		case text == "--version" || text == "-V" || text == "-VV" || text == "--help" || text == "-h":
			return analyzer.No
		case !strings.HasPrefix(text, "-"):
			// Django's own commands.
			if path.Base(text) == "manage.py" && len(rest) > 0 && djangoCommands[rest[0].Text()] {
				return analyzer.No
			}
			return analyzer.Maybe
		}
	}
	return analyzer.Maybe // it reads a program from its input
}

// quietModules are Python modules whose programs start no others.
var quietModules = wordSet(`pip venv virtualenv ensurepip nltk spacy compileall py_compile ipykernel http json zipfile tarfile site textblob sysconfig
	pytest unittest IPython jupyter notebook build wheel setuptools easy_install timeit platform cProfile django pipx poetry pipenv uv pdm bash_kernel`)

// djangoCommands are those of Django itself.
var djangoCommands = wordSet("collectstatic compilemessages compress migrate makemigrations check createcachetable loaddata syncdb test")

// harmlessScript matches shell files that set variables only, and the installers of Miniconda and its like.
var harmlessScript = pattern.New(`(?:^|/)(?:activate|\.?bashrc|\.?profile|\.bash_profile|env|os-release|lsb-release|setup\.bash|nvm\.sh|conda\.sh|envvars)$|` +
	`(?i:(?:conda|mambaforge|miniforge)[\w.-]*\.sh)$`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

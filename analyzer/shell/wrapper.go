package shell

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// wrapper is the grammar of a program that runs the program named by its operands.
type wrapper struct {
	verb   string // the subcommand that runs things: "run" of `conda run`; other verbs are not unwrapped
	flags  string // options without a value, blank-separated: "-E -H --login"
	values string // options that take a value, attached or as the next argument
	// operands stand before the program: the DURATION of timeout, the USER of gosu.
	operands int
	assigns  bool // takes NAME=value in front of the program
	// user are the options that name the user to run as; userOperand tells that the operand does.
	user        string
	userOperand bool
	needsUser   bool   // is something else without one: `runuser app -c ...` is like su
	unset       string // options that remove the variable they name (env -u)
	numbers     bool   // takes -N (nice -10)
	init        bool   // is an init for containers
	program     func(Field) bool
}

var uvValues = "--extra --no-extra --group --no-group --only-group --with --with-editable --with-requirements --env-file " +
	"--package -p --python --index --default-index -i --index-url --extra-index-url -f --find-links -P --upgrade-package " +
	"--reinstall-package --refresh-package --index-strategy --keyring-provider --resolution --prerelease --fork-strategy " +
	"--exclude-newer --link-mode -C --config-setting --config-settings --no-build-isolation-package --no-build-package " +
	"--no-binary-package --cache-dir --python-preference --python-platform --color --allow-insecure-host --directory " +
	"--project --config-file -w"

var uvFlags = "--all-extras --dev --no-dev --only-dev --no-default-groups --all-groups --no-editable --inexact --exact --isolated " +
	"--active --no-active --no-sync --locked --frozen --no-project --no-env-file --all-packages -n --no-cache --offline " +
	"--no-progress -q --quiet -v --verbose --no-config --refresh --reinstall -U --upgrade --no-index --no-sources --no-build " +
	"--no-binary --no-build-isolation --native-tls --system-certs --managed-python --no-managed-python --no-python-downloads --compile-bytecode --preview"

var conda = wrapper{
	verb:   "run",
	flags:  "-v -vv -vvv --verbose --dev --debug-wrapper-scripts --no-capture-output --live-stream",
	values: "-n --name -p --prefix --cwd",
}

var runUser = wrapper{operands: 1, userOperand: true}

var tini = wrapper{flags: "-s -g -v -vv -vvv -w", values: "-p -e", init: true}

var plain = wrapper{}

// wrappers are all programs that are seen through. An option that is not listed here stops that:
// it might take the next argument as its value, and then the program would be guessed. chroot and
// xargs are left out on purpose: paths and arguments are not those written down. So are sh, su and
// eval, which take code (Parse reads it), and `hatch run`, which has scripts of its own.
var wrappers = map[string]wrapper{
	"sudo": {
		flags: "-A -b -E -e -H -K -k -n -P -S -s -i --askpass --background --preserve-env --set-home --login --non-interactive " +
			"--preserve-groups --stdin --shell --reset-timestamp",
		values: "-C --close-from -D --chdir -g --group -h --host -p --prompt -R --chroot -r --role -T --command-timeout -t --type -U",
		user:   "-u --user", assigns: true,
	},
	"doas":    {flags: "-n -s", values: "-C", user: "-u"},
	"env":     {flags: "- -i --ignore-environment -v --debug", values: "-C --chdir", unset: "-u --unset", assigns: true},
	"exec":    {flags: "-c -l", values: "-a"},
	"command": {flags: "-p"}, // -v and -V only ask
	"builtin": plain,
	"nohup":   plain,
	"setsid":  {flags: "-c -f -w --ctty --fork --wait"},
	"time":    {flags: "-p -v -a --portability --verbose --append --quiet -q", values: "-f -o --format --output"},
	"nice":    {values: "-n --adjustment", numbers: true},
	"ionice":  {flags: "-t --ignore", values: "-c -n --class --classdata"},
	"timeout": {flags: "-f -p -v --foreground --preserve-status --verbose", values: "-k -s --kill-after --signal", operands: 1},
	"stdbuf":  {values: "-i -o -e --input --output --error"},

	"gosu": runUser, "su-exec": runUser,
	"runuser": {user: "-u --user", needsUser: true, values: "-g --group -G --supp-group"},
	"setpriv": {
		flags: "--clear-groups --keep-groups --init-groups --no-new-privs --nnp --reset-env",
		values: "--regid --rgid --egid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig " +
			"--ruid --euid", user: "--reuid",
	},
	"tini": tini, "tini-static": tini,
	"dumb-init": {flags: "-c --single-child -v --verbose", values: "-r --rewrite", init: true},
	"catatonit": {flags: "-g -P", init: true},

	"conda": conda, "mamba": conda,
	"micromamba": {
		verb:   "run",
		flags:  "-d --detach --clean-env --no-rc --no-env -v -vv -q --quiet --verbose",
		values: "-n --name -p --prefix -r --root-prefix --cwd -e --env --label -a --attach --log-level",
	},
	"poetry": {verb: "run", flags: "-q -n -v -vv -vvv --quiet --no-interaction --verbose --no-ansi --ansi", values: "-C --directory -P --project"},
	"pipenv": {verb: "run", flags: "-q -v --quiet --verbose"},
	"pdm":    {verb: "run", flags: "-q -v -s --site-packages --quiet --verbose", values: "-p --project"},
	"rye":    {verb: "run"},
	"uv":     {verb: "run", flags: uvFlags, values: uvValues, program: notPython},

	"xvfb-run": {
		flags:  "-a --auto-servernum -l --listen-tcp",
		values: "-n --server-num -s --server-args -e --error-file -f --auth-file -p --xauth-protocol -w --wait",
	},
	"proxychains": {flags: "-q", values: "-f"}, "proxychains4": {flags: "-q", values: "-f"},
	"eatmydata":      plain,
	"ddtrace-run":    {flags: "-d --debug"},
	"newrelic-admin": {verb: "run-program"},
	"opentelemetry-instrument": {
		values: "--traces_exporter --metrics_exporter --logs_exporter --service_name --exporter_otlp_endpoint",
	},
}

// notPython tells whether `uv run X` runs a program X: it also takes scripts, directories, URLs and "-".
func notPython(f Field) bool {
	text := f.Text()
	return text != "-" && !strings.HasSuffix(text, ".py") && !strings.HasSuffix(text, ".pyw") &&
		!strings.HasSuffix(text, "/") && text != "." && !strings.Contains(text, "://")
}

// UvScript gives the script and its arguments of `uv run main.py`, for which uv starts the environment's Python. ok is false for every
// other command. https://docs.astral.sh/uv/guides/scripts/
func UvScript(argv []Field) (script []Field, ok bool) {
	if len(argv) == 0 || Program(argv[0]) != "uv" {
		return nil, false
	}
	w := wrappers["uv"]
	w.program = func(f Field) bool { return strings.HasSuffix(f.Text(), ".py") && !strings.Contains(f.Text(), "://") }
	found, ok := w.read(argv[1:])
	return found.rest, ok
}

// Unwrap sees through programs that run another program: `sudo -u app env X=Y pip install flask` is
// `pip install flask` with the wrappers "sudo" and "env", the assignment X=Y and the user "app". It
// is the only place that knows such programs. What it does not fully understand (an option that
// is not in its tables, a doubtful word before the program) it leaves as it is, beginning
// with that wrapper. rest is the tail of argv; it is empty only when argv is.
// A variable that `env -u` removes is Unset in assigns. user is whom the innermost sudo, gosu or
// their like names ("root" for a bare sudo), UnknownUser, or "" when none of them is there.
func Unwrap(argv []Field) (names []string, assigns map[string]env.Value, rest []Field, user string) {
	rest = argv
	for len(rest) > 0 {
		name := Program(rest[0])
		w, ok := wrappers[name]
		if !ok {
			break
		}
		found, ok := w.read(rest[1:])
		if !ok {
			break
		}
		if w.verb != "" {
			name += " " + w.verb
		}
		names = append(names, name)
		rest = rest[len(rest)-len(found.rest):]
		if found.user != "" {
			user = found.user
		} else if name == "sudo" || name == "doas" {
			user = "root"
		}
		for key, value := range found.assigns {
			if assigns == nil {
				assigns = map[string]env.Value{}
			}
			assigns[key] = value
		}
	}
	return names, assigns, rest, user
}

// wrapped is what one wrapper's arguments say.
type wrapped struct {
	rest    []Field
	assigns map[string]env.Value
	user    string
}

func (w wrapper) read(args []Field) (out wrapped, ok bool) {
	out.assigns = map[string]env.Value{}
	verb, operands := w.verb, w.operands
	for i := 0; i < len(args); {
		arg := args[i]
		text := arg.Text()
		if arg.Many {
			return out, false
		}
		if !arg.Value.IsKnown() {
			text = arg.Prefix
		}
		switch {
		case text == "--" && arg.Value.IsKnown():
			i++
			if verb != "" || operands > 0 && i+operands >= len(args) {
				return out, false
			}
			if operands > 0 {
				out.takeOperand(w, args[i])
			}
			return out.program(w, args[i+operands:])
		case strings.HasPrefix(text, "-"):
			used, fine := w.option(&out, args[i:], text)
			if !fine {
				return out, false
			}
			i += used
		case verb != "":
			if !arg.Value.Is(verb) {
				return out, false
			}
			verb = ""
			i++
		case operands > 0:
			out.takeOperand(w, arg)
			operands--
			i++
		case w.assigns && assignment(text) > 0:
			out.assign(arg, text)
			i++
		default:
			return out.program(w, args[i:])
		}
	}
	return out, false
}

func (out *wrapped) takeOperand(w wrapper, arg Field) {
	if w.userOperand {
		out.user = userOf(arg)
	}
}

// program is the end of a wrapper's own arguments. Variables may still follow "--" of env and sudo.
func (out wrapped) program(w wrapper, rest []Field) (wrapped, bool) {
	for w.assigns && len(rest) > 0 && assignment(rest[0].Text()+rest[0].Prefix) > 0 && !rest[0].Many {
		out.assign(rest[0], rest[0].Text()+rest[0].Prefix)
		rest = rest[1:]
	}
	if len(rest) == 0 || !rest[0].Value.IsKnown() || strings.HasPrefix(rest[0].Text(), "-") {
		return out, false
	}
	if w.needsUser && out.user == "" || w.program != nil && !w.program(rest[0]) {
		return out, false
	}
	out.rest = rest
	return out, true
}

func (out *wrapped) assign(arg Field, text string) {
	eq := assignment(text)
	value := env.Doubtful()
	if arg.Value.IsKnown() {
		value = env.Of(text[eq+1:])
	}
	out.assigns[text[:eq]] = value
}

// assignment is the place of "=" in NAME=value, 0 if it is something else.
func assignment(text string) int {
	eq := strings.IndexByte(text, '=')
	for i := 0; i < eq; i++ {
		b := text[i]
		if b != '_' && !('a' <= b && b <= 'z') && !('A' <= b && b <= 'Z') && !(i > 0 && '0' <= b && b <= '9') {
			return 0
		}
	}
	return max(eq, 0)
}

// UnknownUser is the user of Unwrap that a variable of unknown value names.
const UnknownUser = "?"

// userOf cuts the group off "app:app".
func userOf(f Field) string {
	if !f.Value.IsKnown() {
		return UnknownUser
	}
	name, _, _ := strings.Cut(f.Text(), ":")
	return name
}

// option reads the option args[0] and tells how many arguments it takes up.
func (w wrapper) option(out *wrapped, args []Field, text string) (used int, ok bool) {
	known := args[0].Value.IsKnown()
	if known && has(w.flags, text) {
		return 1, true
	}
	if known && w.takesValue(text) {
		if len(args) < 2 || args[1].Many {
			return 0, false
		}
		w.value(out, text, args[1])
		return 2, true
	}
	if name, value, found := strings.Cut(text, "="); found && strings.HasPrefix(name, "--") {
		if w.takesValue(name) {
			if !known {
				w.value(out, name, Field{Value: env.Doubtful()})
			} else {
				w.value(out, name, Field{Value: env.Of(value)})
			}
			return 1, true
		}
		return 1, name == "--preserve-env" && has(w.flags, name) // sudo --preserve-env=LIST
	}
	if !known || strings.HasPrefix(text, "--") {
		return 0, false
	}
	if w.numbers && strings.Trim(text[1:], "0123456789") == "" && len(text) > 1 {
		return 1, true
	}
	return w.cluster(out, args, text)
}

// cluster reads short options in one word: -EH, -n10, -Hu app.
func (w wrapper) cluster(out *wrapped, args []Field, text string) (used int, ok bool) {
	for i := 1; i < len(text); i++ {
		short := "-" + text[i:i+1]
		if has(w.flags, short) {
			continue
		}
		if !w.takesValue(short) {
			return 0, false
		}
		if i+1 < len(text) {
			w.value(out, short, Field{Value: env.Of(text[i+1:])})
			return 1, true
		}
		if len(args) < 2 || args[1].Many {
			return 0, false
		}
		w.value(out, short, args[1])
		return 2, true
	}
	return 1, len(text) > 1
}

func (w wrapper) takesValue(name string) bool {
	return has(w.values, name) || has(w.user, name) || has(w.unset, name)
}

func (w wrapper) value(out *wrapped, name string, value Field) {
	switch {
	case has(w.user, name):
		out.user = userOf(value)
	case has(w.unset, name) && value.Text() != "":
		out.assigns[value.Text()] = env.Value{}
	}
}

// has tells whether a blank-separated list holds the word.
func has(list, word string) bool {
	for item := range strings.FieldsSeq(list) {
		if item == word {
			return true
		}
	}
	return false
}

// Package installer knows the command lines of the tools that install Python packages: one
// grammar per tool, no I/O. Everything that knows which of pip's options takes a value is here
// and nowhere else. An option that a grammar does not know makes the command Opaque: nothing may
// be concluded from it and no fix may touch it.
package installer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Tool is the program whose grammar applies.
type Tool string

// The tools. `uv pip` is a tool of its own since its options are neither uv's nor all of pip's.
const (
	Pip         Tool = "pip"
	UvPip       Tool = "uv pip"
	Uv          Tool = "uv"
	Poetry      Tool = "poetry"
	Pipenv      Tool = "pipenv"
	Pdm         Tool = "pdm"
	Conda       Tool = "conda" // conda, mamba, micromamba
	SetupPy     Tool = "setup.py"
	EasyInstall Tool = "easy_install"
	Pipx        Tool = "pipx"
	PipTools    Tool = "pip-tools" // pip-compile, pip-sync
	Venv        Tool = "venv"      // python -m venv, virtualenv; the operand is the directory
	Build       Tool = "build"     // python -m build, pyproject-build; the operand is the source directory
)

// Command is one call of an installer, however it is spelled: `pip`, `pip3.12`, `python -m pip`,
// `python3 -Im pip`, `/opt/venv/bin/pip`, `sudo -H pip`, `env X=Y pip`, `conda run -n e pip`.
type Command struct {
	Tool Tool
	// Program is the word that names the program: "pip3", "/opt/venv/bin/pip", "python3.12" (for -m).
	Program shell.Field
	// Python is how the interpreter was named: "python3.12" or "/opt/venv/bin/python" for -m calls and
	// uv's --python, "" when only the tool was named. See InterpreterHint.
	Python string
	// Wrappers are the programs in front: "sudo", "env", "conda run", "exec", "poetry run", ...
	Wrappers []string
	// Environment holds the assignments made for this command alone: `X=Y pip`, `env X=Y pip`.
	Environment map[string]env.Value
	// Verb is the subcommand: "install", "download", "wheel", "sync", "pip" never. "" when there is none.
	// Two-word verbs of uv, poetry, pip etc. are joined by a blank: "tool install", "cache purge", "self add".
	// Of several commands of a setup.py it is the one that installs, or else the first. Programs that
	// are one verb have it without a span: "compile" of pip-compile, "tool run" of uvx.
	Verb     string
	VerbSpan source.Span // empty when there is no verb
	// Verbs are the words that name the subcommand: two of `pip cache purge`, "pip" and "install" of
	// `uv pip install`, every command of `setup.py build_ext install`.
	Verbs []shell.Field
	// Options in order, long name first known: "-r x", "-rx", "--requirement=x" all have Name "--requirement".
	Options []Option
	// "--", the end of the options, stands among them under that name.
	// Operands are the arguments that are neither options nor their values, after the verb.
	Operands []shell.Field
	// Requirements are the packages, projects and URLs that this command names itself (operands and
	// --editable values), parsed. Empty for verbs that take none; see Installs, for `pip download`,
	// `pip wheel` and `pip lock` name some too.
	Requirements []Requirement
	// Removed are the packages that an uninstalling command names.
	Removed []Requirement
	// Opaque is empty, or says in one clause why the command can't be understood: an unknown
	// option, an unknown word that may be several, xargs.
	Opaque string
	// Unknown is the option that makes the command Opaque, nil where something else does.
	Unknown *UnknownOption
	Span    source.Span    // from the program (or its first wrapper) to the last argument
	Shell   *shell.Command // where it stands
}

// Option is an option with its value.
type Option struct {
	Name  string    // canonical long form: "--no-cache-dir"; the short one where no long form exists
	Value env.Value // Unset for options without a value
	// Written is the option as spelled ("-r", "--requirement"), for messages.
	Written string
	Span    source.Span // option and value
	// ValueSpan is the value alone, empty when there is none.
	ValueSpan source.Span
	Global    bool // given before the verb
}

// RequirementKind tells what an operand of `pip install` is.
type RequirementKind uint8

const (
	// Named is a package by name, with or without version: "flask>=2".
	Named RequirementKind = iota + 1
	// Local is a directory: ".", "./pkg", ".[test]".
	Local
	// Archive is a local sdist or wheel file.
	Archive
	// URL is an http(s)/file/ftp URL.
	URL
	// VCS is git+https://... and its like.
	VCS
	// Doubtful is an operand whose text is unknown, or (with a Text) one that is no valid requirement,
	// as "flask=1.0" for pip. Its Name is set where the beginning of the word shows it: flask==$VERSION.
	Doubtful
)

// Requirement is one thing to install (PEP 508).
type Requirement struct {
	Kind      RequirementKind
	Text      string   // as the program receives it, "" if unknown
	Name      string   // normalized (PEP 503) where it is known, else ""
	Extras    []string // normalized
	Specifier string   // ">=2,<3", blanks removed; "" for none
	Marker    string
	// Location is the path or URL of Local, Archive, URL and VCS, and of "name @ url".
	Location string
	// Revision is what follows '@' in a VCS location.
	Revision string
	Editable bool
	Span     source.Span // the word it came from
	// Literal tells that the requirement is written out at Span and nothing else is.
	Literal bool
}

// Pinned tells whether the requirement names exactly one release: "==" without a wildcard, "===",
// a URL with a hash fragment, or a VCS location with a full commit (40 hexadecimal digits).
func (r Requirement) Pinned() bool { return pinned(r) }

// Repository is the place of a VCS requirement or an archive without scheme, user, revision and ".git": "github.com/acme/app".
func (r Requirement) Repository() string {
	place := r.Location
	if at := strings.Index(place, "://"); at >= 0 {
		place = place[at+len("://"):]
	}
	place, _, _ = strings.Cut(place, "#")
	place = strings.TrimSuffix(place, "@"+r.Revision)
	host, rest, _ := strings.Cut(place, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	return strings.TrimSuffix(strings.TrimSuffix(host+"/"+rest, "/"), ".git")
}

// Option returns the last option of that canonical name.
func (c *Command) Option(name string) (Option, bool) {
	for i := len(c.Options) - 1; i >= 0; i-- {
		if c.Options[i].Name == name {
			return c.Options[i], true
		}
	}
	return Option{}, false
}

// Has tells whether the option is given.
func (c *Command) Has(name string) bool { _, ok := c.Option(name); return ok }

// All returns every option of that canonical name, in order.
func (c *Command) All(name string) []Option {
	var found []Option
	for _, o := range c.Options {
		if o.Name == name {
			found = append(found, o)
		}
	}
	return found
}

// Parse reads argv (program first, after expansion) of the simple command sh. It gives nil when
// the program is not an installer. It sees through sudo, env, exec, time, nice, `conda run`,
// `poetry run`, `uv run`, `pipenv run` and the like.
func Parse(sh *shell.Command, argv []shell.Field) *Command { return parse(sh, argv) }

package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Interpreter is the interpreter that plain python3 runs in the finished stage, as its base image or its distribution brings
// it. It is nil when there is none, and when something in the stage's chain may have brought another one.
func (s *Stage) Interpreter() *image.Interpreter {
	python := s.After.Python()
	if python == nil || s.BringsPython(python.Prefix) || s.SearchesElsewhere() {
		return nil
	}
	return python
}

// Names is the interpreter whose path the installation's console scripts begin with, or that the python of its virtual
// environment is a link to; nil when that can't be told.
func (in *Installation) Names() *image.Interpreter {
	return Remember(in.Command.Step.Stage.build, in, in.findNames)
}

func (in *Installation) findNames() *image.Interpreter {
	maker := in.Command
	if in.Place == VirtualEnv {
		if maker = in.VenvMaker(); maker == nil {
			return nil
		}
	}
	call, stage := maker.Installer, maker.Step.Stage
	python := interpreterOf(maker)
	if _, managed := maker.ManagedPython(); managed {
		return nil // uv has one of its own
	}
	if python == nil || call.Has("--python") || maker.State.Sets("UV_PYTHON") || stage.BringsPython(python.Prefix) || stage.SearchesElsewhere() {
		return nil
	}
	for _, program := range []string{call.Program.Text(), call.Python} {
		if minor, ok := maker.State.Venv(path.Dir(path.Dir(program))); ok && in.Place == VirtualEnv && minor == python.Minor {
			continue // a tool in an environment of its own, made by the same interpreter
		}
		// The programs inside the environment itself are there only once it is made.
		if path.IsAbs(program) && path.Dir(program) != path.Join(python.Prefix, "bin") && (in.Place != VirtualEnv || !Under(in.Dir.Text, program)) {
			return nil
		}
	}
	return python
}

// VenvMaker is the command that made the environment which the installation goes to; nil when the stage's chain does not
// show it.
func (in *Installation) VenvMaker() *Command {
	for _, c := range in.Command.Step.Stage.ChainCommands() {
		if c.Installer == nil {
			continue
		}
		if dir, _, ok := MadeVenv(c); ok && in.Dir.Is(dir) {
			// pip only fills an environment that something else has made.
			if c.Install != nil && (c.Installer.Tool == installer.Pip || c.Installer.Tool == installer.UvPip || c.Installer.Tool == installer.SetupPy) {
				continue
			}
			return c
		}
	}
	return nil
}

// versionedPython is an OS package that brings an interpreter of a certain version.
var versionedPython = pattern.New(`^(?:python|pypy)-?(?:[23]\.\d|3\d+)`)

// prefixKey is what foundPython is about.
type prefixKey struct {
	stage  *Stage
	prefix string
}

// foundPython tells that something may have put an interpreter into a prefix.
type foundPython bool

// BringsPython tells whether a COPY or a command of the chain may have put an interpreter into prefix, or may have changed
// which one is called python3.
func (s *Stage) BringsPython(prefix string) bool {
	return bool(Remember(s.build, prefixKey{s, prefix}, func() foundPython { return foundPython(s.findsPython(prefix)) }))
}

func (s *Stage) findsPython(prefix string) bool {
	lib, bin := false, false
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		if step.Copy != nil {
			if step.Copy.BringsPython(prefix) {
				return true
			}
			lib = lib || step.Copy.takes(path.Join(prefix, "lib"))
			bin = bin || step.Copy.takes(path.Join(prefix, "bin"))
		}
		for _, c := range step.Commands {
			if c.MayPutPython(prefix) {
				return true
			}
		}
	}
	return lib && bin
}

// takes tells whether a COPY from another stage or image takes this very directory.
func (c *Copy) takes(dir string) bool {
	for _, source := range c.Sources {
		if !c.FromContext() && source.Text.Is(dir) {
			return true
		}
	}
	return false
}

// BringsPython tells whether a COPY or ADD may bring a whole interpreter: a prefix that has one, or the root of an image.
func (c *Copy) BringsPython(prefix string) bool {
	if c.Dest.IsKnown() && !Under(c.Dest.Text, prefix) && !Under(prefix, c.Dest.Text) {
		return false
	}
	for _, source := range c.Sources {
		text := source.Text.Text
		name := path.Base(text)
		switch {
		case (name == "site-packages" || name == "dist-packages") && VersionedLib.MatchString(text):
			continue // packages alone
		case !source.Text.IsKnown(), strings.HasPrefix(name, "python"), strings.HasPrefix(name, "libpython"):
			// lib/python3.12 is packages and the standard library, and no program.
			if source.Text.IsKnown() && path.Base(path.Dir(text)) == "lib" {
				continue
			}
			return true
		case c.FromContext():
			// An archive of an interpreter, or a directory that is laid over /.
			if c.Dest.IsKnown() && (c.Dest.Text == "/" || c.Dest.Text == prefix) && (source.Remote || strings.Contains(name, ".tar") || strings.HasSuffix(name, ".tgz") || name != "." && path.Ext(name) == "") {
				return true
			}
		case c.From == nil:
			if name != "uv" && name != "uvx" && (HasPattern(text) || Under(text, "/usr/local/bin/python3") || Under(text, "/usr/bin/python3") || Under(text, "/opt")) {
				return true
			}
		default:
			if python := c.From.After.Python(); python == nil || Under(text, python.Prefix) || c.From.Image.Python == nil && Under(prefix, text) {
				// What an environment or a prefix of packages holds is known, and is no interpreter.
				if !c.From.holdsContent(text) {
					return python != nil || Under(text, prefix) || text == "/" || name == "bin"
				}
			}
		}
	}
	return false
}

// holdsContent tells whether packages are installed to that very directory, beside the interpreter's own.
func (s *Stage) holdsContent(dir string) bool {
	for _, c := range s.Contents() {
		if c.Dir == dir && c.Install.Place != System && c.Install.Place != CondaEnv {
			return true
		}
	}
	return false
}

// MayPutPython tells whether a command may put an interpreter into prefix or make python3 mean another one.
func (c *Command) MayPutPython(prefix string) bool {
	if c.OS != nil {
		if c.OS.Verb != ospkg.Install {
			return false
		}
		for _, p := range c.OS.Packages {
			if versionedPython.MatchString(p.Name) && prefix == "/usr" {
				return true
			}
		}
		return false
	}
	if call := c.Installer; call != nil {
		return call.Tool == installer.Conda || call.Tool == installer.Uv && strings.HasPrefix(call.Verb, "python")
	}
	if c.MayDoAnything() {
		return true
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return false
	}
	switch program := shell.Program(argv[0]); program {
	case "tar", "add-apt-repository":
		return true
	case "update-alternatives", "alternatives":
		return c.HasText("python")
	case "rm", "find":
		for _, f := range argv[1:] {
			// Packages below lib/pythonX.Y may go; the interpreter's own files, or what a variable names, may not.
			if at := path.Clean(f.Text()); !f.Value.IsKnown() || strings.HasPrefix(path.Base(at), "python") || Under(at, path.Join(prefix, "bin")) {
				return true
			}
		}
		return false
	case "ln", "cp", "mv", "rsync", "install", "curl", "wget", "sed":
		for _, f := range argv[1:] {
			if !f.Value.IsKnown() || strings.Contains(f.Text(), "python") || strings.Contains(f.Text(), "conda") || path.Clean(f.Text()) == prefix || path.Clean(f.Text()) == path.Join(prefix, "bin") {
				return true
			}
		}
	}
	return false
}

// SearchesElsewhere tells whether PATH has a directory in front of the system's that may hold an interpreter of its own.
func (s *Stage) SearchesElsewhere() bool {
	dirs, _ := s.After.PathList()
	for _, dir := range dirs {
		if dir == "/usr/local/bin" || dir == "/usr/bin" {
			break
		}
		if strings.Contains(dir, "conda") || strings.Contains(dir, "pyenv") || strings.Contains(dir, "/python") || strings.Contains(dir, "mise") {
			return true
		}
	}
	return false
}

// VersionedLib matches paths in the library of a minor version of Python: the prefix that it belongs to, and the version.
var VersionedLib = pattern.New(`^(/.*)/lib(?:64)?/python(3\.\d+)(?:/|$)`)

// Searches tells whether PYTHONPATH may have a directory with that part in its name.
func (s *Stage) Searches(part string) bool {
	v := s.After.Env("PYTHONPATH")
	return s.After.Sets("PYTHONPATH") && !v.IsKnown() || strings.Contains(v.Text, part)
}

// RootFrom is the FROM that names the image at the root of the stage's chain of bases.
func (s *Stage) RootFrom() *dockerfile.Instruction { return s.Chain()[0].From }

// OtherPython tells whether a directory in front of the distribution's on PATH may hold a pip of its own.
func (c *Command) OtherPython() bool {
	if c.State.Sets("VIRTUAL_ENV") || c.State.Sets("CONDA_PREFIX") {
		return true
	}
	dirs, _ := c.State.PathList()
	for _, dir := range dirs {
		if dir == "/usr/local/bin" || dir == "/usr/bin" {
			return false
		}
		if pythonic.MatchString(dir) {
			return true
		}
	}
	// A PATH that an ENV of this file sets to something that can't be read.
	return len(dirs) == 0 && c.State.Sets("PATH")
}

var pythonic = pattern.New(`(?i)env|python|conda|mamba|pipx|poetry|/opt/[^/]*/bin|\.local`)

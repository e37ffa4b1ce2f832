package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Presence says whether a thing is there.
type Presence uint8

const (
	// Maybe means that it can't be told.
	Maybe Presence = iota
	// Yes means that it certainly is there.
	Yes
	// No means that nothing can have put it there.
	No
)

// Shape is what is known of a path that is there.
type Shape uint8

// The shapes.
const (
	AnyShape Shape = iota
	Directory
	RegularFile
)

// Answer says whether a thing is there, and who brought it. The zero Answer is Maybe.
type Answer struct {
	Presence Presence
	// Step and Command brought the thing, or, for Maybe, may have done so; nil for the base image and what is not known.
	Step    *Step
	Command *Command
	// Context is the file or directory of the build context that it is, "" when it isn't one or that can't be told.
	Context string
	Shape   Shape
}

// Is tells whether the answer is the presence.
func (a Answer) Is(p Presence) bool { return a.Presence == p }

// HasPath tells whether the file or directory p (absolute, clean) is in the finished stage.
func (s *Stage) HasPath(p string) Answer {
	return s.index().find(p, s.end(), &search{})
}

// HasPath tells whether the file or directory p (absolute, clean) is there when the step begins, its own mounts included.
func (step *Step) HasPath(p string) Answer {
	if a := step.mounts(p); a.Presence != No {
		return a
	}
	return step.Stage.index().find(p, step.begin(), &search{})
}

// HasPath is Step.HasPath with what the commands before this one in the same RUN have done.
func (c *Command) HasPath(p string) Answer {
	if a := c.Step.mounts(p); a.Presence != No {
		return a
	}
	return c.Step.Stage.index().find(p, c.begin(), &search{within: c})
}

// Holds tells whether the file p (absolute) is in the image when the step begins, its own bind mounts
// included, and which file of the build context it is ("" when it isn't one or that can't be told).
func (step *Step) Holds(p string) (Presence, string) {
	a := step.HasPath(p)
	return a.Presence, a.Context
}

// Holds tells whether the file p (absolute) is there when the command runs: as Step.Holds, with what the commands before it
// in the same RUN may have written.
func (c *Command) Holds(p string) (Presence, string) {
	a := c.HasPath(p)
	return a.Presence, a.Context
}

// MayBring tells whether something in the chain of the stage may have done one of the things that Reach names, and which command
// that is: nil where it was a COPY or code that can't be read.
func (s *Stage) MayBring(reach effect.Reach) (by *Command, may bool) {
	for at := s; at != nil; at = at.Base {
		if w, ok := at.index().last(reach, at.end()); ok {
			return w.command, true
		}
	}
	return nil, false
}

// MayDoAnything tells whether the command runs a program of which it is not known what it does: a script, make, a task runner.
func (c *Command) MayDoAnything() bool { return c.Effects.Reach&effect.AnyOSPackage != 0 }

// effects are what the command does to the image; argv is without wrappers.
func (c *Command) effects(argv []shell.Field) effect.Effects {
	call := effect.Call{Shell: c.Shell, Argv: argv, OS: c.OS, Installer: c.Installer, Around: (*around)(c)}
	if c.Installer != nil {
		call.Trees, call.Elsewhere = c.installTrees()
	}
	return effect.Of(call)
}

// around is what effect.Call asks where a command stands.
type around Command

func (c *around) Abs(p env.Value) env.Value    { return c.State.Abs(p) }
func (c *around) Lookup(name string) env.Value { return c.State.Lookup(name) }
func (c *around) Defines(name string) bool     { return c.Step.Defines(name) }

// Defines tells whether the RUN's code defines a function of that name.
func (step *Step) Defines(name string) bool { return step.functions[name] }

// trees are the directories that an installation to a known place fills. The interpreter's own prefix holds much besides packages.
func (in *Installation) trees() []effect.Tree {
	prefix := in.Dir.Text
	packages := ""
	if in.Place == System && in.Interpreter != nil {
		packages = in.Command.Step.Stage.Image.InstallDir(in.Interpreter)
	}
	if packages == "" {
		return []effect.Tree{{Path: prefix}}
	}
	trees := []effect.Tree{{Path: packages}, {Path: path.Join(prefix, "bin")}}
	for _, dir := range []string{"share", "etc", "include", "man", "src", "lib64"} {
		trees = append(trees, effect.Tree{Path: path.Join(prefix, dir), Doubtful: true})
	}
	return trees
}

// installTrees are the directories that an installer's command fills; elsewhere tells that it may fill others.
func (c *Command) installTrees() (trees []effect.Tree, elsewhere bool) {
	in := c.Install
	if dir, _, ok := MadeVenv(c); ok {
		trees = append(trees, effect.Tree{Path: path.Clean(dir)})
	}
	if c.Installer.Tool == installer.Uv && c.Installer.Verb == "python install" && c.Installer.Opaque == "" {
		return c.uvPythonTrees()
	}
	if in != nil || len(trees) > 0 { // else what the command writes is not to be told from them: `pdm export -o FILE`
		trees = append(trees, c.besideTrees()...)
	}
	if in == nil {
		return trees, false
	}
	// Options for setup.py, which pip took until version 23.1, may name any directory.
	elsewhere = c.Installer.Has("--install-option") || c.Installer.Has("--global-option")
	if dir, ok := in.Checkouts(); ok && dir.IsKnown() {
		trees = append(trees, effect.Tree{Path: dir.Text, Doubtful: true})
	} else if ok {
		elsewhere = true
	}
	if in.Dir.IsKnown() {
		return append(trees, in.trees()...), elsewhere
	}
	doubtful := func(paths ...string) {
		for _, p := range paths {
			trees = append(trees, effect.Tree{Path: p, Doubtful: true})
		}
	}
	home := c.State.Home()
	switch {
	case !home.IsKnown():
		return trees, true
	case in.Place == ToolEnv:
		doubtful(path.Join(home.Text, ".local"), "/opt/pipx")
	case in.Place == CondaEnv:
		doubtful(home.Text, "/opt")
	case in.Place == VirtualEnv && c.State.Workdir.IsKnown() && c.State.image.EnvKnown:
		// poetry's and pipenv's own directories, or .venv in the project.
		if doubtful(path.Join(home.Text, ".cache"), path.Join(home.Text, ".local")); !in.OutsideProject() {
			doubtful(path.Join(c.State.Workdir.Text, ".venv"))
		}
	default:
		return trees, true
	}
	return trees, elsewhere
}

// besideTrees are directories that an installer may fill beside the place of its packages: uv downloads a Python where .python-version or
// requires-python ask for another one, and pdm installs into __pypackages__ where that directory is (PEP 582).
// https://pdm-project.org/en/latest/usage/pep582/
func (c *Command) besideTrees() (trees []effect.Tree) {
	switch c.Installer.Tool {
	case installer.Uv:
		if dir, ok := c.uvPythonDir(); ok && slices.Contains([]string{"sync", "venv", "run", "add"}, c.Installer.Verb) {
			trees = append(trees, effect.Tree{Path: path.Clean(dir), Doubtful: true})
		}
	case installer.Conda:
		if home := c.State.Home(); home.IsKnown() {
			for _, name := range []string{".conda", ".mamba", ".cache"} {
				trees = append(trees, effect.Tree{Path: path.Join(home.Text, name), Doubtful: true})
			}
		}
		trees = append(trees, effect.Tree{Path: "/opt/conda/pkgs", Doubtful: true})
	case installer.Pdm:
		if dir := c.State.Workdir; dir.IsKnown() {
			trees = append(trees, effect.Tree{Path: path.Join(dir.Text, "__pypackages__"), Doubtful: true})
		}
	}
	return trees
}

// uvPythonTrees are the directories of `uv python install`: for interpreters, and for links to them.
func (c *Command) uvPythonTrees() (trees []effect.Tree, elsewhere bool) {
	dir, ok := c.uvPythonDir()
	home := c.State.Home()
	if o, said := c.Installer.Option("--install-dir"); said {
		at := c.State.Abs(o.Value)
		dir, ok = at.Text, at.IsKnown()
	}
	if !ok || !home.IsKnown() || c.State.Lookup("UV_PYTHON_BIN_DIR").Kind != env.Unset {
		return nil, true
	}
	return []effect.Tree{{Path: path.Clean(dir)}, {Path: path.Join(home.Text, ".local"), Doubtful: true}}, false
}

// MayName tells whether a command or instruction of the stage or its bases names the path, or may do so,  or
// something below it, as `mkdir` would.
func (s *Stage) MayName(p string) bool {
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "WORKDIR" && Under(p, step.afterWorkdir()) {
			return true
		}
		if step.Unreadable != "" {
			return true
		}
		for _, c := range step.Commands {
			for _, f := range c.Argv {
				if !f.Value.IsKnown() || strings.Contains(f.Text(), p) {
					return true
				}
			}
		}
	}
	return false
}

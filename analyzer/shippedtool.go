package analyzer

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// ShippedTool is an installer of projects that is part of the final image.
type ShippedTool struct {
	Name string      // "poetry", "pipenv", "pdm", "pip-tools", "uv", "hatch"
	Span source.Span // what brings it: a requirement, the source of a COPY, the base image
	// Runs is the start command behind its `run`, nil when it is not used once the image is built.
	Runs *StartCommand
	// Syncs tells that the start command brings the environment up to date first.
	Syncs bool
}

// projectTools are the tools that install projects, and that a finished image has no use for.
var projectTools = map[string]bool{"poetry": true, "pipenv": true, "pdm": true, "pip-tools": true, "uv": true, "hatch": true}

// ShippedTool gives the first of them. ok is false too where the tool may be wanted: in an image to work in, and where a script that can't be read
// starts the application.
func (b *Build) ShippedTool() (t ShippedTool, ok bool) {
	s := b.Target
	if b.ForDevelopment() || b.StartsWork() {
		return t, false
	}
	if t, ok = s.bringsTool(); !ok {
		return t, false
	}
	gone, anything := b.Target.uninstalled()
	if anything || gone[t.Name] {
		return t, false
	}
	start := s.Start()
	for i, c := range start.Commands {
		if slices.Contains(c.Wrappers, t.Name+" run") {
			t.Runs = &start.Commands[i]
			t.Syncs = t.Name == "uv" && s.syncsAtStart(c)
			// `pipenv run prod` and `pdm run prod` may name a script of the Pipfile or of pyproject.toml.
			program := c.Program()
			return t, t.Name != "pipenv" && t.Name != "pdm" || IsInterpreterName(program) || scriptPackage(program) != ""
		}
		if c.mayCall(s, t.Name) {
			return t, false
		}
	}
	return t, true
}

// syncsAtStart tells whether `uv run` looks after the environment before it starts the program.
// https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync
func (s *Stage) syncsAtStart(c StartCommand) bool {
	off := s.After.Env("UV_NO_SYNC")
	return (off.Kind == env.Unset || off.Is("") || off.Is("0") || off.Is("false")) && !strings.Contains(s.build.File.Text(c.WrapperSpan), "--no-sync")
}

// bringsTool looks at the base image, the COPYs from uv's image, and the packages that are named.
func (s *Stage) bringsTool() (t ShippedTool, ok bool) {
	if root := s.RootFrom(); s.Image.Reference.Name == uvImage && len(root.Args) > 0 {
		return ShippedTool{Name: "uv", Span: root.Args[0].Span}, true
	}
	for _, step := range s.ChainSteps() {
		if step.Copy != nil && step.Copy.From == nil && strings.HasPrefix(step.Copy.FromText.Text, uvImage) && step.Copy.onlyUv() {
			return ShippedTool{Name: "uv", Span: step.Copy.Sources[0].Span}, true
		}
		for _, c := range step.Commands {
			in := c.Install
			if in == nil || !c.Shell.Certain && !c.Shell.Attempted || in.Call.Tool != installer.Pip && in.Call.Tool != installer.UvPip && in.Call.Tool != installer.Pipx {
				continue
			}
			for _, r := range in.Requirements {
				if r.Kind == installer.Named && projectTools[r.Name] {
					return ShippedTool{Name: r.Name, Span: r.Span}, true
				}
			}
		}
	}
	return t, false
}

const uvImage = "ghcr.io/astral-sh/uv"

// mayCall tells whether the start command calls the tool, or is a script that does so or that can't be read.
func (c StartCommand) mayCall(s *Stage, tool string) bool {
	called := regexp.MustCompile(`(?:^|[^\w.-])` + tool + `x?(?:$|[^\w-])`)
	if slices.ContainsFunc(c.Argv, func(f shell.Field) bool { return !f.Value.IsKnown() || called.MatchString(f.Text()) }) {
		return true
	}
	word := c.file()
	if word == nil || IsPythonName(c.Program()) || path.Ext(word.Text()) == ".py" {
		return false
	}
	content, ok := s.StartScript(StartCommand{Argv: []shell.Field{*word}})
	if !ok { // a program in the bin directory of an environment is none that uses such a tool
		return path.Base(path.Dir(word.Text())) != "bin" || path.Ext(word.Text()) != ""
	}
	return called.Match(content)
}

// EnvironmentOnPath tells whether the bin directory of a virtual environment that the finished stage holds is on PATH.
func (s *Stage) EnvironmentOnPath() bool {
	return slices.ContainsFunc(s.Contents(), func(c Content) bool {
		return c.Install.Place == VirtualEnv && c.Scripts && c.OneScript == "" && s.After.OnPath(c.ScriptsDir()) == Yes
	})
}

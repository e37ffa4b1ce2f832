package rules

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// shippedTool is an installer of projects that is part of the final image.
type shippedTool struct {
	name string      // "poetry", "pipenv", "pdm", "pip-tools", "uv", "hatch"
	span source.Span // what brings it: a requirement, the source of a COPY, the base image
	// Runs is the start command behind its `run`, nil when it is not used once the image is built.
	runs *analyzer.StartCommand
	// Syncs tells that the start command brings the environment up to date first.
	syncs bool
}

// projectTools are the tools that install projects, and that a finished image has no use for.
var projectTools = map[string]bool{"poetry": true, "pipenv": true, "pdm": true, "pip-tools": true, "uv": true, "hatch": true}

// findShippedTool gives the first of them. ok is false too where the tool may be wanted: in an image to work in, and where a script that can't be read
// starts the application.
func findShippedTool(b *analyzer.Build) (t shippedTool, ok bool) {
	s := b.Target
	if purpose.ForDevelopment(b) || purpose.StartsWork(b) {
		return t, false
	}
	if t, ok = bringsTool(s); !ok {
		return t, false
	}
	gone, anything := b.Target.Uninstalled()
	if anything || gone[t.name] {
		return t, false
	}
	start := s.Start()
	for i, c := range start.Commands {
		if in := start.Entrypoint; in != nil && in.Span.Contains(c.WrapperSpan) && !in.Span.Contains(c.Span) {
			return t, false // it runs whatever it is told to
		}
		if slices.Contains(c.Wrappers, t.name+" run") {
			t.runs = &start.Commands[i]
			t.syncs = t.name == "uv" && syncsAtStart(s, c)
			// `pipenv run prod` and `pdm run prod` may name a script of the Pipfile or of pyproject.toml.
			program := c.Program()
			return t, t.name != "pipenv" && t.name != "pdm" || analyzer.IsInterpreterName(program) || analyzer.ScriptPackage(program) != ""
		}
	}
	if slices.ContainsFunc(start.Commands, func(c analyzer.StartCommand) bool { return mayCall(c, s, t.name) }) {
		return t, false
	}
	return t, true
}

// syncsAtStart tells whether `uv run` looks after the environment before it starts the program.
// https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync
func syncsAtStart(s *analyzer.Stage, c analyzer.StartCommand) bool {
	off, text := s.After.Env("UV_NO_SYNC"), s.Build().File.Text(c.WrapperSpan)
	return (off.Kind == env.Unset || off.Is("") || off.Is("0") || off.Is("false")) && !strings.Contains(text, "--no-sync") && !strings.Contains(text, "--no-project")
}

// bringsTool looks at the base image, the COPYs from uv's image, and the packages that are named.
func bringsTool(s *analyzer.Stage) (t shippedTool, ok bool) {
	if root := s.RootFrom(); s.Image.Reference.Name == uvImage && len(root.Args) > 0 {
		return shippedTool{name: "uv", span: root.Args[0].Span}, true
	}
	for _, step := range s.ChainSteps() {
		if step.Copy != nil && step.Copy.From == nil && strings.HasPrefix(step.Copy.FromText.Text, uvImage) && step.Copy.OnlyUv() {
			return shippedTool{name: "uv", span: step.Copy.Sources[0].Span}, true
		}
		for _, c := range step.Commands {
			in := c.Install
			if in == nil || !c.Shell.Certain && !c.Shell.Attempted || in.Call.Tool != installer.Pip && in.Call.Tool != installer.UvPip && in.Call.Tool != installer.Pipx {
				continue
			}
			for _, r := range in.Requirements {
				if r.Kind == installer.Named && projectTools[r.Name] {
					return shippedTool{name: r.Name, span: r.Span}, true
				}
			}
		}
	}
	return t, false
}

const uvImage = "ghcr.io/astral-sh/uv"

// mayCall tells whether the start command calls the tool, or is a script that does so or that can't be read.
func mayCall(c analyzer.StartCommand, s *analyzer.Stage, tool string) bool {
	called := regexp.MustCompile(`(?:^|[^\w.-])` + tool + `x?(?:$|[^\w-])`)
	if slices.ContainsFunc(c.Argv, func(f shell.Field) bool { return !f.Value.IsKnown() || called.MatchString(f.Text()) }) {
		return true
	}
	word := c.File()
	if word == nil || analyzer.IsPythonName(c.Program()) || path.Ext(word.Text()) == ".py" {
		return false
	}
	content, ok := s.ScriptAt(word.Value, word == &c.Argv[0])
	if !ok { // a program in the bin directory of an environment is none that uses such a tool
		return path.Base(path.Dir(word.Text())) != "bin" || path.Ext(word.Text()) != ""
	}
	return called.Match(content)
}

// environmentOnPath tells whether the bin directory of a virtual environment that the finished stage holds is on PATH.
func environmentOnPath(s *analyzer.Stage) bool {
	return slices.ContainsFunc(s.Contents(), func(c analyzer.Content) bool {
		return c.Install.Place == analyzer.VirtualEnv && c.Scripts && c.OneScript == "" && s.After.OnPath(c.ScriptsDir()) == analyzer.Yes
	})
}

// syncedEnvironment is the directory of the environment that `uv run` starts a program in, "" where it is not certain to hold the program:
// that of the project in the working directory, as a RUN has brought it up to date.
// https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path
func syncedEnvironment(s *analyzer.Stage, start *analyzer.StartCommand) string {
	own := s.After.Env("UV_PROJECT_ENVIRONMENT")
	if own.Kind == env.Unset {
		own = env.Of(".venv")
	}
	at := s.After.Abs(own)
	if !at.IsKnown() || !fixes.Synced(s) || strings.Contains(start.Argv[0].Text(), "/") || strings.Contains(s.Build().File.Text(start.WrapperSpan), " -") {
		return ""
	}
	for _, c := range s.Contents() {
		program := start.Program()
		if c.Install.Call.Tool == installer.Uv && c.Dir == at.Text && c.Scripts && (program == "python" || analyzer.ScriptPackage(program) != "" && c.HasScript(program)) {
			return c.Dir
		}
	}
	return ""
}

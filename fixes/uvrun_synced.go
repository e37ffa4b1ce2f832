package fixes

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// uvRun is a call of `uv run`, which brings the environment of the project up to date before it starts the program: it installs the development
// group that `uv sync --no-dev` left out, and fails for a user who may not write there.
// https://docs.astral.sh/uv/concepts/projects/sync/
type uvRun struct {
	instruction *dockerfile.Instruction
	word        source.Span // "run"; where the exec form has it in quotes, without them
	// frozen is its --frozen or --locked, which --no-sync takes the place of; empty when there is none.
	frozen source.Span
	// editable tells that the words are those of the file.
	editable bool
	// plain tells that it is given no options that ask for more than the environment as `uv sync` makes it.
	plain bool
}

// syncingStarts are the calls of `uv run` in the start command and the health check of the finished stage that synchronize. ok is false where
// a start script does so too, or can't be read.
func syncingStarts(s *analyzer.Stage) (runs []uvRun, ok bool) {
	if settled(s.After.Env("UV_NO_SYNC")) {
		return nil, true
	}
	start := s.Start()
	instructions := []*dockerfile.Instruction{start.Entrypoint, start.Cmd}
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "HEALTHCHECK" && step.Instruction.Trigger != nil {
			instructions = append(instructions, step.Instruction.Trigger)
		}
	}
	for _, in := range instructions {
		if in == nil {
			continue
		}
		_, commands, _ := s.Build().Script(in, s.After)
		for _, c := range commands {
			if run, found := readUvRun(in, c, shell.Fields(c.Words, s.After.Env)); found {
				runs = append(runs, run)
			}
		}
	}
	for _, c := range append(start.Commands, s.Healthchecks()...) {
		switch _, content, read := s.ShellScript(c); {
		case read && callsUvRun.Match(content):
			return runs, false
		case !read && strings.HasSuffix(c.Program(), ".sh") && syncs(s):
			return runs, false
		}
	}
	return runs, true
}

// syncs tells whether a RUN of the chain calls `uv sync`.
func syncs(s *analyzer.Stage) bool {
	return slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool {
		return c.Install != nil && c.Installer.Tool == installer.Uv && c.Installer.Verb == "sync"
	})
}

var callsUvRun = pattern.New(`\buv(?:\s+--?[\w-]+)*\s+run\b`)

// syncingRuns are the calls of `uv run` behind c in the RUNs of the stage's chain.
func syncingRuns(s *analyzer.Stage, c *analyzer.Command) []uvRun {
	var runs []uvRun
	for _, other := range s.ChainCommands() {
		if other.Shell.Span.Start <= c.Shell.Span.Start || settled(other.State.Lookup("UV_NO_SYNC")) || settled(other.State.Lookup("UV_NO_DEV")) {
			continue
		}
		if run, found := readUvRun(other.Step.Instruction, other.Shell, other.Argv); found {
			runs = append(runs, run)
		}
	}
	return runs
}

// settled tells whether a switch is set, or may be.
func settled(v env.Value) bool {
	return v.IsKnown() && v.Text != "" && v.Text != "0" && !strings.EqualFold(v.Text, "false")
}

// plainOptions are those of `uv run` that change nothing about what is installed.
var plainOptions = strings.Fields("-q --quiet -v --verbose --frozen --locked --offline -n --no-cache --no-progress --no-dev --no-editable")

func readUvRun(in *dockerfile.Instruction, c *shell.Command, argv []shell.Field) (run uvRun, ok bool) {
	for i := 0; i+1 < len(argv); i++ {
		if shell.Program(argv[i]) != "uv" || argv[i+1].Text() != "run" {
			continue
		}
		run = uvRun{instruction: in, word: argv[i+1].Span, editable: c.Exact && argv[i+1].Literal, plain: true}
		for _, f := range argv[i+2:] {
			text := f.Text()
			if !strings.HasPrefix(text, "-") {
				break
			}
			switch {
			case text == "--no-sync" || text == "--no-project":
				return run, false
			case text == "--frozen" || text == "--locked":
				run.frozen = f.Span
			case !slices.Contains(plainOptions, text):
				run.plain = false
			}
		}
		return run, true
	}
	return run, false
}

// leavesDevOut tells whether the text of the call has an option or a variable that keeps the development group out.
func leavesDevOut(s *analyzer.Stage, run uvRun) bool {
	text := s.Build().File.Text(run.instruction.Span)
	return strings.Contains(text, "--no-dev") || strings.Contains(text, "--only-") || strings.Contains(text, "--no-default-groups") ||
		settled(s.After.Env("UV_NO_DEV"))
}

// Synced tells whether a RUN of the stage's chain brings the whole environment of the project in the final working directory up to date, so that
// `uv run --no-sync` finds all that it needs there.
func Synced(s *analyzer.Stage) bool {
	for _, c := range s.ChainCommands() {
		if c.Install == nil || c.Installer.Tool != installer.Uv || c.Installer.Verb != "sync" || !c.Shell.Certain || c.State.Workdir != s.After.Workdir {
			continue
		}
		partial := false
		for _, o := range c.Installer.Options {
			partial = partial || strings.HasPrefix(o.Name, "--no-install") || strings.HasPrefix(o.Name, "--only")
		}
		_, dir := analyzer.UvProjectEnv(c)
		if !partial && dir.IsKnown() && !copiesBehind(s, c) {
			return true
		}
	}
	return false
}

// copiesBehind tells whether files of a project come behind the command, which the environment then doesn't have: an editable project finds
// its sources all the same.
func copiesBehind(s *analyzer.Stage, c *analyzer.Command) bool {
	for _, step := range s.Steps {
		if step.Stage == c.Step.Stage && step.Index > c.Step.Index && step.Copy != nil && step.Copy.FromContext() {
			for _, source := range step.Copy.Sources {
				if base := source.Text.Text; strings.HasSuffix(base, "pyproject.toml") || strings.HasSuffix(base, "uv.lock") {
					return true
				}
			}
		}
	}
	return false
}

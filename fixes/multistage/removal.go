package multistage

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// placeRemovalOfFiles places an rm: what only the builder has is removed there, and behind the installations not at all. done tells that the
// element is placed.
func (c *conversion) placeRemovalOfFiles(p *placed, one *piece, command *analyzer.Command) (done bool) {
	if command == nil || len(command.Argv) == 0 || shell.Program(command.Argv[0]) != "rm" || len(command.Shell.Redirects) > 0 {
		return false
	}
	var gone []shell.Field
	left := 0
	for _, f := range command.Argv[1:] {
		if strings.HasPrefix(f.Text(), "-") {
			continue
		}
		if c.onlyInBuilder(p, one, command, f) {
			gone = append(gone, f)
		} else {
			left++
		}
	}
	switch {
	case len(gone) == 0:
		return false
	case left == 0 && c.behind(one.span):
		one.follows = dropped
		return true
	case left == 0:
		one.at = inBuilder
		return true
	case slices.ContainsFunc(gone, func(f shell.Field) bool { return !f.Literal }) || !c.behind(one.span):
		return false
	}
	var edits []analyzer.Edit
	for _, f := range gone {
		edits = append(edits, fixes.DeleteWord(c.doc, f.Span))
	}
	text := c.edited(one.span, edits)
	one.rewrites = map[place]string{inRuntime: text}
	return true
}

// onlyInBuilder tells whether an operand names something that a COPY or a command has put into the builder and nothing into the final stage.
func (c *conversion) onlyInBuilder(p *placed, one *piece, command *analyzer.Command, operand shell.Field) bool {
	at := command.State.Abs(operand.Value)
	if !at.IsKnown() || strings.ContainsAny(at.Text, "*?[") {
		return false
	}
	a := command.HasPath(at.Text)
	if a.Step == nil || a.Presence == analyzer.No || a.Presence != analyzer.Yes && systemPlace.MatchString(at.Text) {
		return false
	}
	var brought place
	for _, earlier := range append(slices.Clone(c.steps), p) {
		if earlier.step != a.Step {
			continue
		}
		brought = earlier.at
		for i := range earlier.pieces {
			other := &earlier.pieces[i]
			if a.Command != nil && other != one && other.span.Contains(a.Command.Shell.Span) {
				brought = other.at
			}
		}
	}
	// A directory that WORKDIR has made in all stages holds what the builder alone has got.
	return brought == inBuilder
}

// systemPlace matches where packages of the distribution put files, which the builder may not be the first to have brought.
var systemPlace = pattern.New(`^/(?:etc|usr|var|opt|srv|s?bin|lib\w*)(?:/|$)`)

// removedAfterInstall tells whether all that a COPY brings is removed again behind the installations, before anything but these may read it.
func (c *conversion) removedAfterInstall(step *analyzer.Step) bool {
	dest := step.Copy.Dest
	if !dest.IsKnown() || dest.Text == "/" || step.Before.Workdir.Is(dest.Text) && c.stage.After.Workdir.Is(dest.Text) {
		return false
	}
	for _, later := range c.stage.Steps[step.Index+1:] {
		switch later.Instruction.Keyword {
		case "RUN":
		case "COPY", "ADD":
			if later.Copy == nil || !later.Copy.Dest.IsKnown() {
				return false
			}
			if analyzer.Under(later.Copy.Dest.Text, dest.Text) {
				dest = later.Copy.Dest // what it brings has to go with the rest
			}
			continue
		default:
			continue
		}
		if later.Unreadable != "" || later.Script == nil {
			return false
		}
		for _, command := range later.Commands {
			switch {
			case c.installsApp(command) || command.OS != nil || slices.Contains([]analyzer.Concern{analyzer.ShellState, analyzer.Nothing,
				analyzer.PipCleanup, analyzer.IndexCleanup}, command.Concern()):
			case command.Concern() == analyzer.Packaging && (command.Install == nil || slices.Contains(c.tools, command.Install)):
			case removesAll(command, dest):
				return c.behind(command.Shell.Span)
			default:
				return false
			}
		}
	}
	return false
}

// madeForBuilder tells whether the commands only make directories that a later command removes again, behind the installations.
func (c *conversion) madeForBuilder(all []*analyzer.Command) bool {
	for _, command := range all {
		if len(command.Argv) < 2 || shell.Program(command.Argv[0]) != "mkdir" {
			return false
		}
		for _, f := range command.Argv[1:] {
			if strings.HasPrefix(f.Text(), "-") {
				continue
			}
			at := command.State.Abs(f.Value)
			if !at.IsKnown() || !slices.ContainsFunc(c.stage.ChainCommands(), func(later *analyzer.Command) bool {
				return c.behind(later.Shell.Span) && removesAll(later, at)
			}) {
				return false
			}
		}
	}
	return len(all) > 0
}

// removesAll tells whether the command certainly removes the directory with all that is in it.
func removesAll(command *analyzer.Command, dir env.Value) bool {
	return command.Shell.Certain && slices.ContainsFunc(command.Effects.List, func(e effect.Effect) bool {
		return e.Verb == effect.Removes && !e.Doubtful && e.Name == "" && e.Path == dir.Text
	})
}

// gitAccess matches a call of git that says from where or as whom it fetches.
var gitAccess = pattern.New(`^git\s+config\s+(?:--(?:global|system|add)\s+)+["']?(?:url|http|https|credential)\.`)

// configuresGit tells whether a command only says how git fetches, for installations alone: nothing else of the image calls git. It often has a
// password, which then stays in the builder.
func (c *conversion) configuresGit(all []*analyzer.Command) bool {
	says := func(command *analyzer.Command) bool {
		return gitAccess.MatchString(c.doc.File.Text(command.Shell.Span))
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(command *analyzer.Command) bool { return !says(command) }) {
		return false
	}
	if slices.ContainsFunc(c.stage.ChainCommands(), func(command *analyzer.Command) bool {
		return len(command.Argv) > 0 && shell.Program(command.Argv[0]) == "git" && !says(command)
	}) {
		return false
	}
	texts, complete := c.stage.StartTexts()
	file, read := callsOut(c.build)
	return complete && read && file == "" && !slices.ContainsFunc(texts, callsGit.MatchString)
}

var callsGit = pattern.New(`\bgit\b`)

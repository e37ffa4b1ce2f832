package multistage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// prove parses and analyzes the result and holds it against what the file said before. The reason that it gives is a defect of
// the conversion, which must then not be offered.
func (c *conversion) prove(before *analyzer.Build, text []byte) string {
	doc, err := dockerfile.Parse(source.New(c.doc.File.Name(), text))
	if err != nil {
		return "the result can't be parsed: " + err.Error()
	}
	if problems := dockerfile.Validate(doc); len(problems) > len(dockerfile.Validate(before.Doc)) {
		return "the result is not valid: " + problems[0].Message
	}
	after := analyzer.Analyze(doc, before.Settings)
	switch {
	case after.Target == nil || len(after.Stages) != len(c.build.Stages)+len(c.stages())-1:
		return "the result has other stages than intended"
	case after.Target.Name != before.Target.Name:
		return "the final stage would lose its name"
	case len(after.Received()) == 0:
		return "the installed packages would not reach the final stage"
	}
	for _, check := range []func(before, after *analyzer.Build) string{c.sameSettings, c.sameState, c.samePackages, c.sameSources, c.sameFiles, c.sameValues, c.sameFinds} {
		if reason := check(before, after); reason != "" {
			return reason
		}
	}
	return ""
}

// holds is the part of the proof that is repeated after the fixes of all rules: what the final stage takes from others is there, and so are
// its packages and the program that starts.
func (c *conversion) holds(text []byte) string {
	doc, err := dockerfile.Parse(source.New(c.doc.File.Name(), text))
	if err != nil {
		return "the result can't be parsed: " + err.Error()
	}
	after := analyzer.Analyze(doc, c.build.Settings)
	if after.Target == nil || len(after.Received()) == 0 {
		return "the installed packages would not reach the final stage"
	}
	for _, step := range after.Target.ChainSteps() {
		if step.Copy == nil || step.Copy.From == nil {
			continue
		}
		for _, s := range step.Copy.Sources {
			if !s.Text.IsKnown() {
				continue
			}
			if step.Copy.From.HasPath(s.Text.Text).Presence == analyzer.No {
				return "nothing would make " + s.Text.Text + ", which is copied from a stage"
			}
			if s.Text.Text == c.dir && !slices.ContainsFunc(step.Copy.Deliveries(), func(d analyzer.Content) bool { return d.Source.Text == s.Text }) {
				return "nothing would be installed to " + c.dir
			}
		}
	}
	if c.missing(after) > c.missing(c.build) {
		return "an installation would lack a file that it reads"
	}
	return c.sameStart(after)
}

// sameSettings compares the instructions that are about the running container, word for word.
func (c *conversion) sameSettings(before, after *analyzer.Build) string {
	rewritten := map[string]string{}
	for in, text := range c.texts {
		rewritten[c.doc.File.Text(in.Span)] = text
	}
	collect := func(b *analyzer.Build, rewritten map[string]string) (texts []string) {
		for _, step := range b.Target.ChainSteps() {
			switch in := step.Instruction; in.Keyword {
			case "CMD", "ENTRYPOINT", "EXPOSE", "VOLUME", "LABEL", "STOPSIGNAL", "HEALTHCHECK", "MAINTAINER":
				text := b.File.Text(in.Span)
				if now, ok := rewritten[text]; ok {
					text = now
				}
				texts = append(texts, text)
			}
		}
		return texts
	}
	if a, b := collect(before, rewritten), collect(after, nil); !slices.Equal(a, b) {
		return "the final stage would start in another way"
	}
	return ""
}

// sameState compares user, working directory and environment of the running container, apart from what was meant to change.
func (c *conversion) sameState(before, after *analyzer.Build) string {
	old, now := before.Target.After, after.Target.After
	switch {
	case old.User != now.User:
		return "the final stage would run as another user"
	case old.Workdir != now.Workdir:
		return "the final stage would run in another directory"
	}
	for _, step := range before.Target.ChainSteps() {
		if step.Instruction.Keyword != "ENV" {
			continue
		}
		for _, p := range step.Instruction.Pairs {
			if meant := p.Key == "PATH" || p.Key == "PYTHONUSERBASE" || p.Key == "VIRTUAL_ENV" || p.Key == systemPython && c.layout == newVenv; !meant && old.Env(p.Key) != now.Env(p.Key) {
				return "the final stage would have another value of " + p.Key
			}
		}
	}
	return ""
}

// samePackages holds the OS packages of the final image against those it had: only build tools and headers may be gone.
func (c *conversion) samePackages(before, after *analyzer.Build) string {
	now := installed(after.Target)
	for name := range installed(before.Target) {
		if !now[name] && !c.moved[name] {
			return fmt.Sprintf("the final stage would lose %s", name)
		}
	}
	for _, name := range c.runtimes {
		if !now[name] {
			return fmt.Sprintf("the final stage would lack %s", name)
		}
	}
	return ""
}

func installed(s *analyzer.Stage) map[string]bool {
	found := map[string]bool{}
	for _, command := range s.ChainCommands() {
		if command.OS == nil || command.OS.Verb != ospkg.Install {
			continue
		}
		for _, p := range command.OS.Packages {
			if p.Name != "" {
				found[p.Name] = true
			}
		}
	}
	return found
}

// sameSources tells whether every COPY and ADD is still there, and every one that brings more than dependencies in the final stage.
func (c *conversion) sameSources(_, after *analyzer.Build) string {
	anywhere, shipped := map[string]bool{}, map[string]bool{}
	for _, s := range after.Stages {
		for _, step := range s.Steps {
			if step.Copy != nil {
				anywhere[after.File.Text(step.Instruction.Span)] = true
			}
		}
	}
	for _, step := range after.Target.ChainSteps() {
		if step.Copy != nil {
			shipped[after.File.Text(step.Instruction.Span)+" to "+step.Copy.Dest.Text] = true
		}
	}
	for _, p := range c.steps {
		if p.step.Copy == nil {
			continue
		}
		text := c.doc.File.Text(p.step.Instruction.Span)
		switch {
		case !anywhere[text]:
			return "a COPY would be lost"
		case p.at != inBuilder && !shipped[text+" to "+p.step.Copy.Dest.Text]:
			return "a COPY would go to another place"
		}
	}
	return ""
}

// missing counts the files and directories that installations read and that are not there.
func (c *conversion) missing(b *analyzer.Build) (n int) {
	for _, s := range b.Stages {
		for _, in := range s.Installs() {
			n += len(in.Missing())
			for _, r := range in.Requirements {
				at := in.Command.State.Abs(env.Of(r.Location))
				if (r.Kind == installer.Local || r.Kind == installer.Archive) && at.IsKnown() && in.Command.HasPath(at.Text).Presence == analyzer.No {
					n++
				}
			}
		}
	}
	return n
}

// sameFiles tells whether all that the installations read is there before them, and nothing of the RUNs was lost.
func (c *conversion) sameFiles(before, after *analyzer.Build) string {
	if c.missing(after) > c.missing(before) {
		return "an installation would lack a file that it reads"
	}
	var all strings.Builder
	for _, s := range after.Stages {
		for _, step := range s.Steps {
			all.WriteString(after.File.Text(step.Instruction.Span) + "\n")
		}
	}
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.follows != itself || len(one.rewrites) > 0 {
				continue
			}
			if !strings.Contains(all.String(), c.doc.File.Text(one.span)) {
				return "a command would be lost"
			}
		}
	}
	return ""
}

// sameFinds tells whether no command of the three stages, and nothing that starts, has lost a program or a file that it named and that was
// certainly there.
func (c *conversion) sameFinds(_, after *analyzer.Build) string {
	old := map[string]*analyzer.Command{}
	for _, command := range c.stage.ChainCommands() {
		old[c.doc.File.Text(command.Shell.Span)] = command
	}
	for _, s := range after.Stages[c.stage.Index : c.stage.Index+len(c.stages())] {
		for _, step := range s.Steps {
			for _, now := range step.Commands {
				before := old[after.File.Text(now.Shell.Span)]
				if before == nil || len(now.Argv) == 0 || len(now.Argv) != len(before.Argv) {
					continue
				}
				_, _, argv, _ := shell.Unwrap(now.Argv)
				if len(argv) > 0 && s != after.Stages[c.builder()] && c.moved[shell.Program(argv[0])] && now.FindProgram(shell.Program(argv[0])).Presence != analyzer.Yes {
					c.lacks = shell.Program(argv[0])
					return fmt.Sprintf("%s would not find %s any more", c.lineOf(before.Step.Instruction), c.lacks)
				}
				if lost := loses(before, now, len(c.moved) > 0 && s != after.Stages[c.builder()]); lost != "" {
					return fmt.Sprintf("%s would not find %s any more", c.lineOf(before.Step.Instruction), lost)
				}
			}
		}
	}
	return c.sameStart(after)
}

// sameStart tells whether the programs that start are still found.
func (c *conversion) sameStart(after *analyzer.Build) string {
	for _, start := range after.Target.Start().Commands {
		name := start.Program()
		if name == "" {
			continue
		}
		name = start.Argv[0].Text()
		if after.Target.FindProgram(name, after.Target.After).Presence == analyzer.No &&
			c.stage.FindProgram(name, c.stage.After).Presence != analyzer.No {
			return "the start command would not find " + name + " any more"
		}
	}
	return ""
}

// lost tells whether a path that was certainly there before is not there any more. What the stage itself had put there must be there as certainly;
// what installations read is counted elsewhere.
func lost(before, now *analyzer.Command, was, is string) bool {
	had := before.HasPath(was)
	if had.Presence != analyzer.Yes { // nearly all words
		return false
	}
	there := now.HasPath(is).Presence
	return there == analyzer.No || there == analyzer.Maybe && had.Step != nil && had.Step.Stage == before.Step.Stage && before.Install == nil
}

// ofDistribution matches files that packages of the distribution bring.
var ofDistribution = pattern.New(`^(?:/usr)?/(?:s?bin|lib\w*)/`)

// loses is the program or the file that a command named and that it does not find any more; "" for none.
// movedPackages tells that OS packages went to the builder, and with them perhaps a file that the command copies.
func loses(before, now *analyzer.Command, movedPackages bool) string {
	_, _, argv, _ := shell.Unwrap(now.Argv)
	if len(argv) > 0 && argv[0].Value.IsKnown() && now.Concern() != analyzer.ShellState {
		if name := argv[0].Text(); now.FindProgram(name).Presence == analyzer.No && before.FindProgram(name).Presence != analyzer.No {
			return name
		}
	}
	copies := len(argv) > 0 && slices.Contains([]string{"cp", "mv", "install", "strip"}, shell.Program(argv[0]))
	for i, f := range now.Argv {
		if i == 0 || strings.HasPrefix(f.Text(), "-") || !f.Value.IsKnown() {
			continue
		}
		was, is := before.State.Abs(before.Argv[i].Value), now.State.Abs(f.Value)
		if was.IsKnown() && is.IsKnown() && lost(before, now, was.Text, is.Text) {
			return f.Text()
		}
		if copies && i < len(now.Argv)-1 && movedPackages && ofDistribution.MatchString(is.Text) && now.HasPath(is.Text).Presence != analyzer.Yes {
			return f.Text()
		}
	}
	return ""
}

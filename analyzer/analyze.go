package analyzer

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func analyze(doc *dockerfile.Document, settings Settings) *Build {
	b := &Build{Doc: doc, File: doc.File, Settings: settings, Context: settings.Context}
	global := State{image: &image.Facts{EnvKnown: true, StartKnown: true}}
	for _, in := range doc.Instructions {
		if in.Keyword == "FROM" {
			b.Stages = append(b.Stages, b.newStage(in, global))
			continue
		}
		if len(b.Stages) == 0 {
			if in.Keyword == "ARG" {
				global = b.declareArgs(global, global, in)
			}
			continue
		}
		stage := b.Stages[len(b.Stages)-1]
		stage.add(in)
	}
	b.complete = true
	b.Target = b.findTarget()
	b.markReach()
	b.Python = b.isPython()
	return b
}

// newStage starts a stage at a FROM, with the triggers that its base left behind.
func (b *Build) newStage(from *dockerfile.Instruction, global State) *Stage {
	s := &Stage{Index: len(b.Stages), From: from, build: b, global: global}
	if len(from.Args) > 0 {
		s.BaseText = env.Expand(from.Args[0].Value, b.Doc.Escape, global.Lookup)
	}
	if len(from.Args) == 3 && strings.EqualFold(from.Args[1].Value, "as") {
		s.Name = from.Args[2].Value
	}
	if s.BaseText.IsKnown() {
		s.Base = b.stageBefore(s.BaseText.Text, s.Index)
	}
	if s.Base != nil {
		s.chain = s.Base.ChainSteps()
		s.Image = s.Base.Image
		s.After = s.Base.After
		s.After.image = &s.Image
		for _, step := range s.Base.Steps {
			if step.Instruction.Keyword == "ONBUILD" && step.Instruction.Trigger != nil {
				s.add(step.Instruction.Trigger)
			}
		}
		return s
	}
	s.Image = b.baseImage(s)
	s.After = State{image: &s.Image, User: env.Doubtful(), Workdir: env.Doubtful()}
	if s.Image.User != "" {
		s.After.User = env.Of(s.Image.User)
	}
	if s.Image.Workdir != "" {
		s.After.Workdir = env.Of(s.Image.Workdir)
	}
	s.After.Shell = s.Image.Shell
	return s
}

// stageBefore finds the stage that FROM or --from means: a name, else a number. Names are
// compared without regard to case, as BuildKit does.
func (b *Build) stageBefore(text string, index int) *Stage {
	for i := index - 1; i >= 0; i-- {
		if b.Stages[i].Name != "" && strings.EqualFold(b.Stages[i].Name, text) {
			return b.Stages[i]
		}
	}
	return nil
}

// StageFrom is the stage before index that a text names, by its name or its number; nil for an image.
func (b *Build) StageFrom(text string, index int) *Stage {
	if s := b.stageBefore(text, index); s != nil {
		return s
	}
	// A number works in --from only; in FROM it would be an image of that name.
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < index {
		return b.Stages[n]
	}
	return nil
}

func (b *Build) findTarget() *Stage {
	if len(b.Stages) == 0 {
		return nil
	}
	if t := b.Settings.Target; t != "" {
		if s := b.StageFrom(t, len(b.Stages)); s != nil {
			return s
		}
	}
	return b.Stages[len(b.Stages)-1]
}

// markReach sets Ships and Feeds.
func (b *Build) markReach() {
	var feed func(*Stage)
	feed = func(s *Stage) {
		if s == nil || s.Feeds {
			return
		}
		s.Feeds = true
		feed(s.Base)
		for _, step := range s.Steps {
			for _, source := range step.SourceStages() {
				feed(source)
			}
		}
	}
	for s := b.Target; s != nil; s = s.Base {
		s.Ships = true
	}
	feed(b.Target)
}

// SourceStages are the stages that a COPY --from or a RUN --mount=from reads.
func (step *Step) SourceStages() []*Stage {
	var found []*Stage
	step.sources(func(name string, _ source.Span) {
		if s := step.Stage.build.StageFrom(name, step.Stage.Index); s != nil {
			found = append(found, s)
		}
	})
	return found
}

// Uses tells whether the stage is built on another, or copies or mounts from it.
func (s *Stage) Uses(other *Stage) bool {
	return s.Base == other || slices.ContainsFunc(s.Steps, func(step *Step) bool { return slices.Contains(step.SourceStages(), other) })
}

// sources calls visit for each stage, image or build context that a COPY --from or a RUN --mount=from names, and with where
// it does so. Names that are not known are left out.
func (step *Step) sources(visit func(name string, at source.Span)) {
	for _, f := range step.Instruction.Flags {
		text := f.Value
		switch f.Name {
		case "from":
		case "mount":
			text = f.Options()["from"]
		default:
			continue
		}
		if v := env.Expand(text, step.Stage.build.Doc.Escape, step.Before.Lookup); v.IsKnown() && v.Text != "" {
			visit(v.Text, f.ValueSpan)
		}
	}
}

// Chain is the stage with the stages it is built from, the outermost base first.
func (s *Stage) Chain() []*Stage {
	if s == nil {
		return nil
	}
	if s.Base == nil {
		return []*Stage{s}
	}
	return append(s.Base.Chain(), s)
}

// ChainSteps are the steps of the whole chain in the order in which they run. The list is not to be changed.
func (s *Stage) ChainSteps() []*Step {
	if s == nil {
		return nil
	}
	return slices.Clip(s.chain) // who appends to it gets a list of his own
}

// Earlier are the steps of the chain that run before the step.
func (step *Step) Earlier() []*Step {
	s := step.Stage
	return slices.Clip(s.chain[:len(s.chain)-len(s.Steps)+step.Index])
}

// ChainCommands are the commands of the whole chain in order. The list is not to be changed.
func (s *Stage) ChainCommands() []*Command {
	if s == nil {
		return nil
	}
	if s.commands != nil {
		return slices.Clip(s.commands)
	}
	var commands []*Command
	for _, step := range s.chain {
		commands = append(commands, step.Commands...)
	}
	if s.complete() {
		s.commands = commands
	}
	return slices.Clip(commands)
}

// complete tells whether all steps of the stage are there.
func (s *Stage) complete() bool {
	stages := s.build.Stages
	return s.build.complete || s.Index < len(stages)-1
}

// Installs are the installations of the stage's own steps, in order.
func (s *Stage) Installs() []*Installation {
	var installs []*Installation
	for _, step := range s.Steps {
		for _, c := range step.Commands {
			if c.Install != nil {
				installs = append(installs, c.Install)
			}
		}
	}
	return installs
}

// Label is how messages call the stage: its name, or "stage 0".
func (s *Stage) Label() string {
	if s.Name != "" {
		return s.Name
	}
	return "stage " + strconv.Itoa(s.Index)
}

// add appends an instruction and moves the stage's state past it.
func (s *Stage) add(in *dockerfile.Instruction) {
	step := &Step{Stage: s, Index: len(s.Steps), Instruction: in, Before: s.After}
	s.chain = append(s.chain, step)
	s.Steps = s.chain[len(s.chain)-len(s.Steps)-1:]
	escape := s.build.Doc.Escape
	switch in.Keyword {
	case "ENV":
		// All values of one instruction are expanded with the environment before it.
		before := s.After
		for _, p := range in.Pairs {
			expanded := before.withEnv(p.Key, p.Value, escape)
			s.After = s.After.with(envVar, p.Key, expanded.vars.value)
		}
	case "ARG":
		s.After = s.build.declareArgs(s.After, s.global, in)
	case "USER":
		s.After.User = UserName(env.Expand(argText(in), escape, s.After.Lookup))
	case "WORKDIR":
		s.After.Workdir = s.After.Abs(env.Expand(argText(in), escape, s.After.Lookup))
	case "SHELL":
		s.After.Shell = nil
		for _, a := range in.Args {
			s.After.Shell = append(s.After.Shell, a.Value)
		}
	case "COPY", "ADD":
		step.Copy = newCopy(step)
		s.After = step.Copy.after(s.After)
	case "RUN":
		s.After = step.run()
	}
}

// argText is the arguments of an instruction that takes one, such as USER and WORKDIR.
func argText(in *dockerfile.Instruction) string {
	var words []string
	for _, a := range in.Args {
		words = append(words, a.Value)
	}
	return strings.Join(words, " ")
}

// UserName is the user in what USER says, "user[:group]".
func UserName(v env.Value) env.Value {
	if v.IsKnown() {
		v.Text, _, _ = strings.Cut(v.Text, ":")
	}
	return v
}

// declareArgs is the state after an ARG: --build-arg wins, then the default, then a global ARG of
// that name; without any of them the value is unknown.
func (b *Build) declareArgs(s, global State, in *dockerfile.Instruction) State {
	for _, p := range in.Pairs {
		value := env.Doubtful()
		if given, ok := b.Settings.BuildArgs[p.Key]; ok {
			value = env.Of(given)
		} else if p.HasValue {
			value = env.Expand(p.Value, b.Doc.Escape, s.Lookup)
		} else if v, ok := global.vars.find(argVar, p.Key); ok {
			value = v
		}
		s = s.with(argVar, p.Key, value)
	}
	return s
}

// Under tells whether p is dir or lies below it; both are clean absolute paths.
func Under(dir, p string) bool {
	return p == dir || dir == "/" || strings.HasPrefix(p, dir+"/")
}

// moved is the path p after the tree at from has been copied to to.
func moved(p, from, to string) string {
	return path.Join(to, strings.TrimPrefix(p, from))
}

// Calls tells whether a command of the chain has one of the words, as its program or inside an argument that begins with
// dashes.
func (s *Stage) Calls(words ...string) bool {
	for _, c := range s.ChainCommands() {
		for i, f := range c.Argv {
			for _, word := range words {
				if text := f.Text(); text == word && i == 0 || len(word) > 4 && strings.Contains(text, word) {
					return true
				}
			}
		}
	}
	return false
}

// ChainMatches tells whether an instruction of the chain matches the pattern.
func (s *Stage) ChainMatches(what *pattern.Pattern) bool {
	for _, step := range s.ChainSteps() {
		if what.MatchString(s.build.File.Text(step.Instruction.Span)) {
			return true
		}
	}
	return false
}

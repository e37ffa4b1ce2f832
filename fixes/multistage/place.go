package multistage

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// place is a set of stages.
type place uint8

const (
	inBase place = 1 << iota
	inBuilder
	inRuntime
)

// placed is a step with the stages that it goes to.
type placed struct {
	step   *analyzer.Step
	at     place   // for a step that stays whole
	pieces []piece // for a RUN: the elements of its list, or one piece for all of it
}

// piece is an element of a RUN's list.
type piece struct {
	span     source.Span // of the element
	at       place
	follows  follows          // for an element that goes where others go
	rewrites map[place]string // its text in a stage where that is not the file's
	packages bool             // it installs OS packages
	venv     bool             // it brings the builder what makes virtual environments
	// leaves and stays are the OS packages that a divided installation gives to the builder and to the base stage.
	leaves, stays []string
}

// follows says which other elements of the list decide where an element goes.
type follows uint8

const (
	itself       follows = iota
	allBehind            // cd, export, set: wherever something behind it goes
	systemBehind         // apt-get update: where packages are installed behind it
	systemBefore         // the clean-up of a package manager: where packages were installed
	neighbour            // echo, true: where the next one goes, or the one before
	dropped              // nothing is left for it to do
)

// place decides for every step where it goes.
func (c *conversion) place() string {
	c.moved = map[string]bool{}
	c.stageNames()
	for _, step := range c.stage.Steps {
		p := &placed{step: step}
		var reason string
		switch step.Instruction.Keyword {
		case "RUN":
			reason = c.placeRun(p)
		case "COPY", "ADD":
			p.at, reason = c.placeCopy(step)
		default:
			p.at = c.placeSetting(step)
		}
		if reason != "" {
			return c.lineOf(step.Instruction) + " " + reason
		}
		c.steps = append(c.steps, p)
	}
	c.leaveSystemPython()
	c.lowerCopies()
	c.leaveIdleCopies()
	c.leaveSources()
	c.leaveTrees()
	c.keepExpansions()
	c.leaveArguments()
	for i := range c.steps {
		if at := c.updatedFor(i); at&inBase != 0 {
			c.placeUpdate(i, inBase) // the other stages are built from it
		} else if at != 0 {
			c.placeUpdate(i, at)
		}
	}
	return ""
}

// lowerCopies takes the sources that are copied before the installations out of the base stage, unless a RUN behind them is there: an
// edit of a source would build again all that stands on the base stage, and in the builder that is the installation of the build tools.
func (c *conversion) lowerCopies() {
	moves := false // into another directory, behind the COPY
	for i := len(c.steps) - 1; i >= 0; i-- {
		p := c.steps[i]
		if slices.ContainsFunc(p.pieces, func(one piece) bool { return one.at&inBase != 0 }) {
			return
		}
		moves = moves || p.at == inBase && p.step.Instruction.Keyword == "WORKDIR"
		if p.step.Copy == nil || p.at != inBase {
			continue
		}
		if args := p.step.Instruction.Args; !p.step.Copy.FromContext() || moves && (len(args) == 0 || !path.IsAbs(args[len(args)-1].Value)) {
			return // what is copied before it must not come behind it
		}
		p.at = inBuilder | inRuntime
	}
}

// leaveIdleCopies takes out of the builder what nothing there reads: else an edit of a source would install all packages again.
func (c *conversion) leaveIdleCopies() {
	for _, p := range c.steps {
		if p.step.Copy != nil && p.step.Copy.FromContext() && p.at == inBuilder|inRuntime && !c.readsCopied(p.step) {
			p.at = inRuntime
		}
	}
}

// leaveTrees keeps in the builder what is copied into a directory that the final stage takes from there.
func (c *conversion) leaveTrees() {
	for _, p := range c.steps {
		for _, t := range c.trees {
			if p.step.Copy != nil && p.at&inBase == 0 && p.step.Index < t.step.Index && p.step.Copy.Dest.IsKnown() && analyzer.Under(t.dir, p.step.Copy.Dest.Text) {
				p.at = inBuilder
			}
		}
	}
}

// updatedFor tells for an `apt-get update` with a RUN of its own where packages are installed behind it; 0 for other steps.
func (c *conversion) updatedFor(i int) (at place) {
	for _, one := range c.steps[i].pieces {
		if one.follows != systemBehind {
			return 0
		}
	}
	if len(c.steps[i].pieces) == 0 {
		return 0
	}
	for _, p := range c.steps[i+1:] {
		for _, one := range p.pieces {
			if one.packages {
				at |= one.at
			}
		}
	}
	return at
}

func (c *conversion) placeUpdate(i int, at place) {
	for j := range c.steps[i].pieces {
		c.steps[i].pieces[j].at = at
	}
}

// before and behind tell where something stands from the installations of the application.
func (c *conversion) before(span source.Span) bool {
	return span.End <= c.apps[0].Command.Shell.Span.Start
}

func (c *conversion) behind(span source.Span) bool {
	return span.Start >= c.apps[len(c.apps)-1].Command.Shell.Span.End
}

func (c *conversion) between(span source.Span) bool { return !c.before(span) && !c.behind(span) }

// asRoot tells whether the step runs as root and nothing before it was left for the final stage because of another user.
func (c *conversion) asRoot(step *analyzer.Step) bool {
	return !step.Before.NonRoot() && !c.userChanged()
}

func (c *conversion) userChanged() bool {
	return slices.ContainsFunc(c.steps, func(p *placed) bool { return p.step.Instruction.Keyword == "USER" && p.at == inRuntime })
}

func (c *conversion) placeSetting(step *analyzer.Step) place {
	switch step.Instruction.Keyword {
	case "ENV", "ARG":
		if c.behind(step.Instruction.Span) {
			return inRuntime
		}
		return inBase
	case "WORKDIR", "SHELL":
		if at := c.elsewhere(step, step.Instruction.Span); at == inBase || c.behind(step.Instruction.Span) {
			return at
		}
		return inBuilder | inRuntime
	case "USER":
		if c.before(step.Instruction.Span) && !c.userChanged() && len(step.Instruction.Args) == 1 && slices.Contains([]string{"root", "0", "root:root", "0:0"}, step.Instruction.Args[0].Text) {
			return inBase
		}
		return inRuntime
	}
	return inRuntime
}

// setsPathAnew tells whether an ENV sets PATH without what it was.
func setsPathAnew(pairs []dockerfile.Pair) bool {
	return slices.ContainsFunc(pairs, func(p dockerfile.Pair) bool {
		return p.Key == "PATH" && !strings.Contains(p.Value, "$PATH") && !strings.Contains(p.Value, "${PATH")
	})
}

// placeCopy places a COPY or ADD. Files that only say what to install stay in the builder.
func (c *conversion) placeCopy(step *analyzer.Step) (place, string) {
	copied := step.Copy
	switch {
	case copied == nil:
		return 0, "can't be read"
	case c.behind(step.Instruction.Span):
		return inRuntime, ""
	case !copied.FromContext():
		if c.bringsInstaller(copied) && !c.kept["uv"] {
			return inBuilder, ""
		}
		return inBase, ""
	case c.removedAfterInstall(step):
		return inBuilder, ""
	case c.onlyDependencies(copied):
		for _, s := range copied.Sources {
			name := path.Base(s.Text.Text)
			if c.keptReads(step, name) || c.mentionedBehind(step, regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`)) {
				return inBuilder | inRuntime, ""
			}
		}
		return inBuilder, ""
	case c.onlyStarts(step):
		return inRuntime, ""
	case c.before(step.Instruction.Span):
		return inBase, ""
	}
	return inBuilder | inRuntime, ""
}

// ofTool matches files of a project that poetry, pipenv, pdm or uv look for when they run something.
var ofTool = pattern.New(`^(?:pyproject\.toml|poetry\.\w+|Pipfile.*|(?:uv|pdm)\.lock|\.python-version)$`)

// keptReads tells whether a file of that name is one that a tool of the final stage looks for, and no COPY of everything follows.
func (c *conversion) keptReads(step *analyzer.Step, name string) bool {
	return c.keeps && ofTool.MatchString(name) &&
		!slices.ContainsFunc(c.stage.Steps[step.Index+1:], func(later *analyzer.Step) bool {
			return later.Copy != nil && later.Copy.FromContext() && later.Copy.Dest == step.Copy.Dest && len(later.Copy.Sources) == 1 && later.Copy.Sources[0].Text.Text == "."
		})
}

// onlyStarts tells whether a COPY brings nothing but shell scripts of which no RUN up to the installations speaks.
func (c *conversion) onlyStarts(step *analyzer.Step) bool {
	for _, s := range step.Copy.Sources {
		name := path.Base(s.Text.Text)
		if !s.Text.IsKnown() || s.Heredoc || s.Remote || path.Ext(name) != ".sh" {
			return false
		}
		for _, other := range c.stage.Steps[step.Index+1 : c.last.Index+1] {
			if other.Instruction.Keyword == "RUN" && strings.Contains(c.doc.File.Text(other.Instruction.Span), name) {
				return false
			}
		}
	}
	return step.Copy.Dest.IsKnown() && !slices.ContainsFunc(c.stage.Steps[step.Index+1:c.last.Index+1], func(other *analyzer.Step) bool {
		// A chmod of all that is there.
		return slices.ContainsFunc(other.Commands, func(command *analyzer.Command) bool {
			return command.Concern() == analyzer.Files && len(command.Argv) > 1 && strings.Contains(c.doc.File.Text(command.Shell.Span), "*")
		})
	})
}

// bringsInstaller tells whether a COPY takes nothing but uv from uv's own image.
func (c *conversion) bringsInstaller(copied *analyzer.Copy) bool {
	if copied.From != nil {
		return false
	}
	return !slices.ContainsFunc(copied.Sources, func(s analyzer.CopySource) bool {
		name := path.Base(s.Text.Text)
		return !s.Text.IsKnown() || name != "uv" && name != "uvx"
	})
}

var describesProject = pattern.New(`^(?:pyproject\.toml|poetry\.(?:lock|toml)|Pipfile(?:\.lock)?\*?|uv\.lock|pdm\.lock|setup\.(?:py|cfg)|pylock.*\.toml|\.python-version|README(?:\.\w+)?)$|(?i)^(?:requirements|constraints)[\w.*-]*$`)

// onlyDependencies tells whether a COPY takes nothing but files that say what to install.
func (c *conversion) onlyDependencies(copied *analyzer.Copy) bool {
	readme := 0
	for _, s := range copied.Sources {
		if !s.Text.IsKnown() || s.Heredoc || s.Remote || !c.isDependency(s) {
			return false
		}
		if strings.HasPrefix(path.Base(s.Text.Text), "README") {
			readme++
		}
	}
	return readme < len(copied.Sources)
}

// isDependency tells whether a file says what to install, by its name.
func (c *conversion) isDependency(s analyzer.CopySource) bool {
	name := path.Base(s.Text.Text)
	return describesProject.MatchString(name) || project.IsRequirementsName(name) || c.isRead(name)
}

// isRead tells whether an installation reads a requirements file of that name.
func (c *conversion) isRead(name string) bool {
	return path.Ext(name) == ".txt" && slices.ContainsFunc(c.apps, func(in *analyzer.Installation) bool {
		return slices.ContainsFunc(slices.Concat(in.Files, in.Constraints), func(use analyzer.RequirementsUse) bool { return path.Base(use.Written) == name })
	})
}

// mentionedBehind tells whether something that will be in the final stage mentions the pattern. Neither what goes to the builder nor an rm
// counts: the file is then only there for the one, and of no use for the other.
func (c *conversion) mentionedBehind(step *analyzer.Step, pattern *regexp.Regexp) bool {
	for _, other := range c.stage.Steps[step.Index+1:] {
		if other.Instruction.Keyword != "RUN" {
			continue
		}
		text := []byte(c.doc.File.Text(other.Instruction.Span))
		for _, command := range other.Commands {
			if c.installsApp(command) || len(command.Argv) > 0 && command.Argv[0].Text() == "rm" {
				span := command.Shell.Span
				for i := span.Start; i < span.End && command.Shell.Exact; i++ {
					text[i-other.Instruction.Span.Start] = ' '
				}
			}
		}
		if other == c.first || other == c.last {
			// Commands before the installation prepare what it reads.
			from := c.apps[0].Command.Shell.Span.Start
			for i := other.Instruction.Span.Start; i < min(from, other.Instruction.Span.End); i++ {
				text[i-other.Instruction.Span.Start] = ' '
			}
		}
		if pattern.Match(text) {
			return true
		}
	}
	texts, _ := c.stage.StartTexts()
	return slices.ContainsFunc(texts, pattern.MatchString)
}

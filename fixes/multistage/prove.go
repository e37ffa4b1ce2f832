package multistage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
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
	case after.Target == nil || len(after.Stages) != len(before.Stages)+2:
		return "the result has other stages than intended"
	case after.Target.Name != before.Target.Name:
		return "the final stage would lose its name"
	case len(after.Received()) == 0:
		return "the installed packages would not reach the final stage"
	}
	for _, check := range []func(before, after *analyzer.Build) string{c.sameSettings, c.sameState, c.samePackages, c.sameSources, c.sameFiles, c.sameValues} {
		if reason := check(before, after); reason != "" {
			return reason
		}
	}
	return ""
}

// sameSettings compares the instructions that are about the running container, word for word.
func (c *conversion) sameSettings(before, after *analyzer.Build) string {
	collect := func(b *analyzer.Build) (texts []string) {
		for _, step := range b.Target.ChainSteps() {
			switch in := step.Instruction; in.Keyword {
			case "CMD", "ENTRYPOINT", "EXPOSE", "VOLUME", "LABEL", "STOPSIGNAL", "HEALTHCHECK", "MAINTAINER":
				texts = append(texts, b.File.Text(in.Span))
			}
		}
		return texts
	}
	if a, b := collect(before), collect(after); !slices.Equal(a, b) {
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
			if meant := p.Key == "PATH" || p.Key == "PYTHONUSERBASE" || p.Key == "VIRTUAL_ENV"; !meant && old.Env(p.Key) != now.Env(p.Key) {
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

// sameFiles tells whether all that the installations read is there before them, and nothing of the RUNs was lost.
func (c *conversion) sameFiles(before, after *analyzer.Build) string {
	missing := func(b *analyzer.Build) (n int) {
		for _, s := range b.Stages {
			for _, in := range s.Installs() {
				n += len(in.Missing())
			}
		}
		return n
	}
	if missing(after) > missing(before) {
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

package cli

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
	"github.com/pylint-docker/pylint-docker/rules"
)

// ruleOf is the rule that says a finding: the first of its codes that there is.
func ruleOf(f inspect.Finding) (*analyzer.Rule, bool) {
	for _, code := range f.Codes {
		if rule, ok := rules.Find(code); ok {
			return rule, true
		}
	}
	return nil, false
}

// imagePlaces knows where a finding about a layer or a file of an image is shown: LAYER:PATH, or, with the Dockerfile, the
// instruction that made the layer.
type imagePlaces struct {
	image  *imagefs.Image
	others map[string]*source.File // empty files that are called like places

	byLayer map[int]source.Span // of the instructions; nil without a Dockerfile, or where they can't be told apart
	base    source.Span         // of the FROM that names the base image
	start   source.Span         // of CMD or ENTRYPOINT, else of FROM
}

// put gives a finding its place.
func (p *imagePlaces) put(d *analyzer.Diagnostic, f inspect.Finding) {
	switch {
	case p.byLayer == nil && f.Path == "":
		return // the image as a whole
	case p.byLayer == nil:
		d.Path = fmt.Sprintf("layer-%d:%s", f.Layer+1, f.Path)
		p.others[d.Path] = source.New(d.Path, nil)
	case f.Layer < 0:
		d.Span = p.start
	default:
		span, ok := p.byLayer[f.Layer]
		if !ok {
			span = p.base
		}
		d.Span = span
	}
}

// follow finds the instruction of each layer: those of the target and of the stages below it stand at the end of the
// history, one entry each. Where an entry is none of the instruction, nothing is known.
func (p *imagePlaces) follow(build *analyzer.Build) {
	if build.Target == nil {
		return
	}
	p.base = build.Target.RootFrom().Span
	p.start = p.base
	start := build.Target.Start()
	if start.Cmd != nil {
		p.start = start.Cmd.Span
	}
	if start.Entrypoint != nil {
		p.start = start.Entrypoint.Span
	}
	steps := build.Target.ChainSteps()
	history := p.image.History
	byLayer := map[int]source.Span{}
	if len(history) < len(steps) {
		return
	}
	history = history[len(history)-len(steps):]
	for i, step := range steps {
		if !madeBy(history[i].CreatedBy, step.Instruction.Keyword) {
			return
		}
		if history[i].Layer >= 0 {
			byLayer[history[i].Layer] = step.Instruction.Span
		}
	}
	p.byLayer = byLayer
}

// madeBy tells whether an entry of the history is of an instruction: BuildKit writes `COPY . /app # buildkit`, the older
// builders and Buildah `/bin/sh -c #(nop) COPY file:... in /app`, and the code alone for RUN.
func madeBy(entry, keyword string) bool {
	text, isNop := strings.CutPrefix(strings.TrimSpace(entry), "/bin/sh -c #(nop)")
	if text = strings.TrimSpace(text); strings.HasPrefix(text, keyword) {
		return true
	}
	return keyword == "RUN" && !isNop && (strings.HasPrefix(text, "/bin/sh -c ") || strings.HasPrefix(text, "|"))
}

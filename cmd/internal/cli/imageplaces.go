package cli

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/built"
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

// follow finds the places in the Dockerfile, where the image is of it.
func (p *imagePlaces) follow(build *analyzer.Build) {
	if p.byLayer = built.Places(p.image, build); p.byLayer == nil {
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
}

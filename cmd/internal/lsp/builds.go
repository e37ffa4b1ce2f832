package lsp

import (
	"context"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// namesBuild is a line of a compose or bake file that says what is built.
var namesBuild = pattern.New(`^\s*(?:-\s*)?["']?(build|context|dockerfile|target)["']?\s*[:=]`)

// namesArgument is a line of such a file that may give a build argument its value; argumentsBegin is where they begin.
var (
	namesArgument  = pattern.New(`^\s*(?:-\s*)?["']?([A-Za-z_]\w*)["']?\s*(?:[:=]|$)`)
	argumentsBegin = pattern.New(`^\s*["']?args["']?\s*[:=]`)
)

// builtBy are what a line of a compose or bake file says of the build: the key, or args with the name of the argument.
func (v *view) builtBy(number int) (key, argument string) {
	line := v.file.Text(v.file.Line(number))
	m := namesArgument.FindStringSubmatch(line)
	if m != nil {
		indent := func(text string) int { return len(text) - len(strings.TrimLeft(text, " \t")) }
		for n := number - 1; n > 0; n-- {
			above := v.file.Text(v.file.Line(n))
			if strings.TrimSpace(above) == "" || indent(above) >= indent(line) {
				continue
			}
			if argumentsBegin.MatchString(above) {
				return "args", m[1]
			}
			break
		}
	}
	if m = namesBuild.FindStringSubmatch(line); m != nil {
		return m[1], ""
	}
	return "", ""
}

// builds are what a compose or bake file builds, with the Dockerfiles that were read.
type builds struct {
	*view
	all  []lint.Named
	docs map[string]*dockerfile.Document // nil for one that can't be read
}

func (v *view) builds() *builds {
	return &builds{v, v.linter.Named(v.path, v.file.Bytes()), map[string]*dockerfile.Document{}}
}

// document is the Dockerfile at a path; nil where it can't be read.
func (b *builds) document(path string) *dockerfile.Document {
	if doc, read := b.docs[path]; read {
		return doc
	}
	content, open := b.unsaved[path]
	var err error
	if !open {
		content, err = lint.ReadFile(path)
	}
	if err == nil {
		b.docs[path], err = dockerfile.Parse(source.New(path, content))
	}
	if err != nil {
		b.docs[path] = nil
	}
	return b.docs[path]
}

// of is the build that a line of the file is about, and what the line says of it.
func (b *builds) of(number int) (build *lint.Named, key, argument string) {
	if key, argument = b.builtBy(number); key == "" {
		return nil, "", ""
	}
	for i := range b.all {
		if b.all[i].File == b.path && b.all[i].Line <= number {
			build = &b.all[i]
		}
	}
	if build == nil {
		return nil, "", ""
	}
	if _, given := build.Args[argument]; key == "args" && !given {
		return nil, "", ""
	}
	return build, key, argument
}

// argument is the first ARG of that name in a build's Dockerfile, or the first with a default; nil where there is none.
func (b *builds) argument(build *lint.Named, name string, withDefault bool) *dockerfile.Pair {
	doc := b.document(build.Dockerfile)
	if doc == nil {
		return nil
	}
	for _, in := range doc.Instructions {
		for i := range in.Pairs {
			if p := &in.Pairs[i]; in.Keyword == "ARG" && p.Key == name && (p.HasValue || !withDefault) {
				return p
			}
		}
	}
	return nil
}

// buildDefinition goes from a compose or bake file to the Dockerfile that it names, to the stage, or to the ARG.
func buildDefinition(ctx context.Context, v *view) (any, error) {
	found, err := insideHost("textDocument/definition", alone(definition))(ctx, v)
	if found != nil || err != nil {
		return found, err
	}
	b := v.builds()
	build, key, argument := b.of(v.file.LineOf(v.encoding.offset(v.file, v.params.Position)))
	if build == nil {
		return nil, nil
	}
	doc := b.document(build.Dockerfile)
	if doc == nil {
		return nil, nil
	}
	at := Location{URI: uriOf(build.Dockerfile)}
	switch key {
	case "args":
		if p := b.argument(build, argument, false); p != nil {
			at.Range = v.encoding.rangeOf(doc.File, p.KeySpan)
		}
	case "target":
		for _, in := range slices.Backward(doc.Instructions) {
			if in.Keyword == "FROM" && len(in.Args) == 3 && strings.EqualFold(in.Args[2].Value, build.Target) {
				at.Range = v.encoding.rangeOf(doc.File, in.Args[2].Span)
			}
		}
	}
	return []Location{at}, nil
}

// buildHints shows behind the arguments of a compose or bake file what the Dockerfile has for them by default, besides what is in Dockerfiles there.
func buildHints(ctx context.Context, v *view) (any, error) {
	inside, err := insideHost("textDocument/inlayHint", alone(inlayHints))(ctx, v)
	if err != nil || !v.inlays.Variables {
		return inside, err
	}
	hints, _ := inside.([]any) // nil where there are no Dockerfiles in it
	span := v.encoding.span(v.file, v.params.Range)
	b := v.builds()
	for number := v.file.LineOf(span.Start); number <= v.file.LineOf(span.End); number++ {
		build, key, argument := b.of(number)
		if key != "args" {
			continue
		}
		if p := b.argument(build, argument, true); p != nil {
			hints = append(hints, InlayHint{
				Position: v.encoding.position(v.file, v.file.Line(number).End), Label: "default: " + shortened(p.Value), PaddingLeft: true,
				Tooltip: &MarkupContent{"plaintext", "what the Dockerfile has for " + argument + " where no value is given"},
			})
		}
	}
	return hints, nil
}

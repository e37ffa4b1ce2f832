package analyzer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// ImageUse is a place where an image from a registry enters the build.
type ImageUse struct {
	Facts image.Facts
	// Text is the reference with variables expanded.
	Text string
	// Span is the reference as written; for a RUN's mount all its options.
	Span  source.Span
	Stage *Stage // the stage that uses it
	Base  bool   // by FROM; else by COPY --from or RUN --mount
}

// Images are the images that something of the final image may come from, in file order: the bases of
// the stages that feed it and what these copy or mount. Images whose name is not known are left out.
func (b *Build) Images() []ImageUse {
	var found []ImageUse
	for s := range b.Feeding() {
		text := s.BaseText.Text
		if !s.BaseText.IsKnown() && s.Image.Known() {
			text = s.From.Args[0].Value // ${REGISTRY}/python
		}
		if s.Base == nil && text != "" {
			found = append(found, ImageUse{Facts: s.Image, Text: text, Span: s.From.Args[0].Span, Stage: s, Base: true})
		}
		for _, step := range s.Steps {
			found = append(found, step.images()...)
		}
	}
	return found
}

// images are the images that a COPY --from or a RUN --mount=from reads.
func (step *Step) images() []ImageUse {
	var found []ImageUse
	step.sources(func(name string, at source.Span) {
		// A number is a stage, if one that does not exist.
		if _, err := strconv.Atoi(name); err != nil && step.Stage.build.StageFrom(name, step.Stage.Index) == nil {
			found = append(found, ImageUse{Facts: step.Stage.build.Settings.Images.Lookup(name), Text: name, Span: at, Stage: step.Stage})
		}
	})
	return found
}

// MayBeContext tells whether the name may be one that the build command gives to another build context
// (--build-context NAME=...), as far as its form says: a bare word that is no image we know.
func (u ImageUse) MayBeContext() bool {
	ref := u.Facts.Reference
	return ref.Tag == "" && ref.Digest == "" && ref.Name == u.Text && ref.Path == "library/"+u.Text &&
		!u.Facts.Known()
}

// Parameter tells whether who builds chooses the image itself, as in FROM $BASE_IMAGE, and not only the registry that it comes from.
func (u ImageUse) Parameter() bool {
	written := u.Stage.build.File.Text(u.Span)
	return strings.HasPrefix(written, "$") && !registryFirst.MatchString(written)
}

// baseImage is what is known of the image that a stage is built from.
func (b *Build) baseImage(s *Stage) image.Facts {
	images := b.Settings.Images
	var facts image.Facts
	if s.BaseText.IsKnown() {
		if facts = images.Lookup(s.BaseText.Text); facts.Known() {
			return facts
		}
	}
	// In ${REGISTRY}/python:3.12 only the place is a parameter. A value that is no registry may be an organisation with images of its own.
	if len(s.From.Args) == 0 {
		return facts
	}
	m := registryFirst.FindStringSubmatch(s.From.Args[0].Value)
	if m == nil || s.BaseText.IsKnown() && !registryValue.MatchString(s.BaseText.Text) {
		return facts
	}
	rest := env.Expand(strings.TrimPrefix(m[2], "library/"), b.Doc.Escape, s.global.Lookup)
	if !rest.IsKnown() || strings.Contains(rest.Text, "/") {
		return facts
	}
	if known := image.Mirrored(s.BaseText.Text, rest.Text); known.Known() {
		return known
	}
	return facts
}

var (
	// registryFirst is a reference that begins with a variable for the registry.
	registryFirst = pattern.New(`^\$\{?(\w*(?i:registry|mirror|proxy|docker_?hub|hub_|repository_(?:url|host)|cache)\w*)(?::?-[^}]*)?\}?/?([^/$].*)$`)
	// registryValue is a reference with the host of a registry in front.
	registryValue = pattern.New(`^(?:[\w-]+\.[\w.-]+|localhost|[\w.-]+:\d+)(?:/|$)`)
)

// UnknownBases are the images that stages of the final image are built from and of which nothing is known, each once, in file order: rules
// that ask what the base holds say nothing of them. Where the file shows that the image is none of Python there are none.
func (b *Build) UnknownBases() []string {
	if b.Target == nil || !b.Python && (b.Target.Image.Known() || b.Target.Image.OtherPurpose() || b.startsOther()) {
		return nil
	}
	var found []string
	for s := range b.Feeding() {
		if s.Base != nil || s.Image.Known() || len(s.From.Args) == 0 {
			continue
		}
		text := s.From.Args[0].Value
		if s.BaseText.IsKnown() && s.BaseText.Text != "" {
			text = s.BaseText.Text
		}
		if !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	return found
}

// startsOther tells whether the image starts a program of another language.
func (b *Build) startsOther() bool {
	return slices.ContainsFunc(b.Target.Start().Commands, func(c StartCommand) bool { return program.Is(c.Program(), program.OtherRuntime) })
}

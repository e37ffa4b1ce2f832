package analyzer

import (
	"strconv"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
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
	for _, s := range b.Stages {
		if !s.Feeds {
			continue
		}
		if s.Base == nil && s.BaseText.IsKnown() && s.BaseText.Text != "" {
			found = append(found, ImageUse{Facts: s.Image, Text: s.BaseText.Text, Span: s.From.Args[0].Span, Stage: s, Base: true})
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
		if _, err := strconv.Atoi(name); err != nil && step.Stage.build.stageFrom(name, step.Stage.Index) == nil {
			found = append(found, ImageUse{Facts: image.Lookup(name), Text: name, Span: at, Stage: step.Stage})
		}
	})
	return found
}

// MayBeContext tells whether the name may be one that the build command gives to another build context
// (--build-context NAME=...), as far as its form says: a bare word that is no image we know.
func (u ImageUse) MayBeContext() bool {
	ref := u.Facts.Reference
	return ref.Tag == "" && ref.Digest == "" && ref.Name == u.Text && ref.Path == "library/"+u.Text &&
		u.Facts.Distro == "" && u.Facts.Libc == "" && !u.Facts.NoPython && u.Facts.Python == nil
}

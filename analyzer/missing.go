package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// MissingFile is a requirements or constraint file that a command is certain to read and that nothing can have put
// into the image.
type MissingFile struct {
	InImage string      // absolute
	Span    source.Span // the argument that names it, or that names the file which includes it
	// Within is the context path of the requirements file that includes it, and Line the place there; "" when the command
	// line names it.
	Within string
	Line   source.Span
}

// Missing are the files without which the command stops the build, in order.
func (in *Installation) Missing() []MissingFile {
	if !in.Command.Shell.Certain {
		return nil
	}
	var missing []MissingFile
	for _, uses := range [][]RequirementsUse{in.Files, in.Constraints} {
		for _, use := range uses {
			if use.InImage.Kind == env.Known && !use.Span.Empty() {
				missing = in.addMissing(missing, MissingFile{InImage: use.InImage.Text, Span: use.Span}, 0, map[string]bool{})
			}
		}
	}
	return missing
}

// addMissing looks for a file, and for those that it includes: pip reads them relative to the including file. The includes
// of a file that was read are not followed again: files that name each other many times would never come to an end.
func (in *Installation) addMissing(missing []MissingFile, m MissingFile, depth int, read map[string]bool) []MissingFile {
	const deepest = 8 // files that include each other
	presence, from := in.Command.Holds(m.InImage)
	if presence == No {
		return append(missing, m)
	}
	file, ok := in.Command.Step.Stage.build.Context.Requirements(from)
	if from == "" || !ok || depth == deepest || read[m.InImage] || in.Command.rewritten(m.InImage) {
		return missing
	}
	read[m.InImage] = true
	for _, include := range file.Includes {
		if include.Path == "" || strings.ContainsAny(include.Written, "$:") {
			continue
		}
		inner := MissingFile{InImage: path.Join(path.Dir(m.InImage), include.Written), Span: m.Span, Within: from, Line: include.Span}
		if path.IsAbs(include.Written) {
			inner.InImage = path.Clean(include.Written)
		}
		missing = in.addMissing(missing, inner, depth+1, read)
	}
	return missing
}

// PutsLater is the first COPY or ADD behind a step of the stage that puts the file p there, or the directory that it
// should be in with all of the build context; nil when there is none.
func (s *Stage) PutsLater(after *Step, p string) *Step {
	for _, step := range s.Steps[after.Index+1:] {
		if step.Copy == nil {
			continue
		}
		presence := step.Copy.Puts(p)
		for _, from := range step.Copy.Sources {
			if presence == Yes || presence == Maybe && step.Copy.FromContext() && from.Text.Is(".") {
				return step
			}
		}
	}
	return nil
}

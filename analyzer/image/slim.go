package image

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// writtenTag is an image reference as a Dockerfile spells it whose tag ends with a version or a variable, or has a suite of Debian's.
var writtenTag = pattern.New(`^(.*:(?:[\d.]*\d(?:-?rc\d*|[ab]\d+)?|[\w.]*\$\{?\w+\}?))(?:-(bookworm|trixie|bullseye|buster|stretch|jessie|wheezy))?$`)

// SlimVariant is the slim variant of one of Docker's full Python images, spelled like written: python:3.12-bookworm gives
// python:3.12-slim-bookworm, python:latest python:slim. f is what written stands for. ok is false for every other image, and where the full and the slim image are
// of different releases of Debian, so that what the one has built may not run on the other.
func (f Facts) SlimVariant(written string) (slim string, ok bool) {
	ref := f.onHub()
	if !f.Official || !f.BuildTools || f.Extended || ref.Path != "library/python" || ref.Digest != "" {
		return "", false
	}
	suite := ""
	switch ref.Tag {
	case "", "latest": // the newest of both
		if written = strings.TrimSuffix(written, ":latest"); strings.ContainsAny(written, "$@") {
			return "", false
		}
		return written + ":slim", true
	case "bookworm", "trixie":
		if name, ok := strings.CutSuffix(written, ":"+ref.Tag); ok {
			return name + ":slim-" + ref.Tag, true
		}
	}
	m := writtenTag.FindStringSubmatch(written)
	if m == nil {
		return "", false
	}
	if m[2] != "" {
		suite = "-" + m[2]
	}
	known := Lookup("python:" + strings.TrimSuffix(ref.Tag, suite) + "-slim" + suite)
	if !known.Slim || known.Release != f.Release || known.NewestRelease() != f.NewestRelease() {
		return "", false
	}
	return m[1] + "-slim" + suite, true
}

package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
)

// FloatingBase finds an image whose tag names no version: none at all, `latest`, `python:3`, `python:slim`.
//
// Such a tag moves. A build of the same Dockerfile next month may get the next minor version of Python, for which some
// packages have no wheels yet, or another distribution release with other libraries. The installed packages of
// a builder and a runtime stage can drift apart in that way, too. A tag like `3.12-slim` gets fixes and stays what it is.
// uv's guide writes `ghcr.io/astral-sh/uv:latest` in its examples, and calls it best practice to pin a version; poetry's answers write `FROM python` for short.
// Images of stages that give nothing to the final image are not judged, nor those of a bare name such as svc-base that Docker Hub does not have, which are built
// from another Dockerfile of the project, nor distroless images such as
// `gcr.io/distroless/python3-debian12`: their tags never name a version, their names do. The images that Chainguard gives away
// have the tags `latest` and `latest-dev` only: there a digest, `latest@sha256:...`, is the version.
//
// # Flagged
//
//	FROM python:3-slim
//	COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.7 /uv /bin/
//	CMD ["python", "-m", "myapp"]
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
//   - https://hub.docker.com/_/python
var FloatingBase = register(&analyzer.Rule{
	Code: "PLD502", Name: "floating-base",
	Summary:  "an image is named without a version",
	Do:       "name a version in the tag, such as python:3.13-slim, or a digest",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Allows: analyzer.ImageWords, Check: checkFloatingBase,
})

func checkFloatingBase(p *analyzer.Pass) {
	var found []*analyzer.Diagnostic
	seen := map[string]*analyzer.Diagnostic{}
	for _, use := range p.Images() {
		// A base that is a parameter, as in `FROM $BASE_IMAGE`, is chosen by who builds; its default is for trying out.
		if use.Parameter() || p.AllowedImage(use.Facts.Reference) || use.Base && use.Facts.Reference.OnlyBuilt() {
			continue
		}
		reason, floating := use.Facts.Floating()
		// python:2 names its one minor version, and does not move any more.
		stands := use.Facts.Python != nil && use.Facts.Python.Upstream()
		if !floating || stands && !use.Facts.Python.Conda && use.Facts.Reference.Name != "ghcr.io/astral-sh/uv" || !use.Base && use.MayBeContext() {
			continue
		}
		if d := seen[use.Text]; d != nil {
			d.Related = append(d.Related, analyzer.Related{Span: use.Span, Message: "it is used here too"})
			continue
		}
		d := &analyzer.Diagnostic{
			Span:    use.Span,
			Message: fmt.Sprintf("%s: %s, so a later build may get %s", use.Text, reason, whatMoves(use.Facts)),
		}
		seen[use.Text] = d
		found = append(found, d)
	}
	for _, d := range found {
		p.Report(*d)
	}
}

// whatMoves says what another image of that name may bring.
func whatMoves(f image.Facts) string {
	name := path.Base(f.Reference.Path)
	switch {
	case f.Official && name == "python":
		return "another minor version of Python"
	case name == f.Distro && f.Distro == "alpine": // used for many things besides Python
		return "another release"
	case name == f.Distro, strings.HasPrefix(f.Reference.Name, "gcr.io/distroless/python"):
		return "another release with another Python"
	}
	return "another version of " + name
}

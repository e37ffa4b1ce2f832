package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// UntrustedRegistry finds images from other registries than those that the configuration names under `trusted-registries`.
//
// A base image is code that runs in the build and in the image. A registry that nobody has agreed on is one more party that can change it, goes past
// the scanning and the mirrors that the others have, and is one more place that has to be up for a build. Without
// `trusted-registries` this rule is silent.
//
// # Flagged
//
//	FROM quay.io/acme/python:3.12
//	COPY --from=ghcr.io/astral-sh/uv:0.9.0 /uv /bin/
//	RUN uv pip install --system flask==3.1.0
//	-- .pylint-docker.yaml --
//	trusted-registries: [docker.io, ghcr.io/astral-sh]
//
// # Instead
//
//	FROM docker.io/library/python:3.12
//	COPY --from=ghcr.io/astral-sh/uv:0.9.0 /uv /bin/
//	RUN uv pip install --system flask==3.1.0
//	-- .pylint-docker.yaml --
//	trusted-registries: [docker.io, ghcr.io/astral-sh]
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image
var UntrustedRegistry = register(&analyzer.Rule{
	Code: "PLD511", Name: "untrusted-registry",
	Summary:  "an image comes from a registry that the configuration does not trust",
	Do:       "take the image from a registry under trusted-registries, or add its registry there",
	Severity: analyzer.Warning, Security: 5.5, AnyImage: true, Allows: analyzer.ImageWords, Check: checkUntrustedRegistry,
})

func checkUntrustedRegistry(p *analyzer.Pass) {
	if len(p.Settings.TrustedRegistries) == 0 {
		return
	}
	var found findings
	for _, use := range p.Images() {
		ref := use.Facts.Reference
		if use.Facts.Scratch || ref.Registry == "" || p.Settings.Trusts(ref) || p.AllowedImage(ref) || !use.Base && use.MayBeContext() {
			continue
		}
		found.add(analyzer.Diagnostic{
			Span: use.Span, Severity: p.Rule.Severity,
			Message: fmt.Sprintf("%s comes from %s, which is none of the trusted registries", use.Text, ref.Registry),
		})
	}
	found.report(p)
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
)

// DeprecatedBase finds base images that their makers have given up.
//
// Nobody builds them any more, or their maker advises against them: they get no fixes, and some may be deleted one day. The `-onbuild` variants of
// the python image ended in 2018; tiangolo's images ask to be replaced by the official python image; Jupyter's images moved
// to quay.io in 2023; Bitnami's went to bitnamilegacy in 2025.
//
// # Flagged
//
//	FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11
//	COPY ./app /app
//
// # Instead
//
//	FROM python:3.13-slim
//	RUN pip install --no-cache-dir "fastapi[standard]==0.115.12"
//	COPY ./app /app
//	CMD ["fastapi", "run", "/app/main.py", "--workers", "4"]
//
// # References
//
//   - https://github.com/docker-library/official-images/issues/2076
//   - https://fastapi.tiangolo.com/deployment/docker/#base-docker-image
//   - https://jupyter-docker-stacks.readthedocs.io/en/latest/
var DeprecatedBase = register(&analyzer.Rule{
	Code: "PLD505", Name: "deprecated-base",
	Summary:  "a base image that its maker has given up",
	Do:       "move to the image that the maker or the community maintains now",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Allows: analyzer.ImageWords, AsksBase: true, Check: checkDeprecatedBase,
})

func checkDeprecatedBase(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		if stage.Base != nil || stage.Image.Deprecated == "" || len(stage.From.Args) == 0 || p.AllowedImage(stage.Image.Reference) {
			continue
		}
		p.Report(analyzer.Diagnostic{
			Span:    stage.From.Args[0].Span,
			Message: stage.Image.Reference.Text + " is not kept up any more: " + stage.Image.Deprecated,
		})
	}
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// WheelsInLayer finds a directory of wheels that is copied into the final image to be installed from there.
//
// The layer of the COPY keeps the wheels for good: 20 MB of wheels made the image 20 MB larger, whether a later `rm -rf` removed
// them or not. A bind mount shows the directory to one RUN only and leaves nothing behind.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN pip wheel --wheel-dir /wheels -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /wheels /wheels
//	RUN pip install --no-cache-dir --no-index --find-links=/wheels myapp && rm -rf /wheels
//	CMD ["myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN pip wheel --wheel-dir /wheels -r requirements.txt
//
//	FROM python:3.12-slim
//	RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install --no-cache-dir --no-index --find-links=/wheels myapp
//	CMD ["myapp"]
//
// # Fix
//
// Mounts the directory for the RUN that installs from it, deletes the COPY and the clean-up. Safe: the same wheels are
// installed. It needs BuildKit, which is Docker's default since 23.0. There is none where anything else uses the directory.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#run---mounttypebind
//   - https://pip.pypa.io/en/stable/cli/pip_wheel/
var WheelsInLayer = register(analyzer.Rule{
	Code: "PLD125", Name: "wheels-in-layer",
	Summary:  "wheels are copied into the final image to be installed from there, and stay in a layer",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkWheelsInLayer,
})

func checkWheelsInLayer(p *analyzer.Pass) {
	for _, w := range p.Target.WheelCopies() {
		d := analyzer.Diagnostic{
			Span:    w.Source.Span,
			Message: "the wheels in " + w.Dir + " stay in a layer of the final image, though only an installation needs them: mount them there",
			Related: []analyzer.Related{{Span: w.Install.Installer.Span, Message: "they are installed here"}},
		}
		edits, refused := fixes.Bind(p.Build, w, false)
		if d.NoFixReason = refused; refused == "" {
			d.Fix = &analyzer.Fix{Title: "Mount " + w.Dir + " instead of copying it", Safety: analyzer.Safe, Edits: edits}
		}
		p.Report(d)
	}
}

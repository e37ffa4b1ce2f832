package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// WheelsInLayer finds a directory of wheels that is copied into the final image to be installed from there, and an installation from
// wheels that a builder has made for it which asks the package index all the same.
//
// The layer of the COPY keeps the wheels for good: 20 MB of wheels made the image 20 MB larger, whether a later `rm -rf` removed
// them or not. A bind mount shows the directory to one RUN only and leaves nothing behind. Without `--no-index`, `--find-links` is only
// one more place to look at: pip takes whatever the index has that is newer than the wheels, also a stranger's package of the same name.
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
// Adding `--no-index` is unsafe: the versions that were built are installed, not the newest ones.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#run---mounttypebind
//   - https://pip.pypa.io/en/stable/cli/pip_wheel/
//   - https://pip.pypa.io/en/stable/cli/pip_install/#finding-packages
var WheelsInLayer = register(&analyzer.Rule{
	Code: "PLD125", Name: "wheels-in-layer",
	Summary:  "wheels are copied into the final image to be installed from there, or the index is asked besides",
	Do:       "mount the wheels from the builder with RUN --mount=type=bind",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkWheelsInLayer,
})

func checkWheelsInLayer(p *analyzer.Pass) {
	for _, w := range wheelCopies(p.Target) {
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
	for _, open := range openInstalls(p.Build) {
		d := analyzer.Diagnostic{
			Span:    open.option.Span,
			Message: "without --no-index pip takes from the package index what is newer there than the wheels that were built for it",
			Related: []analyzer.Related{{Span: open.built.Installer.Span, Message: "the wheels are built here"}},
		}
		verb := open.command.Installer.VerbSpan
		if !open.command.Shell.Exact || verb.Empty() || open.command.Step.Instruction.JSON {
			d.NoFixReason = "a command inside quotes or a JSON form is for a person to change"
		} else {
			d.Fix = &analyzer.Fix{Title: "Add --no-index", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{fixes.InsertWord(verb, "--no-index")}}
		}
		p.Report(d)
	}
}

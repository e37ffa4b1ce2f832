package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UvHardlinksFromMount finds uv installing with a cache mount while its link mode is the default.
//
// uv links files from its cache into the environment. A cache mount is another file system, over which no hard link
// goes: uv tries, prints "Failed to hardlink files; falling back to full copy" at each build, and copies after all. The same
// warning elsewhere tells of something slow, so it should not be taught to be overlooked.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.5 /uv /bin/
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.5 /uv /bin/
//	WORKDIR /app
//	COPY pyproject.toml uv.lock ./
//	ENV UV_LINK_MODE=copy
//	RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
//
// # Fix
//
// Sets `UV_LINK_MODE=copy` above the RUN. Safe: that is what uv ends up doing.
//
// # References
//
//   - https://docs.astral.sh/uv/guides/integration/docker/#caching
//   - https://docs.astral.sh/uv/reference/settings/#link-mode
var UvHardlinksFromMount = register(&analyzer.Rule{
	Code: "PLD606", Name: "uv-hardlinks-from-mount",
	Summary:  "uv installs from a cache mount without UV_LINK_MODE=copy",
	Severity: analyzer.Info, Fix: analyzer.Safe, AsksBase: true, Check: checkUvHardlinksFromMount,
})

func checkUvHardlinksFromMount(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		for _, step := range stage.Steps {
			c, mount, ok := linksAcrossMount(step)
			if !ok {
				continue
			}
			d := analyzer.Diagnostic{
				Span:    mount.Flag.Span,
				Message: "uv can't make hard links from a cache mount: it warns and copies at each build, unless UV_LINK_MODE=copy says so",
				Related: []analyzer.Related{{Span: c.Installer.Span, Message: "it installs here"}},
			}
			if c.State.Lookup("UV_LINK_MODE").Kind == env.Unset || step.Stage.Image.EnvKnown {
				d.Fix = &analyzer.Fix{Title: "Set UV_LINK_MODE=copy", Safety: analyzer.Safe, Edits: []analyzer.Edit{
					fixes.InsertBefore(p.Doc, step.Instruction, "ENV UV_LINK_MODE=copy"),
				}}
			}
			p.Report(d)
			break // the ENV holds for the rest of the stage
		}
	}
}

// linksAcrossMount finds the first command of the RUN with which uv installs from a cache below a cache mount, in the default link mode.
func linksAcrossMount(step *analyzer.Step) (c *analyzer.Command, mount analyzer.Mount, ok bool) {
	for _, c := range step.Commands {
		if c.Install == nil || c.Installer.Tool != installer.Uv && c.Installer.Tool != installer.UvPip || c.Installer.NoCacheDir() {
			continue
		}
		if c.Installer.Has("--link-mode") || c.Setting("--link-mode").Kind != env.Unset || c.Setting("--no-cache").Is("true") {
			continue
		}
		dir := caches.Dir(c)
		if !dir.IsKnown() {
			continue
		}
		for _, m := range step.Mounts() {
			if m.Type == "cache" && m.Target.IsKnown() && analyzer.Under(m.Target.Text, dir.Text) && !(c.Install.Dir.IsKnown() && analyzer.Under(m.Target.Text, c.Install.Dir.Text)) {
				return c, m, true
			}
		}
	}
	return nil, analyzer.Mount{}, false
}

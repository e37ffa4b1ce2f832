package rules

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// PipCacheInLayer finds an install by pip or uv in the final image that leaves its download cache in the layer.
//
// pip keeps every downloaded and every locally built wheel below ~/.cache/pip. In an image nobody will use them again, and a
// removal in a later RUN does not take them out of this layer. Builder stages whose layers do not ship are not judged, and neither is an install
// whose cache is a cache or bind mount, is removed in the same RUN, or is switched off. (PIP_NO_CACHE_DIR switches it off with any value,
// 0 and off included.) Where the RUN removes the environment again that it has made, the cache is what it is for; and a second `uv sync` with
// the options of the first downloads nothing, unless it builds the project.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install -r requirements.txt
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Adds `--no-cache-dir` (`--no-cache` for uv) to every such install, or writes it in the place of `--cache-dir`. Safe: the same packages are
// installed, and only the cache is gone from the layer. There is no fix where something puts a cache there for the install to read, such as wheels
// that another stage has built, or where something else takes files out of it. A pip before 6.0 has neither a cache nor the option.
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/caching/
//   - https://docs.astral.sh/uv/guides/integration/docker/#caching
var PipCacheInLayer = register(&analyzer.Rule{
	Code: "PLD205", Name: "pip-cache-in-layer",
	Summary:  "an install leaves the installer's cache in a layer of the final image",
	Do:       "add --no-cache-dir to pip, or mount a cache with RUN --mount=type=cache",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AsksBase: true, Check: checkPipCacheInLayer,
})

func checkPipCacheInLayer(p *analyzer.Pass) {
	var d analyzer.Diagnostic
	var left []*analyzer.Command
	fix := &analyzer.Fix{Safety: analyzer.Safe}
	for _, step := range p.Target.ChainSteps() {
		for _, c := range step.Commands {
			if !leavesCache(c) {
				continue
			}
			// One habit, one finding: the other installs are told with the first.
			if left = append(left, c); len(left) == 1 {
				d.Span = c.Installer.Span
			} else {
				d.Related = append(d.Related, analyzer.Related{Span: c.Installer.Span, Message: "so does this one"})
			}
			edit, reason := fixes.WithoutCache(p.Build, p.Target, c)
			if reason != "" {
				d.NoFixReason = reason
				continue
			}
			if fix.Title == "" {
				fix.Title = "Add " + c.Installer.NoCacheOption()
			}
			fix.Edits = append(fix.Edits, edit)
		}
	}
	if len(left) == 0 {
		return
	}
	tool, _, _ := strings.Cut(string(left[0].Installer.Tool), " ") // "uv pip" shares uv's cache
	size := weight.About(downloaded(p.Target, left))               // of all of them, so that it is told of how many
	d.Message = fmt.Sprintf("this install leaves %s's cache, the downloaded packages%s, in a layer of the final image", tool, size)
	if size != "" && len(left) > 1 {
		d.Message = fmt.Sprintf("this install and %d more leave %s's cache, the downloaded packages%s, in layers of the final image", len(left)-1, tool, size)
	}
	if len(fix.Edits) > 0 {
		d.Fix, d.NoFixReason = fix, ""
	}
	p.Report(d)
}

// downloaded is about what pip keeps of what installations download, 0 where that is not known.
func downloaded(s *analyzer.Stage, commands []*analyzer.Command) int64 {
	names, required := map[string]bool{}, map[string]bool{}
	for _, c := range commands {
		call, in := c.Installer, c.Install
		if in == nil || call.Tool != installer.Pip || call.Has("--index-url") || call.Has("--extra-index-url") || s.Image.Libc != "glibc" {
			return 0
		}
		set := in.Packages()
		if !set.Read {
			return 0
		}
		maps.Copy(names, set.Names)
		maps.Copy(required, set.Required())
	}
	return weight.Downloads(names, required)
}

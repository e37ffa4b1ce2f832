package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// CleanupOfCacheMount finds an `rm` of a directory that the same RUN mounts.
//
// What lies in a mount is never part of the layer, so there is nothing to clean up. Removing the mount point itself fails, and the build with it:
// "rm: cannot remove '/wheels': Device or resource busy". Removing the contents of a cache mount works, and throws
// away what the mount is there to keep: the next build fetches everything again. That is a warning only.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.0 && rm -rf /root/.cache/pip
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.0
//
// # Fix
//
// Deletes the command. Safe: what it removes is not in the image. There is none where it removes something else as well.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#run---mounttypecache
var CleanupOfCacheMount = register(analyzer.Rule{
	Code: "PLD405", Name: "cleanup-of-cache-mount",
	Summary:  "a RUN removes a directory that it mounts",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkCleanupOfCacheMount,
})

func checkCleanupOfCacheMount(p *analyzer.Pass) {
	for _, stage := range p.Stages {
		if !stage.Feeds {
			continue
		}
		for _, step := range stage.Steps {
			for _, m := range step.MountCleanups() {
				target := m.Mount.Target.Text
				d := analyzer.Diagnostic{
					Span:    m.Span,
					Message: target + " is mounted in this RUN, so it can't be removed: rm fails with \"Device or resource busy\"",
					Related: []analyzer.Related{{Span: m.Mount.Flag.Span, Message: "it is mounted here"}},
				}
				if !m.Whole {
					d.Severity = analyzer.Warning
					d.Message = "this empties the cache mount at " + target + ", which is not in the layer anyway: the next build fetches everything again"
				} else if !m.Command.Shell.Certain {
					d.Severity = analyzer.Warning
				}
				d.Fix, d.NoFixReason = dropCleanup(p, step, m)
				p.Report(d)
			}
		}
	}
}

func dropCleanup(p *analyzer.Pass, step *analyzer.Step, m analyzer.MountCleanup) (fix *analyzer.Fix, refused string) {
	if !m.Only {
		return nil, "the command removes something else too"
	}
	if step.Script == nil || step.Instruction.JSON {
		return nil, "the RUN is no shell code"
	}
	index := slices.IndexFunc(step.Script.Items, func(i shell.Item) bool { return i.Command == m.Command.Shell })
	if index < 0 {
		return nil, "the command stands inside another one"
	}
	edits, ok := fixes.DeleteItem(p.Doc, step.Script, index)
	if !ok {
		return nil, "the RUN does nothing else"
	}
	return &analyzer.Fix{Title: "Delete the clean-up", Safety: analyzer.Safe, Edits: edits}, ""
}

package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
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
var CleanupOfCacheMount = register(&analyzer.Rule{
	Code: "PLD405", Name: "cleanup-of-cache-mount",
	Summary:  "a RUN removes a directory that it mounts",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkCleanupOfCacheMount,
})

func checkCleanupOfCacheMount(p *analyzer.Pass) {
	for step := range p.Steps() {
		for _, m := range mountCleanups(step) {
			target := m.mount.Target.Text
			d := analyzer.Diagnostic{
				Span:    m.span,
				Message: target + " is mounted in this RUN, so it can't be removed: rm fails with \"Device or resource busy\"",
				Related: []analyzer.Related{{Span: m.mount.Flag.Span, Message: "it is mounted here"}},
			}
			if !m.whole {
				d.Severity = analyzer.Warning
				d.Message = "this empties the cache mount at " + target + ", which is not in the layer anyway: the next build fetches everything again"
			} else if !m.command.Shell.Certain {
				d.Severity = analyzer.Warning
			}
			d.Fix, d.NoFixReason = dropCleanup(p, step, m)
			p.Report(d)
		}
	}
}

func dropCleanup(p *analyzer.Pass, step *analyzer.Step, m mountCleanup) (fix *analyzer.Fix, refused string) {
	if !m.only {
		return nil, "the command removes something else too"
	}
	if step.Script == nil || step.Instruction.JSON {
		return nil, "the RUN is no shell code"
	}
	index := slices.IndexFunc(step.Script.Items, func(i shell.Item) bool { return i.Command == m.command.Shell })
	if index < 0 {
		return nil, "the command stands inside another one"
	}
	edits, ok := fixes.DeleteItem(p.Doc, step.Script, index)
	if !ok {
		return nil, "the RUN does nothing else"
	}
	return &analyzer.Fix{Title: "Delete the clean-up", Safety: analyzer.Safe, Edits: edits}, ""
}

// mountCleanup is a command of a RUN that removes a directory which the RUN itself mounts, or what is in it.
type mountCleanup struct {
	command *analyzer.Command
	mount   analyzer.Mount
	span    source.Span // the operand
	// Whole tells that the mount point itself is to be removed, which fails; else its contents are.
	whole bool
	// Only tells that the command removes nothing else.
	only bool
}

// mountCleanups are those of the RUN, for cache mounts, and for any mount where the mount point itself is meant.
func mountCleanups(step *analyzer.Step) []mountCleanup {
	var found []mountCleanup
	mounts := step.Mounts()
	if len(mounts) == 0 {
		return nil
	}
	for _, c := range step.Commands {
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) < 2 || shell.Program(argv[0]) != "rm" || !c.Shell.Certain && !c.Shell.Attempted {
			continue
		}
		operands := 0
		var hit *mountCleanup
		for _, f := range argv[1:] {
			if strings.HasPrefix(f.Text(), "-") {
				continue
			}
			operands++
			at := c.State.Abs(f.Value)
			if !at.IsKnown() {
				continue
			}
			for _, m := range mounts {
				if !m.Target.IsKnown() || m.Target.Text == "/" {
					continue
				}
				whole := at.Text == m.Target.Text && m.Type != "secret" && m.Type != "ssh"
				contents := m.Type == "cache" && f.Glob && strings.HasPrefix(at.Text, m.Target.Text+"/") && strings.HasSuffix(at.Text, "/*")
				if hit == nil && (whole || contents) {
					hit = &mountCleanup{command: c, mount: m, span: f.Span, whole: whole}
				}
			}
		}
		if hit != nil {
			hit.only = operands == 1
			found = append(found, *hit)
		}
	}
	return found
}

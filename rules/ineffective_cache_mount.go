package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// IneffectiveCacheMount finds cache mounts that pip or uv do not use: the cache is switched off by `--no-cache-dir` or
// PIP_NO_CACHE_DIR, the mount lies over another directory than the cache of this USER, or it belongs to another user.
//
// Such a mount keeps nothing, so each build downloads and builds everything again. Off is off for pip: PIP_NO_CACHE_DIR has that effect
// with any value, 0 included. pip keeps its cache in ~/.cache/pip of the user that runs it, not in that of root, and leaves a
// directory alone that this user does not own ("The cache has been disabled"): a cache mount is root's unless it says `uid=`.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
//
// # Fix
//
// Removes `--no-cache-dir`, names the right directory, or adds `uid=`. Safe: the same packages are installed, and what is in a cache mount is not in
// the layer. There is no fix where a variable switches the cache off, for other commands may want that.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#run---mounttypecache
//   - https://pip.pypa.io/en/stable/topics/caching/
var IneffectiveCacheMount = register(&analyzer.Rule{
	Code: "PLD210", Name: "ineffective-cache-mount",
	Summary:  "a cache mount that pip or uv does not use",
	Severity: analyzer.Warning, Fix: analyzer.Safe, AsksBase: true, Check: checkIneffectiveCacheMount,
})

func checkIneffectiveCacheMount(p *analyzer.Pass) {
	for step := range p.Steps() {
		for _, idle := range idleMounts(step) {
			p.Report(reportIdleMount(p, step, idle))
		}
	}
}

func reportIdleMount(p *analyzer.Pass, step *analyzer.Step, idle idleMount) analyzer.Diagnostic {
	call := idle.install.Call
	tool := toolName(call)
	d := analyzer.Diagnostic{Span: idle.mount.Flag.Span}
	fix := &analyzer.Fix{Safety: analyzer.Safe}
	retarget := func(value string, names ...string) {
		if edit, ok := fixes.SetMountOption(p.Doc, idle.mount.Flag, value, names...); ok {
			fix.Edits = append(fix.Edits, edit)
		}
	}
	switch o := idle.option; {
	case o.Name != "":
		d.Span = o.Span
		d.Message = fmt.Sprintf("%s switches off the cache that the mount at %s is for, so each build downloads all packages again", o.Written, idle.mount.Target.Text)
		d.Related = append(d.Related, analyzer.Related{Span: idle.mount.Flag.Span, Message: "this is the mount"})
		fix.Title = "Remove " + o.Written
		if idle.covers {
			fix.Edits = dropOption(p, step, o)
		}
	case idle.variable != "":
		d.Message = fmt.Sprintf("%s switches off the cache that this mount is for, so each build downloads all packages again", idle.variable)
		d.NoFixReason = "other commands may want " + idle.variable
	case idle.owner != "":
		d.Message = fmt.Sprintf("the mount belongs to user %s, so %s, which runs as %s, does not use it", idle.owner, tool, idle.install.Command.State.User.Or("root"))
		fix.Title = "Give the mount to the user"
		if idle.uid != "" {
			retarget(idle.uid, "uid")
		}
	default:
		d.Message = fmt.Sprintf("%s keeps its cache in %s here, not in %s, so this mount keeps nothing", tool, idle.dir, idle.mount.Target.Text)
		fix.Title = "Mount the cache at " + idle.dir
		// Anybody else than root could not use the new one either, and would find its parent directories made by root.
		if idle.install.Command.State.IsRoot() {
			retarget(idle.dir, "target", "dst", "destination")
		}
	}
	if len(fix.Edits) > 0 {
		d.Fix = fix
	}
	return d
}

// dropOption removes the option from all commands of the RUN, or from none.
func dropOption(p *analyzer.Pass, step *analyzer.Step, option installer.Option) []analyzer.Edit {
	var edits []analyzer.Edit
	for _, c := range step.Commands {
		if c.Installer == nil {
			continue
		}
		for _, o := range c.Installer.All(option.Name) {
			if step.Instruction.JSON || !c.Shell.Exact || p.File.Text(o.Span) != o.Written {
				return nil
			}
			edits = append(edits, fixes.DeleteWord(p.Doc, o.Span))
		}
	}
	return edits
}

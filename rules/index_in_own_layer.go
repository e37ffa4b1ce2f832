package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// IndexInOwnLayer finds `apt-get update` in a RUN of its own, where a later RUN installs.
//
// Docker keeps the layer of the update until that line changes. When a package is added to the install line a month later, the build takes the
// cached lists of a month ago: versions that the archive no longer has ("404 Not Found"), or that have known holes. Fetched in the RUN that
// installs, the lists are as old as the installation. That they are left in a layer is a matter of the same line.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update
//	RUN apt-get install -y --no-install-recommends libpq5
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Deletes the RUN and begins each later one that installs with `apt-get update &&`. Unsafe: with today's lists other versions
// may be installed.
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#apt-get
var IndexInOwnLayer = register(&analyzer.Rule{
	Code: "PLD411", Name: "index-in-own-layer",
	Summary:  "apt-get update has a layer of its own, whose lists grow old in the cache",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkIndexInOwnLayer,
})

func checkIndexInOwnLayer(p *analyzer.Pass) {
	for step := range p.Steps() {
		if readers := caches.IndexReaders(step); len(readers) > 0 {
			reportOwnIndex(p, step, readers)
		}
	}
}

func reportOwnIndex(p *analyzer.Pass, step *analyzer.Step, readers []*analyzer.Step) {
	update := caches.LeavesIndex(step)[0].OS
	d := analyzer.Diagnostic{
		Span: update.Span,
		Message: update.Program + " update has a layer of its own, so the installation below gets the lists of whatever day that " +
			"layer was cached",
	}
	for _, c := range readers[0].Commands {
		if c.OS != nil {
			d.Related = []analyzer.Related{{Span: c.OS.Span, Message: "this installs with these lists"}}
			break
		}
	}
	d.Fix, d.NoFixReason = joinIndex(p, step, readers)
	p.Report(d)
}

// joinIndex moves the update into the RUNs that read its lists.
func joinIndex(p *analyzer.Pass, step *analyzer.Step, readers []*analyzer.Step) (fix *analyzer.Fix, refused string) {
	if len(step.Commands) != 1 || len(step.Instruction.Heredocs) > 0 || step.Instruction.JSON {
		return nil, "the RUN does more than fetch the lists"
	}
	if needsIndexElsewhere(step, readers) {
		return nil, "a stage that is built from this one, or a script, may install with these lists"
	}
	update := p.File.Text(step.Commands[0].Shell.Span) // with a sudo in front
	fix = &analyzer.Fix{Title: "Fetch the lists where they are used", Safety: analyzer.Unsafe}
	fix.Edits = append(fix.Edits, fixes.DeleteInstruction(p.Doc, step.Instruction, false))
	for _, r := range readers {
		if r.Instruction.JSON || len(r.Instruction.Heredocs) > 0 || r.Script == nil || len(r.Script.Items) == 0 {
			return nil, "a RUN that installs is not one list of commands"
		}
		first := r.Script.Items[0]
		if first.Command == nil {
			return nil, "a RUN that installs begins with something else than a command"
		}
		edit := analyzer.Edit{Span: first.Span, Text: update + " && "}
		edit.Span.End = edit.Span.Start
		fix.Edits = append(fix.Edits, edit)
	}
	return fix, ""
}

package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// CopiedPathMismatch finds a COPY --from of Python packages that misses: its source is a directory that
// nothing in that stage installs to, or it puts the files where no interpreter looks.
//
// A misspelt source (`/pyrot` for `/pyroot`), or another path that nothing in that stage can have made, stops the build with
// "not found". Copying `.local/bin` onto `.local`, `lib` onto `bin`, or `site-packages` to where the interpreter that starts does not look,
// builds well, and the image fails at its first import.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user flask==3.1.0
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyrot /pyroot
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user flask==3.1.0
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyroot /pyroot
//	CMD ["flask", "run"]
//
// # Fix
//
// Corrects a misspelt source. Safe: the build fails as it is. Wrong destinations get a suggestion only.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#copy---from
//   - https://docs.python.org/3/library/sysconfig.html#user-scheme
var CopiedPathMismatch = register(&analyzer.Rule{
	Code: "PLD105", Name: "copied-path-mismatch",
	Summary:  "a COPY --from of Python packages misses them or puts them where no interpreter looks",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkCopiedPathMismatch,
})

func checkCopiedPathMismatch(p *analyzer.Pass) {
	var unseen []analyzer.Content
	if process, ok := p.Target.Process(); ok && !(process.Start.IsInterpreter() && process.OnlyStandardLibrary()) {
		if left, sure := process.LeftOutside(); sure {
			unseen = left
		}
	}
	for step := range p.Steps() {
		if step.Copy != nil && step.Copy.From != nil {
			checkMisplaced(p, step.Copy, unseen)
			checkAbsent(p, step.Copy)
		}
	}
	for s := range p.Feeding() {
		for _, f := range s.Flows() {
			if source := path.Clean("/" + f.Mount.Source); f.Kind == analyzer.MountFlow && f.From != nil && f.Mount.Source != "" && f.From.HasPath(source).Is(analyzer.No) {
				p.Report(analyzer.Diagnostic{Span: f.Mount.Flag.Span, Message: absentSource(f.From, source)})
			}
		}
	}
}

// checkMisplaced reports halves of an installation that arrive under another name. unseen are packages that what starts does not find.
func checkMisplaced(p *analyzer.Pass, c *analyzer.Copy, unseen []analyzer.Content) {
	for _, d := range c.Deliveries() {
		if !d.Mismatch || d.OneScript != "" {
			continue
		}
		// Packages copied to a directory of their own may be meant for PYTHONPATH; only an arrival in the wrong half, or of one half as the
		// whole, is certainly wrong, and what the start command shows.
		own := d.Install.Place == analyzer.UserSite || d.Install.Place == analyzer.VirtualEnv
		lost := slices.ContainsFunc(unseen, func(u analyzer.Content) bool {
			return u.Mismatch && u.Copy == c && u.Install == d.Install && u.Libs == d.Libs
		})
		source := path.Base(d.Source.Text.Text)
		wrongHalf := d.Libs && path.Base(d.Dir) == "bin" || d.Scripts && !d.Libs && path.Base(d.Dir) == "lib"
		partAsWhole := d.Dir == d.Install.Dir.Text
		if !lost && (!own || !wrongHalf && !partAsWhole || scriptsOnPath(c.Step.Stage, d)) {
			continue
		}
		message := fmt.Sprintf("%s is copied onto %s, so the files are not where Python or PATH looks for them", d.Source.Text.Text, d.Dir)
		diagnostic := analyzer.Diagnostic{Span: c.DestSpan, Message: message}
		written := strings.TrimSuffix(p.File.Text(c.DestSpan), "/")
		if partAsWhole && !c.Step.Instruction.JSON {
			diagnostic.Fix = &analyzer.Fix{Title: "Copy to " + d.Dir + "/" + source, Safety: analyzer.Suggestion, Edits: []analyzer.Edit{
				fixes.ReplaceSpan(c.DestSpan, written+"/"+source),
			}}
		}
		p.Report(diagnostic)
		return
	}
}

// scriptsOnPath tells whether a delivery of scripts alone arrives in a directory of PATH, and the packages come in another way.
func scriptsOnPath(s *analyzer.Stage, d analyzer.Content) bool {
	return d.Scripts && !d.Libs && s.After.OnPath(d.Dir) != analyzer.No &&
		slices.ContainsFunc(s.Contents(), func(c analyzer.Content) bool { return c.Libs })
}

func literal(a dockerfile.Arg) bool { return !strings.ContainsAny(a.Text, "$'\"\\`") }

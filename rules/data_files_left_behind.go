package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// DataFilesLeftBehind finds a user base of which only lib, or lib and bin, are copied though its packages have files in share or etc.
//
// Wheels may carry data files, which pip puts beside lib and bin: Jupyter's kernels, extensions and the templates of nbconvert, JupyterHub's
// pages, whatever a project declares as `data_files`. The imports work without them, and the program fails later: `jupyter lab` finds no kernel,
// JupyterHub no template.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user jupyterlab==4.6.6
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyroot/lib/ /pyroot/lib/
//	COPY --from=builder /pyroot/bin/ /pyroot/bin/
//	CMD ["jupyter", "lab", "--ip=0.0.0.0"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user jupyterlab==4.6.6
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot PATH=$PATH:/pyroot/bin
//	COPY --from=builder /pyroot/lib/ /pyroot/lib/
//	COPY --from=builder /pyroot/shar[e] /pyroot/share
//	COPY --from=builder /pyroot/et[c] /pyroot/etc
//	COPY --from=builder /pyroot/bin/ /pyroot/bin/
//	CMD ["jupyter", "lab", "--ip=0.0.0.0"]
//
// # Fix
//
// Copies the directories too. Safe: files are added that nothing has looked at. They are written as patterns, since a COPY of a
// directory that is not there fails and a pattern that matches nothing does not.
//
// # References
//
//   - https://packaging.python.org/en/latest/specifications/binary-distribution-format/#the-data-directory
//   - https://docs.docker.com/reference/dockerfile/#copy
var DataFilesLeftBehind = register(&analyzer.Rule{
	Code: "PLD126", Name: "data-files-left-behind",
	Summary:  "lib and bin of a user base are copied, the data files of its packages are not",
	Severity: analyzer.Info, Fix: analyzer.Safe, Check: checkDataFilesLeftBehind,
})

func checkDataFilesLeftBehind(p *analyzer.Pass) {
	for _, lost := range findLostData(p.Build) {
		c := lost.content
		d := analyzer.Diagnostic{
			Span: c.Source.Span,
			Message: fmt.Sprintf("%s has files in %s of the user base, which are not copied with it",
				lost.name, words.List(lost.dirs)),
			Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "it is installed here"}},
		}
		in := c.Copy.Step.Instruction
		if in.JSON || len(c.Copy.Sources) > 1 || strings.ContainsAny(lost.base, " $\"'*?[") {
			d.NoFixReason = "the COPY has more than one source, or its paths would need quotes"
			p.Report(d)
			continue
		}
		var lines []string
		for _, dir := range lost.dirs {
			words := []string{p.File.Text(in.KeywordSpan)}
			for _, flag := range in.Flags {
				words = append(words, p.File.Text(flag.Span))
			}
			last := len(dir) - 1
			words = append(words, path.Join(lost.base, dir[:last]+"["+dir[last:]+"]"), c.Written()+"/"+dir)
			lines = append(lines, strings.Join(words, " "))
		}
		d.Fix = &analyzer.Fix{Title: "Copy " + words.List(lost.dirs) + " too", Safety: analyzer.Safe, Edits: []analyzer.Edit{
			fixes.InsertAfter(p.Doc, in, strings.Join(lines, "\n")),
		}}
		p.Report(d)
	}
}

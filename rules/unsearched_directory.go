package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnsearchedDirectory finds packages of the final image in a directory that its interpreter does not search, so that imports fail.
//
// Each Python searches directories of its own: that of python:* images `/usr/local/lib/python3.X/site-packages`, Debian's, Ubuntu's and that of
// distroless images `dist-packages` of `/usr` and `/usr/local` and no `site-packages` there, and none of them a directory made by `--target`,
// or a prefix such as `/install`, unless PYTHONPATH or a .pth file names it. User bases and virtual environments are other matters.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --target=/deps flask==3.1.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /deps /deps
//	COPY main.py /app/
//	CMD ["python", "/app/main.py"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN pip install --target=/deps flask==3.1.0
//
//	FROM python:3.12-slim
//	COPY --from=builder /deps /deps
//	ENV PYTHONPATH=/deps
//	COPY main.py /app/
//	CMD ["python", "/app/main.py"]
//
// # Fix
//
// Names a directory made by --target in PYTHONPATH. Safe: nothing else is found by it. Other layouts get none: which of the two stages should
// change is to be decided.
//
// # References
//
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH
//   - https://wiki.debian.org/Python#Deviations_from_upstream
var UnsearchedDirectory = register(&analyzer.Rule{
	Code: "PLD129", Name: "unsearched-directory",
	Summary:  "packages are in a directory that no interpreter of the final image searches",
	Severity: analyzer.Error, Fix: analyzer.Safe, AsksBase: true, Check: checkUnsearchedDirectory,
})

func checkUnsearchedDirectory(p *analyzer.Pass) {
	process, ok := p.Target.Process()
	if !ok || !process.Python || process.Start.IsInterpreter() && process.OnlyStandardLibrary() {
		return
	}
	left, sure := process.LeftOutside()
	if !sure {
		return
	}
	for _, c := range left {
		if c.Mismatch || process.IsEnvironment(c) || c.Install.Place == analyzer.UserSite || c.Copy == nil {
			continue
		}
		// Another version of Python, and Debian's nested prefixes, are matters of their own.
		mine, theirs := p.Target.Interpreter(), c.Install.Interpreter
		if c.Install.NestedPrefix() != "" || c.Install.Place != analyzer.TargetDir && (mine == nil || theirs == nil || mine.Minor != theirs.Minor) {
			continue
		}
		dir := c.PackagesDir()
		if dir == "" {
			dir = c.Dir
		}
		d := analyzer.Diagnostic{
			Span:    c.Source.Span,
			Message: fmt.Sprintf("the packages are in %s, where %s of the final image does not look, so imports of them fail", dir, process.Start.Program()),
			Related: []analyzer.Related{
				{Span: c.Install.Call.Span, Message: "they are installed here"},
				{Span: process.Start.Span, Message: "this is started"},
			},
			NoFixReason: "the packages were installed for an interpreter that searches other directories",
		}
		if c.Install.Place == analyzer.TargetDir {
			d.NoFixReason = ""
			d.Fix = &analyzer.Fix{Title: "Name " + c.Dir + " in PYTHONPATH", Safety: analyzer.Safe, Edits: []analyzer.Edit{
				fixes.InsertBefore(p.Doc, c.Copy.Step.Instruction, "ENV PYTHONPATH="+c.Dir),
			}}
		}
		p.Report(d)
		return
	}
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// InstallerInUserBase finds pip, poetry and their like installed into the user base that is copied into the final image.
//
// What runs the application needs no installer: pip and setuptools alone make the image 23 MB larger, scanners report what they find in
// them, and the `pip` of the base image then runs the copy in the user base. Install the tools for the builder's interpreter, before
// PYTHONUSERBASE matters, or into a virtual environment of their own.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install --user pip==26.0 setuptools==80.9.0
//	RUN pip install --user flask==3.1.0
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	RUN pip install pip==26.0 setuptools==80.9.0
//	RUN pip install --user flask==3.1.0
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "flask", "run"]
//
// # Fix
//
// Drops `--user` where nothing but pip, setuptools and wheel is installed. Unsafe: a package that needs setuptools at run time, such as
// one that imports pkg_resources, is then installed without it. There is none for tools with libraries that applications use too,
// which pip would leave out of the user base when they are installed for the interpreter.
//
// # References
//
//   - https://pip.pypa.io/en/stable/user_guide/#user-installs
var InstallerInUserBase = register(&analyzer.Rule{
	Code: "PLD127", Name: "installer-in-user-base",
	Summary:  "pip or another installer is in the user base that the final image gets",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkInstallerInUserBase,
})

func checkInstallerInUserBase(p *analyzer.Pass) {
	for _, shipped := range findShippedTools(p.Build) {
		var names []string
		for _, tool := range shipped.tools {
			names = append(names, tool.Name)
		}
		d := analyzer.Diagnostic{
			Span:    shipped.tools[0].Span,
			Message: fmt.Sprintf("%s would only install packages in the final image, which gets this user base", words.List(names)),
			Related: []analyzer.Related{{Span: shipped.content.Source.Span, Message: "the user base is copied here"}},
		}
		switch o := shipped.option; {
		case shipped.leavesOut():
			d.NoFixReason = "what they depend on would then be left out of the user base: give them a virtual environment of their own"
		case !shipped.alone || o == nil:
			d.NoFixReason = "the same command installs other packages, or the environment asks for the user base"
		case !shipped.content.Install.Command.Shell.Exact || o.Written != p.File.Text(o.Span) || shipped.content.Install.Command.State.NonRoot():
			d.NoFixReason = "without --user the packages would go there all the same, or the command is inside quotes"
		default:
			d.Fix = &analyzer.Fix{Title: "Drop --user", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{fixes.DeleteWord(p.Doc, o.Span)}}
		}
		p.Report(d)
	}
}

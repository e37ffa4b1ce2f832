package rules

import (
	"fmt"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// EditableInstall finds `pip install -e` in the final image.
//
// An editable install is a link: the code stays in the source tree, and the image works only as long as the whole tree is there, at
// that path, readable by the user that runs it. So tests, caches and everything else that was copied have to ship too, and a volume over
// the directory takes the application away. For a repository, pip leaves the clone with its history in ./src. Images for development
// and tests, where an edit shall take effect at once, are not judged.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /src
//	COPY . .
//	RUN pip install --no-cache-dir -e .
//	CMD ["myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /src
//	COPY . .
//	RUN pip install --no-cache-dir .
//	CMD ["myapp"]
//
// # Fix
//
// Removes `-e` where the project has nothing but code, as far as the build context tells: data files that a project does not declare are
// not installed. Unsafe: a script that is run from the tree finds two copies of the code.
//
// # References
//
//   - https://setuptools.pypa.io/en/latest/userguide/development_mode.html
//   - https://pip.pypa.io/en/stable/topics/local-project-installs/#editable-installs
var EditableInstall = register(&analyzer.Rule{
	Code: "PLD207", Name: "editable-install",
	Summary:  "the final image has an editable install",
	Do:       "install the project without -e",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkEditableInstall,
})

func checkEditableInstall(p *analyzer.Pass) {
	if purpose.ForDevelopment(p.Build) || purpose.StartsWork(p.Build) {
		return
	}
	for _, stage := range p.Target.Chain() {
		for _, in := range stage.Installs() {
			if call := in.Call; call.Tool == installer.Pip || call.Tool == installer.UvPip {
				reportEditable(p, in)
			}
		}
	}
}

// reportEditable is one finding for a command.
func reportEditable(p *analyzer.Pass, in *analyzer.Installation) {
	var d analyzer.Diagnostic
	fix := &analyzer.Fix{Title: "Remove -e", Safety: analyzer.Unsafe}
	for _, r := range in.Requirements {
		if !r.Editable || r.Kind == installer.Doubtful {
			continue
		}
		if d.Message != "" {
			d.Related = append(d.Related, analyzer.Related{Span: r.Span, Message: "this is editable too"})
			continue
		}
		d.Span = r.Span
		d.Message = fmt.Sprintf("%s is installed as a link to its source tree, so the image needs the whole tree and breaks without it", r.Text)
	}
	if d.Message == "" {
		return
	}
	for _, o := range in.Call.All("--editable") {
		at := source.Span{Start: o.Span.Start, End: o.ValueSpan.Start}
		if o.ValueSpan.Empty() || in.Command.Step.Instruction.JSON || !in.Command.Shell.Exact || !optionOnly(p.File.Text(at), o.Written) {
			d.NoFixReason = "the option can't be taken out where it stands"
			p.Report(d)
			return
		}
		fix.Edits = append(fix.Edits, fixes.ReplaceSpan(at, ""))
	}
	switch file, known := findDataFile(in); {
	case slices.ContainsFunc(in.Requirements, isLocalTree) && !known:
		d.NoFixReason = "without the build context it is not known whether the project needs files that a wheel leaves out"
	case file != "":
		d.NoFixReason = file + " may be found through the source tree only"
	case len(fix.Edits) > 0:
		d.Fix = fix
	}
	p.Report(d)
}

func isLocalTree(r installer.Requirement) bool { return r.Editable && r.Kind == installer.Local }

// optionOnly tells whether the text is the option and what parts it from its value on the same line.
func optionOnly(text, written string) bool {
	return text == written || text == written+" " || text == written+"="
}

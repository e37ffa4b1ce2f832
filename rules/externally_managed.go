package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ExternallyManaged finds `pip install` with the Python of Debian 12, Ubuntu 23.04, Alpine 3.19, or a later release,
// outside of a virtual environment.
//
// These distributions mark their interpreter as theirs (PEP 668). pip stops with "error: externally-managed-environment", with
// `--user` too, and the build with it. Where no package brings pip, the build fails for the want of it first; installing that one does not help. Installs with `--prefix`, `--root` or `--target` are free. The official python images are not concerned: their
// interpreter in /usr/local has no marker. A file that removes the marker, configures pip, or brings another interpreter is not judged.
//
// # Flagged
//
//	FROM debian:12
//	RUN apt-get update && apt-get install -y --no-install-recommends python3-pip
//	RUN pip3 install flask==3.1.0
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM debian:12
//	RUN apt-get update && apt-get install -y --no-install-recommends python3-pip python3-venv
//	ENV PATH=/opt/venv/bin:$PATH
//	RUN python3 -m venv /opt/venv && pip3 install flask==3.1.0
//	CMD ["flask", "run"]
//
// # Fix
//
// Makes a virtual environment at /opt/venv, first on PATH, and adds python3-venv where Debian and Ubuntu need it. Unsafe: what else runs
// python3 gets that of the environment. There is no fix for stages that others copy from, nor where the system's Python is named by path.
//
// # References
//
//   - https://peps.python.org/pep-0668/
//   - https://packaging.python.org/en/latest/specifications/externally-managed-environments/
var ExternallyManaged = register(&analyzer.Rule{
	Code: "PLD208", Name: "externally-managed",
	Summary:  "pip installs into the distribution's own Python and is refused",
	Do:       "install into a virtual environment",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkExternallyManaged,
})

func checkExternallyManaged(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		var refused []*analyzer.Installation
		for _, in := range stage.Installs() {
			if isRefused(in) {
				refused = append(refused, in)
			}
		}
		if len(refused) > 0 {
			p.Report(refusal(p, stage, refused))
		}
	}
}

// refusal is one finding for a stage: the build ends at the first.
func refusal(p *analyzer.Pass, stage *analyzer.Stage, refused []*analyzer.Installation) analyzer.Diagnostic {
	first := refused[0]
	d := analyzer.Diagnostic{Span: first.Call.Span}
	d.Message = fmt.Sprintf("the Python of %s belongs to the distribution, so %s refuses to install into it and the build fails",
		distribution(stage), toolName(first.Call))
	if lacksPip(first) && !afterMention(first.Command, ensuresPip) {
		d.Message = fmt.Sprintf("the Python of %s comes without pip, and belongs to the distribution, so that pip would refuse to install into it: the build fails",
			distribution(stage))
	}
	for _, in := range refused[1:] {
		d.Related = append(d.Related, analyzer.Related{Span: in.Call.Span, Message: "this would be refused too"})
	}
	edits, reason := fixes.InstallIntoVenv(p.Build, refused)
	if reason != "" {
		d.NoFixReason = reason
		return d
	}
	d.Fix = &analyzer.Fix{Title: "Install into a virtual environment at " + fixes.DefaultVenv, Safety: analyzer.Unsafe, Edits: edits}
	return d
}

// toolName is what people call the tool: "uv pip" is uv.
func toolName(call *installer.Command) string {
	name, _, _ := strings.Cut(string(call.Tool), " ")
	return name
}

func distribution(stage *analyzer.Stage) string {
	if end, ok := stage.Image.End(); ok && stage.Image.Product() != "python" {
		return end.Name
	}
	if ref := stage.Image.Reference; stage.Image.Release == "" {
		return ref.Text
	}
	return stage.Image.Distro + " " + stage.Image.Release
}

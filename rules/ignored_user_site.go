package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// IgnoredUserSite finds user installs that can't work: pip refuses them, or the interpreter is told not to look for their
// packages.
//
// In a virtual environment, and together with --target or --prefix, pip ends with "Can not perform a '--user' install" or
// "Can not combine", and the build fails. PYTHONNOUSERSITE, `python -s` and `python -I` keep the user base off sys.path, so the
// image fails at its first import. `python -E` does neither.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN python -m venv /opt/venv
//	ENV PATH="/opt/venv/bin:$PATH"
//	RUN pip install --no-cache-dir --user flask==3.1.0
//	CMD ["flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN python -m venv /opt/venv
//	ENV PATH="/opt/venv/bin:$PATH"
//	RUN pip install --no-cache-dir flask==3.1.0
//	CMD ["flask", "run"]
//
// # Fix
//
// Drops --user. Safe: the build fails as it is. PYTHONNOUSERSITE and options of python are left to you, since somebody
// meant them.
//
// # References
//
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONNOUSERSITE
//   - https://pip.pypa.io/en/stable/user_guide/#user-installs
var IgnoredUserSite = register(&analyzer.Rule{
	Code: "PLD118", Name: "ignored-user-site",
	Summary:  "a user install is refused, or the interpreter does not look for its packages",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkIgnoredUserSite,
})

func checkIgnoredUserSite(p *analyzer.Pass) {
	for s := range p.Feeding() {
		for _, in := range s.Installs() {
			if reason, by := refusedUser(in); reason != "" {
				reportRefusedUser(p, in, reason, by)
			}
		}
	}
	found, ok := p.Target.IgnoredUserSite()
	if !ok {
		return
	}
	p.Report(analyzer.Diagnostic{
		Span:        found.Span,
		Message:     fmt.Sprintf("%s, so Python does not look for the packages in %s", found.Reason, found.Content.Dir),
		Related:     []analyzer.Related{{Span: found.Content.Install.Call.Span, Message: "they are installed into the user base here"}},
		NoFixReason: "it may be meant for something else",
	})
}

func reportRefusedUser(p *analyzer.Pass, in *analyzer.Installation, reason string, by source.Span) {
	d := analyzer.Diagnostic{Span: in.Call.VerbSpan, Message: reason + ", so the build fails"}
	if !by.Empty() {
		d.Related = []analyzer.Related{{Span: by, Message: "one of the two has to go"}}
	}
	o, ok := in.Call.Option("--user")
	if !ok {
		d.Message = "PIP_USER asks for a user install, while " + reason + ", so the build fails"
		d.NoFixReason = "the environment asks for the user install"
		p.Report(d)
		return
	}
	d.Span = o.Span
	if in.Call.Opaque == "" && in.Call.Shell.Exact && o.Written == p.File.Text(o.Span) && by.Empty() {
		d.Fix = &analyzer.Fix{Title: "Drop --user", Safety: analyzer.Safe, Edits: []analyzer.Edit{fixes.DeleteWord(p.Doc, o.Span)}}
	} else {
		d.NoFixReason = "which of the two is meant can't be told"
	}
	p.Report(d)
}

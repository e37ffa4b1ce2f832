package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UserbaseNotInRuntime finds a final image that receives the user base of a builder stage while its
// PYTHONUSERBASE is unset or names another directory.
//
// Python looks for user packages in PYTHONUSERBASE, or in `~/.local` when it is unset. Variables of
// the builder do not travel with COPY, so the copied packages are invisible: a plain `import` fails with
// ModuleNotFoundError, and importlib.metadata and pkg_resources find no entry points. This was seen with
// Python 3.10 to 3.14; `python -E` changes nothing, since the site module reads the variable itself.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	COPY requirements.txt .
//	RUN pip install --user -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYTHONUSERBASE=/pyroot
//	COPY requirements.txt .
//	RUN pip install --user -r requirements.txt
//
//	FROM python:3.12-slim
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Adds `ENV PYTHONUSERBASE=` with the directory above the COPY. Safe: it only adds a place to search. There is no
// fix where the variable already names another directory, or where the final image has a user base of its own.
//
// # References
//
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUSERBASE
//   - https://peps.python.org/pep-0370/
var UserbaseNotInRuntime = register(&analyzer.Rule{
	Code: "PLD103", Name: "userbase-not-in-runtime",
	Summary:  "the final image receives a user base that its PYTHONUSERBASE does not name",
	Severity: analyzer.Error, Fix: analyzer.Safe, AsksBase: true, Check: checkUserbaseNotInRuntime,
})

func checkUserbaseNotInRuntime(p *analyzer.Pass) {
	seen := map[string]bool{}
	for _, c := range p.Received() {
		if c.Install.Place != analyzer.UserSite || !c.Libs || seen[c.Dir] || p.Private(c.Dir) {
			continue
		}
		seen[c.Dir] = true
		if p.Target.FindsUserBase(c.Dir) != analyzer.No {
			continue
		}
		base := p.Target.After.Env("PYTHONUSERBASE")
		d := analyzer.Diagnostic{
			Span:    c.Source.Span,
			Message: fmt.Sprintf("PYTHONUSERBASE is not set in the final image, so Python does not find the packages in %s", c.Dir),
			Related: []analyzer.Related{{Span: c.Install.Call.Span, Message: "they are installed into the user base here"}},
		}
		switch {
		case base.Kind == env.Known:
			d.Message = fmt.Sprintf("PYTHONUSERBASE is %q in the final image, so Python does not find the packages in %s", base.Text, c.Dir)
			d.NoFixReason = "PYTHONUSERBASE is already set to another directory"
		case hasOwnUserBase(p.Target):
			d.NoFixReason = "the final image has a user base of its own"
		default:
			d.Fix = &analyzer.Fix{Title: "Set PYTHONUSERBASE to " + c.Dir, Safety: analyzer.Safe, Edits: []analyzer.Edit{
				fixes.InsertBefore(p.Doc, c.Copy.Step.Instruction, "ENV PYTHONUSERBASE="+c.Written()),
			}}
		}
		p.Report(d)
	}
}

// hasOwnUserBase tells whether a user base is installed in the stage itself.
func hasOwnUserBase(s *analyzer.Stage) bool {
	for _, c := range s.Contents() {
		if c.Copy == nil && c.Install.Place == analyzer.UserSite {
			return true
		}
	}
	return false
}

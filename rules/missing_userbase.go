package rules

import (
	"fmt"
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MissingUserbase finds `pip install --user` in a builder stage while PYTHONUSERBASE is unset, and the silent user
// install that pip makes for a non-root USER: the packages go to the home directory of whoever runs the build.
//
// The final image then finds them only while its user has the same home directory. Another USER, a numeric one, or the
// arbitrary uid that Kubernetes and OpenShift may give (HOME is then `/`) searches elsewhere and gets ModuleNotFoundError;
// and the home of root has mode 0700. A user base of its own, such as /pyroot, works for every user. Where the same user other than root is named
// in both stages, this is advice.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN pip install --user -r requirements.txt
//
//	FROM python:3.12-slim
//	COPY --from=builder /root/.local /root/.local
//	ENV PATH=/root/.local/bin:$PATH
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
//	ENV PATH=/pyroot/bin:$PATH
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Sets PYTHONUSERBASE to /pyroot (configuration: user-base) in both stages and moves the COPY and PATH there.
// Unsafe: scripts outside the Dockerfile may name the old directory. There is no fix where the Dockerfile
// itself mentions the directory in any other instruction.
//
// # References
//
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUSERBASE
//   - https://pip.pypa.io/en/stable/user_guide/#user-installs
var MissingUserbase = register(&analyzer.Rule{
	Code: "PLD102", Name: "missing-userbase",
	Summary:  "a builder installs into the user base while PYTHONUSERBASE is unset",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, AsksBase: true, Check: checkMissingUserbase,
})

func checkMissingUserbase(p *analyzer.Pass) {
	seen := map[string]bool{}
	for _, c := range p.Received() {
		in := c.Install
		// Whoever can't even enter the directory has a harder problem, which is not this rule's.
		if in.Place != analyzer.UserSite || !in.InHome() || seen[c.Dir] || p.Private(c.Dir) {
			continue
		}
		seen[c.Dir] = true
		if python := p.Target.Interpreter(); python != nil && c.Dir == python.Prefix {
			continue // there everybody searches
		}
		report := analyzer.Diagnostic{
			Span:    in.Call.Span,
			Message: fmt.Sprintf("PYTHONUSERBASE is unset here, so the packages go to %s, which only a user with that home directory searches", in.Dir.Text),
			Related: []analyzer.Related{{Span: c.Source.Span, Message: "they are copied into the final image here"}},
		}
		// One who names the same user in both stages has it as he wants it.
		if after := p.Target.After; after.NonRoot() && after.Home().Is(path.Dir(c.Dir)) && in.Dir.Is(c.Dir) && in.Command.State.NonRoot() {
			report.Severity = analyzer.Info
		}
		if in.Implicit {
			report.Message = fmt.Sprintf("pip can't write to site-packages as this USER and silently installs into %s, which only a user with that home directory searches", in.Dir.Text)
			report.NoFixReason = "the install does not say --user"
			p.Report(report)
			continue
		}
		if o, ok := in.Call.Option("--user"); ok {
			report.Span = o.Span
		}
		report.Fix, report.NoFixReason = ownUserBase(p, in.Dir.Text)
		p.Report(report)
	}
}

// ownUserBase is the fix that gives the packages a user base outside any home directory.
func ownUserBase(p *analyzer.Pass, old string) (*analyzer.Fix, string) {
	edits, reason := fixes.MoveUserBase(p.Build, old)
	if reason != "" {
		return nil, reason
	}
	base := p.Settings.UserBase
	if base == "" {
		base = fixes.DefaultUserBase
	}
	return &analyzer.Fix{Title: "Move the packages to a user base at " + base, Safety: analyzer.Unsafe, Edits: edits}, ""
}

package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// UnknownUser finds a USER or a --chown with the name of a user that does not exist.
//
// After `USER app` every RUN stops with "unable to find user app: no matching entries in passwd file", and so does each start of the
// image. `COPY --chown=app` gives the files to root in silence with BuildKit (Docker's older builder stopped); that is a warning. Names are judged only where the users of the base image are known,
// and where nothing before, such as a script or the package of a service, may have made one.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --chown=app:app src /app
//	USER app
//	CMD ["python", "/app/main.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN useradd --no-create-home --uid 10001 app
//	COPY --chown=app:app src /app
//	USER app
//	CMD ["python", "/app/main.py"]
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#user
//   - https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
var UnknownUser = register(&analyzer.Rule{
	Code: "PLD510", Name: "unknown-user",
	Summary:  "USER or --chown names a user that nothing has made",
	Do:       "make the user with useradd or adduser first, or name a numeric id",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkUnknownUser,
})

func checkUnknownUser(p *analyzer.Pass) {
	for stage := range p.Feeding() {
		users := unknownUsers(stage)
		// One missing user is one finding, however often it is named; USER is worse than --chown.
		stable.Sort(users, func(a, b unknownUser) int {
			if a.copy == b.copy {
				return 0
			}
			if b.copy {
				return -1
			}
			return 1
		})
		byName := map[string][]unknownUser{}
		for _, u := range users {
			byName[u.name] = append(byName[u.name], u)
		}
		for _, first := range users {
			same := byName[first.name]
			if same[0].span != first.span {
				continue
			}
			d := analyzer.Diagnostic{Span: first.span, Message: "nothing has made the user " + first.name}
			if first.copy {
				d.Severity = analyzer.Warning
				d.Message += " so far, so BuildKit gives the files to root, and older builders stop"
			} else {
				d.Message += ", so neither a RUN below nor the image itself can start"
			}
			for _, u := range same[1:] {
				d.Related = append(d.Related, analyzer.Related{Span: u.span, Message: "it is named here too"})
			}
			p.Report(d)
		}
	}
}

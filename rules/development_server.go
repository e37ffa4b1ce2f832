package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
)

// DevelopmentServer finds a final image that starts a server made for development, or turns a debug mode on.
//
// `flask run` and `manage.py runserver` are not hardened and not made to be fast or stable: their makers say so in capitals. A server with
// `--reload` watches all files, runs one worker only and restarts at each change. `FLASK_DEBUG=1` lets a browser run code in the container
// as soon as an exception shows the debugger, and Django's debug pages show settings and sources.
//
// FLASK_ENV is advice only: Flask took the debugger from it until 2.2, and has ignored it since 2.3.
//
// Images that are for development going by the name of the file or of the stage are not judged.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir flask==3.1.0
//	COPY src /app
//	CMD ["flask", "--app", "/app/main", "run", "--host", "0.0.0.0"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir flask==3.1.0 gunicorn==23.0.0
//	COPY src /app
//	CMD ["gunicorn", "--chdir", "/app", "--bind", "0.0.0.0:8000", "main:app"]
//
// # References
//
//   - https://flask.palletsprojects.com/en/stable/deploying/
//   - https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver
//   - https://www.uvicorn.org/deployment/
var DevelopmentServer = register(&analyzer.Rule{
	Code: "PLD508", Name: "development-server",
	Summary:  "the final image starts a development server or turns a debug mode on",
	Do:       "install and start gunicorn, uvicorn or waitress; set debug variables only where you develop",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Check: checkDevelopmentServer,
})

func checkDevelopmentServer(p *analyzer.Pass) {
	if purpose.ForDevelopment(p.Build) {
		return
	}
	for _, server := range devServers(p.Target) {
		message := "`" + server.name + "` " + server.harm
		if server.instead != "" {
			message += ": start " + server.instead + " instead"
		} else {
			message += ": leave it to those who develop"
		}
		d := analyzer.Diagnostic{Span: server.span, Message: message}
		if server.advised {
			d.Severity = analyzer.Info
		}
		p.Report(d)
	}
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// UnreadableHome finds Python packages below /root in a final image that runs as another user.
//
// The same goes for environments that `poetry run` and `pipenv run` start in, where those tools have put them into root's home, and for an
// interpreter that uv has downloaded for root: the `python` of the environment is a link to it.
//
// /root has mode 0700 in the images of Debian, Ubuntu and Alpine. A non-root USER can't enter it, whatever owner the files
// below have: scripts fail with "Permission denied" and imports with ModuleNotFoundError, also with PYTHONUSERBASE or HOME set to it.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	COPY requirements.txt .
//	RUN pip install --user -r requirements.txt
//
//	FROM python:3.12-slim
//	RUN useradd --create-home app
//	COPY --from=builder /root/.local /root/.local
//	ENV PATH=/root/.local/bin:$PATH
//	USER app
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
//	RUN useradd --create-home app
//	ENV PYTHONUSERBASE=/pyroot
//	COPY --from=builder /pyroot /pyroot
//	ENV PATH=/pyroot/bin:$PATH
//	USER app
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// For a user base: sets PYTHONUSERBASE to /pyroot (configuration: user-base) in both stages and moves the COPY and PATH
// there. Unsafe: scripts outside the Dockerfile may name the old directory.
//
// # References
//
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUSERBASE
//   - https://docs.docker.com/reference/dockerfile/#user
var UnreadableHome = register(&analyzer.Rule{
	Code: "PLD106", Name: "unreadable-home",
	Summary:  "the packages lie below /root, which the image's user can't enter",
	Severity: analyzer.Error, Fix: analyzer.Unsafe, AsksBase: true, Check: checkUnreadableHome,
})

func checkUnreadableHome(p *analyzer.Pass) {
	for _, c := range p.Target.Contents() {
		if !c.Libs || !p.Private(c.Dir) {
			continue
		}
		span, related := c.Source.Span, []analyzer.Related{{Span: c.Install.Call.Span, Message: "the packages are installed here"}}
		if c.Copy == nil {
			span, related = c.Install.Call.Span, nil
		}
		d := analyzer.Diagnostic{
			Span: span, Related: related,
			Message: fmt.Sprintf("the packages are in %s, but the image runs as %s, who can't enter /root (mode 0700)", c.Dir, p.Target.After.User.Text),
		}
		if c.Install.Place == analyzer.UserSite && c.Install.InHome() {
			d.Fix, d.NoFixReason = ownUserBase(p, c.Install.Dir.Text)
		}
		p.Report(d)
		return
	}
	h, found := findRootsEnvironment(p.Build)
	if !found {
		return
	}
	d := analyzer.Diagnostic{Span: h.install.Call.Span}
	if h.python {
		d.Message = fmt.Sprintf("the python of %s is a link into %s, but the image runs as %s, who can't enter /root (mode 0700)",
			h.path, h.dir, p.Target.After.User.Text)
		d.NoFixReason = "set UV_PYTHON_INSTALL_DIR above it to a directory that everybody can enter, such as /opt/python"
	} else {
		d.Message = fmt.Sprintf("%s keeps the environment in %s, but the image runs as %s, who can't enter /root (mode 0700)",
			h.install.Call.Tool, h.dir, p.Target.After.User.Text)
		d.NoFixReason = "let it make the environment in the project's directory: set POETRY_VIRTUALENVS_IN_PROJECT=1 or PIPENV_VENV_IN_PROJECT=1 above it"
	}
	p.Report(d)
}

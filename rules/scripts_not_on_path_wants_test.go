package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

func TestWants(t *testing.T) {
	const flask = "FROM python:3.12-slim AS b\nENV PYTHONUSERBASE=/pyroot\nRUN pip install --user flask\n"
	const app = "FROM python:3.12-slim AS b\nENV PYTHONUSERBASE=/pyroot\nCOPY . /src\nRUN pip install --user /src\n"
	const venv = "FROM python:3.12-slim AS b\nRUN python -m venv /venv\nRUN /venv/bin/pip install flask\n"
	const final = "FROM python:3.12-slim\n"
	const whole, lib, bin = "COPY --from=b /pyroot /pyroot\n", "COPY --from=b /pyroot/lib /pyroot/lib\n", "COPY --from=b /pyroot/bin /pyroot/bin\n"
	for _, test := range []struct{ text, want string }{
		{flask + final + whole + `CMD ["flask", "run"]`, "by flask"},
		{flask + final + whole + `CMD exec flask run`, "by flask"},
		{flask + final + whole + `ENTRYPOINT ["tini", "--"]` + "\n" + `CMD ["flask", "run"]`, "by flask"},
		{flask + final + whole + "HEALTHCHECK CMD flask ping\n" + `CMD ["python", "-m", "app"]`, "by flask"},
		{strings.Replace(flask, "flask", "-r requirements.txt", 1) + final + whole + `CMD ["gunicorn", "app"]`, "by gunicorn"},
		{app + final + whole + `CMD ["serve"]`, "by serve"}, // an entry point of pyproject.toml
		{app + final + whole + `CMD ["gunicorn", "app"]`, "by gunicorn"},
		{flask + final + bin + `CMD ["python", "-m", "app"]`, "yes"}, // nothing but scripts was copied
		{venv + final + "COPY --from=b /venv /venv\n" + `CMD ["python", "app.py"]`, "by python"},

		{flask + final + whole + `CMD ["python", "-m", "flask", "run"]`, "no"},
		{flask + final + whole + `CMD ["/pyroot/bin/flask", "run"]`, "no"},
		{flask + final + bin + `CMD ["/pyroot/bin/flask", "run"]`, "no"}, // by path: no PATH is needed
		{flask + final + whole + `CMD ["gunicorn", "app"]`, "no"},        // flask does not bring it
		{flask + final + whole + `CMD ["nginx"]`, "no"},
		{flask + final + whole, "no"},
		{flask + final + lib + `CMD ["flask", "run"]`, "no"}, // the script was not copied
		{flask + final + whole + `CMD ["/usr/bin/flask", "run"]`, "no"},
		{flask + final + whole + "HEALTHCHECK CMD flask ping\nHEALTHCHECK NONE\n" + `CMD ["python"]`, "no"},
		{app + final + whole + `CMD ["serve2"]`, "no"},
		{venv + final + "COPY --from=b /venv /venv\n" + `CMD ["/venv/bin/python", "app.py"]`, "no"},
		{flask + final + whole + "ARG C\n" + `CMD $C run`, "no"},
	} {
		context := project.Open(fstest.MapFS{
			"pyproject.toml": {Data: []byte("[project]\nname = \"app\"\nversion = \"1\"\n[project.scripts]\nserve = \"app:main\"\n")},
		}, "Dockerfile")
		b := analyze(t, test.text, analyzer.Settings{Context: context})
		received := b.Received()
		if len(received) != 1 {
			t.Errorf("%s\n%d contents were copied", test.text, len(received))
			continue
		}
		got := "no"
		switch wanted, by := wants(b.Target, received[0]); {
		case by != nil:
			got = "by " + by.Program()
		case wanted:
			got = "yes"
		}
		if got != test.want {
			t.Errorf("%s\ngot %s, want %s", test.text, got, test.want)
		}
	}
}

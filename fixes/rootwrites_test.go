package fixes

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestListensLow(t *testing.T) {
	for _, text := range []string{
		"port = 80", `port = os.getenv("PORT", "80")`, `port = int(os.environ.get("PORT", 80))`, `os.environ.get("PORT") or 80`, "port: int = 443", "PORT=${PORT:-80}",
		`bind = "0.0.0.0:80"`, "bind = ':443'", "uvicorn main:app --port 80", "gunicorn --bind :80 main:app", `app.run("0.0.0.0", 80)`, `HTTPServer(("", 80), Handler)`,
		`sock.bind(("0.0.0.0", 53))`, "app.run(host='0.0.0.0', port=80, debug=True)",
	} {
		if !listensLow.MatchString(text) {
			t.Errorf("%s: not found", text)
		}
	}
	for _, text := range []string{
		"port = 8080", `os.getenv("PORT", "8000")`, "app.run(port=8080, threads=80)", "EMAIL_PORT = 587", "import x, 80", "report = 80", `bind = "0.0.0.0:8080"`,
		"app.run(host, 8080)", "support 80 users", "portion, 80", "transport = 443 + 1", "listeners = 80",
	} {
		if listensLow.MatchString(text) {
			t.Errorf("%s: found", text)
		}
	}
}

func TestStartWrites(t *testing.T) {
	for start, want := range map[string]bool{
		`CMD ["gunicorn", "--access-logfile", "access.log", "app:app"]`: true,
		`CMD gunicorn --error-logfile=/var/log/error.log app:app`:       true,
		`CMD ["celery", "-A", "jobs", "beat"]`:                          true,
		`CMD celery -A jobs worker -B`:                                  true,
		`CMD ["scrapy", "crawl", "x", "-O", "out.json"]`:                true,
		`CMD python app.py > app.log 2>&1`:                              true,
		`CMD ["uwsgi", "--pidfile", "/run/uwsgi.pid"]`:                  true,
		`CMD ["gunicorn", "--access-logfile", "-", "app:app"]`:          false,
		`CMD ["gunicorn", "--log-level", "info", "app:app"]`:            false,
		`CMD ["gunicorn", "--pid", "/tmp/gunicorn.pid", "app:app"]`:     false,
		`CMD ["celery", "-A", "jobs", "beat", "-s", "/tmp/schedule"]`:   false,
		`CMD ["celery", "-A", "jobs", "worker", "-O", "fair"]`:          false,
		`CMD python app.py > /dev/stdout 2>&1`:                          false,
		`CMD ["sh", "-c", "python app.py 2>&1 >/dev/null"]`:             false,
		`CMD ["uvicorn", "--log-config", "log.ini", "app:app"]`:         false,
		`CMD ["python", "-c", "print(1 if 2 > 1 else 0)"]`:              false,
	} {
		doc, err := dockerfile.Parse(source.New("Dockerfile", []byte("FROM python:3.13-slim\n"+start+"\n")))
		if err != nil {
			t.Fatal(err)
		}
		if got := startWrites(analyzer.Analyze(doc, analyzer.Settings{}).Target); (got != "") != want {
			t.Errorf("%s: %q", start, got)
		}
	}
}

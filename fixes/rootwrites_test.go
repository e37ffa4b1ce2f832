package fixes

import "testing"

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

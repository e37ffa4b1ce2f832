package multistage

import (
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

const proven = `FROM python:3.12-slim-bookworm AS app
ENV MODE=production
RUN apt-get update && apt-get install -y gcc libpq-dev tini && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
RUN python manage.py collectstatic
EXPOSE 8000
USER nobody
CMD ["gunicorn", "app:app"]
`

// TestProve spoils the result of a conversion in every way that it has to notice.
func TestProve(t *testing.T) {
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(proven)))
	if err != nil {
		t.Fatal(err)
	}
	build := analyzer.Analyze(doc, analyzer.Settings{Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
	c, refused := plan(build, nil, false)
	if refused != "" {
		t.Fatal(refused)
	}
	good := string(c.render())
	if reason := c.prove(build, []byte(good)); reason != "" {
		t.Fatalf("the result itself is refused: %s\n%s", reason, good)
	}
	for _, tc := range []struct{ name, old, new, reason string }{
		{"syntax", "RUN python manage.py", "RUNN python manage.py", "not valid"},
		{"no builder", "COPY --from=builder /pyroot /pyroot\n", "", "would not reach the final stage"},
		{"start command", `CMD ["gunicorn", "app:app"]`, `CMD ["gunicorn", "app:application"]`, "start in another way"},
		{"no port", "EXPOSE 8000\n", "", "start in another way"},
		{"user", "USER nobody\n", "", "another user"},
		{"directory", "USER nobody\n", "WORKDIR /\nUSER nobody\n", "another directory"},
		{"environment", "ENV MODE=production", "ENV MODE=debug", "another value of MODE"},
		{"package", " tini", "", "lose tini"},
		{"counterpart", " libpq5", "", "lack libpq5"},
		{"sources", "COPY . .\n", "", "COPY would be lost"},
		{"sources elsewhere", "COPY . .\n", "WORKDIR /srv\nCOPY . .\nWORKDIR /app\n", "another place"},
		{"requirements", "COPY requirements.txt .\n", "COPY requirements.txt /tmp\n", "COPY would be lost"},
		{"command", "RUN python manage.py collectstatic\n", "", "command would be lost"},
		{"name", "FROM base AS app", "FROM base", "lose its name"},
		{"stages", "FROM base AS builder", "FROM base AS builder\nFROM base AS other", "other stages"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bad := strings.Replace(good, tc.old, tc.new, 1)
			if bad == good {
				t.Fatalf("the result has no %q:\n%s", tc.old, good)
			}
			if reason := c.prove(build, []byte(bad)); !strings.Contains(reason, tc.reason) {
				t.Errorf("the reason is %q, want one with %q:\n%s", reason, tc.reason, bad)
			}
		})
	}
}

// TestHolds has other fixes spoil the result of a conversion afterwards.
func TestHolds(t *testing.T) {
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(proven)))
	if err != nil {
		t.Fatal(err)
	}
	c, refused := plan(analyzer.Analyze(doc, analyzer.Settings{Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}), nil, false)
	if refused != "" {
		t.Fatal(refused)
	}
	good := string(c.render())
	for _, tc := range []struct{ old, new, reason string }{
		{"", "", ""},
		{"USER nobody", "RUN useradd app\nUSER app", ""},
		{" --user", "", "would not reach"},
		{" --user", " --prefix=/other", "would not reach"},
		{"COPY --from=builder /pyroot /pyroot\n", "", "would not reach"},
		{"COPY --from=builder /pyroot /pyroot", "COPY --from=builder /root/.local /pyroot", "would not reach"},
		{"COPY requirements.txt .\n", "", "lack a file"},
	} {
		bad := strings.Replace(good, tc.old, tc.new, 1)
		if reason := c.holds([]byte(bad)); tc.reason == "" && reason != "" || !strings.Contains(reason, tc.reason) {
			t.Errorf("%q for %q: the reason is %q, want one with %q", tc.new, tc.old, reason, tc.reason)
		}
	}
}

package analyzer_test

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

func TestConcern(t *testing.T) {
	for _, tc := range []struct {
		code string
		want analyzer.Concern
	}{
		{"cd /app", analyzer.ShellState},
		{"export X=1", analyzer.ShellState},
		{"X=1", analyzer.ShellState},
		{". /opt/venv/bin/activate", analyzer.ShellState},
		{"true", analyzer.Nothing},
		{"echo done", analyzer.Nothing},
		{"echo done >/dev/null", analyzer.Nothing},
		{"echo 'Europe/Berlin' > /etc/timezone", analyzer.Files},
		{"apt-get update", analyzer.SystemPackages},
		{"sudo apk add gcc", analyzer.SystemPackages},
		{"rm -rf /var/lib/apt/lists/*", analyzer.IndexCleanup},
		{"rm -rf /root/.cache", analyzer.PipCleanup},
		{"rm -rf /app/build", analyzer.Files},
		{"find / -name '*.pyc' -delete", analyzer.Files},
		{"pip install flask", analyzer.Packaging},
		{"python3 -m pip install flask", analyzer.Packaging},
		{"poetry config virtualenvs.create false", analyzer.Packaging},
		{"python -m venv /opt/venv", analyzer.Packaging},
		{"useradd app", analyzer.Accounts},
		{"mkdir -p /app", analyzer.Files},
		{"curl -o /x https://example.org/x", analyzer.Fetches},
		{"git clone https://example.org/x", analyzer.Fetches},
		{"make", analyzer.Compiles},
		{"./configure", analyzer.Compiles},
		{"gcc-12 -o x x.c", analyzer.Compiles},
		{"npm ci", analyzer.Compiles},
		{"python manage.py collectstatic", analyzer.Runs},
		{"python3.12 manage.py migrate", analyzer.Runs},
		{"./prepare.sh", analyzer.Script},
		{"sh /tmp/install.sh", analyzer.Script},
		{"/opt/setup.pl", analyzer.Script},
		{"some-program --flag", analyzer.Unclear},
		{"$(cat program)", analyzer.Script},
	} {
		b := analyze(t, "FROM python:3.12\nRUN "+tc.code+"\n", analyzer.Settings{})
		commands := b.Target.Steps[0].Commands
		if len(commands) == 0 {
			t.Errorf("%s: no command was read", tc.code)
			continue
		}
		if got := commands[0].Concern(); got != tc.want {
			t.Errorf("%s: effect %d, want %d", tc.code, got, tc.want)
		}
	}
}

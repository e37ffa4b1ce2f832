package analyzer_test

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

func TestPrivate(t *testing.T) {
	const user = "FROM python:3.12-slim\nRUN useradd -m app\n"
	for _, test := range []struct {
		text, dir string
		want      bool
	}{
		{user + "USER app", "/root/.local", true},
		{user + "USER app", "/root", true},
		{user + "USER 1000:1000", "/root/venv", true},
		{user + "RUN chmod +x /entry.sh\nUSER app", "/root/.local", true}, // a chmod of something else
		{"FROM python:3.12-slim AS base\nUSER app\nFROM base", "/root/.local", true},

		{user, "/root/.local", false}, // root may
		{user + "USER root", "/root/.local", false},
		{user + "USER 0:0", "/root/.local", false},
		{user + "USER app\nUSER root", "/root/.local", false},
		{user + "ARG U\nUSER $U", "/root/.local", false},
		{user + "USER app", "/pyroot", false},
		{user + "USER app", "/rooted/.local", false},
		{user + "USER app", "/home/app/.local", false},
		{user + "RUN chmod 755 /root\nUSER app", "/root/.local", false},
		{user + "RUN chmod -R a+rX /root/.local\nUSER app", "/root/.local", false},
		{user + "RUN chmod 755 $(echo /root)\nUSER app", "/root/.local", false},
		{user + "RUN setfacl -m u:app:rx /root\nUSER app", "/root/.local", false},
	} {
		if got := analyze(t, test.text, analyzer.Settings{}).Private(test.dir); got != test.want {
			t.Errorf("%s\n%s private: got %v", test.text, test.dir, got)
		}
	}
}

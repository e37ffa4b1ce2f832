package multistage

import (
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// converted gives the stages of the file after the conversion, each with its text, by name.
func converted(t *testing.T, text string, settings analyzer.Settings) map[string]string {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	settings.Today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	c, refused := plan(analyzer.Analyze(doc, settings), nil, false)
	if refused != "" {
		t.Fatal(refused)
	}
	stages := map[string]string{}
	for _, stage := range strings.Split("\n"+string(c.render()), "\nFROM ")[1:] {
		first, rest, _ := strings.Cut(stage, "\n")
		name := "final"
		if words := strings.Fields(first); len(words) == 3 {
			name = words[2]
		}
		stages[name] = rest
	}
	return stages
}

// TestPackagesBetweenInstalls puts OS packages between two installations: a builder of its own would lack them at run time.
func TestPackagesBetweenInstalls(t *testing.T) {
	stages := converted(t, `FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y gcc
WORKDIR /app
COPY requirements.txt base.txt ./
RUN pip install -r base.txt
RUN apt-get update && apt-get install -y tini
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
`, analyzer.Settings{})
	for name, want := range map[string]bool{"base": true, "builder": false, "final": false} {
		if got := strings.Contains(stages[name], "tini"); got != want {
			t.Errorf("tini in %s: %v\n%s", name, got, stages[name])
		}
	}
}

// TestUsersOfTheBuilder makes a user before the installations: a builder that is not built from the base stage needs it only
// where one of its own COPYs gives files to it.
func TestUsersOfTheBuilder(t *testing.T) {
	for flag, want := range map[string]bool{"--chown=app ": true, "": false} {
		stages := converted(t, `FROM python:3.12-bookworm
RUN useradd --create-home app
WORKDIR /app
COPY `+flag+`requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
`, analyzer.Settings{RuntimeImage: "slim"})
		if !strings.Contains(stages["final"], "useradd") {
			t.Errorf("%q: no user in the final stage\n%s", flag, stages["final"])
		}
		if got := strings.Contains(stages["builder"], "useradd"); got != want {
			t.Errorf("%q: user in the builder: %v\n%s", flag, got, stages["builder"])
		}
	}
}

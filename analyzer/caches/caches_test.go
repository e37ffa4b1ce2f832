package caches

import (
	"fmt"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// analyze gives the model of a Dockerfile.
func analyze(t *testing.T, text string, settings analyzer.Settings) *analyzer.Build {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return analyzer.Analyze(doc, settings)
}

func firstInstaller(t *testing.T, text string) *analyzer.Command {
	t.Helper()
	for _, c := range analyze(t, text, analyzer.Settings{}).Target.ChainCommands() {
		if c.Installer != nil && c.Install != nil {
			return c
		}
	}
	t.Fatalf("%s\nno command installs anything", text)
	return nil
}

func TestCacheDir(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	for _, test := range []struct{ text, want string }{
		{python + "RUN pip install flask", `"/root/.cache/pip"`},
		{python + "RUN uv pip install --system flask", `"/root/.cache/uv"`},
		{python + "RUN uv sync", `"/root/.cache/uv"`},
		{python + "RUN useradd -m app\nUSER app\nRUN pip install flask", `"/home/app/.cache/pip"`},
		{python + "ENV HOME=/h\nRUN pip install flask", `"/h/.cache/pip"`},
		{python + "RUN HOME=/h pip install flask", `"/h/.cache/pip"`},
		{python + "ENV XDG_CACHE_HOME=/c\nRUN pip install flask", `"/c/pip"`},
		{python + "ENV XDG_CACHE_HOME=/c\nRUN uv pip install flask", `"/c/uv"`},
		{python + "ENV PIP_CACHE_DIR=/p\nRUN pip install flask", `"/p"`},
		{python + "ENV PIP_CACHE_DIR=/p XDG_CACHE_HOME=/c\nRUN pip install flask", `"/p"`},
		{python + "ENV UV_CACHE_DIR=/u\nRUN uv sync", `"/u"`},
		{python + "RUN pip install --cache-dir /o flask", `"/o"`},
		{python + "ENV PIP_CACHE_DIR=/p\nRUN pip --cache-dir=/o install flask", `"/o"`},
		{python + "WORKDIR /w\nRUN pip install --cache-dir cache flask", `"/w/cache"`},
		{python + "RUN export PIP_CACHE_DIR=/p && pip install flask", `"/p"`},

		{python + "ENV PIP_CACHE_DIR=/p\nRUN uv sync", `"/root/.cache/uv"`}, // another tool's variable
		{python + "ENV UV_CACHE_DIR=/u\nRUN pip install flask", `"/root/.cache/pip"`},
		{python + "RUN export PIP_CACHE_DIR=/p\nRUN pip install flask", `"/root/.cache/pip"`}, // gone with its RUN
		{python + "ENV XDG_CACHE_HOME=\nRUN pip install flask", `"/root/.cache/pip"`},
		{"FROM python:3.12-slim AS b\nENV PIP_CACHE_DIR=/p\n" + python + "RUN pip install flask", `"/root/.cache/pip"`},
		{python + "ARG D\nENV PIP_CACHE_DIR=$D\nRUN pip install flask", "unknown"},
		{python + "ARG D\nRUN pip install --cache-dir \"$D\" flask", "unknown"},
		{python + "ARG U\nUSER $U\nRUN pip install flask", "unknown"},
		{python + "RUN poetry install", "unknown"}, // a cache of another kind
	} {
		if got := show(Dir(firstInstaller(t, test.text))); got != test.want {
			t.Errorf("%s\ngot %s, want %s", test.text, got, test.want)
		}
	}
}

func show(v env.Value) string {
	if !v.IsKnown() {
		return "unknown"
	}
	return fmt.Sprintf("%q", v.Text)
}

package analyzer_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func analyze(t *testing.T, text string, settings analyzer.Settings) *analyzer.Build {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(strings.TrimLeft(text, "\n"))))
	if err != nil {
		t.Fatalf("the test's own Dockerfile: %v", err)
	}
	return analyzer.Analyze(doc, settings)
}

func show(v env.Value) string {
	switch v.Kind {
	case env.Known:
		return fmt.Sprintf("%q", v.Text)
	case env.Unset:
		return "unset"
	}
	return "unknown"
}

func TestVariables(t *testing.T) {
	const text = `
ARG VERSION=3.12
ARG WITHOUT
FROM python:${VERSION}-slim AS base
ENV A=1 B="two words" C=$A
ENV D=${A}x E=${NONE:-fallback} F=${A:+set} G=${NONE}
ARG VERSION
ARG WITHOUT
ARG A=argument
ARG ONLY=arg
ENV H=$VERSION I=$WITHOUT J=$ONLY
FROM base AS child
ENV OLD style value
FROM example.com/private/thing:1 AS foreign
ENV PATH=/opt/venv/bin:$PATH
FROM base
`
	b := analyze(t, text, analyzer.Settings{})
	for _, test := range []struct {
		stage      int
		name, want string
	}{
		{0, "A", `"1"`}, // ENV wins over a later ARG
		{0, "B", `"two words"`},
		{0, "C", `""`}, // one instruction expands with the environment before it
		{0, "D", `"1x"`},
		{0, "E", `"fallback"`},
		{0, "F", `"set"`},
		{0, "G", `""`},
		{0, "H", `"3.12"`},
		{0, "I", "unknown"},
		{0, "J", `"arg"`},
		{0, "PYTHONUSERBASE", "unset"}, // the official image's environment is known whole
		{1, "D", `"1x"`},
		{1, "ONLY", `"arg"`}, // ARGs pass to child stages
		{1, "OLD", `"style value"`},
		{2, "PYTHONUSERBASE", "unknown"},
		{2, "PATH", "unknown"},
		{3, "OLD", "unset"},
	} {
		if got := show(b.Stages[test.stage].After.Lookup(test.name)); got != test.want {
			t.Errorf("stage %d: $%s is %s, want %s", test.stage, test.name, got, test.want)
		}
	}
	if got := show(b.Stages[0].After.Env("ONLY")); got != "unset" {
		t.Errorf("an ARG reached the container: %s", got)
	}
	if dirs, whole := b.Stages[2].After.PathList(); whole || len(dirs) != 1 || dirs[0] != "/opt/venv/bin" {
		t.Errorf("PATH entries in front of an unknown PATH: %q, whole %v", dirs, whole)
	}
	given := analyze(t, text, analyzer.Settings{BuildArgs: map[string]string{"VERSION": "3.9", "WITHOUT": "x"}})
	if got := given.Stages[0].BaseText.Text; got != "python:3.9-slim" {
		t.Errorf("--build-arg in FROM: %q", got)
	}
	if got := show(given.Stages[0].After.Lookup("I")); got != `"x"` {
		t.Errorf("--build-arg for a global ARG without default: %s", got)
	}
}

func TestStageGraph(t *testing.T) {
	const text = `
FROM python:3.12 AS Base
ONBUILD ENV TRIGGERED=1
FROM base AS builder
FROM python:3.12 AS tests
COPY --from=builder /x /x
FROM scratch AS files
FROM python:3.12 AS tool
FROM python:3.12
COPY --from=1 /a /a
RUN --mount=type=bind,from=tool,source=/t,target=/t true
`
	b := analyze(t, text, analyzer.Settings{})
	var got []string
	for _, s := range b.Stages {
		got = append(got, fmt.Sprintf("%s ships=%v feeds=%v", s.Label(), s.Ships, s.Feeds))
	}
	want := []string{
		"Base ships=false feeds=true", "builder ships=false feeds=true", "tests ships=false feeds=false",
		"files ships=false feeds=false", "tool ships=false feeds=true", "stage 5 ships=true feeds=true",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if b.Stages[1].Base != b.Stages[0] {
		t.Error("stage names are compared without regard to case")
	}
	if v := b.Stages[1].After.Lookup("TRIGGERED"); !v.Is("1") {
		t.Errorf("ONBUILD did not run in the child: %s", show(v))
	}
	if v := b.Stages[0].After.Lookup("TRIGGERED"); v.Kind != env.Unset {
		t.Errorf("ONBUILD ran in its own stage: %s", show(v))
	}
	if s := analyze(t, text, analyzer.Settings{Target: "tests"}); s.Target.Name != "tests" || !s.Stages[1].Feeds || s.Stages[4].Feeds {
		t.Error("--target moves what ships and feeds")
	}
}

func TestUserAndHome(t *testing.T) {
	for _, test := range []struct{ text, user, home string }{
		{"FROM python:3.12", `"root"`, `"/root"`},
		{"FROM python:3.12\nUSER 1000", `"1000"`, `"/"`},
		{"FROM python:3.12\nRUN useradd -u 1000 app\nUSER 1000", `"1000"`, "unknown"},
		{"FROM python:3.12\nRUN useradd --create-home app\nUSER app", `"app"`, `"/home/app"`},
		{"FROM python:3.12\nRUN useradd -d /srv/app --shell /bin/sh app\nUSER app:app", `"app"`, `"/srv/app"`},
		{"FROM python:3.12\nRUN adduser --system --group app\nUSER app", `"app"`, "unknown"},
		{"FROM alpine:3.20\nRUN adduser -D -h /app -u 10 app\nUSER app", `"app"`, `"/app"`},
		{"FROM python:3.12\nENV HOME=/h\nUSER nobody", `"nobody"`, `"/h"`},
		{"FROM python:3.12\nARG U\nUSER $U", "unknown", "unknown"},
		{"FROM python:3.12\nARG U=web\nRUN useradd $U\nUSER $U", `"web"`, `"/home/web"`},
		{"FROM example.com/x", "unknown", "unknown"},
	} {
		s := analyze(t, test.text, analyzer.Settings{}).Target.After
		if show(s.User) != test.user || show(s.Home()) != test.home {
			t.Errorf("%q: user %s home %s, want %s %s", test.text, show(s.User), show(s.Home()), test.user, test.home)
		}
	}
}

func TestPlaces(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	for _, test := range []struct{ text, want string }{
		{python + "RUN pip install flask", `system "/usr/local"`},
		{python + "RUN pip install --user flask", `user base "/root/.local"`},
		{python + "ENV PYTHONUSERBASE=/pyroot\nRUN pip install --user flask", `user base "/pyroot"`},
		{python + "ENV PYROOT /pyroot\nRUN PYTHONUSERBASE=$PYROOT pip install --user flask", `user base "/pyroot"`},
		{python + "RUN export PYTHONUSERBASE=/p && pip install --user flask", `user base "/p"`},
		{python + "RUN export PYTHONUSERBASE=/p\nRUN pip install --user flask", `user base "/root/.local"`},
		{python + "RUN (export PYTHONUSERBASE=/p) && pip install --user flask", `user base "/root/.local"`},
		{python + "RUN if x; then PYTHONUSERBASE=/p; fi; pip install --user flask", `user base unknown`},
		{python + "ENV PIP_USER=1 PYTHONUSERBASE=/p\nRUN pip install flask", `user base "/p"`},
		{python + "ENV PIP_USER=0\nRUN pip install flask", `system "/usr/local"`},
		{python + "RUN useradd app\nUSER app\nRUN pip install flask", `user base "/home/app/.local" implicit`},
		{python + "RUN pip install --prefix=/install flask", `prefix "/install"`},
		{python + "WORKDIR /w\nRUN pip install -t vendor flask", `target "/w/vendor"`},
		{python + "ENV PIP_TARGET=/t\nRUN pip install flask", `target "/t"`},
		{python + "RUN pip install --root /r flask", `root "/r"`},
		{python + "RUN python -m venv /opt/venv\nRUN /opt/venv/bin/pip install flask", `venv "/opt/venv"`},
		{python + "RUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install flask", `venv "/opt/venv"`},
		{python + "ENV V=/opt/venv\nRUN python3 -m venv $V\nENV PATH=\"$V/bin:$PATH\"\nRUN pip install flask", `venv "/opt/venv"`},
		{python + "RUN python -m venv /opt/venv && . /opt/venv/bin/activate && pip install flask", `venv "/opt/venv"`},
		{python + "RUN python -m venv /opt/venv\nRUN . /opt/venv/bin/activate\nRUN pip install flask", `system "/usr/local"`},
		{python + "RUN cd /srv && python -m venv env && env/bin/pip install flask", `venv "/srv/env"`},
		{python + "RUN /elsewhere/bin/pip install flask", `unknown unknown`},
		{python + "RUN pip install --unknown-option flask", ``},
		{python + "RUN pip download flask", ``},
		{"FROM debian:12\nRUN apt-get install -y python3-pip && pip3 install flask", `system "/usr/local"`},
		{"FROM python:3.12\nRUN pipenv install --system --deploy", `system "/usr/local"`},
		{"FROM python:3.12\nWORKDIR /app\nRUN uv sync --locked", `venv "/app/.venv"`},
		{"FROM python:3.12\nENV UV_PROJECT_ENVIRONMENT=/opt/venv\nRUN uv sync", `venv "/opt/venv"`},
		{"FROM python:3.12\nRUN poetry config virtualenvs.create false && poetry install", `system "/usr/local"`},
		{"FROM python:3.12\nRUN poetry install", `venv unknown`},
		{"FROM continuumio/miniconda3:4.12.0\nRUN pip install flask", `conda "/opt/conda"`},
		{"FROM python:3.12\nRUN bash -c 'PYTHONUSERBASE=/p pip install --user flask'", `user base "/p"`},
		{"FROM python:3.12\nRUN [\"pip\", \"install\", \"--user\", \"flask\"]", `user base "/root/.local"`},
		{"FROM python:3.12\nRUN <<EOF\nset -e\nexport PYTHONUSERBASE=/h\npip install --user flask\nEOF", `user base "/h"`},
		{"FROM python:3.12\nRUN <<EOF\n#!/usr/bin/env python3\nimport pip\nEOF", ``},
	} {
		b := analyze(t, test.text, analyzer.Settings{})
		var got []string
		for _, in := range b.Target.Installs() {
			text := fmt.Sprintf("%s %s", in.Place, show(in.Dir))
			if in.Implicit {
				text += " implicit"
			}
			got = append(got, text)
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.text, strings.Join(got, "; "), test.want)
		}
	}
}

func TestContents(t *testing.T) {
	const builder = "FROM python:3.12-slim AS b\nENV PYTHONUSERBASE=/pyroot\nRUN pip install --user flask\nFROM python:3.12-slim\n"
	for _, test := range []struct{ text, want string }{
		{builder + "COPY --from=b /pyroot /pyroot", "/pyroot libs scripts"},
		{builder + "COPY --from=b /pyroot/ /other/", "/other libs scripts"},
		{builder + "ENV R=/pyroot\nCOPY --from=b $R/lib/ $R/lib/", "/pyroot libs"},
		{builder + "COPY --from=b /pyroot/lib/python3.12/site-packages /pyroot/lib/python3.12/site-packages", "/pyroot libs"},
		{builder + "COPY --from=b /pyroot/bin/flask /pyroot/bin/", "/pyroot scripts(flask)"},
		{builder + "COPY --from=b /pyroot/bin/flask /usr/local/bin/flask", "/usr/local scripts(flask)"},
		{builder + "COPY --from=0 /pyroot/bin /pyroot/bin", "/pyroot scripts"},
		{builder + "COPY --from=b / /rootfs", "/rootfs/pyroot libs scripts"},
		{builder + "COPY --from=b /pyroot/lib /pyroot/bin", ""},
		{builder + "COPY --from=b /pyrot /pyroot", ""},
		{builder + "COPY --from=b /pyroot/lib/python3.12/site-packages/flask /x", ""},
		{builder + "COPY /pyroot /pyroot", ""},
		{strings.Replace(builder, "FROM python:3.12-slim\n", "FROM scratch AS c\nCOPY --from=b /pyroot /two\nFROM python:3.12-slim\n", 1) + "COPY --from=c /two /three", "/three libs scripts"},
		{"FROM python:3.12 AS b\nRUN pip install flask\nFROM b", "/usr/local libs scripts"},
		{"FROM python:3.12 AS b\nRUN pip install flask\nFROM python:3.12\nCOPY --from=b /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages", "/usr/local libs"},
	} {
		b := analyze(t, test.text, analyzer.Settings{})
		var got []string
		for _, c := range b.Target.Contents() {
			text := c.Dir
			if c.Libs {
				text += " libs"
			}
			if c.Scripts {
				text += " scripts"
			}
			if c.OneScript != "" {
				text += "(" + c.OneScript + ")"
			}
			got = append(got, text)
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.text, strings.Join(got, "; "), test.want)
		}
	}
}

func TestHolds(t *testing.T) {
	names := map[analyzer.Presence]string{analyzer.Yes: "yes", analyzer.No: "no", analyzer.Maybe: "maybe"}
	files := fstest.MapFS{"requirements.txt": {}, "deps/dev.txt": {}, "app/main.py": {}, ".dockerignore": {Data: []byte("hidden.txt\n")}, "hidden.txt": {}}
	const base = "FROM python:3.12\nWORKDIR /app\n"
	for _, test := range []struct{ text, path, without, with string }{
		{base, "/app/requirements.txt", "no", "no"},
		{base + "COPY requirements.txt .", "/app/requirements.txt", "yes requirements.txt", "yes requirements.txt"},
		{base + "COPY requirements.txt /tmp/r.txt", "/tmp/r.txt", "yes requirements.txt", "yes requirements.txt"},
		{base + "COPY requirements.txt /tmp/", "/app/requirements.txt", "no", "no"},
		{base + "COPY deps deps", "/app/deps/dev.txt", "maybe", "yes deps/dev.txt"},
		{base + "COPY deps/*.txt ./", "/app/dev.txt", "yes deps/dev.txt", "yes deps/dev.txt"},
		{base + "COPY . .", "/app/requirements.txt", "maybe", "yes requirements.txt"},
		{base + "COPY . .", "/app/hidden.txt", "maybe", "no"},
		{base + "ADD https://example.com/requirements.txt .", "/app/requirements.txt", "yes ", "yes "},
		{base + "RUN curl -o requirements.txt https://example.com", "/app/requirements.txt", "yes ", "yes "},
		{base + "RUN echo flask > requirements.txt", "/app/requirements.txt", "yes ", "yes "},
		{base + "RUN echo flask > requirements.txt || true", "/app/requirements.txt", "maybe", "maybe"},
		{base + "RUN ./setup", "/app/requirements.txt", "maybe", "maybe"},
		{base + "RUN make it", "/app/requirements.txt", "maybe", "maybe"},
		{base + "RUN setup() { true; } && setup", "/app/requirements.txt", "no", "no"},
		{base + "COPY requirements.txt .\nRUN rm requirements.txt", "/app/requirements.txt", "no", "no"},
		{base + "COPY requirements.txt .\nRUN rm -rf /app/*", "/app/requirements.txt", "no", "no"},
		{base + "COPY requirements.txt /tmp/\nRUN cp /tmp/requirements.txt .", "/app/requirements.txt", "yes ", "yes "},
		{base + "COPY deps /tmp/deps\nRUN mv /tmp/deps .", "/app/deps/none.txt", "maybe", "maybe"},
		{base + "RUN --mount=type=cache,target=/app touch requirements.txt", "/app/requirements.txt", "no", "no"},
		{base + "RUN mv caddy /usr/bin/caddy && rm -rf /caddy*", "/usr/bin/caddy", "yes ", "yes "},
		{base + "RUN python -m venv /venv", "/venv/bin/python", "yes ", "yes "},
		{base + "RUN python -m venv /venv", "/venv/lib/python3.11", "no", "no"},
		{base + "RUN python -m venv /venv", "/venv/share", "maybe", "maybe"},
		{base + "RUN python -m venv /venv", "/app/requirements.txt", "no", "no"},
		{"FROM python:3.12 AS b\nRUN mkdir /made\nFROM python:3.12\nCOPY --from=b /made /new", "/new/x", "no", "no"},
		{"FROM python:3.12 AS b\nRUN mkdir -p /made/x\nFROM python:3.12\nCOPY --from=b /made /new", "/new/x", "yes ", "yes "},
		{"FROM python:3.12 AS b\nRUN ./x\nFROM python:3.12\nCOPY --from=b /made /new", "/new/x", "maybe", "maybe"},
		{base + "RUN echo flask > other.txt", "/app/requirements.txt", "no", "no"},
		{base + "RUN apt-get update && apt-get install -y gcc", "/app/requirements.txt", "no", "no"},
		{"FROM example.com/base\nWORKDIR /app", "/app/requirements.txt", "maybe", "maybe"},
		{base + "COPY <<r.txt /app/\nflask\nr.txt", "/app/r.txt", "yes ", "yes "},
		{base + "COPY main.py .", "/app/requirements.txt", "no", "no"},
	} {
		for context, want := range map[*project.Context]string{nil: test.without, project.Open(files, "Dockerfile"): test.with} {
			b := analyze(t, test.text+"\nRUN true", analyzer.Settings{Context: context})
			presence, from := b.Target.Steps[len(b.Target.Steps)-1].Holds(test.path)
			got := names[presence]
			if presence == analyzer.Yes {
				got += " " + from
			}
			if got != want {
				t.Errorf("%s\n%s (context %v): got %q, want %q", test.text, test.path, context != nil, got, want)
			}
		}
	}
}

func TestStart(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"FROM python:3.12\nCMD [\"python\", \"app.py\"]", "python app.py"},
		{"FROM python:3.12\nCMD exec gunicorn -w 2 app:app", "gunicorn -w 2 app:app"},
		{"FROM python:3.12\nENTRYPOINT [\"tini\", \"--\", \"myapp\"]\nCMD [\"--help\"]", "myapp --help"},
		{"FROM python:3.12\nENTRYPOINT [\"python\"]\nCMD [\"app.py\"]", "python app.py"},
		{"FROM python:3.12\nENTRYPOINT [\"/entrypoint.sh\"]\nCMD [\"gunicorn\", \"app\"]", "/entrypoint.sh; gunicorn app"},
		{"FROM python:3.12\nENTRYPOINT myapp\nCMD [\"ignored\"]", "myapp"},
		{"FROM python:3.12 AS a\nCMD [\"old\"]\nFROM a\nENTRYPOINT [\"new\"]", "new"},
		{"FROM python:3.12 AS a\nCMD [\"old\"]\nFROM a", "old"},
		{"FROM python:3.12\nCMD cd /app && python x.py", "cd /app; python x.py"},
	} {
		var got []string
		for _, c := range analyze(t, test.text, analyzer.Settings{}).Target.Start().Commands {
			var words []string
			for _, f := range c.Argv {
				words = append(words, f.Text())
			}
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.text, strings.Join(got, "; "), test.want)
		}
	}
}

func TestIsPython(t *testing.T) {
	for _, test := range []struct {
		text string
		want bool
	}{
		{"FROM python:3.12-slim", true},
		{"FROM ubuntu:22.04\nRUN apt-get install -y python3-pip && pip3 install flask", true},
		{"FROM ubuntu:22.04\nCMD [\"python3\", \"x.py\"]", true},
		{"FROM node:20\nRUN pip install awscli\nCMD [\"node\", \"x.js\"]", false},
		{"FROM node:20\nRUN pip install awscli", false},
		{"FROM debian:12\nRUN apt-get install -y nginx\nCMD [\"nginx\"]", false},
		{"FROM python:3.12 AS docs\nRUN pip install sphinx\nFROM nginx:1.27\nCOPY --from=docs /html /usr/share/nginx/html", false},
		{"FROM golang:1.22 AS b\nFROM scratch\nCOPY --from=b /x /x", false},
	} {
		if got := analyze(t, test.text, analyzer.Settings{}).Python; got != test.want {
			t.Errorf("%s\nPython: %v", test.text, got)
		}
	}
}

package analyzer_test

import (
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

var presences = map[analyzer.Presence]string{analyzer.Yes: "yes", analyzer.No: "no", analyzer.Maybe: "maybe"}

func TestFindsUserBase(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	const start = "\nCMD [\"python\", \"-m\", \"app\"]"
	for _, test := range []struct{ text, dir, want string }{
		{python + "ENV PYTHONUSERBASE=/pyroot" + start, "/pyroot", "yes"},
		{python + "ENV PYTHONUSERBASE=/pyroot/" + start, "/pyroot", "yes"},
		{python + "ENV R=/pyroot\nENV PYTHONUSERBASE=$R" + start, "/pyroot", "yes"},
		{"FROM python:3.12-slim AS base\nENV PYTHONUSERBASE=/pyroot\nFROM base" + start, "/pyroot", "yes"},
		{python + start, "/root/.local", "yes"},
		{python + "ENV HOME=/srv" + start, "/srv/.local", "yes"},
		{python + "RUN useradd -m app\nUSER app" + start, "/home/app/.local", "yes"},
		{python + "ENV PYTHONPATH=/x:/pyroot/lib/python3.12/site-packages" + start, "/pyroot", "yes"},
		{python + start, "/usr/local", "yes"}, // merged into the interpreter's prefix
		{"FROM debian:12\nRUN apt-get install -y python3" + start, "/usr", "yes"},

		{python + start, "/pyroot", "no"},
		{python + "ENV PYTHONUSERBASE=/other" + start, "/pyroot", "no"},
		{python + "ENV PYTHONUSERBASE=/pyroot2" + start, "/pyroot", "no"},
		{python + "ENV PYTHONUSERBASE=/pyroot" + start, "/root/.local", "no"}, // the home is not searched then
		{python + "ENV PYTHONUSERBASE=" + start, "/root/.local", "yes"},       // empty is as unset
		{python + "ARG PYTHONUSERBASE=/pyroot" + start, "/pyroot", "no"},      // an ARG is gone at run time
		{python + "RUN export PYTHONUSERBASE=/pyroot" + start, "/pyroot", "no"},
		{"FROM python:3.12-slim AS b\nENV PYTHONUSERBASE=/pyroot\n" + python + start, "/pyroot", "no"},
		{python + "RUN useradd -m app\nUSER app" + start, "/root/.local", "no"},
		{python + "USER 1000" + start, "/root/.local", "no"},
		{python + "ENV PYTHONPATH=/pyroot2/lib" + start, "/pyroot", "no"},
		{"FROM debian:12\nRUN apt-get install -y python3" + start, "/usr/local", "no"},

		{python + "ARG P\nENV PYTHONUSERBASE=$P" + start, "/pyroot", "maybe"},
		{python + "ARG P\nENV PYTHONPATH=$P" + start, "/pyroot", "maybe"},
		{python + "RUN adduser --system app\nUSER app" + start, "/home/app/.local", "maybe"}, // whose home is not known
		{"FROM example.com/base" + start, "/pyroot", "maybe"},
		{"FROM debian:12" + start, "/usr/local", "maybe"}, // some python, from somewhere
		{python + "CMD PYTHONUSERBASE=/pyroot python -m app", "/pyroot", "maybe"},
		{python + "COPY start.sh plain.sh /\nENTRYPOINT [\"/start.sh\"]", "/pyroot", "maybe"},
		{python + "COPY start.sh plain.sh /\nENTRYPOINT [\"/plain.sh\"]", "/pyroot", "no"},
	} {
		context := project.Open(fstest.MapFS{
			"start.sh": {Data: []byte("#!/bin/sh\nexport PYTHONUSERBASE=/pyroot\nexec app\n")}, "plain.sh": {Data: []byte("exec app\n")},
		}, "Dockerfile")
		b := analyze(t, test.text, analyzer.Settings{Context: context})
		if got := presences[b.Target.FindsUserBase(test.dir)]; got != test.want {
			t.Errorf("%s\nfinds %s: got %s, want %s", test.text, test.dir, got, test.want)
		}
	}
}

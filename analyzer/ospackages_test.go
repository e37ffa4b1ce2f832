package analyzer_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

func TestBuildPackages(t *testing.T) {
	const debian, alpine = "FROM python:3.12-slim\n", "FROM python:3.12-alpine\n"
	for _, test := range []struct{ text, want string }{
		{debian + "RUN apt-get update && apt-get install -y gcc libpq-dev curl", "gcc libpq-dev"},
		{debian + "RUN apt-get install -y build-essential", "build-essential"},
		{debian + "RUN sudo apt install -y --no-install-recommends g++ \\\n    # headers\n    python3-dev", "g++ python3-dev"},
		{debian + "RUN apt-get install -y gcc=4:12.2.0-3", "gcc"},
		{debian + "RUN apt-get install -y gcc\nRUN apt-get purge -y gcc", "gcc"}, // the first layer keeps it
		{debian + "RUN apt-get install -y gcc libpq-dev && apt-get remove -y gcc", "libpq-dev"},
		{debian + "RUN apt-get remove -y gcc && apt-get install -y gcc", "gcc"},
		{alpine + "RUN apk add --no-cache build-base libffi-dev libffi", "build-base libffi-dev"},
		{alpine + "RUN apk add --virtual .deps gcc && pip install x && apk del .other", "gcc"},
		{"FROM python:3.12-slim AS base\nRUN apt-get install -y gcc\nFROM base", "gcc"},

		{debian + "RUN apt-get install -y make gcc", "make gcc"},
		{debian + "RUN apt-get install -y g++ default-jdk python3-dev", "g++ python3-dev"},
		{debian + "RUN apt-get install -y gcc default-jre-headless", "gcc"},
		{debian + "RUN apt-get update; apt-get install -y gcc; rm -rf /var/lib/apt/lists/*", "gcc"},

		{debian + "RUN apt-get install -y libpq5 curl git-man", ""},
		{debian + "RUN apt-get install -y make git openssh-client", ""},                                 // to run tasks
		{debian + "RUN apt-get install -y gcc g++\nRUN apt-get install -y openjdk-17-jdk-headless", ""}, // a judge of programs
		{debian + "ARG DEVEL=no\nRUN if [ \"$DEVEL\" = yes ]; then apt-get install -y gcc; fi", ""},
		{debian + "ARG DEVEL\nRUN [ -z \"$DEVEL\" ] || apt-get install -y gcc", ""},
		{debian + "RUN apt-get install -y gcc && pip install x && apt-get purge -y gcc", ""},
		{debian + "RUN apt-get install -y gcc && pip install x && apt-get purge -y --auto-remove gcc", ""},
		{debian + "RUN apt-get install -y gcc libpq-dev && apt-get autoremove -y gcc", "libpq-dev"},
		{debian + "RUN apt-get install -y gcc g++ libffi-dev && apt-get purge -y --auto-remove gcc", "libffi-dev"},
		{debian + "RUN apt-get install -y gcc && apt-get autoremove -y", "gcc"}, // it was asked for
		{debian + "RUN apt-get install -y gcc && apt-mark auto gcc && apt-get autoremove -y", ""},
		{debian + "RUN s=$(apt-mark showmanual) && apt-get install -y gcc && apt-mark auto '.*' && apt-mark manual $s && apt-get purge -y --auto-remove", ""},
		{debian + "RUN apt-get install -y gcc libc6-dev libffi-dev && apt-get purge -y libc6-dev", "gcc"},
		{debian + "ARG D\nRUN apt-get install -y gcc && apt-get purge -y $D", ""}, // may be the same
		{debian + "RUN apt-get download gcc", ""},
		{debian + "RUN echo apt-get install gcc", ""},
		{alpine + "RUN apk add --no-cache --virtual .deps gcc musl-dev && pip install x && apk del .deps", ""},
		{alpine + "RUN apk add -t .deps gcc && apk --no-cache del .deps", ""},
		{"FROM python:3.12-slim AS builder\nRUN apt-get install -y gcc\n" + debian + "RUN true", ""},
	} {
		var names []string
		for _, use := range analyze(t, test.text, analyzer.Settings{}).Target.BuildPackages() {
			if use.Command == nil || use.Command.OS == nil {
				t.Errorf("%s\n%s was installed by nothing", test.text, use.Package.Name)
			}
			names = append(names, use.Package.Name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%s\ngot %q, want %q", test.text, got, test.want)
		}
	}
}

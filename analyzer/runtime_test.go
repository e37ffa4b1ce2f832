package analyzer_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

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

func TestOnPath(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	for _, test := range []struct{ text, dir, want string }{
		{python + "ENV PATH=/pyroot/bin:$PATH", "/pyroot/bin", "yes"},
		{python + "ENV PATH=$PATH:/pyroot/bin/", "/pyroot/bin", "yes"},
		{python + "ENV PATH=\"${PATH}:/pyroot/bin\"", "/pyroot/bin/", "yes"},
		{python + "ENV R=/pyroot\nENV PATH $R/bin:$PATH", "/pyroot/bin", "yes"},
		{python, "/usr/local/bin", "yes"},
		{"FROM example.com/base\nENV PATH=/pyroot/bin:$PATH", "/pyroot/bin", "yes"},
		{"FROM debian:12", "/usr/bin", "yes"},

		{python, "/pyroot/bin", "no"},
		{python + "ENV PATH=/pyroot:$PATH", "/pyroot/bin", "no"},
		{python + "ENV PATH=/pyroot/bin/sub:$PATH", "/pyroot/bin", "no"},
		{python + "ENV PATH=$PATH:/pyroot/bin\nENV PATH=/usr/bin", "/pyroot/bin", "no"},
		{python + "RUN export PATH=/pyroot/bin:$PATH", "/pyroot/bin", "no"},
		{"FROM python:3.12-slim AS b\nENV PATH=/pyroot/bin:$PATH\n" + python, "/pyroot/bin", "no"},
		{python + "ENV PATH=~/.local/bin:$PATH", "/root/.local/bin", "no"}, // nothing expands a tilde in ENV

		{"FROM example.com/base", "/pyroot/bin", "maybe"},
		{"FROM example.com/base\nENV PATH=/x:$PATH", "/pyroot/bin", "maybe"},
		{python + "ARG P\nENV PATH=$P:$PATH", "/pyroot/bin", "maybe"},
	} {
		if got := presences[analyze(t, test.text, analyzer.Settings{}).Target.After.OnPath(test.dir)]; got != test.want {
			t.Errorf("%s\n%s on PATH: got %s, want %s", test.text, test.dir, got, test.want)
		}
	}
}

func TestWritten(t *testing.T) {
	const builder = "FROM python:3.12-slim AS b\nENV PYTHONUSERBASE=/pyroot\nRUN pip install --user flask\nFROM python:3.12-slim\nENV PYROOT=/pyroot\n"
	for _, test := range []struct{ copies, want string }{
		{"COPY --from=b /pyroot /pyroot", "/pyroot"},
		{"COPY --from=b /pyroot/ /pyroot/", "/pyroot"},
		{"COPY --from=b $PYROOT $PYROOT", "$PYROOT"},
		{"COPY --from=b $PYROOT/lib/ $PYROOT/lib/", "$PYROOT"},
		{"COPY --from=b $PYROOT/bin ${PYROOT}/bin", "${PYROOT}"},
		{"COPY --from=b /pyroot/lib/python3.12/site-packages $PYROOT/lib/python3.12/site-packages", "$PYROOT"},
		{"COPY --from=b [\"/pyroot\", \"/pyroot\"]", "/pyroot"},
		{"COPY --from=b [\"/pyroot/\", \"$PYROOT/\"]", "$PYROOT"},
		{"COPY --from=b /pyroot/lib \"$PYROOT/lib\"", "/pyroot"},
		{"WORKDIR /\nCOPY --from=b /pyroot pyroot", "/pyroot"}, // a relative destination is no name for the directory elsewhere
		{"ENV A=/py\nCOPY --from=b /pyroot ${A}root", "${A}root"},
	} {
		var got []string
		for _, c := range analyze(t, builder+test.copies, analyzer.Settings{}).Received() {
			got = append(got, c.Written())
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s: %s", test.copies, diff)
		}
	}
	own := analyze(t, "FROM python:3.12-slim\nRUN pip install flask", analyzer.Settings{})
	if c := own.Target.Contents()[0]; c.Written() != "/usr/local" || len(own.Received()) != 0 {
		t.Errorf("without a COPY: %q, received %d", c.Written(), len(own.Received()))
	}
}

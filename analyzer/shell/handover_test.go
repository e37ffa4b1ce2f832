package shell

import "testing"

func TestHandsOver(t *testing.T) {
	for script, want := range map[string]bool{
		"#!/bin/sh\nset -e\npython manage.py migrate\nexec \"$@\"\n": true,
		"exec \"$@\"":                                          true,
		"#!/bin/sh\n\"$@\"\n":                                  false, // as a child
		"#!/bin/sh\ncd /srv\nexec \"$@\"\n":                    false,
		"#!/bin/sh\n. /opt/venv/bin/activate\nexec \"$@\"\n":   false,
		"#!/bin/sh\nexport PATH=/opt/bin:$PATH\nexec \"$@\"\n": false,
		"#!/bin/sh\nset -- gunicorn \"$@\"\nexec \"$@\"\n":     false,
		"#!/bin/sh\nif x; then exec y; fi\nexec \"$@\"\n":      false,
		"#!/bin/sh\nuv sync\nexec \"$@\"\n":                    false,
		"#!/bin/sh\nexec gunicorn app:app\n":                   false,
	} {
		if got := HandsOver(script); got != want {
			t.Errorf("%q: %v", script, got)
		}
	}
}

func TestAwaitsProgram(t *testing.T) {
	for code, want := range map[string]bool{
		"tini": true, "/usr/bin/tini --": true, "tini -g --": true, "tini-static --": true, "dumb-init": true, "dumb-init --rewrite 15:2 --": true, "catatonit -g": true,
		"tini -- gunicorn": false, "dumb-init sh -c": false, "gosu app": false, "env": false, "poetry run": false, "gunicorn": false, "tini --unknown x": false,
	} {
		if got := AwaitsProgram(Fields(firstCommand(t, code, POSIX).Words, nil)); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	if AwaitsProgram(nil) {
		t.Error("no words are none")
	}
}

package analyzer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

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

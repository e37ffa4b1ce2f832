package analyzer_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

func spell(commands []analyzer.StartCommand) string {
	var all []string
	for _, c := range commands {
		var words []string
		for _, f := range c.Argv {
			words = append(words, f.Text())
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, "; ")
}

// TestStartOfChains is about what bases, wrappers and repeated instructions do to the start command; TestStart has the plain forms.
func TestStartOfChains(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	for _, test := range []struct{ text, want string }{
		{python + `CMD ["a"]` + "\n" + `CMD ["b"]`, "b"},
		{python + `ENTRYPOINT ["a"]` + "\n" + `ENTRYPOINT ["b"]`, "b"},
		{python + `CMD ["serve"]` + "\n" + `ENTRYPOINT ["/entry.sh"]`, "/entry.sh; serve"}, // the order of the two says nothing
		{python + `ENTRYPOINT ["dumb-init", "--", "python"]` + "\n" + `CMD ["app.py"]`, "python app.py"},
		{python + `ENTRYPOINT ["gosu", "app", "python", "app.py"]`, "python app.py"},
		{python + `CMD ["env", "A=b", "python", "app.py"]`, "python app.py"},
		{python + `CMD exec env A=b python app.py`, "python app.py"},
		{python + `CMD ["sh", "-c", "exec gunicorn app"]`, "sh -c exec gunicorn app; gunicorn app"}, // the shell and what it runs
		{python + `CMD set -e; ./migrate && exec gunicorn app`, "set -e; ./migrate; gunicorn app"},
		{python + "ENV W=4\nCMD gunicorn -w $W app", "gunicorn -w 4 app"},
		{python + `ENTRYPOINT ["serve"]` + "\n" + `CMD ["--port", "80"]`, "serve --port 80"},
		{"FROM python:3.12-slim AS a\nENTRYPOINT [\"serve\"]\nCMD [\"--old\"]\nFROM a\nCMD [\"--new\"]", "serve --new"},
		{"FROM python:3.12-slim AS a\nENTRYPOINT [\"serve\"]\nCMD [\"--old\"]\nFROM a", "serve --old"},

		{python, ""},
		{python + "CMD []", ""},
		{"FROM python:3.12-slim AS a\nCMD [\"old\"]\nFROM python:3.12-slim", ""},
		{python + "ONBUILD CMD [\"a\"]", ""},                            // that is for children
		{python + "ENV W=4\nCMD [\"gunicorn\", \"$W\"]", "gunicorn $W"}, // the exec form expands nothing
		{python + "CMD [\"a\", ]", "[a, ]"},                             // no JSON, so it is left to the shell, whose word is `[a,`
	} {
		b := analyze(t, test.text, analyzer.Settings{})
		if got := spell(b.Target.Start().Commands); got != test.want {
			t.Errorf("%s\ngot  %q\nwant %q", test.text, got, test.want)
		}
	}
}

func TestStartUnknown(t *testing.T) {
	for _, test := range []struct {
		text            string
		entrypoint, cmd bool
	}{
		{"FROM python:3.12-slim", false, false},
		{"FROM scratch", false, false},
		{"FROM example.com/base", true, true},
		{"FROM example.com/base\nCMD [\"a\"]", true, false},
		{"FROM example.com/base\nENTRYPOINT [\"a\"]", false, false}, // it resets the CMD of the base
		{"FROM example.com/base AS b\nFROM b", true, true},
		{"ARG B\nFROM $B", true, true},
	} {
		st := analyze(t, test.text, analyzer.Settings{}).Target.Start()
		if st.EntrypointUnknown != test.entrypoint || st.CmdUnknown != test.cmd {
			t.Errorf("%s\nentry point unknown %v, command unknown %v", test.text, st.EntrypointUnknown, st.CmdUnknown)
		}
	}
	var none *analyzer.Stage
	if got := none.Start(); len(got.Commands) != 0 || got.OnlyShell() {
		t.Errorf("no stage starts %v", got.Commands)
	}
}

func TestHealthchecks(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	for _, test := range []struct{ text, want string }{
		{python + "HEALTHCHECK CMD curl -f http://localhost || exit 1", "curl -f http://localhost; exit 1"},
		{python + "HEALTHCHECK --interval=5s CMD [\"curl\", \"-f\", \"x\"]", "curl -f x"},
		{python + "HEALTHCHECK CMD a\nHEALTHCHECK CMD b", "b"},
		{"FROM python:3.12-slim AS a\nHEALTHCHECK CMD a\nFROM a", "a"},
		{python + "HEALTHCHECK CMD a\nHEALTHCHECK NONE", ""},
		{python + "ONBUILD HEALTHCHECK CMD a", ""},
		{python, ""},
	} {
		if got := spell(analyze(t, test.text, analyzer.Settings{}).Target.Healthchecks()); got != test.want {
			t.Errorf("%s\ngot %q, want %q", test.text, got, test.want)
		}
	}
}

func TestOnlyShell(t *testing.T) {
	for start, want := range map[string]bool{
		`CMD ["bash"]`:                             true,
		`CMD /bin/sh`:                              true,
		`CMD ["bash", "-l"]`:                       true,
		`CMD ["make"]`:                             true,
		`CMD ["tail", "-f", "/dev/null"]`:          true,
		`CMD ["sleep", "infinity"]`:                true,
		`CMD ["sh", "start.sh"]`:                   false,
		`CMD ["python"]`:                           false,
		`CMD sleep 5 && gunicorn app`:              false,
		`CMD ["bashful"]`:                          false,
		"ENTRYPOINT [\"/e.sh\"]\nCMD [\"bash\"]":   false,
		"":                                         false,
		"ENTRYPOINT [\"bash\", \"/start/run.sh\"]": false,
	} {
		if got := analyze(t, "FROM python:3.12-slim\n"+start, analyzer.Settings{}).Target.Start().OnlyShell(); got != want {
			t.Errorf("%s: only a shell: got %v", start, got)
		}
	}
}

func TestProgram(t *testing.T) {
	const text = "FROM python:3.12-slim\nARG X\nENTRYPOINT [\"/usr/local/bin/gunicorn\", \"app\"]\nCMD [\"x\"]"
	b := analyze(t, text, analyzer.Settings{})
	c := b.Target.Start().Commands[0]
	if c.Program() != "gunicorn" {
		t.Errorf("program %q", c.Program())
	}
	if got := b.File.Text(c.Script()); got != `"/usr/local/bin/gunicorn"` && got != "/usr/local/bin/gunicorn" {
		t.Errorf("its place holds %q", got)
	}
	if got := (analyzer.StartCommand{}).Program(); got != "" {
		t.Errorf("nothing is the program %q", got)
	}
}

package llb

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/rules"
)

// TestUnexplained: what a fix must not do is seen, whatever it is.
func TestUnexplained(t *testing.T) {
	const before = `FROM python:3.13-slim AS build
RUN pip wheel -w /w flask
FROM python:3.13-slim
ENV A=1
WORKDIR /app
LABEL l=1
EXPOSE 80
VOLUME /data
COPY --from=build /w /w
RUN pip install flask && echo done
USER app
STOPSIGNAL SIGINT
HEALTHCHECK CMD true
CMD ["python", "app.py"]
`
	for _, test := range []struct {
		name, old, new string
		safe, unsafe   string // what is found besides, where PLD205 is said to have done it
	}{
		{"what the page says", "install flask", "install --no-cache-dir flask", "", ""},
		{"another command", "echo done", "echo gone", "run", ""},
		{"a lost command", "RUN pip install flask && echo done\n", "", "run", ""},
		{"another base image", "slim\nENV", "slim-bookworm\nENV", "source", ""},
		{"another user", "USER app", "USER root", "user", "user"},
		{"another user of a command", "RUN pip install flask", "USER x\nRUN pip install flask", "run user", ""},
		{"another directory", "WORKDIR /app", "WORKDIR /srv", "workdir", "workdir"},
		{"another value", "ENV A=1", "ENV A=2", "env A", "env A"},
		{"a new variable", "ENV A=1", "ENV A=1 B=2", "env B", "env B"},
		{"another label", "LABEL l=1", "LABEL l=2", "label l", "label l"},
		{"a lost port", "EXPOSE 80\n", "", "port 80/tcp", "port 80/tcp"},
		{"a lost volume", "VOLUME /data\n", "", "volume /data", "volume /data"},
		{"another source", "/w /w", "/x /w", "file", ""},
		{"another start", `"app.py"`, `"main.py"`, "cmd", "cmd"},
		{"another signal", "SIGINT", "SIGTERM", "stopsignal", ""},
		{"another check", "CMD true", "CMD false", "healthcheck", ""},
		{"another order", "COPY --from=build /w /w\nRUN pip install flask && echo done\n", "RUN pip install flask && echo done\nCOPY --from=build /w /w\n", "run", ""},
		{"nothing", "", "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			old, err := convert([]byte(before), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			next, err := convert([]byte(strings.Replace(before, test.old, test.new, 1)), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			for unsafe, want := range map[bool]string{false: test.safe, true: test.unsafe} {
				found := map[string]bool{}
				for _, d := range unexplained(compare(old, next), []string{"PLD205"}, unsafe) {
					found[d.what] = true
				}
				if found[want] != (want != "") || want == "" && len(found) > 0 {
					t.Errorf("unsafe %v: found %v, want %q", unsafe, found, want)
				}
			}
		})
	}
}

// TestAllowed: the table speaks of rules that there are and that have fixes.
func TestAllowed(t *testing.T) {
	for code := range allowed {
		if _, ok := rules.Find(code); !ok {
			t.Errorf("there is no rule %s", code)
		}
	}
}

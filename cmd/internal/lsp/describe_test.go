package lsp_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

func TestHoverOfInstructions(t *testing.T) {
	const files = `-- Dockerfile --
FROM --platform=linux/amd64 python:3.8-slim-bookworm AS builder
COPY requirements.txt ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt
FROM python:3.12-slim
COPY --from=builder --chown=1000 /opt/venv /opt/venv
COPY app.py ./
ENV PATH=/opt/venv/bin:$PATH
USER 1000
ONBUILD RUN true
CMD ["gunicorn", "app:app"]
-- requirements.txt --
gunicorn==23.0.0
flask==3.1.0
-- app.py --
`
	e, _, text, u := begin(t, files, object{"textDocument": object{"hover": object{"contentFormat": []string{"markdown"}}}})
	for _, c := range []struct{ at, want, not string }{
		{"python:3.8-sl|im", "Python 3.8", "What starts"},
		{"python:3.8-sl|im", "**python:3.8-slim-bookworm**", ""},
		{"python:3.8-sl|im", "**no fixes since 2024-10-07**", ""},
		{"python:3.8-sl|im", "debian 12 (bookworm), glibc", ""},
		{"python:3.8-sl|im", "`LANG=C.UTF-8`", ""},
		{"python:3.12-sl|im", "fixes until 2028-10-31", "no fixes since"},
		{"python:3.12-sl|im", "runs as `root`", ""},
		{"--plat|form", "the platform of the image", ""},
		{"WORK|DIR", "", ""},
		{"COPY| --from", "**COPY**: Copies files", ""},
		{"--fr|om=builder", "copy from a stage", ""},
		{"/opt/ve|nv /opt", "Brings files from stage `builder`", ""},
		{"/opt/ve|nv /opt", "packages and console scripts in `/opt/venv`, of `pip install` (flask, gunicorn)", ""},
		{"COPY app|.py", "", "Brings"},
		{"ONBUILD R|UN", "**RUN**: Runs commands", ""},
		{`"guni|corn"`, "the program is `/opt/venv/bin/gunicorn`, brought by line 5", ""},
		{`"guni|corn"`, "it runs in the virtual environment `/opt/venv`", ""},
		{`"guni|corn"`, "it sees the packages and console scripts in `/opt/venv`", ""},
		{`"guni|corn"`, "as user `1000`", ""},
		{"C|MD", "**CMD**: What a container starts", ""},
	} {
		if !strings.Contains(text, strings.Replace(c.at, "|", "", 1)) {
			continue
		}
		h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, c.at))
		got := ""
		if h != nil {
			got = h.Contents.Value
		}
		if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: want %q, not %q: got %s", c.at, c.want, c.not, got)
		}
	}
}

func TestTags(t *testing.T) {
	e, _, _, u := begin(t, "-- Dockerfile --\nFROM python:3.12 AS builder\nRUN pip install --prefix=/install flask==3.1.0\nFROM python:3.8-slim\nCOPY src /app\nCMD [\"python\", \"/app/main.py\"]\n", richPush)
	want := map[string]int{"PLD120": 1, "PLD503": 2} // faded, struck through
	for _, d := range e.diagnostics(u, 1) {
		if tag, ok := want[d.Code]; ok && len(d.Tags) == 1 && d.Tags[0] == tag {
			delete(want, d.Code)
		}
	}
	if len(want) > 0 {
		t.Errorf("not tagged: %v", want)
	}
}

func TestHover(t *testing.T) {
	e, _, text, u := begin(t, sample, object{"textDocument": object{"hover": object{"contentFormat": []string{"markdown", "plaintext"}}}})
	for _, c := range []struct{ at, want string }{
		{"WORKDIR $APP|_DIR", "`APP_DIR` is `/app`"},
		{`"${AP|P_DIR}"`, "`APP_DIR` is `/app`"},
		{"AS bui|lder", "stage builder"},
		{"--from=bu|ilder", "The final image takes files from it"},
		{"python:${VERS|ION}-slim AS", "`VERSION` is `3.12`"},
		{"ARG VER|SION", "`VERSION` is `3.12`"},
		{"pip inst|all", "installs into the user base"},
		{"pip inst|all", "flask==3.1.0"},
	} {
		h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, c.at))
		if h == nil || !strings.Contains(h.Contents.Value, c.want) || h.Contents.Kind != "markdown" {
			t.Errorf("%s: got %+v", c.at, h)
		}
	}
	if h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, "# a comm|ent")); h != nil {
		t.Errorf("got %+v", h)
	}
}

// A requirement that is not known in full is shown as it is written.
func TestHoverOfUnknownRequirement(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nARG VERSION\nRUN pip install \"app@dist/app-${VERSION}.whl\"\n", object{})
	h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, "pip inst|all"))
	if h == nil || !strings.Contains(h.Contents.Value, "app@dist/app-${VERSION}.whl") {
		t.Errorf("got %+v", h)
	}
}

// What a loop, a read or an assignment sets is not "not set here".
func TestHoverOfShellVariables(t *testing.T) {
	const code = `for f in a b; do echo "$f"; done && x=$(date) && echo $x && read -r line < /etc/x && echo $line && echo $PWD` +
		` && printf -v made %s 1 && echo $made && y=1 && echo $y && echo $nobody && export Z=$(id) && echo $Z`
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nSHELL [\"/bin/bash\", \"-c\"]\nRUN "+code+"\nCMD n=$(nproc); exec app -w $n\n", object{})
	for _, c := range []struct{ at, want string }{
		{`echo "$|f"`, "each of `a`, `b`"},
		{"echo $|x", "set by the shell: `x=$(date)`"},
		{"echo $li|ne", "a variable of the shell"},
		{"echo $PW|D", "set by the shell itself"},
		{"echo $ma|de", "a variable of the shell"},
		{"echo $|y ", "`y` is `1`"},
		{"echo $nob|ody", "not set here"},
		{"echo $|Z", "a variable of the shell"},
		{"-w $|n", "a variable of the shell"},
	} {
		h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, c.at))
		if h == nil || !strings.Contains(h.Contents.Value, c.want) || c.at != "echo $nob|ody" && strings.Contains(h.Contents.Value, "not set") {
			t.Errorf("%s: got %+v", c.at, h)
		}
	}
}

func TestHoverOfFindings(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\n", object{})
	h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, "pip inst|all"))
	if h == nil || h.Contents.Kind != "plaintext" {
		t.Fatalf("got %+v", h)
	}
	for _, want := range []string{"PLD205", "pip-cache-in-layer", "Fix (safe)"} {
		if !strings.Contains(h.Contents.Value, want) {
			t.Errorf("%s is not in %s", want, h.Contents.Value)
		}
	}
}

func TestHoverOfHadolintComments(t *testing.T) {
	const files = "-- Dockerfile --\nFROM python:3.12-slim\n# hadolint ignore=DL3042,DL3008\nRUN pip install flask==3.1.0\n"
	for config, want := range map[string]string{
		"": "but ignores nothing here",
		"-- .pylint-docker.yaml --\ncompat: hadolint\n": "pip-cache-in-layer here, as",
	} {
		e, _, text, u := begin(t, files+config, object{})
		h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, "DL30|42"))
		if h == nil || !strings.Contains(h.Contents.Value, want) || config != "" && !strings.Contains(h.Contents.Value, ".pylint-docker.yaml:1:1") {
			t.Errorf("want %s, got %+v", want, h)
		}
		if h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, "DL300|8")); h == nil || !strings.Contains(h.Contents.Value, "no counterpart") {
			t.Errorf("got %+v", h)
		}
	}
}

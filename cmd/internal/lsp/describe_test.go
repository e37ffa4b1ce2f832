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

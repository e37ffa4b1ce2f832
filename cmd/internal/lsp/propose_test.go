package lsp_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

const proposed = `-- requirements.txt --
-- src/app.py --
-- src/data.csv --
-- notes.md --
-- .dockerignore --
*.md
src/*.csv
-- pyproject.toml --
[project]
name = "x"
version = "1"
[project.optional-dependencies]
redis = ["redis"]
[dependency-groups]
docs = ["sphinx"]
-- uv.lock --
version = 1
[[package]]
name = "flask"
version = "3.1.0"
source = { registry = "https://pypi.org/simple" }
`

// complete gives what is proposed at the end of the last line of a Dockerfile.
func complete(t *testing.T, text string) map[string]lsp.CompletionItem {
	t.Helper()
	e, _, _, u := begin(t, "-- Dockerfile --\n"+text+"\n"+proposed, object{})
	result := get[struct{ Items []lsp.CompletionItem }](e, "textDocument/completion", object{
		"textDocument": object{"uri": u}, "position": object{"line": strings.Count(text, "\n"), "character": len(text[strings.LastIndexByte(text, '\n')+1:])},
	})
	labels := map[string]lsp.CompletionItem{}
	for _, item := range result.Items {
		labels[item.Label] = item
	}
	return labels
}

func TestProposals(t *testing.T) {
	const stage = "FROM python:3.12-slim\nRUN useradd --create-home app\n"
	for _, c := range []struct{ text, want, not string }{
		{"", "FROM", "RUN"}, // what begins a file
		{"AR", "ARG", "COPY"},
		{stage + "R", "RUN", ""},
		{stage + "w", "WORKDIR", ""},
		{stage + "ONBUILD ", "COPY", "FROM"},
		{stage + "RUN <<EOF\nC", "", "COPY"}, // a heredoc has no instructions
		{stage + "RUN <<EOF\nC\nEOF", "", "COPY"},
		{stage + "RUN echo \\\n  C", "", "COPY"},
		{stage + "# C", "", "COPY"},
		{stage + "COPY ", "--from=", "--checksum="},
		{stage + "COPY --from=0 --", "--chown=", "--from="},
		{"FROM a\nFROM b AS c\nCOPY --from=", "0", "1"},
		{"FROM a\nFROM b AS c\nFROM ", "c", "0"},
		{"FROM a AS b\nFROM c AS d\nCOPY --from=", "b", "d"},
		{"FROM a AS b\nFROM c\nRUN --mount=type=bind,from=", "b", "1"},
		{"# ", "escape=`", "ignore["},
		{"# syntax=x\n# e", "escape=`", ""},
		{"FROM a\n# p", "pylint-docker: ignore[", "escape=`"},
		{stage + "WORKDIR /srv\nCOPY src/app.py ", "/srv/", ""},
		{stage + "COPY --", "--chown=", "--checksum="},
		{stage + "COPY --link --f", "--from=", ""},
		{stage + "ADD --", "--checksum=", "--from="},
		{stage + "RUN --mount=type=cache,target=/a --", "--mount=", ""},
		{stage + "RUN --network=none --", "--mount=", "--network="},
		{stage + "RUN --mount=", "type=cache", "sharing="},
		{stage + "RUN --mount=type=cache,", "sharing=", "type=bind"},
		{stage + "RUN --mount=type=cache,sharing=", "locked", "target="},
		{stage + "RUN --mount=type=secret,i", "id=", "sharing="},
		{stage + "RUN --network=", "none", ""},
		{stage + "HEALTHCHECK --", "--start-period=", ""},
		{stage + "HEALTHCHECK ", "CMD", "FROM"},
		{"FROM --platform=", "linux/arm64", ""},
		{"FROM py", "python", ""},
		{"FROM python:", "python:3.13-slim", "python:3.8-slim"},
		{"FROM ghcr.io/astral-sh/uv:", "ghcr.io/astral-sh/uv:python3.13-trixie-slim", ""},
		{"FROM python:3.12 ", "AS", "python"},
		{stage + "COPY ", "requirements.txt", "notes.md"},
		{stage + "COPY s", "src/", "src/app.py"},
		{stage + "COPY src/", "src/app.py", "src/data.csv"},
		{stage + "COPY ./src/a", "./src/app.py", ""},
		{stage + "COPY ../", "", "requirements.txt"},
		{stage + "COPY requirements.txt ", "./", ""},
		{"FROM python:3.12 AS b\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install flask\nFROM python:3.12\nCOPY --from=b ", "/opt/venv", "requirements.txt"},
		{stage + "COPY --chown=", "app", ""},
		{stage + "USER ", "app", "/app"},
		{stage + "USER ", "root", ""},
		{stage + "WORKDIR ", "/app", "root"},
		{stage + "EXPOSE ", "8000", ""},
		{stage + "EXPOSE 53/", "53/udp", ""},
		{stage + "ENV PY", "PYTHONUNBUFFERED=1", ""},
		{stage + "ENV PYTHONUNBUFFERED=", "PYTHONUNBUFFERED=1", "PIP_NO_CACHE_DIR=1"},
		{stage + "ENV LD_LIBRARY_PATH=", "", "PYTHONUNBUFFERED=1"},
		{stage + "STOPSIGNAL ", "SIGTERM", ""},
		{stage + "RUN pip install --no", "--no-cache-dir", "--frozen"},
		{stage + "RUN python3 -m pip install --no-cache-dir --us", "--user", ""},
		{stage + "RUN uv sync --", "--frozen", "--no-cache-dir"},
		{stage + "RUN cd /app && sudo uv pip install --", "--system", "--frozen"},
		{stage + "RUN poetry install --", "--no-root", "--system"},
		{stage + "RUN pipenv install --", "--deploy", "--no-root"},
		{stage + "RUN apt-get update && apt-get install --", "--no-install-recommends", ""},
		{stage + "RUN uv sync --group ", "docs", "redis"},
		{stage + "RUN uv sync --extra ", "redis", "docs"},
		{stage + "RUN poetry install --only=d", "docs", ""},
		{stage + "RUN pip install fl", "flask==3.1.0", "--user"},
		{stage + "RUN pip uninstall fl", "", "flask==3.1.0"},
		{stage + "RUN echo 'pip install --", "", "--user"},
		{stage + "RUN pip install gunicorn\nCMD [\"gun", "gunicorn", "uvicorn"},
		{stage + "CMD [\"py", "python", "gunicorn"},
		{stage + "ENTRYPOINT [", `"python"`, "python"},
		{stage + "CMD py", "python", ""},
		{stage + "CMD [\"python\", \"", "", "python"},
		{"FROM debian\nCMD ", "", "python"},
		{stage + "LABEL org.open", "org.opencontainers.image.source=", "python"},
		{stage + "ARG TA", "TARGETARCH", ""},
		{stage + "RUN pip install '.[re", "redis", "docs"},
		{stage + "RUN pip install .[a,", "redis", ""},
		{stage + "RUN uv s", "sync", "--frozen"},
		{stage + "RUN cd /app && pip3 ", "install", ""},
		{stage + "RUN npm ", "", "install"},
		{"# syntax=", "syntax=docker/dockerfile:1", "ignore["},
		{stage + "COPY .", "", ".dockerignore"},
	} {
		labels := complete(t, c.text)
		item, found := labels[c.want]
		if _, wrong := labels[c.not]; found != (c.want != "") || wrong {
			t.Errorf("%q: got %v", c.text, labels)
			continue
		}
		last := c.text[strings.LastIndexByte(c.text, '\n')+1:]
		if c.want == "" {
			continue
		}
		typed := last[item.TextEdit.Range.Start.Character:]
		if !strings.HasPrefix(strings.ToUpper(c.want), strings.ToUpper(typed)) || item.TextEdit.Range.End.Character != len(last) {
			t.Errorf("%q: replaces %q", c.text, typed)
		}
	}
	if detail := complete(t, "FROM python:3.12-")["python:3.12-slim"].Detail; detail != "debian 13, Python 3.12 until 2028-10" {
		t.Errorf("got %q", detail)
	}
}

func TestSignatureHelp(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"COPY ", "source"},
		{"COPY --fr", "[--flag=value]"},
		{"COPY a b", "destination"},
		{"COPY a b c", "destination"},
		{"FROM ", "image[:tag|@digest]"},
		{"FROM python ", "[AS"},
		{"ENV A=1 B", "name=value"},
		{"EXPOSE 80 8", "port[/protocol]"},
		{"CMD [\"a\", ", "\"argument\""},
		{"CMD [", "\"program\""},
		{"RUN --network=", "default|none|host"},
		{"HEALTHCHECK --interval=5s CMD x", "command"},
		{"WORKDIR ", "path"},
		{"ONBUILD COPY a ", "destination"},
		{"# COPY ", ""},
		{"NONSENSE ", ""},
		{"RU", ""},
	} {
		text := "FROM python:3.12\n" + c.line + "\n"
		e, _, _, u := begin(t, "-- Dockerfile --\n"+text, object{})
		help := get[*lsp.SignatureHelp](e, "textDocument/signatureHelp", object{
			"textDocument": object{"uri": u}, "position": object{"line": 1, "character": len(c.line)},
		})
		got := ""
		if help != nil {
			s := help.Signatures[help.ActiveSignature]
			got = s.Parameters[help.ActiveParameter].Label
			if !strings.Contains(s.Label, got) {
				t.Errorf("%q: %q is no part of %q", c.line, got, s.Label)
			}
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.line, got, c.want)
		}
	}
}

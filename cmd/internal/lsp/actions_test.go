package lsp_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

func actions(e *editor, u string, from, to object, only ...string) []lsp.CodeAction {
	e.t.Helper()
	return get[[]lsp.CodeAction](e, "textDocument/codeAction", object{
		"textDocument": object{"uri": u}, "range": object{"start": from, "end": to}, "context": object{"diagnostics": []any{}, "only": only},
	})
}

func titles(list []lsp.CodeAction) []string {
	all := []string{}
	for _, a := range list {
		all = append(all, a.Kind+": "+a.Title)
	}
	return all
}

func pick(t *testing.T, list []lsp.CodeAction, part string) lsp.CodeAction {
	t.Helper()
	for _, a := range list {
		if strings.Contains(a.Title, part) {
			return a
		}
	}
	t.Fatalf("no action %q among %q", part, titles(list))
	return lsp.CodeAction{}
}

func TestCodeActions(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\nRUN pip install attrs==25.1.0\nCMD python app.py\n", object{})
	here := position(t, text, "pip| install flask")
	list := actions(e, u, here, here)
	fix := pick(t, list, "--no-cache-dir")
	// The rule's fix is one for all installations of a stage.
	want := strings.ReplaceAll(text, "pip install", "pip install --no-cache-dir")
	if diff := cmp.Diff(want, applyEdits(t, text, fix.Edit.Changes[u])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !fix.IsPreferred || len(fix.Diagnostics) != 1 || fix.Diagnostics[0].Code != "PLD205" {
		t.Errorf("got %+v", fix)
	}
	ignore := pick(t, list, "Ignore PLD205 here")
	want = strings.Replace(text, "RUN pip install flask", "# pylint-docker: ignore[PLD205]\nRUN pip install flask", 1)
	if diff := cmp.Diff(want, applyEdits(t, text, ignore.Edit.Changes[u])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if ignore.IsPreferred {
		t.Error("ignoring is not preferred")
	}
	all := pick(t, actions(e, u, here, here, "source.fixAll"), "Fix all")
	fixed := applyEdits(t, text, all.Edit.Changes[u])
	if strings.Count(fixed, "--no-cache-dir") != 2 || all.Kind != "source.fixAll.pylint-docker" {
		t.Errorf("got %s", fixed)
	}
	for _, c := range []struct {
		only []string
		kind string // of all that come
		none bool
	}{
		{only: []string{"quickfix"}, kind: "quickfix"},
		{only: []string{"source"}, kind: "source.fixAll.pylint-docker"},
		{only: []string{"source.fixAll.pylint-docker"}, kind: "source.fixAll.pylint-docker"},
		{only: []string{"source.fixAll.other"}, none: true},
		{only: []string{"source.organizeImports"}, none: true},
		{only: []string{"quick"}, none: true},
		{only: []string{"refactor"}, none: true},
	} {
		list := actions(e, u, here, here, c.only...)
		if (len(list) == 0) != c.none {
			t.Errorf("%q: got %q", c.only, titles(list))
		}
		for _, a := range list {
			if a.Kind != c.kind {
				t.Errorf("%q: got %q", c.only, titles(list))
			}
		}
	}
	// The range is honoured: nothing is offered for another line.
	first := position(t, text, "|RUN pip install attrs")
	for _, a := range actions(e, u, first, first, "quickfix") {
		if len(a.Diagnostics) > 0 && a.Diagnostics[0].Range.Start.Line == 1 {
			t.Errorf("an action of another line: %s", a.Title)
		}
	}
	// Fixes that may change behaviour say so, and are not preferred.
	last := position(t, text, "CMD| python")
	for _, a := range actions(e, u, last, last, "quickfix") {
		if marked := strings.HasSuffix(a.Title, "(unsafe)") || strings.HasSuffix(a.Title, "(suggestion)"); marked && a.IsPreferred {
			t.Errorf("%q is preferred", a.Title)
		}
	}
}

// Versions come from the lock file of the project.
func TestPinsFromTheLockFile(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install --no-cache-dir flask \"gunicorn[gevent]\"\nRUN pip install --no-cache-dir flask django\nCMD [\"gunicorn\", \"app:app\"]\n"+
		"-- pyproject.toml --\n[project]\nname = \"x\"\nversion = \"1\"\n-- uv.lock --\nversion = 1\n[[package]]\nname = \"flask\"\nversion = \"3.1.0\"\n[[package]]\nname = \"gunicorn\"\nversion = \"23.0.0\"\n", object{})
	here := position(t, text, "|flask \"gun")
	action := pick(t, actions(e, u, here, here, "quickfix"), "Pin flask==3.1.0, which is in uv.lock; gunicorn==23.0.0, which is in uv.lock (suggestion)")
	want := strings.Replace(text, "flask \"gunicorn[gevent]\"", "flask==3.1.0 \"gunicorn[gevent]==23.0.0\"", 1)
	if got := applyEdits(t, text, action.Edit.Changes[u]); got != want {
		t.Errorf("got %s", got)
	}
	there := position(t, text, "|flask django")
	for _, a := range actions(e, u, there, there, "quickfix") {
		if strings.HasPrefix(a.Title, "Pin ") {
			t.Errorf("got %s", a.Title)
		}
	}
}

const pycache = `-- Dockerfile --
FROM python:3.12-slim
WORKDIR /app
COPY . .
USER 1000
CMD ["python", "app.py"]
-- app.py --
print("x")
-- __pycache__/app.cpython-312.pyc --
x
`

func TestFixOfAnotherFile(t *testing.T) {
	for name, capabilities := range map[string]object{
		"changes":         {},
		"documentChanges": {"workspace": object{"workspaceEdit": object{"documentChanges": true, "resourceOperations": []string{"create"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			e, dir, text, u := begin(t, pycache, capabilities)
			start := object{"line": 0, "character": 0}
			end := object{"line": strings.Count(text, "\n"), "character": 0}
			action := pick(t, actions(e, u, start, end, "quickfix"), "dockerignore")
			target := uri(dir + "/.dockerignore")
			if name == "changes" {
				if edits := action.Edit.Changes[target]; len(edits) != 1 || !strings.Contains(edits[0].NewText, "__pycache__") {
					t.Errorf("got %+v", action.Edit)
				}
				return
			}
			if len(action.Edit.DocumentChanges) != 2 {
				t.Fatalf("got %+v", action.Edit)
			}
			create, _ := action.Edit.DocumentChanges[0].(object)
			if create["kind"] != "create" || create["uri"] != target {
				t.Errorf("got %+v", create)
			}
			edit, _ := json.Marshal(action.Edit.DocumentChanges[1])
			if !strings.Contains(string(edit), "__pycache__") || !strings.Contains(string(edit), `"version":null`) {
				t.Errorf("got %s", edit)
			}
		})
	}
}

func TestExtractBase(t *testing.T) {
	e, _, text, u := begin(t, `-- Dockerfile --
FROM alpine:3.20 AS builder
RUN apk add --no-cache python3 libpq
RUN ln -sf /usr/bin/python3 /usr/bin/python
COPY . /src
RUN pip install --prefix=/install /src

FROM alpine:3.20
RUN apk add --no-cache python3 libpq
RUN ln -sf /usr/bin/python3 /usr/bin/python
COPY --from=builder /install /usr
CMD ["myapp"]
`, object{})
	here := position(t, text, "RUN| apk")
	action := pick(t, actions(e, u, here, here, "refactor"), "base stage")
	got := applyEdits(t, text, action.Edit.Changes[u])
	if strings.Count(got, "apk add") != 1 || strings.Count(got, "FROM base") != 2 {
		t.Errorf("got %s", got)
	}
	elsewhere := position(t, text, "CMD| ")
	if list := actions(e, u, elsewhere, elsewhere, "refactor"); len(list) > 0 {
		t.Errorf("got %q", titles(list))
	}
}

// TestConversion converts a Dockerfile as an editor's command does, and lints the result.
func TestConversion(t *testing.T) {
	e, _, text, u := begin(t, `-- Dockerfile --
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . /app
USER 1000
CMD ["python", "/app/main.py"]
-- requirements.txt --
psycopg2==2.9.10
-- main.py --
print("x")
`, object{})
	if codes := codesOf(e.diagnostics(u, 1)); !strings.Contains(codes, "PLD101") {
		t.Fatalf("got %s", codes)
	}
	whole := object{"line": strings.Count(text, "\n"), "character": 0}
	list := actions(e, u, object{"line": 0, "character": 0}, whole, "refactor.rewrite")
	got := applyEdits(t, text, pick(t, list, "Convert to a multi-stage build").Edit.Changes[u])
	if strings.Count(got, "FROM ") < 2 || !strings.Contains(got, "COPY --from=") || !strings.Contains(got, "libpq5") {
		t.Errorf("got %s", got)
	}
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{object{"text": got}}})
	if codes := codesOf(e.diagnostics(u, 2)); strings.Contains(codes, "PLD1") {
		t.Errorf("got %s\n%s", codes, got)
	}
	whole["line"] = strings.Count(got, "\n")
	for _, a := range actions(e, u, object{"line": 0, "character": 0}, whole) {
		if strings.Contains(a.Title, "multi-stage") {
			t.Errorf("a converted file can be converted: %s", a.Title)
		}
	}
}

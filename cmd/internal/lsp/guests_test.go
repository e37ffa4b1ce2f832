package lsp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

const composed = `-- compose.yaml --
services:
  web:
    build:
      context: .
      dockerfile_inline: |
        FROM python:3.12-slim AS builder
        ENV APP=/app
        WORKDIR $$APP
        COPY src ./

        FROM python:3.12-slim
        COPY --from=builder /app /app
        COPY requirements.txt ./
        RUN pip install -r requirements.txt
        USER 1000
        RUN for f in *; do echo "$$f"; done
        CMD ["python", "app.py"]
  db:
    image: postgres:16 # text
  worker:
    build:
      dockerfile_inline: |
          FROM python:3.12-slim
          RUN pip install flask==3.1.0
  flow:
    build:
      dockerfile_inline: "FROM python:3.12-slim\nRUN pip install attrs==25.1.0\n"
-- requirements.txt --
flask==3.1.0
`

func openCompose(t *testing.T, archive string, capabilities object) (e *editor, dir, text, u string) {
	t.Helper()
	dir = project(t, archive)
	e = connect(t)
	e.start(dir, capabilities, nil)
	text = content(t, dir, "compose.yaml")
	u = uri(filepath.Join(dir, "compose.yaml"))
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "yaml", "version": 1, "text": text}})
	return e, dir, text, u
}

// What stands in compose and bake files is found where check finds it.
func TestGuestsSayWhatCheckSays(t *testing.T) {
	for name, archive := range map[string]string{
		"block":  composed,
		"folded": "-- compose.yaml --\nservices:\n  web:\n    build:\n      dockerfile_inline: >\n        FROM python:3.12-slim\n\n        RUN pip install flask==3.1.0\n",
		"broken": "-- compose.yaml --\nservices:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM python:3.12-slim\n        RUM x\n",
		"anchor": "-- compose.yaml --\nservices:\n  web:\n    build: &b\n      dockerfile_inline: |\n        FROM python:3.12-slim\n        RUN pip install attrs\n  two:\n    build: *b\n",
	} {
		t.Run(name, func(t *testing.T) {
			e, dir, _, u := openCompose(t, archive, object{"textDocument": object{"diagnostic": object{"relatedDocumentSupport": true}}})
			t.Chdir(dir)
			want := byCheck(t, dir, "compose.yaml")
			if len(want) == 0 {
				t.Fatal("nothing is found")
			}
			got := pull(t, e, u)
			if diff := cmp.Diff(want, sorted(got)); diff != "" {
				t.Errorf("(-check +lsp)\n%s", diff)
			}
		})
	}
}

func TestGuestsArePushed(t *testing.T) {
	e, _, text, u := openCompose(t, composed, richPush)
	if codes := codesOf(e.diagnostics(u, 1)); strings.Count(codes, "PLD205") != 3 {
		t.Fatalf("got %s", codes)
	}
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{
		object{"text": strings.ReplaceAll(text, "pip install", "pip install --no-cache-dir")},
	}})
	if codes := codesOf(e.diagnostics(u, 2)); strings.Contains(codes, "PLD205") {
		t.Errorf("got %s", codes)
	}
	e.notify("textDocument/didClose", object{"textDocument": object{"uri": u}})
	if codes := codesOf(e.diagnostics(u, 0)); codes != "" {
		t.Errorf("after closing: %s", codes)
	}
}

func TestGuestsAreAnswered(t *testing.T) {
	e, _, text, u := openCompose(t, composed, object{})
	for _, c := range []struct{ at, want string }{
		{"WORKDIR $$AP|P", "`APP` is `/app`"},
		{"--from=bu|ilder", "stage builder"},
		{`echo "$$|f"`, "set by the loop"},
		{"pip install -r| req", "flask==3.1.0"},
	} {
		h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, c.at))
		if h == nil || !strings.Contains(h.Contents.Value, c.want) {
			t.Errorf("%s: got %+v", c.at, h)
		}
	}
	h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, "WORKDIR $$AP|P"))
	if h.Range.Start.Line != 7 || h.Range.Start.Character != 18 || h.Range.End.Character != 21 {
		t.Errorf("got %+v", h.Range)
	}
	if a := e.ask("textDocument/hover", at(t, u, text, "image: post|gres")); string(a.Result) != "null" {
		t.Errorf("got %s", a.Result)
	}
	const definition = "        FROM python:3.12-slim AS [builder]"
	if got := marked(text, get[[]lsp.Location](e, "textDocument/definition", at(t, u, text, "--from=bu|ilder"))); got != definition {
		t.Errorf("got %s", got)
	}
	params := at(t, u, text, "--from=bu|ilder")
	params["newName"] = "wheels"
	renamed := get[lsp.WorkspaceEdit](e, "textDocument/rename", params)
	if diff := cmp.Diff(strings.ReplaceAll(text, "builder", "wheels"), applyEdits(t, text, renamed.Changes[u])); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	items := get[struct{ Items []lsp.CompletionItem }](e, "textDocument/completion", at(t, u, text, "COPY --from=|builder"))
	if len(items.Items) == 0 || items.Items[0].Label != "builder" || items.Items[0].TextEdit.Range.Start.Line != 11 {
		t.Errorf("got %+v", items)
	}
	for _, f := range get[[]lsp.FoldingRange](e, "textDocument/foldingRange", object{"textDocument": object{"uri": u}}) {
		if first := strings.Split(text, "\n")[f.StartLine]; !strings.Contains(first, "FROM") {
			t.Errorf("got %q", first)
		}
	}
}

// Fixes are written into block scalars, and nowhere else.
func TestGuestsAreFixed(t *testing.T) {
	e, dir, text, u := openCompose(t, composed, object{})
	list := get[[]lsp.CodeAction](e, "textDocument/codeAction", object{
		"textDocument": object{"uri": u}, "context": object{"only": []string{"quickfix"}},
		"range": object{"start": position(t, text, "|pip install -r"), "end": position(t, text, "|pip install -r")},
	})
	var titles []string
	for _, action := range list {
		titles = append(titles, action.Title)
	}
	if len(list) == 0 {
		t.Fatal("no actions")
	}
	want := strings.Replace(text, "pip install -r", "pip install --no-cache-dir -r", 1)
	if got := applyEdits(t, text, list[0].Edit.Changes[u]); got != want {
		t.Errorf("%v: got %s", titles, got)
	}
	for _, action := range list {
		if strings.HasPrefix(action.Title, "Ignore PLD205") {
			want := strings.Replace(text, "        RUN pip install -r", "        # pylint-docker: ignore[PLD205]\n        RUN pip install -r", 1)
			if got := applyEdits(t, text, action.Edit.Changes[u]); got != want {
				t.Errorf("got %s", got)
			}
		}
	}
	for _, c := range []struct{ at, want string }{
		{"|FROM python:3.12-slim AS builder", ""},
		{"|FROM python:3.12-slim\n          RUN", "pip install flask"},
		{`"|FROM`, "pip install attrs"}, // a quoted value of one line can be changed as well
	} {
		all := get[[]lsp.CodeAction](e, "textDocument/codeAction", object{
			"textDocument": object{"uri": u}, "context": object{"only": []string{"source.fixAll.pylint-docker"}},
			"range": object{"start": position(t, text, c.at), "end": position(t, text, c.at)},
		})
		if len(all) == 0 {
			t.Errorf("%s: nothing is fixed", c.at)
			continue
		}
		fixed := applyEdits(t, text, all[0].Edit.Changes[u])
		if c.want != "" && fixed != strings.Replace(text, c.want, strings.Replace(c.want, "install", "install --no-cache-dir", 1), 1) {
			t.Errorf("%s: got %s", c.at, fixed)
		}
		// The fixed file has nothing more of that, and still is the same compose file otherwise.
		if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(fixed), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Chdir(dir)
		if found := strings.Join(byCheck(t, dir, "compose.yaml"), "\n"); strings.Count(found, "PLD205") != 2 {
			t.Errorf("%s: %s\n%s", c.at, fixed, found)
		}
	}
}

// The workspace's findings are those of compose files that are not open, too.
func TestGuestsOfTheWorkspace(t *testing.T) {
	dir := project(t, composed+"-- other/compose.yaml --\nservices:\n  db:\n    image: postgres\n")
	e := connect(t)
	e.start(dir, object{"textDocument": object{"diagnostic": object{}}}, object{"workspaceDiagnostics": true})
	report := get[struct {
		Items []struct {
			URI   string
			Items []lsp.Diagnostic
		}
	}](e, "workspace/diagnostic", object{"previousResultIds": []any{}})
	if len(report.Items) != 1 || report.Items[0].URI != uri(dir+"/compose.yaml") || strings.Count(codesOf(report.Items[0].Items), "PLD205") != 3 {
		t.Errorf("got %+v", report)
	}
}

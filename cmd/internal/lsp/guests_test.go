package lsp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// Their code is coloured, and formatted where the host then holds just what was wanted.
func TestGuestsAreColouredAndFormatted(t *testing.T) {
	archive := strings.Replace(composed, "        USER 1000\n", "        user 1000  \n        RUN a && \\\n        b\n", 1)
	e, _, text, u := openCompose(t, archive, object{})
	tokens := get[struct{ Data []int }](e, "textDocument/semanticTokens/full", object{"textDocument": object{"uri": u}}).Data
	lines := strings.Split(text, "\n")
	line, character := 0, 0
	var painted []string
	for i := 0; i+4 < len(tokens); i += 5 {
		if tokens[i] > 0 {
			character = 0
		}
		line, character = line+tokens[i], character+tokens[i+1]
		painted = append(painted, lines[line][character:character+tokens[i+2]])
	}
	if got := strings.Join(painted, " "); !strings.HasPrefix(got, "FROM python:3.12-slim AS builder ENV APP /app WORKDIR APP COPY") || strings.Contains(got, "services") || strings.Contains(got, "postgres") {
		t.Errorf("got %s", got)
	}
	whole := object{"textDocument": object{"uri": u}, "options": object{"tabSize": 4, "insertSpaces": true, "insertFinalNewline": true, "trimFinalNewlines": true}}
	want := strings.Replace(text, "        user 1000  \n        RUN a && \\\n        b\n", "        USER 1000\n        RUN a && \\\n            b\n", 1)
	if diff := cmp.Diff(want, applyEdits(t, text, get[[]lsp.TextEdit](e, "textDocument/formatting", whole))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	whole["range"] = object{"start": position(t, text, "|user 1000"), "end": position(t, text, "user 1000|")}
	want = strings.Replace(text, "user 1000  ", "USER 1000", 1)
	if diff := cmp.Diff(want, applyEdits(t, text, get[[]lsp.TextEdit](e, "textDocument/rangeFormatting", whole))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
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

// From a compose or bake file to the Dockerfile and the stage that it builds, and back.
func TestBuildsAreNavigated(t *testing.T) {
	const archive = `-- compose.yaml --
services:
  web:
    build:
      context: ./web
      dockerfile: Dockerfile.prod
      target: Runtime
      args:
        - MODE=fast
    environment:
      - MODE=slow
  worker:
    build: web
  db:
    image: postgres
-- docker-bake.hcl --
target "web" {
  context = "web"
  dockerfile = "Dockerfile.prod"
  target = "runtime"
  args = {
    EXTRA = "x"
    ABSENT = "y"
  }
}
-- web/Dockerfile --
FROM python:3.12-slim
-- web/Dockerfile.prod --
FROM python:3.12-slim AS build
FROM build AS runtime
FROM runtime
ARG EXTRA MODE
ARG MODE
`
	e, dir, text, u := openCompose(t, archive, object{})
	places := func(list []lsp.Location) string {
		var all []string
		for _, l := range list {
			all = append(all, fmt.Sprintf("%s:%d:%d", strings.TrimPrefix(l.URI, uri(dir)+"/"), l.Range.Start.Line+1, l.Range.Start.Character+1))
		}
		return strings.Join(all, " ")
	}
	for _, c := range []struct{ at, want string }{
		{"dockerfile: Docker|file.prod", "web/Dockerfile.prod:1:1"}, {"context: ./|web", "web/Dockerfile.prod:1:1"}, {"target: Run|time", "web/Dockerfile.prod:2:15"},
		{"- MO|DE=fast", "web/Dockerfile.prod:4:11"}, {"- MO|DE=slow", ""},
		{"build: w|eb", "web/Dockerfile:1:1"}, {"image: post|gres", ""},
	} {
		if got := places(get[[]lsp.Location](e, "textDocument/definition", at(t, u, text, c.at))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.at, got, c.want)
		}
	}
	hcl := content(t, dir, "docker-bake.hcl")
	b := uri(filepath.Join(dir, "docker-bake.hcl"))
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": b, "languageId": "hcl", "version": 1, "text": hcl}})
	if got := places(get[[]lsp.Location](e, "textDocument/definition", at(t, b, hcl, `target = "run|time"`))); got != "web/Dockerfile.prod:2:15" {
		t.Errorf("got %s", got)
	}
	for where, want := range map[string]string{`EX|TRA = "x"`: "web/Dockerfile.prod:4:5", `ABS|ENT = "y"`: "web/Dockerfile.prod:1:1"} {
		if got := places(get[[]lsp.Location](e, "textDocument/definition", at(t, b, hcl, where))); got != want {
			t.Errorf("%s: got %s, want %s", where, got, want)
		}
	}
	prod := content(t, dir, "web/Dockerfile.prod")
	d := e.open(filepath.Join(dir, "web", "Dockerfile.prod"), prod)
	if got := places(get[[]lsp.Location](e, "textDocument/references", at(t, d, prod, "AS run|time"))); got != "web/Dockerfile.prod:3:6 compose.yaml:3:1 docker-bake.hcl:1:1" {
		t.Errorf("got %s", got)
	}
}

// Behind the arguments of a build stands what its Dockerfile has for them by default.
func TestBuildArgumentsHaveDefaults(t *testing.T) {
	const archive = `-- compose.yaml --
services:
  web:
    build:
      context: web
      args:
        MODE: fast
        VERSION: "3.13"
        NONE: x
    environment:
      MODE: slow
  other:
    build:
      context: web
      dockerfile_inline: |
        FROM python:3.12-slim
        ENV A=1
        RUN echo $A
-- docker-bake.hcl --
target "web" {
  context = "web"
  args = {
    MODE = "fast"
  }
}
-- web/Dockerfile --
ARG VERSION=3.12
FROM python:$VERSION
ARG VERSION
ARG MODE=a-default-that-is-longer-than-what-fits-behind-a-line
ARG NONE
`
	dir := project(t, archive)
	e := connect(t)
	e.start(dir, object{}, object{"inlayHints": object{"variables": true}})
	hints := func(name, language string) string {
		u := uri(filepath.Join(dir, name))
		text := content(t, dir, name)
		e.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": language, "version": 1, "text": text}})
		whole := object{"start": object{"line": 0, "character": 0}, "end": object{"line": strings.Count(text, "\n"), "character": 0}}
		var all []string
		for _, h := range get[[]lsp.InlayHint](e, "textDocument/inlayHint", object{"textDocument": object{"uri": u}, "range": whole}) {
			all = append(all, fmt.Sprintf("%d:%d %s", h.Position.Line+1, h.Position.Character+1, h.Label))
		}
		slices.Sort(all)
		return strings.Join(all, "; ")
	}
	want := "17:20 =1; 6:19 default: a-default-that-is-longer-than-what-fits-…; 7:24 default: 3.12"
	if got := hints("compose.yaml", "yaml"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want = "4:18 default: a-default-that-is-longer-than-what-fits-…"
	if got := hints("docker-bake.hcl", "hcl"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The commands of VS Code are about a Dockerfile that is a file: above those in a compose file no lens offers them.
func TestGuestsOfferNoCommands(t *testing.T) {
	dir := project(t, composed)
	e := connect(t)
	e.start(dir, object{}, object{"codeLens": object{"stages": true, "commands": true}})
	u := uri(filepath.Join(dir, "compose.yaml"))
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "yaml", "version": 1, "text": content(t, dir, "compose.yaml")}})
	lenses := get[[]lsp.CodeLens](e, "textDocument/codeLens", object{"textDocument": object{"uri": u}})
	if len(lenses) != 4 {
		t.Errorf("got %d lenses of 4 stages", len(lenses))
	}
	for _, l := range lenses {
		if l.Command.Command != "" {
			t.Errorf("line %d offers %s", l.Range.Start.Line, l.Command.Command)
		}
	}
}

package lsp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

const sample = `-- Dockerfile --
ARG VERSION=3.12
FROM python:${VERSION}-slim AS builder
ENV APP_DIR=/app APP_LOG=/log
WORKDIR $APP_DIR
COPY requirements.txt ./
RUN pip install --user -r requirements.txt && echo "${APP_DIR}"

FROM python:${VERSION}-slim
# a comment
# of two lines
COPY --from=builder /root/.local /root/.local
RUN --mount=type=bind,from=builder,target=/b ls /b
ENV PATH=/root/.local/bin:$PATH
CMD ["python", "app.py"]
-- requirements.txt --
flask==3.1.0
`

// begin opens the Dockerfile of an archive.
func begin(t *testing.T, archive string, capabilities object) (e *editor, dir, text, u string) {
	t.Helper()
	dir = project(t, archive)
	e = connect(t)
	e.start(dir, capabilities, nil)
	text = content(t, dir, "Dockerfile")
	return e, dir, text, e.open(filepath.Join(dir, "Dockerfile"), text)
}

func codesOf(found []lsp.Diagnostic) string {
	var codes []string
	for _, d := range found {
		codes = append(codes, d.Code)
	}
	return strings.Join(codes, " ")
}

var richPush = object{"textDocument": object{"publishDiagnostics": object{
	"relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": object{"valueSet": []int{1, 2}},
}}}

func TestPush(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\n", richPush)
	found := e.diagnostics(u, 1)
	var cache *lsp.Diagnostic
	for i := range found {
		if found[i].Code == "PLD205" {
			cache = &found[i]
		}
	}
	if cache == nil {
		t.Fatalf("got %s", codesOf(found))
	}
	if cache.Source != "pylint-docker" || cache.Severity != 2 || cache.CodeDescription == nil || !strings.Contains(cache.CodeDescription.Href, "pip-cache-in-layer") {
		t.Errorf("got %+v", cache)
	}
	if cache.Range.Start.Line != 1 {
		t.Errorf("got %+v", cache.Range)
	}
	// The finding goes when its cause goes.
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{object{
		"range": object{"start": position(t, text, "RUN pip install| "), "end": position(t, text, "RUN pip install| ")}, "text": " --no-cache-dir",
	}}})
	if codes := codesOf(e.diagnostics(u, 2)); strings.Contains(codes, "PLD205") {
		t.Errorf("got %s", codes)
	}
	e.notify("textDocument/didClose", object{"textDocument": object{"uri": u}})
	if codes := codesOf(e.diagnostics(u, 0)); codes != "" {
		t.Errorf("after closing: %s", codes)
	}
}

func TestPull(t *testing.T) {
	e, _, _, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\n", object{"textDocument": object{"diagnostic": object{}}})
	report := get[struct {
		Kind  string
		Items []lsp.Diagnostic
	}](e, "textDocument/diagnostic", object{"textDocument": object{"uri": u}})
	if report.Kind != "full" || !strings.Contains(codesOf(report.Items), "PLD205") {
		t.Errorf("got %+v", report)
	}
	e.notify("textDocument/didClose", object{"textDocument": object{"uri": u}})
	e.alive()
	e.in.Close()
	for a := range e.told {
		if a.Method == "textDocument/publishDiagnostics" {
			t.Error("diagnostics are pushed to a client that pulls")
		}
	}
}

func TestSyntaxError(t *testing.T) {
	e, _, _, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUM x\n", object{})
	if codes := codesOf(e.diagnostics(u, 1)); codes != "PLD001" {
		t.Errorf("got %s", codes)
	}
	for _, method := range []string{"hover", "completion", "definition", "codeAction", "documentSymbol", "foldingRange", "documentLink"} {
		if a := e.ask("textDocument/"+method, object{"textDocument": object{"uri": u}}); a.Error != nil {
			t.Errorf("%s: %s", method, a.Error.Message)
		}
	}
}

func TestDocumentSymbols(t *testing.T) {
	e, _, _, u := begin(t, sample, object{"textDocument": object{"documentSymbol": object{"hierarchicalDocumentSymbolSupport": true}}})
	tree := get[[]lsp.DocumentSymbol](e, "textDocument/documentSymbol", object{"textDocument": object{"uri": u}})
	var got []string
	for _, s := range tree {
		got = append(got, s.Name)
		for _, c := range s.Children {
			got = append(got, s.Name+"/"+c.Name)
		}
	}
	if diff := cmp.Diff([]string{"builder", "builder/APP_DIR", "builder/APP_LOG", "stage 1", "stage 1/PATH", "stage 1/CMD"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	flat, _, _, u := begin(t, sample, object{})
	if list := get[[]lsp.SymbolInformation](flat, "textDocument/documentSymbol", object{"textDocument": object{"uri": u}}); len(list) != len(got) || list[1].ContainerName != "builder" {
		t.Errorf("got %+v", list)
	}
}

func TestFoldingAndLinks(t *testing.T) {
	e, dir, _, u := begin(t, sample, object{})
	folds := get[[]lsp.FoldingRange](e, "textDocument/foldingRange", object{"textDocument": object{"uri": u}})
	want := []lsp.FoldingRange{{StartLine: 1, EndLine: 5, Kind: "region"}, {StartLine: 7, EndLine: 13, Kind: "region"}, {StartLine: 8, EndLine: 9, Kind: "comment"}}
	if diff := cmp.Diff(want, folds); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var targets []string
	for _, l := range get[[]lsp.DocumentLink](e, "textDocument/documentLink", object{"textDocument": object{"uri": u}}) {
		targets = append(targets, l.Target)
	}
	file := uri(dir + "/requirements.txt")
	// The tag of an image may be a variable, its name may not.
	const page = "https://hub.docker.com/_/python"
	if diff := cmp.Diff([]string{file, file, page, page}, targets); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCompletion(t *testing.T) {
	const head = "ARG VERSION=1\nFROM python:3.12 AS first\nENV A=1 BEE=2\nFROM python:3.12 AS second\nENV BEE=3\n"
	for _, c := range []struct{ line, want, not string }{
		{"COPY --from=", "first", "second"}, // no stage takes files of itself
		{"COPY --from=fi", "first", "second"},
		{"RUN --mount=type=bind,from=", "first", ""},
		{"FROM ", "second", ""},
		{"FROM --platform=linux/amd64 f", "first", ""},
		{"# pylint-docker: ignore[", "PLD205", ""},
		{"# pylint-docker: ignore[PLD101, PL", "PLD205", ""},
		{"# pylint-docker: ignore-stage[PL", "PLD205", ""},
		{"# pylint-docker: ", "ignore[", "PLD205"},
		{"RUN echo $", "BEE", "first"},
		{"RUN echo $", "PYTHON_VERSION", "A"}, // of the base image; not of a stage that it is not built from
		{"RUN echo ${V", "", "VERSION"},       // an ARG before the first FROM is none of a stage
		{"FROM python:${V", "VERSION", "BEE"},
		{"FROM python:$", "TARGETARCH", "PYTHON_VERSION"},
		{"FROM first\nRUN echo $", "BEE", "VERSION"},
		{"ARG VERSION\nRUN echo $", "VERSION", ""},
		{"ARG VERSION\nCMD echo $", "BEE", "VERSION"}, // a container has no ARGs
		{"CMD [\"echo\", \"$", "", "BEE"},
		{"ENV LATER=1 \\\n  X=$", "BEE", "LATER"}, // all of an ENV see what was before it
		{"ENV MORE=1 \\\n  EVEN=2\nRUN echo $", "EVEN", "VERSION"},
		{"RUN for file in *; do echo $f", "file", "VERSION"},
		{"RUN read -r line && n=1 && echo $", "line", "VERSION"},
		{"RUN n=1 && echo $", "n", "VERSION"},
		{"RUN pip install --no", "--no-cache-dir", ""},
		{"RUN pip install -r ", "requirements.txt", "other.txt"},
		{"RUN pip install -r r", "requirements.txt", "other.txt"},
		{"RUN uv pip sync --constraint=", "requirements.txt", ""},
		{"RUN sh -c ", "", "requirements.txt"},
		{"RUN echo ", "", "first"},
		{"RUN apt-get install --no", "", "--no-cache-dir"},
		// What stands before may be on other lines.
		{"RUN pip install flask \\\n  --no", "--no-cache-dir", ""},
		{"RUN apt-get update && \\\n # why\n pip install \\\n\t-r ", "requirements.txt", ""},
		{"RUN pip install flask && \\\n  ls --no", "", "--no-cache-dir"},
		{"RUN pip install flask\nRUN ls --no", "", "--no-cache-dir"},
		{"RUN pip install \\\n# --no", "", "--no-cache-dir"},
	} {
		text, last := head+c.line+"\n", c.line[strings.LastIndexByte(c.line, '\n')+1:]
		e, _, _, u := begin(t, "-- Dockerfile --\n"+text+"-- requirements.txt --\n-- other.txt --\n", object{})
		result := get[struct{ Items []lsp.CompletionItem }](e, "textDocument/completion", object{
			"textDocument": object{"uri": u}, "position": object{"line": 5 + strings.Count(c.line, "\n"), "character": len(last)},
		})
		labels := map[string]lsp.CompletionItem{}
		for _, item := range result.Items {
			labels[item.Label] = item
		}
		item, found := labels[c.want]
		if _, wrong := labels[c.not]; found != (c.want != "") || wrong {
			t.Errorf("%q: got %v", c.line, result.Items)
			continue
		}
		if c.want == "" {
			continue
		}
		// What is typed already is replaced.
		typed := last[item.TextEdit.Range.Start.Character:]
		if !strings.HasPrefix(c.want, typed) || item.TextEdit.Range.End.Character != len(last) {
			t.Errorf("%q: replaces %q", c.line, typed)
		}
	}
}

func TestWatchedFiles(t *testing.T) {
	e, dir, _, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\n",
		object{"workspace": object{"didChangeWatchedFiles": object{"dynamicRegistration": true}}})
	if registration := string(e.wait("client/registerCapability")); !strings.Contains(registration, ".pylint-docker.yaml") {
		t.Errorf("got %s", registration)
	}
	if codes := codesOf(e.diagnostics(u, 1)); !strings.Contains(codes, "PLD205") {
		t.Fatalf("got %s", codes)
	}
	config := filepath.Join(dir, ".pylint-docker.yaml")
	if err := os.WriteFile(config, []byte("ignore: [PLD205]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", object{"changes": []any{object{"uri": uri(config), "type": 1}}})
	if codes := codesOf(e.diagnostics(u, 1)); strings.Contains(codes, "PLD205") {
		t.Errorf("got %s", codes)
	}
	// A mistake in the configuration is shown.
	if err := os.WriteFile(config, []byte("ignroe: [PLD205]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", object{"changes": []any{object{"uri": uri(config), "type": 2}}})
	if message := string(e.wait("window/showMessage")); !strings.Contains(message, "ignroe") || !strings.Contains(message, ".pylint-docker.yaml:1:1") {
		t.Errorf("got %s", message)
	}
}

func TestSettings(t *testing.T) {
	archive := "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\n"
	t.Run("at the start", func(t *testing.T) {
		dir := project(t, archive)
		e := connect(t)
		e.start(dir, object{}, object{"settings": object{"select": []string{"PLD205"}}})
		if codes := codesOf(e.diagnostics(e.open(dir+"/Dockerfile", content(t, dir, "Dockerfile")), 1)); codes != "PLD205" {
			t.Errorf("got %s", codes)
		}
	})
	t.Run("pushed", func(t *testing.T) {
		e, _, _, u := begin(t, archive, object{})
		e.diagnostics(u, 1)
		e.notify("workspace/didChangeConfiguration", object{"settings": object{"pylint-docker": object{"ignore": []string{"PLD"}}}})
		if codes := codesOf(e.diagnostics(u, 1)); codes != "" {
			t.Errorf("got %s", codes)
		}
		e.notify("workspace/didChangeConfiguration", object{"settings": object{"pylint-docker": object{"ignore": []string{"PDL205"}}}})
		if message := string(e.wait("window/showMessage")); !strings.Contains(message, "PLD205") {
			t.Errorf("got %s", message)
		}
	})
	t.Run("told because we asked for it", func(t *testing.T) {
		dir := project(t, archive)
		e := connect(t)
		e.configuration = object{}
		e.start(dir, object{"workspace": object{"configuration": true, "didChangeConfiguration": object{"dynamicRegistration": true}}}, nil)
		if registration := string(e.wait("client/registerCapability")); !strings.Contains(registration, "workspace/didChangeConfiguration") {
			t.Errorf("got %s", registration)
		}
		u := e.open(dir+"/Dockerfile", content(t, dir, "Dockerfile"))
		e.diagnostics(u, 1)
		e.settle()
		e.configuration = object{"select": []string{"PLD205"}}
		e.notify("workspace/didChangeConfiguration", object{"settings": nil})
		if codes := codesOf(e.diagnostics(u, 1)); codes != "PLD205" {
			t.Errorf("got %s", codes)
		}
	})
	t.Run("asked for", func(t *testing.T) {
		dir := project(t, archive)
		e := connect(t)
		e.configuration = object{"select": []string{"PLD205"}}
		e.start(dir, object{"workspace": object{"configuration": true}}, nil)
		e.wait("workspace/configuration")
		e.alive()
		if codes := codesOf(e.diagnostics(e.open(dir+"/Dockerfile", content(t, dir, "Dockerfile")), 1)); codes != "PLD205" {
			t.Errorf("got %s", codes)
		}
	})
}

// TestUnsavedFiles sees that an open requirements file counts as it is in the editor.
func TestUnsavedFiles(t *testing.T) {
	e, dir, _, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n-- requirements.txt --\nflask==3.1.0\n", object{})
	if codes := codesOf(e.diagnostics(u, 1)); strings.Contains(codes, "PLD203") {
		t.Fatalf("got %s", codes)
	}
	other := uri(dir + "/requirements.txt")
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": other, "languageId": "pip-requirements", "version": 1, "text": "flask\n"}})
	if codes := codesOf(e.diagnostics(u, 1)); !strings.Contains(codes, "PLD203") {
		t.Errorf("got %s", codes)
	}
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": other, "version": 2}, "contentChanges": []any{object{"text": "flask==3.1.0\n"}}})
	if codes := codesOf(e.diagnostics(u, 1)); strings.Contains(codes, "PLD203") {
		t.Errorf("got %s", codes)
	}
}

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

// marked shows the places in the text.
func marked(text string, list []lsp.Location) string {
	var lines []string
	for _, l := range list {
		line := strings.Split(text, "\n")[l.Range.Start.Line]
		lines = append(lines, line[:l.Range.Start.Character]+"["+line[l.Range.Start.Character:l.Range.End.Character]+"]"+line[l.Range.End.Character:])
	}
	return strings.Join(lines, "\n")
}

func TestDefinitionAndReferences(t *testing.T) {
	e, dir, text, u := begin(t, sample, object{})
	for _, c := range []struct{ at, definition, references string }{
		{
			"--from=bu|ilder", "FROM python:${VERSION}-slim AS [builder]",
			"COPY --from=[builder] /root/.local /root/.local\nRUN --mount=type=bind,from=[builder],target=/b ls /b",
		},
		{"WORKDIR $APP|_DIR", "ENV [APP_DIR]=/app APP_LOG=/log", "WORKDIR $[APP_DIR]\nRUN pip install --user -r requirements.txt && echo \"${[APP_DIR]}\""},
		{"python:${VER|SION}-slim AS", "ARG [VERSION]=3.12", "FROM python:${[VERSION]}-slim AS builder\nFROM python:${[VERSION]}-slim"},
	} {
		if diff := cmp.Diff(c.definition, marked(text, get[[]lsp.Location](e, "textDocument/definition", at(t, u, text, c.at)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
		if diff := cmp.Diff(c.references, marked(text, get[[]lsp.Location](e, "textDocument/references", at(t, u, text, c.at)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
	}
	// All places that name a file are its references, wherever one asks.
	for _, place := range []string{"-r requ|irements.txt", "COPY requ|irements.txt"} {
		const want = "COPY [requirements.txt] ./\nRUN pip install --user -r [requirements.txt] && echo \"${APP_DIR}\""
		if diff := cmp.Diff(want, marked(text, get[[]lsp.Location](e, "textDocument/references", at(t, u, text, place)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", place, diff)
		}
	}
	file := get[[]lsp.Location](e, "textDocument/definition", at(t, u, text, "-r requ|irements.txt"))
	if len(file) != 1 || file[0].URI != uri(dir+"/requirements.txt") {
		t.Errorf("got %+v", file)
	}
	if a := e.ask("textDocument/definition", at(t, u, text, "# a comm|ent")); string(a.Result) != "null" {
		t.Errorf("got %s", a.Result)
	}
}

func TestRename(t *testing.T) {
	e, _, text, u := begin(t, sample, object{})
	for _, c := range []struct{ at, old, fresh string }{
		{"--from=bu|ilder", "builder", "wheels"},
		{"WORKDIR $APP|_DIR", "APP_DIR", "HERE"},
		{"ARG VER|SION", "VERSION", "PY"},
	} {
		params := at(t, u, text, c.at)
		if a := e.ask("textDocument/prepareRename", params); a.Error != nil || !strings.Contains(string(a.Result), c.old) {
			t.Errorf("%s: %s", c.at, a.Result)
		}
		params["newName"] = c.fresh
		edit := get[lsp.WorkspaceEdit](e, "textDocument/rename", params)
		if diff := cmp.Diff(strings.ReplaceAll(text, c.old, c.fresh), applyEdits(t, text, edit.Changes[u])); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
	}
	e, _, text, u = begin(t, strings.Replace(sample, "-slim\n# a comment", "-slim AS final\nCOPY --from=alpine /etc/passwd /x\n# a comment", 1), object{})
	for _, c := range []struct{ at, fresh string }{
		{"--from=bu|ilder", "no good"},
		{"--from=bu|ilder", "scratch"},
		{"--from=bu|ilder", "FINAL"},
		{"--from=bu|ilder", "alpine"}, // would take the image's place
		{"WORKDIR $APP|_DIR", "1x"},
		{"WORKDIR $APP|_DIR", "APP_LOG"}, // is there already
		{"local/bin:$PA|TH", "X"},        // programs read it
		{"# a com|ment", "X"},
	} {
		params := at(t, u, text, c.at)
		params["newName"] = c.fresh
		if a := e.ask("textDocument/rename", params); a.Error == nil {
			t.Errorf("%s to %s: got %s", c.at, c.fresh, a.Result)
		}
	}
}

func TestRenameRefusesWhatIsUncertain(t *testing.T) {
	for _, dockerfile := range []string{
		"FROM python:3.12\nENV NAME=x\nRUN NAME=y && echo $NAME\n",
		"FROM python:3.12\nENV NAME=x\nRUN python -c \"import os; os.environ['NAME']\"\n",
		"FROM python:3.12\nENV NAME=x\nRUN echo '$NAME'\n",
		"FROM python:3.12\nENV NAME=x\nCMD [\"sh\", \"-c\", \"echo $NAME\"]\n",
	} {
		e, _, text, u := begin(t, "-- Dockerfile --\n"+dockerfile, object{})
		params := at(t, u, text, "ENV NA|ME")
		params["newName"] = "FRESH"
		if a := e.ask("textDocument/rename", params); a.Error == nil {
			t.Errorf("%s: got %s", dockerfile, a.Result)
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
		{"COPY --from=", "first", ""},
		{"COPY --from=se", "second", ""},
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

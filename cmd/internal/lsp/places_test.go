package lsp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

func TestDocumentHighlight(t *testing.T) {
	e, _, text, u := begin(t, sample, object{})
	for _, c := range []struct{ at, want string }{
		{"--from=bu|ilder", "3 FROM python:${VERSION}-slim AS [builder]\n2 COPY --from=[builder] /root/.local /root/.local\n2 RUN --mount=type=bind,from=[builder],target=/b ls /b"},
		{"WORKDIR $APP|_DIR", "3 ENV [APP_DIR]=/app APP_LOG=/log\n2 WORKDIR $[APP_DIR]\n2 RUN pip install --user -r requirements.txt && echo \"${[APP_DIR]}\""},
		{"COPY requ|irements.txt", "1 COPY [requirements.txt] ./\n1 RUN pip install --user -r [requirements.txt] && echo \"${APP_DIR}\""},
		{"# a com|ment", ""},
	} {
		var got []string
		for _, h := range get[[]lsp.Highlight](e, "textDocument/documentHighlight", at(t, u, text, c.at)) {
			got = append(got, fmt.Sprintf("%d %s", h.Kind, marked(text, []lsp.Location{{Range: h.Range}})))
		}
		if diff := cmp.Diff(c.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
	}
}

func TestLinkedEditing(t *testing.T) {
	e, _, text, u := begin(t, sample, object{})
	linked := get[*struct{ Ranges []lsp.Range }](e, "textDocument/linkedEditingRange", at(t, u, text, "AS bui|lder"))
	if linked == nil || len(linked.Ranges) != 3 {
		t.Fatalf("got %+v", linked)
	}
	for _, place := range []string{"WORKDIR $APP|_DIR", "# a com|ment"} {
		if a := e.ask("textDocument/linkedEditingRange", at(t, u, text, place)); string(a.Result) != "null" {
			t.Errorf("%s: got %s", place, a.Result)
		}
	}
}

func TestSelectionRanges(t *testing.T) {
	e, _, text, u := begin(t, sample, object{})
	list := get[[]*lsp.SelectionRange](e, "textDocument/selectionRange", object{
		"textDocument": object{"uri": u}, "positions": []any{position(t, text, "-r requ|irements.txt"), position(t, text, "# of two| lines")},
	})
	var got []string
	for s := list[0]; s != nil; s = s.Parent {
		if s.Range.Start.Line == s.Range.End.Line {
			line := strings.Split(text, "\n")[s.Range.Start.Line]
			got = append(got, line[s.Range.Start.Character:s.Range.End.Character])
		} else {
			got = append(got, fmt.Sprintf("lines %d to %d", s.Range.Start.Line, s.Range.End.Line))
		}
	}
	want := []string{
		"requirements.txt", "pip install --user -r requirements.txt", "pip install --user -r requirements.txt && echo \"${APP_DIR}\"",
		"RUN pip install --user -r requirements.txt && echo \"${APP_DIR}\"", "lines 1 to 5", "lines 0 to 14",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if list[1] == nil || list[1].Parent == nil {
		t.Errorf("got %+v", list[1])
	}
}

func TestSemanticTokens(t *testing.T) {
	const text = "# syntax=docker/dockerfile:1\nFROM python:3.12 AS 😀b\n# why\nENV A=\"x y\" \\\n    B=2\nRUN --mount=type=cache,target=/c x=1 pip install -r \"$A\" && ls > /dev/null\nCOPY <<EOF /x\nhello\nEOF\nCMD [\"a\", \"b\"]\n"
	e := connect(t)
	capabilities := e.start(t.TempDir(), object{}, nil).Capabilities
	legend := capabilities["semanticTokensProvider"].(object)["legend"].(object)["tokenTypes"].([]any)
	u := e.open("/nowhere/Dockerfile", text)
	tokens := get[struct{ Data []int }](e, "textDocument/semanticTokens/full", object{"textDocument": object{"uri": u}})
	var got []string
	line, character := 0, 0
	for d := tokens.Data; len(d) > 0; d = d[5:] {
		if d[0] > 0 {
			character = 0
		}
		line, character = line+d[0], character+d[1]
		units := []rune(strings.ReplaceAll(strings.Split(text, "\n")[line], "😀", "😀\x00")) // two units
		got = append(got, fmt.Sprintf("%d %s %s", line, legend[d[3]], strings.ReplaceAll(string(units[character:character+d[2]]), "\x00", "")))
	}
	want := []string{
		"0 macro # syntax=docker/dockerfile:1", "1 keyword FROM", "1 class python:3.12", "1 keyword AS", "1 namespace 😀b", "2 comment # why",
		"3 keyword ENV", "3 property A", "3 string \"x y\"", "4 property B", "4 string 2",
		"5 keyword RUN", "5 parameter --mount", "5 string type=cache,target=/c", "5 property x", "5 function pip", "5 parameter -r", "5 string \"", "5 variable $A", "5 string \"",
		"5 operator &&", "5 function ls", "5 operator >", "6 keyword COPY", "6 macro <<EOF", "8 macro EOF", "9 keyword CMD", "9 string \"a\"", "9 string \"b\"",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWorkspaceSymbols(t *testing.T) {
	e, dir, _, u := begin(t, sample+"-- sub/Dockerfile --\nFROM python:3.12 AS wheels\nFROM wheels AS Builder-two\n", object{})
	var got []string
	for _, s := range get[[]lsp.SymbolInformation](e, "workspace/symbol", object{"query": "build"}) {
		got = append(got, fmt.Sprintf("%s %s:%d", s.Name, strings.TrimPrefix(s.Location.URI, uri(dir)), s.Location.Range.Start.Line))
	}
	if diff := cmp.Diff([]string{"builder /Dockerfile:1", "Builder-two /sub/Dockerfile:1"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// An open file counts as it is in the editor.
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{object{"text": "FROM a AS fresh\n"}}})
	if all := get[[]lsp.SymbolInformation](e, "workspace/symbol", object{"query": ""}); len(all) != 3 || all[0].Name != "fresh" {
		t.Errorf("got %+v", all)
	}
}

func TestFormatting(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM a\nrun x && \\\n  y\ncopy  a b\n", object{})
	options := object{"tabSize": 2, "insertSpaces": true}
	whole := get[[]lsp.TextEdit](e, "textDocument/formatting", object{"textDocument": object{"uri": u}, "options": options})
	if got := applyEdits(t, text, whole); got != "FROM a\nRUN x && \\\n  y\nCOPY a b\n" {
		t.Errorf("got %q", got)
	}
	part := get[[]lsp.TextEdit](e, "textDocument/rangeFormatting", object{
		"textDocument": object{"uri": u}, "options": options, "range": object{"start": position(t, text, "|copy"), "end": position(t, text, "co|py")},
	})
	if got := applyEdits(t, text, part); got != "FROM a\nrun x && \\\n  y\nCOPY a b\n" {
		t.Errorf("got %q", got)
	}
	typed := "FROM a\nRUN x && \\\n"
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{object{"text": typed}}})
	edits := get[[]lsp.TextEdit](e, "textDocument/onTypeFormatting", object{
		"textDocument": object{"uri": u}, "options": object{"tabSize": 4, "insertSpaces": false}, "position": object{"line": 2, "character": 0}, "ch": "\n",
	})
	if got := applyEdits(t, typed, edits); got != typed+"\t" {
		t.Errorf("got %q", got)
	}
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 3}, "contentChanges": []any{object{"text": "FROM a\n  RUN \\\n<<"}}})
	ended := get[[]lsp.TextEdit](e, "textDocument/formatting", object{"textDocument": object{"uri": u}, "options": object{"tabSize": 4, "insertSpaces": true, "insertFinalNewline": true}})
	if body, _ := json.Marshal(ended); !strings.Contains(string(body), "\\n") {
		t.Errorf("got %s", body)
	}
}

// A client that can be told formats Dockerfiles alone.
func TestFormattingIsForDockerfiles(t *testing.T) {
	dynamic := object{"dynamicRegistration": true}
	e := connect(t)
	can := e.start(t.TempDir(), object{"textDocument": object{"formatting": dynamic, "rangeFormatting": dynamic}}, nil).Capabilities
	if can["documentFormattingProvider"] != nil || can["documentRangeFormattingProvider"] != nil {
		t.Errorf("got %v", can)
	}
	if registered := string(e.wait("client/registerCapability")); strings.Count(registered, `"documentSelector":[{"language":"dockerfile"}]`) != 2 {
		t.Errorf("got %s", registered)
	}
	if can := connect(t).start(t.TempDir(), object{}, nil).Capabilities; can["documentFormattingProvider"] != true {
		t.Errorf("got %v", can)
	}
}

// All that a server is asked for about a place is answered inside of a compose file, too.
func TestGuestsHavePlaces(t *testing.T) {
	e, _, text, u := openCompose(t, composed, object{})
	if list := get[[]lsp.Highlight](e, "textDocument/documentHighlight", at(t, u, text, "--from=bu|ilder")); len(list) != 2 || list[0].Range.Start.Line != 5 {
		t.Errorf("got %+v", list)
	}
	if help := get[*lsp.SignatureHelp](e, "textDocument/signatureHelp", at(t, u, text, "COPY src |./")); help == nil || !strings.HasPrefix(help.Signatures[0].Label, "COPY") {
		t.Errorf("got %+v", help)
	}
}

// A file that Dockerfiles use has references, too: what somebody who changes requirements.txt wants to know.
func TestFileUses(t *testing.T) {
	e, dir, text, _ := begin(t, sample+"-- sub/Dockerfile --\nFROM python:3.12\nCOPY app.py .\n-- sub/app.py --\n", object{})
	for name, want := range map[string]string{
		"requirements.txt": "COPY [requirements.txt] ./\nRUN pip install --user -r [requirements.txt] && echo \"${APP_DIR}\"",
		"sub/app.py":       "COPY [app.py] .",
		"none.txt":         "",
	} {
		u := uri(dir + "/" + name)
		e.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "plaintext", "version": 1, "text": "flask\n"}})
		places := get[[]lsp.Location](e, "textDocument/references", object{
			"textDocument": object{"uri": u}, "position": object{"line": 0, "character": 1}, "context": object{"includeDeclaration": true},
		})
		in := text
		if strings.HasPrefix(name, "sub/") {
			in = content(t, dir, "sub/Dockerfile")
		}
		if diff := cmp.Diff(want, marked(in, places)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

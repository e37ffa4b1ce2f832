package lsp_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/cmd/internal/cli"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

// TestEncodings sees that the client's choice decides how characters are counted.
func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		name         string
		capabilities object
		encoding     string
		column       int // of "pip", behind "RUN echo 😀é && "
	}{
		{"says nothing", object{}, "utf-16", 16},
		{"utf-16 only", object{"general": object{"positionEncodings": []string{"utf-16"}}}, "utf-16", 16},
		{"utf-8 too", object{"general": object{"positionEncodings": []string{"utf-16", "utf-8"}}}, "utf-8", 19},
		{"utf-32 only, against the rules", object{"general": object{"positionEncodings": []string{"utf-32"}}}, "utf-16", 16},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := project(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN echo 😀é && pip install flask==3.1.0\n")
			e := connect(t)
			if got := e.start(dir, c.capabilities, nil).Capabilities["positionEncoding"]; got != c.encoding {
				t.Errorf("got %v", got)
			}
			for _, d := range e.diagnostics(e.open(dir+"/Dockerfile", content(t, dir, "Dockerfile")), 1) {
				if d.Code == "PLD205" && (d.Range.Start.Line != 1 || d.Range.Start.Character != c.column) {
					t.Errorf("got %+v", d.Range)
				}
			}
		})
	}
}

var pulling = object{
	"textDocument": object{"diagnostic": object{"relatedDocumentSupport": false}},
	"workspace":    object{"diagnostics": object{"refreshSupport": true}, "didChangeWatchedFiles": object{"dynamicRegistration": true}},
}

type report struct {
	Kind  string
	Items []lsp.Diagnostic
}

func TestRefresh(t *testing.T) {
	e, dir, _, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim\nRUN pip install flask==3.1.0\n", pulling)
	document := object{"textDocument": object{"uri": u}}
	if codes := codesOf(get[report](e, "textDocument/diagnostic", document).Items); !strings.Contains(codes, "PLD205") {
		t.Errorf("got %s", codes)
	}
	config := filepath.Join(dir, ".pylint-docker.yaml")
	for _, c := range []struct{ text, message string }{{"ignore: [PLD]\n", ""}, {"ignroe: [PLD]\n", "ignroe"}} {
		if err := os.WriteFile(config, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		e.notify("workspace/didChangeWatchedFiles", object{"changes": []any{object{"uri": uri(config), "type": 1}}})
		e.wait("workspace/diagnostic/refresh")
		if r := get[report](e, "textDocument/diagnostic", document); len(r.Items) > 0 || r.Kind != "full" {
			t.Errorf("%s: got %+v", c.text, r)
		}
		if c.message != "" && !strings.Contains(string(e.wait("window/showMessage")), c.message) {
			t.Errorf("%s is not complained about", c.text)
		}
	}
}

// TestUntitled sees that a text without a file is linted, and that nothing is written for it.
func TestUntitled(t *testing.T) {
	e := connect(t)
	e.start(t.TempDir(), object{}, nil)
	const u, text = "untitled:Untitled-1", "FROM python:3.12-slim\nRUN pip install flask==3.1.0\n"
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "dockerfile", "version": 1, "text": text}})
	if codes := codesOf(e.diagnostics(u, 1)); !strings.Contains(codes, "PLD205") {
		t.Errorf("got %s", codes)
	}
	for _, a := range actions(e, u, object{"line": 0, "character": 0}, object{"line": 2, "character": 0}) {
		if len(a.Edit.Changes) != 1 || a.Edit.Changes[u] == nil {
			t.Errorf("%s changes %v", a.Title, a.Edit.Changes)
		}
	}
}

func TestOtherDocuments(t *testing.T) {
	dir := project(t, "-- main.py --\nprint(1)\n")
	e := connect(t)
	e.start(dir, object{}, nil)
	u := uri(dir + "/main.py")
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "python", "version": 1, "text": "print(1)\n"}})
	for _, uri := range []string{u, "file:///nowhere/Dockerfile", ""} {
		if a := e.ask("textDocument/hover", object{"textDocument": object{"uri": uri}}); a.Error != nil || string(a.Result) != "null" {
			t.Errorf("%q: got %+v", uri, a)
		}
	}
}

func TestCommand(t *testing.T) {
	shutdown := frame(object{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": object{"capabilities": object{}}}) +
		frame(object{"jsonrpc": "2.0", "id": 2, "method": "shutdown"})
	exit := frame(object{"jsonrpc": "2.0", "method": "exit"})
	for _, c := range []struct {
		args []string
		in   string
		code int
	}{
		{[]string{"lsp", "--stdio"}, shutdown + exit, 0},
		{[]string{"lsp"}, exit, 1},
		{[]string{"lsp"}, "", 1},
		{[]string{"lsp", "--tcp"}, shutdown + exit, 2},
	} {
		var out, errs bytes.Buffer
		if code := cli.Main(c.args, cli.Streams{In: strings.NewReader(c.in), Out: &out, Err: &errs}); code != c.code {
			t.Errorf("%q: exit code %d, want %d; %s", c.args, code, c.code, errs.String())
		}
		if c.code == 0 && !strings.Contains(out.String(), `"capabilities"`) {
			t.Errorf("got %s", out.String())
		}
	}
}

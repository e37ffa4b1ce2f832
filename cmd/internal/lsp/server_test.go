package lsp_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestLifecycle(t *testing.T) {
	t.Run("in order", func(t *testing.T) {
		e := connect(t)
		result := e.start(t.TempDir(), object{}, nil)
		if result.ServerInfo.Name != "pylint-docker" || result.ServerInfo.Version != "1.2.3" {
			t.Errorf("got %+v", result.ServerInfo)
		}
		if a := e.ask("shutdown", nil); a.Error != nil || string(a.Result) != "null" {
			t.Errorf("shutdown: %+v", a)
		}
		if a := e.ask("textDocument/hover", object{}); a.Error == nil || a.Error.Code != -32600 {
			t.Errorf("a request after the shutdown: %+v", a)
		}
		e.notify("exit", nil)
		e.ends(0)
	})
	t.Run("exit without shutdown", func(t *testing.T) {
		e := connect(t)
		e.start(t.TempDir(), object{}, nil)
		e.notify("exit", nil)
		e.ends(1)
	})
	t.Run("end of the input", func(t *testing.T) {
		e := connect(t)
		e.start(t.TempDir(), object{}, nil)
		e.in.Close()
		e.ends(1)
	})
	t.Run("exit at once", func(t *testing.T) {
		e := connect(t)
		e.notify("exit", nil)
		e.ends(1)
	})
	t.Run("out of order", func(t *testing.T) {
		e := connect(t)
		for _, method := range []string{"shutdown", "textDocument/hover", "nonsense"} {
			if a := e.ask(method, object{}); a.Error == nil || a.Error.Code != -32002 {
				t.Errorf("%s before initialize: %+v", method, a)
			}
		}
		e.notify("textDocument/didChange", object{})
		e.start(t.TempDir(), object{}, nil)
		if a := e.ask("initialize", object{"capabilities": object{}}); a.Error == nil || a.Error.Code != -32600 {
			t.Errorf("second initialize: %+v", a)
		}
		if a := e.ask("textDocument/nonsense", object{}); a.Error == nil || a.Error.Code != -32601 {
			t.Errorf("unknown request: %+v", a)
		}
		e.notify("$/nonsense", object{})
		e.alive()
	})
}

// ends waits for the exit code.
func (e *editor) ends(want int) {
	e.t.Helper()
	select {
	case got := <-e.code:
		if got != want {
			e.t.Errorf("exit code %d, want %d", got, want)
		}
	case <-time.After(patience):
		e.t.Fatal("the server does not end")
	}
}

// alive tells whether the server still answers.
func (e *editor) alive() {
	e.t.Helper()
	if a := e.ask("pylint-docker/alive", object{}); a.Error == nil || a.Error.Code != -32601 {
		e.t.Fatalf("the server is not well: %+v", a)
	}
}

func TestBrokenInput(t *testing.T) {
	good := frame(object{"jsonrpc": "2.0", "id": "x", "method": "nonsense"})
	for name, raw := range map[string]string{
		"no JSON":                 "Content-Length: 5\r\n\r\nhello",
		"empty body":              "Content-Length: 0\r\n\r\n",
		"huge length":             "Content-Length: 99999999999999999999\r\n\r\n{}",
		"large length, no body":   "Content-Length: 60000000\r\n\r\n",
		"negative length":         "Content-Length: -5\r\n\r\n{}",
		"length that is too long": "Content-Length: 60\r\n\r\n{\"id\":1}",
		"too short":               "Content-Length: 3\r\n\r\n{\"id\":1,\"method\":\"a\"}",
		"short, in the header":    "Content-Length: 10\r\n\r\n",
		"no header":               "{\"id\":1}\r\n\r\n",
		"other headers":           "Content-Type: x\r\nX: " + strings.Repeat("y", 100000) + "\r\n\r\n",
		"a header alone":          "Content-Length: 17\r\n",
		"an array":                frame([]any{}),
		"a number":                frame(5),
		"a method that is none":   frame(object{"id": 1, "method": 5}),
		"an id that is none":      frame(object{"id": object{}, "method": "x"}),
		"a null id":               frame(object{"id": nil, "method": "x"}),
		"an unknown answer":       frame(object{"id": 77, "result": object{}}),
		"wrong parameters":        frame(object{"method": "textDocument/didOpen", "params": []any{1}}),
		"a version that is none":  frame(object{"method": "textDocument/didChange", "params": object{"textDocument": object{"uri": 5}}}),
		"a cancel of nothing":     frame(object{"method": "$/cancelRequest", "params": "x"}),
		"deep nesting":            frame(json.RawMessage(strings.Repeat("[", 5000) + strings.Repeat("]", 5000))),
	} {
		t.Run(name, func(t *testing.T) {
			e := connect(t)
			e.start(t.TempDir(), object{}, nil)
			e.raw(raw)
			e.raw(good)
			if a := e.answerTo(`"x"`); a.Error == nil || a.Error.Code != -32601 {
				t.Errorf("got %+v", a)
			}
			e.alive()
		})
	}
}

// wrongTypes are put in for every parameter.
var wrongTypes = []any{nil, 1, -1, 1e300, 1.5, "x", true, []any{1}, object{"x": 1}}

func TestWrongTypes(t *testing.T) {
	dir := project(t, "-- Dockerfile --\nFROM python:3.12\n")
	e := connect(t)
	e.start(dir, object{}, nil)
	u := e.open(dir+"/Dockerfile", "FROM python:3.12\n")
	for _, method := range []string{"hover", "codeAction", "definition", "references", "rename", "prepareRename", "completion", "documentSymbol", "foldingRange", "documentLink", "diagnostic"} {
		for _, wrong := range wrongTypes {
			for _, params := range []any{
				wrong, object{"textDocument": wrong}, object{"textDocument": object{"uri": u}, "position": wrong, "range": wrong},
				object{"textDocument": object{"uri": u}, "position": object{"line": wrong, "character": wrong}, "context": object{"only": wrong}, "newName": wrong},
			} {
				if a := e.ask("textDocument/"+method, params); a.Error != nil && a.Error.Code == -32603 {
					t.Errorf("%s %v: %s", method, params, a.Error.Message)
				}
			}
		}
	}
	for _, method := range []string{"textDocument/didChange", "textDocument/didOpen", "textDocument/didClose", "textDocument/didSave",
		"workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders", "initialized"} {
		for _, wrong := range wrongTypes {
			e.notify(method, wrong)
			e.notify(method, object{"textDocument": object{"uri": u}, "contentChanges": wrong, "settings": wrong, "event": wrong})
			e.notify(method, object{"textDocument": object{"uri": u}, "contentChanges": []any{object{"range": wrong, "text": wrong}},
				"settings": object{"select": wrong, "configuration": wrong}, "event": object{"added": wrong}})
		}
	}
	e.alive()
	if strings.Contains(e.log.text.String(), "internal error") {
		t.Error(e.log.text.String())
	}
}

func TestCancel(t *testing.T) {
	dir := project(t, "-- Dockerfile --\nFROM python:3.12\n")
	e := connect(t)
	e.start(dir, object{}, nil)
	u := e.open(dir+"/Dockerfile", "FROM python:3.12\n"+strings.Repeat("RUN pip install flask && apt-get update && apt-get install -y gcc\n", 3000))
	// The lint takes longer than the cancellation.
	request := frame(object{"jsonrpc": "2.0", "id": "slow", "method": "textDocument/documentSymbol", "params": object{"textDocument": object{"uri": u}}})
	e.raw(request + frame(object{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": object{"id": "slow"}}))
	if a := e.answerTo(`"slow"`); a.Error == nil || a.Error.Code != -32800 {
		t.Errorf("got %+v", a)
	}
	e.alive()
}

// TestEditsCancelPulls sees that a pull which an edit overtakes is one that the client has to repeat: another error would be taken
// for an empty list of findings.
func TestEditsCancelPulls(t *testing.T) {
	dir := project(t, "-- Dockerfile --\nFROM python:3.12\n")
	e := connect(t)
	e.start(dir, pulling, nil)
	u := e.open(dir+"/Dockerfile", "FROM python:3.12\n"+strings.Repeat("RUN pip install flask && apt-get update && apt-get install -y gcc\n", 3000))
	e.send(object{"jsonrpc": "2.0", "id": "pull", "method": "textDocument/diagnostic", "params": object{"textDocument": object{"uri": u}}})
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{object{"text": "FROM python:3.12\nRUN pip install flask==3.1.0\n"}}})
	if a := e.answerTo(`"pull"`); a.Error == nil || a.Error.Code != -32802 || !a.Error.Data.RetriggerRequest {
		t.Errorf("got %+v", a.Error)
	}
	if codes := codesOf(get[report](e, "textDocument/diagnostic", object{"textDocument": object{"uri": u}}).Items); !strings.Contains(codes, "PLD205") {
		t.Errorf("got %s", codes)
	}
}

// TestEditsCancelLints sees that of many edits the last is shown, and that those before did not each have their lint.
func TestEditsCancelLints(t *testing.T) {
	dir := project(t, "-- Dockerfile --\nFROM python:3.12\n")
	e := connect(t)
	e.start(dir, object{}, nil)
	text := "FROM python:3.12-slim\n" + strings.Repeat("RUN pip install flask\n", 400)
	u := e.open(dir+"/Dockerfile", text)
	const edits = 200
	for i := 2; i <= edits; i++ {
		e.notify("textDocument/didChange", object{
			"textDocument":   object{"uri": u, "version": i},
			"contentChanges": []any{object{"text": fmt.Sprintf("%s# %d\n", text, i)}},
		})
	}
	shown := 0
	for {
		var p published
		if err := json.Unmarshal(e.wait("textDocument/publishDiagnostics"), &p); err != nil {
			t.Fatal(err)
		}
		shown++
		if p.Version == edits {
			if len(p.Diagnostics) == 0 {
				t.Error("nothing was found")
			}
			break
		}
	}
	if shown > edits/2 {
		t.Errorf("findings were shown %d times for %d edits", shown, edits)
	}
	e.alive()
}

// TestManyAtOnce asks the same text many things at once: the model is not made for that.
func TestManyAtOnce(t *testing.T) {
	e, _, text, u := begin(t, "-- Dockerfile --\nFROM python:3.12-slim AS builder\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install flask gunicorn\nFROM python:3.12-slim\n"+
		"COPY --from=builder /opt/venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nCMD [\"gunicorn\", \"app:app\"]\n", object{})
	params := []object{at(t, u, text, "C|MD"), at(t, u, text, "[\"gun|icorn"), at(t, u, text, "COPY --f|rom"), at(t, u, text, "pip in|stall")}
	for version := 2; version < 30; version++ {
		e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": version}, "contentChanges": []any{object{"text": fmt.Sprintf("%s# %d\n", text, version)}}})
		for range 6 {
			for _, p := range params {
				for _, method := range []string{"hover", "completion", "codeLens", "documentLink", "definition", "semanticTokens/full"} {
					e.nextID++
					e.send(object{"jsonrpc": "2.0", "id": e.nextID, "method": "textDocument/" + method, "params": p})
				}
			}
		}
		e.answerTo(strconv.Itoa(e.nextID))
	}
	e.alive()
}

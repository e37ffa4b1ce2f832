package lsp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

// object is JSON.
type object = map[string]any

// answer is a message of the server.
type answer struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Data    struct {
			RetriggerRequest bool `json:"retriggerRequest"`
		} `json:"data"`
	} `json:"error"`
}

// editor is the other end of a conversation.
type editor struct {
	t      testing.TB
	in     io.WriteCloser
	code   chan int
	nextID int
	// answers to requests, and what the server says by itself.
	answers chan answer
	told    chan answer
	log     *lockedLog
	// configuration is what workspace/configuration is answered with.
	configuration any
}

type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

const patience = 20 * time.Second

var testDay = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// connect starts a server.
func connect(t testing.TB) *editor {
	inReader, in := io.Pipe()
	outReader, out := io.Pipe()
	e := &editor{t: t, in: in, code: make(chan int, 1), answers: make(chan answer, 1000), told: make(chan answer, 100000), log: &lockedLog{}}
	go func() {
		e.code <- lsp.Serve(inReader, out, lsp.Options{Version: "1.2.3", Dir: os.TempDir(), Log: e.log, Now: func() time.Time { return testDay }})
		out.Close()
		inReader.Close()
	}()
	go e.listen(outReader)
	t.Cleanup(func() { in.Close() })
	return e
}

func (e *editor) listen(r io.Reader) {
	reader := textproto.NewReader(bufio.NewReader(r))
	for {
		header, err := reader.ReadMIMEHeader()
		if err != nil {
			close(e.answers)
			close(e.told)
			return
		}
		size, _ := strconv.Atoi(header.Get("Content-Length"))
		body := make([]byte, size)
		if _, err := io.ReadFull(reader.R, body); err != nil {
			continue
		}
		var a answer
		if err := json.Unmarshal(body, &a); err != nil {
			e.t.Errorf("the server sent %q: %v", body, err)
			continue
		}
		switch {
		case a.Method == "":
			e.answers <- a
		case a.Method == "workspace/configuration":
			e.send(object{"jsonrpc": "2.0", "id": a.ID, "result": []any{e.configuration}})
			e.told <- a
		case a.ID != nil:
			e.send(object{"jsonrpc": "2.0", "id": a.ID, "result": nil})
			e.told <- a
		default:
			e.told <- a
		}
	}
}

func (e *editor) raw(text string) {
	_, _ = io.WriteString(e.in, text)
}

func frame(message any) string {
	body, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

func (e *editor) send(message object) { e.raw(frame(message)) }

func (e *editor) notify(method string, params any) {
	e.send(object{"jsonrpc": "2.0", "method": method, "params": params})
}

// ask sends a request and gives the answer.
func (e *editor) ask(method string, params any) answer {
	e.t.Helper()
	e.nextID++
	e.send(object{"jsonrpc": "2.0", "id": e.nextID, "method": method, "params": params})
	return e.answerTo(strconv.Itoa(e.nextID))
}

func (e *editor) answerTo(id string) answer {
	e.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case a, open := <-e.answers:
			if !open {
				e.t.Fatalf("the server ended before it answered %s", id)
			}
			if string(a.ID) == id {
				return a
			}
		case <-timeout:
			e.t.Fatalf("no answer to %s", id)
		}
	}
}

// get is ask for a result.
func get[T any](e *editor, method string, params any) T {
	e.t.Helper()
	a := e.ask(method, params)
	var v T
	if a.Error != nil {
		e.t.Fatalf("%s: error %d: %s", method, a.Error.Code, a.Error.Message)
	}
	if err := json.Unmarshal(a.Result, &v); err != nil {
		e.t.Fatalf("%s: %s: %v", method, a.Result, err)
	}
	return v
}

// wait gives the parameters of the next message of that method.
func (e *editor) wait(method string) json.RawMessage {
	e.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case a, open := <-e.told:
			if !open {
				e.t.Fatalf("the server ended without %s", method)
			}
			if a.Method == method {
				return a.Params
			}
		case <-timeout:
			e.t.Fatalf("no %s came", method)
		}
	}
}

type published struct {
	URI         string           `json:"uri"`
	Version     int              `json:"version"`
	Diagnostics []lsp.Diagnostic `json:"diagnostics"`
}

// diagnostics waits for those that are pushed for a version of a document.
func (e *editor) diagnostics(uri string, version int) []lsp.Diagnostic {
	e.t.Helper()
	for {
		var p published
		if err := json.Unmarshal(e.wait("textDocument/publishDiagnostics"), &p); err != nil {
			e.t.Fatal(err)
		}
		if p.URI == uri && p.Version == version {
			return p.Diagnostics
		}
	}
}

// start initializes with capabilities and a workspace folder.
func (e *editor) start(dir string, capabilities object, options any) lspInitialized {
	e.t.Helper()
	result := get[lspInitialized](e, "initialize", object{
		"processId": nil, "rootUri": uri(dir), "capabilities": capabilities, "initializationOptions": options,
	})
	e.notify("initialized", object{})
	return result
}

type lspInitialized struct {
	Capabilities object `json:"capabilities"`
	ServerInfo   struct{ Name, Version string }
}

func uri(path string) string { return "file://" + filepath.ToSlash(path) }

func (e *editor) open(path, text string) string {
	e.notify("textDocument/didOpen", object{"textDocument": object{"uri": uri(path), "languageId": "dockerfile", "version": 1, "text": text}})
	return uri(path)
}

// project writes a txtar archive to a new folder.
func project(t testing.TB, archive string) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	unpack(t, dir, archive)
	return dir
}

// unpack writes a txtar archive to a folder.
func unpack(t testing.TB, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func content(t testing.TB, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// position finds the mark | in text: the mark is one character that is not part of the file.
func position(t testing.TB, text, needle string) object {
	t.Helper()
	plain := strings.Replace(needle, "|", "", 1)
	i := strings.Index(text, plain)
	if i < 0 {
		t.Fatalf("%q is not in the text", plain)
	}
	i += strings.Index(needle, "|")
	line := strings.Count(text[:i], "\n")
	return object{"line": line, "character": len([]rune(text[strings.LastIndexByte(text[:i], '\n')+1 : i]))}
}

// at are the parameters of a request about a place.
func at(t testing.TB, uri, text, needle string) object {
	t.Helper()
	return object{"textDocument": object{"uri": uri}, "position": position(t, text, needle)}
}

// applyEdits gives text after edits, by a way of its own: ASCII only, the last edit first.
func applyEdits(t testing.TB, text string, edits []lsp.TextEdit) string {
	t.Helper()
	offset := func(p lsp.Position) int {
		lines := strings.SplitAfter(text, "\n")
		if p.Line >= len(lines) {
			t.Fatalf("line %d is outside", p.Line)
		}
		return len(strings.Join(lines[:p.Line], "")) + p.Character
	}
	// Insertions at one place come in their order, so that going backwards puts the later ones in first.
	type change struct {
		from, to int
		text     string
	}
	var changes []change
	for _, e := range edits {
		changes = append(changes, change{offset(e.Range.Start), offset(e.Range.End), e.NewText})
	}
	out := text
	for i := len(changes) - 1; i >= 0; i-- {
		c := changes[i]
		out = out[:c.from] + c.text + out[c.to:]
	}
	return out
}

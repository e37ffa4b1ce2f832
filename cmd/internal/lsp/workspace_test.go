package lsp_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

const monorepo = `-- api/Dockerfile --
FROM python:3.12-slim
RUN pip install flask==3.1.0
-- jobs/Dockerfile --
FROM python:3.12-slim
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
-- jobs/requirements.txt --
attrs
-- node_modules/x/Dockerfile --
FROM python:3.12-slim
RUN pip install flask==3.1.0
`

var wholeWorkspace = object{"workspaceDiagnostics": true, "select": []string{"PLD203", "PLD205"}}

// settle waits until the server has dealt with all that was said to it so far, its own questions among that.
func (e *editor) settle() {
	e.alive()
	time.Sleep(50 * time.Millisecond)
	e.alive()
}

type workspaceReport struct {
	Items []struct {
		Kind, URI, ResultID string
		Version             *int
		Items               []lsp.Diagnostic
	}
}

// known are the parameters of a client that remembers the report.
func (r workspaceReport) known() object {
	ids := []any{}
	for _, item := range r.Items {
		ids = append(ids, object{"uri": item.URI, "value": item.ResultID})
	}
	return object{"previousResultIds": ids}
}

func (r workspaceReport) text(dir string) map[string]string {
	found := map[string]string{}
	for _, item := range r.Items {
		found[strings.TrimPrefix(item.URI, uri(dir)+"/")] = strings.TrimSpace(item.Kind + " " + codesOf(item.Items))
	}
	return found
}

func TestWorkspaceDiagnosticsPulled(t *testing.T) {
	dir := project(t, monorepo)
	e := connect(t)
	result := e.start(dir, pulling, wholeWorkspace)
	if provider, _ := result.Capabilities["diagnosticProvider"].(object); provider["workspaceDiagnostics"] != true {
		t.Errorf("got %v", provider)
	}
	report := get[workspaceReport](e, "workspace/diagnostic", object{"previousResultIds": []any{}})
	want := map[string]string{"api/Dockerfile": "full PLD205", "jobs/Dockerfile": "full PLD203"}
	if diff := cmp.Diff(want, report.text(dir)); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	// The next request waits until something is different.
	e.nextID++
	e.send(object{"jsonrpc": "2.0", "id": "held", "method": "workspace/diagnostic", "params": report.known()})
	e.alive()
	select {
	case a := <-e.answers:
		t.Fatalf("the answer did not wait: %s", a.Result)
	case <-time.After(100 * time.Millisecond):
	}
	path := filepath.Join(dir, "jobs", "requirements.txt")
	if err := os.WriteFile(path, []byte("attrs==25.1.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", object{"changes": []any{object{"uri": uri(path), "type": 2}}})
	var next workspaceReport
	if err := json.Unmarshal(e.answerTo(`"held"`).Result, &next); err != nil {
		t.Fatal(err)
	}
	want = map[string]string{"api/Dockerfile": "unchanged", "jobs/Dockerfile": "full"}
	if diff := cmp.Diff(want, next.text(dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// An open file is none of the workspace's, and a file that is gone has no findings.
	e.open(filepath.Join(dir, "jobs", "Dockerfile"), "FROM python:3.12-slim\n")
	if err := os.Remove(filepath.Join(dir, "api", "Dockerfile")); err != nil {
		t.Fatal(err)
	}
	third := get[workspaceReport](e, "workspace/diagnostic", next.known()).text(dir)
	if diff := cmp.Diff(map[string]string{"api/Dockerfile": "full"}, third); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHeldRequestsEnd sees that a request which waits for a change can be cancelled, and doesn't outlive the shutdown.
func TestHeldRequestsEnd(t *testing.T) {
	dir := project(t, monorepo)
	e := connect(t)
	e.start(dir, pulling, wholeWorkspace)
	report := get[workspaceReport](e, "workspace/diagnostic", object{})
	hold := func(id string) {
		e.send(object{"jsonrpc": "2.0", "id": id, "method": "workspace/diagnostic", "params": report.known()})
	}
	hold("a")
	e.settle()
	e.notify("$/cancelRequest", object{"id": "a"})
	if a := e.answerTo(`"a"`); a.Error == nil || a.Error.Code != -32800 {
		t.Errorf("got %+v", a)
	}
	hold("b")
	e.settle()
	e.send(object{"jsonrpc": "2.0", "id": "last", "method": "shutdown"})
	ended := map[string]bool{}
	for range 2 {
		ended[string((<-e.answers).ID)] = true
	}
	if !ended[`"b"`] || !ended[`"last"`] {
		t.Errorf("answered: %v", slices.Collect(maps.Keys(ended)))
	}
	e.notify("exit", nil)
	e.ends(0)
}

func TestWorkspaceDiagnosticsPushed(t *testing.T) {
	dir := project(t, monorepo)
	e := connect(t)
	e.start(dir, object{}, wholeWorkspace)
	shown := map[string]string{}
	collect := func(until func() bool) {
		t.Helper()
		for !until() {
			var p published
			if err := json.Unmarshal(e.wait("textDocument/publishDiagnostics"), &p); err != nil {
				t.Fatal(err)
			}
			shown[strings.TrimPrefix(p.URI, uri(dir)+"/")] = codesOf(p.Diagnostics)
		}
	}
	collect(func() bool { return len(shown) == 2 })
	want := map[string]string{"api/Dockerfile": "PLD205", "jobs/Dockerfile": "PLD203"}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What an open file shows is its text, and after closing it what is on disk.
	api := e.open(filepath.Join(dir, "api", "Dockerfile"), "FROM python:3.12-slim\n")
	collect(func() bool { return shown["api/Dockerfile"] == "" })
	e.notify("textDocument/didClose", object{"textDocument": object{"uri": api}})
	collect(func() bool { return shown["api/Dockerfile"] == "PLD205" })
	// The findings of a file that is gone go.
	if err := os.Remove(filepath.Join(dir, "api", "Dockerfile")); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", object{"changes": []any{object{"uri": api, "type": 3}}})
	collect(func() bool { return shown["api/Dockerfile"] == "" })
	// Switched off by default.
	off := connect(t)
	off.start(dir, object{}, nil)
	time.Sleep(400 * time.Millisecond)
	off.alive()
	off.in.Close()
	for a := range off.told {
		if a.Method == "textDocument/publishDiagnostics" {
			t.Errorf("got %s", a.Params)
		}
	}
}

package lsp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

// With the image that was built of the Dockerfile, hovers and lenses show what its layers weigh.
func TestMeasured(t *testing.T) {
	const text = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc libpq-dev\nCOPY --from=builder /opt/venv /opt/venv\nCOPY . /app\n" +
		"RUN chown -R app /opt/venv\nUSER app\nCMD [\"gunicorn\", \"app:app\"]\n"
	dir := project(t, "-- Dockerfile --\n"+text)
	if err := os.CopyFS(filepath.Join(dir, "shop"), os.DirFS("../../../testdata/images/shop")); err != nil {
		t.Fatal(err)
	}
	e := connect(t)
	e.start(dir, object{"workspace": object{"codeLens": object{"refreshSupport": true}}}, object{"image": "shop", "codeLens": object{"stages": true}})
	u := e.open(filepath.Join(dir, "Dockerfile"), text)
	lens := func() string {
		list := get[[]lsp.CodeLens](e, "textDocument/codeLens", object{"textDocument": object{"uri": u}})
		if len(list) != 1 {
			t.Fatalf("got %+v", list)
		}
		return list[0].Command.Title
	}
	if lens() == "" { // has it read
		t.Error("no title")
	}
	e.wait("workspace/codeLens/refresh")
	if title := lens(); !strings.HasSuffix(title, ", 91.0 MB of 130 MB") {
		t.Errorf("got %s", title)
	}
	says := func(text, where, want string) {
		t.Helper()
		h := get[*lsp.Hover](e, "textDocument/hover", at(t, u, text, where))
		if h == nil {
			h = &lsp.Hover{}
		}
		if measured := strings.Contains(h.Contents.Value, "In the built image"); measured != (want != "") || !strings.Contains(h.Contents.Value, want) {
			t.Errorf("%s: got %s", where, h.Contents.Value)
		}
	}
	says(text, "FR|OM", "**In the built image**: 39.0 MB")
	says(text, "R|UN apt", "**In the built image**: 81.0 MB\n- 61.4 MB of build tools and headers: gcc-12\n- 19.0 MB of package lists and archives in /var/lib/apt/lists")
	says(text, "C|OPY --from", "**In the built image**: 2.0 MB")
	says(text, "C|OPY . ", "6.0 MB of the repository in /app/.git")
	says(text, "guni|corn", "**In the built image**: 130 MB\n- it comes to `/opt/venv/bin/gunicorn (python3 script)`\n- it comes to `/opt/venv/bin/python3 (Python 3.12)`")
	says(text, "U|SER app", "")

	// Another instruction is none of the image; those that nobody has changed still are.
	changed := strings.Replace(text, "COPY . /app", "ENV A=b\nCOPY src /app", 1)
	e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": 2}, "contentChanges": []any{object{"text": changed}}})
	says(changed, "R|UN apt", "81.0 MB\n")
	says(changed, "C|OPY src", "")
	if title := lens(); !strings.HasSuffix(title, "2 OS packages (about 220 MB)") {
		t.Errorf("got %s", title)
	}

	// An image that is none is complained about, and the rest of the hover stands.
	if err := os.WriteFile(filepath.Join(dir, "shop", "index.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	late := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "shop", "index.json"), late, late); err != nil {
		t.Fatal(err)
	}
	says(changed, "R|UN apt", "")
	if shown := string(e.wait("window/showMessage")); !strings.Contains(shown, "shop") {
		t.Errorf("got %s", shown)
	}
}

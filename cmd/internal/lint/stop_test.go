package lint

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// TestStopped sees that a build context is not read any more once nobody wants the result.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Dockerfile":       "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
		"requirements.txt": "flask==3.1.0\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := New(Options{Dir: dir, Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for _, stopped := range []bool{false, true} {
		path := filepath.Join(dir, "Dockerfile")
		in := Input{Path: path, Stopped: func() bool { return stopped }}
		in.Content, in.Err = ReadFile(path)
		u, err := l.Open(in)
		if err != nil {
			t.Fatal(err)
		}
		if known := u.Run().Build.Context.Exists("requirements.txt"); known == stopped {
			t.Errorf("stopped %v: the requirements are seen: %v", stopped, known)
		}
		if _, err := u.Loop(analyzer.Safe); (err != nil) != stopped {
			t.Errorf("stopped %v: %v", stopped, err)
		}
		u.Close()
	}
}

// TestUnsaved sees that what an editor shows counts, inside of the context only.
func TestUnsaved(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "Dockerfile")
	l, err := New(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	u, err := l.Open(Input{Path: path, Content: []byte("FROM python:3.12-slim\n"), Unsaved: map[string][]byte{
		filepath.Join(dir, "requirements.txt"): []byte("flask\n"), filepath.Join(dir, "..", "other.txt"): nil, path: nil,
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if others := u.Files().Others; len(others) != 1 || string(others["requirements.txt"]) != "flask\n" {
		t.Errorf("got %q", others)
	}
}

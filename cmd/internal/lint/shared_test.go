package lint

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// TestShared: Dockerfiles of one folder share what was read of it, until a fix changes a file that others see.
func TestShared(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"a.Dockerfile": "FROM python:3.13-slim\nCOPY . /app\n", "b.Dockerfile": "FROM python:3.13-slim\nCOPY . /app\n",
		"own.Dockerfile": "FROM python:3.13-slim\nCOPY . /app\n", "own.Dockerfile.dockerignore": "x\n", ".dockerignore": "old\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	linter, err := New(Options{Dir: dir, Isolated: true, Today: time.Now(), Share: true})
	if err != nil {
		t.Fatal(err)
	}
	contextOf := func(name string, changed map[string][]byte) (*Unit, *project.Context) {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		unit, err := linter.Open(Input{Path: name, Content: content})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(unit.Close)
		return unit, unit.settings(fixes.Files{Others: changed}).Context
	}
	unit, first := contextOf("a.Dockerfile", nil)
	if _, second := contextOf("b.Dockerfile", nil); second != first {
		t.Error("two Dockerfiles of one folder have two contexts")
	}
	if _, own := contextOf("own.Dockerfile", nil); own == first {
		t.Error("a Dockerfile with an ignore file of its own has the context of the others")
	}
	changed := func() map[string][]byte { return map[string][]byte{".dockerignore": []byte("old\nnew\n")} }
	_, overlaid := contextOf("a.Dockerfile", changed())
	if _, again := contextOf("b.Dockerfile", changed()); again != overlaid || again == first {
		t.Error("the same change makes another context, or none")
	}
	write := func(files fixes.Files) {
		t.Helper()
		for _, change := range unit.Changes(files) {
			if err := change.Write(); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(fixes.Files{Dockerfile: []byte("FROM python:3.13\n")})
	if _, same := contextOf("b.Dockerfile", nil); same != first {
		t.Error("another text of a Dockerfile makes another context for its neighbours")
	}
	write(fixes.Files{Dockerfile: unit.Input.Content, Others: changed()})
	_, after := contextOf("b.Dockerfile", nil)
	if content, _ := after.Read(".dockerignore"); after == first || string(content) != "old\nnew\n" {
		t.Errorf("after a change others see %q", content)
	}
}

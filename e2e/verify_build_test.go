//go:build e2e

package e2e

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// verified is a project that --verify converts with the engine that is there.
const verified = "flask-gunicorn"

// TestVerify has the program try its own conversion, and look into both images.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	if err := copyProject(filepath.Join(projectsDir, verified), dir); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), buildProgram(t), "check", "--isolated", "--exit-zero", "--fix", "--unsafe-fixes", "--verify", "Dockerfile")
	cmd.Dir, cmd.Stderr = dir, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	t.Log(said.String())
	for _, want := range []string{"Dockerfile: verified with ", " smaller (", "; its files show no new fault"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q", want)
		}
	}
}

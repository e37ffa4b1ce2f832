package editors_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAgents drives the MCP server with the official clients. PYLINT_DOCKER_MCP_PYTHON is a Python that has editors/test/mcp/requirements.txt,
// PYLINT_DOCKER_MCP_NODE a folder in which editors/test/mcp/package.json was installed; without them a client is skipped.
func TestAgents(t *testing.T) {
	python, modules := os.Getenv("PYLINT_DOCKER_MCP_PYTHON"), os.Getenv("PYLINT_DOCKER_MCP_NODE")
	if python == "" && modules == "" {
		t.Skip("no client is installed")
	}
	program := build(t)
	clients := map[string][]string{}
	if python != "" {
		clients["python"] = []string{python, "mcp/client.py"}
	}
	if modules != "" {
		// Modules are looked for beside the script.
		script := filepath.Join(modules, "client.mjs")
		write(t, script, read(t, "mcp/client.mjs"))
		clients["node"] = []string{"node", script}
	}
	for name, command := range clients {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "project")
			write(t, filepath.Join(dir, "Dockerfile"),
				"FROM python:3.12\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc\nRUN pip install flask==3.1.0\nUSER 1000\nCMD [\"flask\", \"run\"]\n")
			write(t, filepath.Join(dir, "../Dockerfile"), "FROM python:3.12\nRUN pip install flask==3.1.0\n")
			if err := os.CopyFS(filepath.Join(dir, "image"), os.DirFS("../../testdata/images/shop")); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, command[0], command[1:]...)
			cmd.Env = append(os.Environ(), "PYLINT_DOCKER="+program, "WORKDIR="+dir)
			if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "ok") {
				t.Fatalf("%v\n%s", err, out)
			}
			if outside := read(t, filepath.Join(dir, "../Dockerfile")); strings.Contains(outside, "--no-cache-dir") {
				t.Errorf("a file outside was written: %s", outside)
			}
		})
	}
}

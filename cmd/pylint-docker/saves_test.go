//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// times is how often something is tried: as the environment says, else n.
func times(variable string, n int) int {
	if set, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return set
	}
	return n
}

// editors are ways in which editors save a file.
var editors = []struct {
	name string
	save func(path, text string) error
}{
	{"a new file takes the name", func(path, text string) error {
		if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
			return err
		}
		return os.Rename(path+".new", path)
	}},
	{"the file is emptied and written", func(path, text string) error {
		return inPieces(path, os.O_TRUNC, text)
	}},
	{"the file is written over and cut", func(path, text string) error {
		return inPieces(path, 0, text)
	}},
}

// inPieces writes into a file that is there, slowly.
func inPieces(path string, flag int, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|flag, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	for part := range strings.SplitAfterSeq(text, "mark") {
		time.Sleep(time.Duration(rand.IntN(500)) * time.Microsecond)
		if _, err := file.WriteString(part); err != nil {
			return err
		}
	}
	return file.Truncate(int64(len(text)))
}

// TestSaves saves into a Dockerfile at any moment of a run with --fix: no save is lost, whether it is fixed or not.
// PYLINT_DOCKER_SAVES says how often.
func TestSaves(t *testing.T) {
	program := build(t)
	_, took := fixedText(t, program, 1)
	dir := folderOf(t, 1)
	path := filepath.Join(dir, "0.Dockerfile")
	var unfixed, refused, lost int
	n := times("PYLINT_DOCKER_SAVES", 90)
	for i := range n {
		soil(t, dir, 1)
		editor := editors[i%len(editors)]
		saved := dirty() + fmt.Sprintf("LABEL mark=%d\nRUN pip install django==5.2\n", i)
		cmd := fixing(program, dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Float64() * 1.1 * float64(took)))
		if err := editor.save(path, saved); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			refused++
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch string(content) {
		case saved:
			unfixed++
		case strings.ReplaceAll(saved, "pip install ", "pip install --no-cache-dir "):
		default:
			lost++
			t.Errorf("%s: the save is lost, or half of it:\n%q", editor.name, content[max(0, len(content)-150):])
		}
		if left := leftovers(t, dir); len(left) > 0 {
			t.Errorf("left behind: %q", left)
			_ = os.Remove(left[0])
		}
	}
	t.Logf("%d saves into runs: %d lost; %d came after the fixes, %d runs gave up", n, lost, unfixed, refused)
}

// TestPairs starts two runs with --fix at once: what both want to add to .dockerignore is there once. PYLINT_DOCKER_PAIRS says how often.
func TestPairs(t *testing.T) {
	program := build(t)
	n, doubled := times("PYLINT_DOCKER_PAIRS", 100), 0
	var took time.Duration // by a run
	slow := "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n" + strings.Repeat("RUN pip install flask==3.1.0 && rm -rf /tmp/x\n", 50)
	for i := range n {
		dir := t.TempDir()
		files := map[string]string{"Dockerfile": slow, "app.py": "", ".git/HEAD": ""}
		if i%2 == 0 {
			files[".dockerignore"] = "*.md\n" // else it is created
		}
		for name, content := range files {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var runs sync.WaitGroup
		for second := range 2 {
			runs.Go(func() {
				// What one reads at the beginning of a run, the other writes at its end.
				time.Sleep(time.Duration(float64(second) * rand.Float64() * float64(took)))
				cmd := exec.Command(program, "check", "--isolated", "--select", "PLD3,PLD205", "--fix", "--exit-zero", ".")
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		start := time.Now()
		runs.Wait()
		if i == 0 {
			took = time.Since(start)
		}
		content, err := os.ReadFile(filepath.Join(dir, ".dockerignore"))
		if err != nil || !strings.Contains(string(content), "**/__pycache__\n") || !strings.HasPrefix(string(content), files[".dockerignore"]) {
			t.Fatalf("%v: %q", err, content)
		}
		seen := map[string]bool{}
		for line := range strings.Lines(string(content)) {
			if seen[line] {
				doubled++
				t.Errorf("%q is there twice:\n%s", line, content)
			}
			seen[line] = true
		}
		if left := leftovers(t, dir); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	}
	t.Logf("%d pairs of runs: %d doubled lines", n, doubled)
}

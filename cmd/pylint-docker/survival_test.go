//go:build unix

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// build makes the program; these tests are about processes, not about functions.
func build(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts many processes")
	}
	program := filepath.Join(t.TempDir(), "pylint-docker")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// dirty is a Dockerfile that --fix changes in many places.
func dirty() string {
	return "FROM python:3.12-slim\n" + strings.Repeat("RUN pip install flask==3.1.0\n", 50) + "USER nobody\n"
}

// folderOf writes n dirty Dockerfiles.
func folderOf(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	soil(t, dir, n)
	return dir
}

func soil(t *testing.T, dir string, n int) {
	t.Helper()
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.Dockerfile", i)), []byte(dirty()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func fixing(program, dir string) *exec.Cmd {
	cmd := exec.Command(program, "check", "--isolated", "--select", "PLD205", "--fix", "--quiet", dir)
	cmd.Dir = dir
	return cmd
}

// states counts the Dockerfiles of a folder that are as they were and that are fixed. Anything else fails the test.
func states(t *testing.T, dir, fixed string) (before, after int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		switch string(content) {
		case dirty():
			before++
		case fixed:
			after++
		default:
			t.Fatalf("%s is neither old nor new, %d bytes:\n%q", name, len(content), content)
		}
	}
	return before, after
}

// fixedText is a dirty Dockerfile after --fix, and how long that took for n of them.
func fixedText(t *testing.T, program string, n int) (string, time.Duration) {
	t.Helper()
	dir := folderOf(t, n)
	start := time.Now()
	if out, err := fixing(program, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	took := time.Since(start)
	content, err := os.ReadFile(filepath.Join(dir, "0.Dockerfile"))
	if err != nil || string(content) == dirty() {
		t.Fatalf("nothing was fixed: %v", err)
	}
	return string(content), took
}

// leftovers are the temporary files of writes that did not come to an end.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, ".*.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestKilled kills --fix at any moment: every file is old or new. PYLINT_DOCKER_KILLS says how often.
func TestKilled(t *testing.T) {
	program := build(t)
	const files = 8
	kills := times("PYLINT_DOCKER_KILLS", 40)
	fixed, took := fixedText(t, program, files)
	dir := folderOf(t, files)
	var untouched, halfway, done, left int
	for range kills {
		soil(t, dir, files)
		cmd := fixing(program, dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Float64() * 1.2 * float64(took)))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		switch before, after := states(t, dir, fixed); {
		case after == 0:
			untouched++
		case before == 0:
			done++
		default:
			halfway++
		}
		for _, name := range leftovers(t, dir) {
			left++
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d kills: %d before the first file was written, %d between, %d after the last; %d temporary files left", kills, untouched, halfway, done, left)
	if out, err := fixing(program, dir).CombinedOutput(); err != nil {
		t.Errorf("after the kills: %v\n%s", err, out)
	}
}

// TestConcurrentFixes: several runs over one folder leave fixed files, and nothing else.
func TestConcurrentFixes(t *testing.T) {
	program := build(t)
	const files = 10
	fixed, _ := fixedText(t, program, 1)
	dir := folderOf(t, files)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if out, err := fixing(program, dir).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	group.Wait()
	if before, _ := states(t, dir, fixed); before > 0 {
		t.Errorf("%d files are not fixed", before)
	}
	if left := leftovers(t, dir); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// inOwnMounts runs a script of the shell that may mount file systems nobody else sees, with the program as $1
// and an empty folder as $2.
func inOwnMounts(t *testing.T, program, script string) (dir, output string, err error) {
	t.Helper()
	if out, err := exec.Command("unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("file systems can't be mounted here: %v %s", err, out)
	}
	dir = t.TempDir()
	out, err := exec.Command("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", program, dir).CombinedOutput()
	return dir, string(out), err
}

// TestFullDisk: a file that can't be written as a whole stays what it was.
func TestFullDisk(t *testing.T) {
	program := build(t)
	_, out, err := inOwnMounts(t, program, `
		mount -t tmpfs -o size=64k none "$2" && cd "$2" && mkdir .git || exit 99
		{ echo "FROM python:3.12-slim"; i=0; while [ $i -lt 1200 ]; do echo "RUN pip install flask==3.1.0"; i=$((i+1)); done; } >Dockerfile || exit 99
		before=$(cksum <Dockerfile)
		"$1" check --isolated --select PLD205 --fix --quiet --output-format concise --exit-zero . >/dev/null 2>/dev/null; echo "code $?"
		"$1" check --isolated --select PLD205 --fix --quiet --output-format concise --exit-zero . 2>&1 >/dev/null
		[ "$before" = "$(cksum <Dockerfile)" ] && echo intact
		ls -A`)
	want := []string{"code 2\n", "no space left on device", "\nintact\n.git\nDockerfile\n"}
	for _, w := range want {
		if err != nil || !strings.Contains(out, w) {
			t.Errorf("%v: %q is missing in\n%s", err, w, out)
		}
	}
}

// TestReadOnly: on a file system that can't be written, --fix is an error and everything else works.
func TestReadOnly(t *testing.T) {
	program := build(t)
	_, out, err := inOwnMounts(t, program, `
		mount -t tmpfs none "$2" && cd "$2" && mkdir .git && printf 'FROM python:3.12-slim\nRUN pip install flask==3.1.0\n' >Dockerfile && mount -o remount,ro "$2" || exit 99
		"$1" check --isolated --select PLD205 --quiet --output-format concise .; echo "check $?"
		"$1" check --isolated --select PLD205 --fix --quiet --output-format concise .; echo "fix $?"`)
	for _, w := range []string{"Dockerfile:2:5: PLD205", "check 1\n", "read-only file system", "fix 2\n"} {
		if err != nil || !strings.Contains(out, w) {
			t.Errorf("%v: %q is missing in\n%s", err, w, out)
		}
	}
}

// TestNothingIsStarted: a run starts no program and opens no socket, whatever the files say. Programs that a curious
// linter might start are traps, and strace, where it works, sees the rest.
func TestNothingIsStarted(t *testing.T) {
	program := build(t)
	projects, err := filepath.Abs("../../testdata/projects")
	if err != nil {
		t.Fatal(err)
	}
	traps, sprung := t.TempDir(), filepath.Join(t.TempDir(), "sprung")
	for _, name := range []string{"git", "docker", "buildctl", "podman", "pip", "pip3", "uv", "poetry", "pipenv", "python", "python3", "sh", "bash", "curl", "wget", "hadolint", "less"} {
		if err := os.WriteFile(filepath.Join(traps, name), []byte("#!/bin/sh\necho "+name+" >>"+sprung+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	copied := filepath.Join(t.TempDir(), "projects")
	if err := os.CopyFS(copied, os.DirFS(projects)); err != nil {
		t.Fatal(err)
	}
	record := `{"filename":"x","content":"FROM python:3.12\nADD https://example.com/x /x\nRUN pip install git+https://example.com/y\n","context":{"requirements.txt":"-r https://example.com/r.txt\n"}}` + "\n"
	for _, args := range [][]string{
		{"check", projects},
		{"check", "--fix", "--unsafe-fixes", copied},
		{"check", "--output-format", "sarif", projects},
		{"check", "--input", "ndjson"},
		{"graph", filepath.Join(projects, "pattern-venv")},
		{"config", projects},
		{"rule", "PLD205"},
	} {
		trace := filepath.Join(t.TempDir(), "trace")
		cmd := exec.Command(program, args...)
		if path, ok := strace(t); ok {
			cmd = exec.Command(path, append([]string{"-f", "-qq", "-e", "signal=none", "-e", "trace=execve,execveat,%network", "-o", trace, program}, args...)...)
		}
		cmd.Env = []string{"PATH=" + traps, "HOME=" + t.TempDir(), "PAGER=less", "GIT_DIR=/", "http_proxy=http://127.0.0.1:9"}
		cmd.Stdin = strings.NewReader(record)
		if out, err := cmd.CombinedOutput(); err != nil && !errors.As(err, new(*exec.ExitError)) {
			t.Fatalf("%q: %v\n%s", args, err, out)
		}
		if which, err := os.ReadFile(sprung); err == nil {
			t.Errorf("%q started %s", args, which)
		}
		content, err := os.ReadFile(trace)
		if err != nil {
			continue
		}
		if calls := traced(content); len(calls) != 1 || !strings.Contains(calls[0], "execve(") {
			t.Errorf("%q: besides its own start it calls\n%s", args, content)
		}
	}
}

// traced gives the lines of strace's output that are system calls. A thread that the program's end overtakes while strace
// waits for it leaves a line "PID ???( <detached ...>", or one that begins with "+++"; neither is a call.
func traced(trace []byte) (calls []string) {
	for line := range strings.Lines(string(trace)) {
		_, what, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		what = strings.TrimSpace(what)
		if what == "" || strings.HasPrefix(what, "???(") || strings.HasPrefix(what, "+++") {
			continue
		}
		calls = append(calls, line)
	}
	return calls
}

// TestTraced: what the test above would overlook, it would never find.
func TestTraced(t *testing.T) {
	for _, test := range []struct {
		name, trace string
		calls       int
	}{
		{"the start", "26998 execve(\"/x/pylint-docker\", [\"x\"], 0x7ffd /* 5 vars */) = 0\n", 1},
		{"a thread that strace lost", "26998 execve(\"/x\", [\"x\"], 0x7ffd) = 0\n26999 ???( <detached ...>\n", 1},
		{"a connection", "26998 execve(\"/x\", [\"x\"], 0x7ffd) = 0\n26999 socket(AF_INET, SOCK_STREAM, 0) = 3\n", 2},
		{"a connection that never ends", "9 execve(\"/x\", [\"x\"], 0x7ffd) = 0\n  10 connect(3,  <unfinished ...>\n10 <... connect resumed>) = ?\n", 3},
		{"another program", "9 execve(\"/x\", [\"x\"], 0x7ffd) = 0\n10 execve(\"/bin/sh\", [\"sh\"], 0x7ffd <detached ...>\n", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			if calls := traced([]byte(test.trace)); len(calls) != test.calls {
				t.Errorf("%d calls, want %d:\n%q", len(calls), test.calls, calls)
			}
		})
	}
	if path, ok := strace(t); ok {
		trace := filepath.Join(t.TempDir(), "trace")
		if err := exec.Command(path, "-f", "-qq", "-e", "signal=none", "-e", "trace=execve,execveat,%network", "-o", trace, "sh", "-c", "true; /bin/true; true").Run(); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		if len(traced(content)) < 2 {
			t.Errorf("a program that starts another is not seen:\n%s", content)
		}
	}
}

// strace gives the path of strace if it is there and may trace.
func strace(t *testing.T) (path string, ok bool) {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Log("without strace, only the traps tell")
		return "", false
	}
	if out, err := exec.Command(path, "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Logf("strace may not trace here, only the traps tell: %v %s", err, out)
		return "", false
	}
	return path, true
}

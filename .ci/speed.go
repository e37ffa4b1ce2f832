//go:build ignore

// Speed prints how fast pylint-docker is, as a Markdown table: CPU time for all Dockerfiles of a folder, beside BuildKit's
// parser alone on the same bytes and beside other linters that are found on PATH, all in one run on one machine.
//
//	go run .ci/speed.go FOLDER
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// rivals are other linters, with what makes them read many files in one process and report everything.
var rivals = [][]string{
	{"hadolint", "--no-fail", "--format", "json"},
	{"droast", "--no-fail"},
	{"tally", "lint", "--fail-level", "none"},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run .ci/speed.go FOLDER")
	}
	tmp, err := os.MkdirTemp("", "speed")
	check(err)
	defer os.RemoveAll(tmp)
	program := filepath.Join(tmp, "pylint-docker")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "./cmd/pylint-docker")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	check(build.Run())

	names, contents := dockerfiles(os.Args[1])
	check(os.Mkdir(filepath.Join(tmp, "one"), 0o755))
	check(os.WriteFile(filepath.Join(tmp, "one", "Dockerfile"), []byte("FROM python:3.13-slim\nRUN pip install flask\n"), 0o644))
	check(os.Mkdir(filepath.Join(tmp, "one", ".git"), 0o755)) // nothing above is looked at
	half := filepath.Join(tmp, "half.ndjson")
	check(os.WriteFile(half, records(names[:len(names)/2], contents), 0o644))
	all := filepath.Join(tmp, "all.ndjson")
	check(os.WriteFile(all, records(names, contents), 0o644))

	ours := []string{program, "check", "--isolated", "--exit-zero", "--quiet"}
	stream := append(slices.Clone(ours), "--input", "ndjson")
	bare := least(func() cost { return parse(contents) })
	fmt.Printf("%d Dockerfiles, %d KiB; %s/%s, %d cores, %s, %s\n\n", len(names), size(contents)>>10, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), time.Now().Format(time.DateOnly))
	fmt.Println("| what | CPU seconds | of the bare parse | wall seconds | memory, MB |")
	fmt.Println("|---|---:|---:|---:|---:|")
	row := func(what string, c cost) {
		fmt.Printf("| %s | %.2f | %.1f | %.2f | %d |\n", what, c.cpu.Seconds(), float64(c.cpu)/float64(bare.cpu), c.wall.Seconds(), c.memory>>20)
	}
	row("BuildKit's parser alone, one core", bare)
	row("records, one core", least(func() cost { return run(all, append(stream, "--jobs", "1")...) }))
	row("records, half of them, one core", least(func() cost { return run(half, append(stream, "--jobs", "1")...) }))
	row("records, two cores", least(func() cost { return run(all, append(stream, "--jobs", "2")...) }))
	row("files with their folders as context, one core", least(func() cost { return run("", append(ours, "--output-format", "json", "--jobs", "1", os.Args[1])...) }))
	row("files with their folders as context, two cores", least(func() cost { return run("", append(ours, "--output-format", "json", "--jobs", "2", os.Args[1])...) }))
	for _, rival := range rivals {
		if path, err := exec.LookPath(rival[0]); err == nil {
			row(rival[0], run("", append(append([]string{path}, rival[1:]...), names...)...))
		}
	}
	one := least(func() cost { return run("", append(ours, filepath.Join(tmp, "one"))...) })
	fmt.Printf("\nFrom start to exit with one file: %.1f ms CPU.\n", float64(one.cpu.Microseconds())/1000)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func dockerfiles(root string) (names []string, contents map[string][]byte) {
	contents = map[string][]byte{}
	check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.Contains(strings.ToLower(entry.Name()), "dockerfile") {
			return err
		}
		names = append(names, path)
		contents[path], err = os.ReadFile(path)
		return err
	}))
	if len(names) == 0 {
		log.Fatalf("%s has no Dockerfile", root)
	}
	return names, contents
}

func records(names []string, contents map[string][]byte) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, name := range names {
		check(encoder.Encode(map[string]string{"filename": name, "content": string(contents[name])}))
	}
	return out.Bytes()
}

func size(contents map[string][]byte) (n int) {
	for _, c := range contents {
		n += len(c)
	}
	return n
}

// cost is what a run took; memory is the most that it had at once, in bytes.
type cost struct {
	cpu, wall time.Duration
	memory    int64
}

// least is the cheapest of three runs: what else the machine does only adds.
func least(measure func() cost) cost {
	best := measure()
	for range 2 {
		if c := measure(); c.cpu < best.cpu {
			best = c
		}
	}
	return best
}

func parse(contents map[string][]byte) cost {
	before, start := used(), time.Now()
	for _, content := range contents {
		_, _ = parser.Parse(bytes.NewReader(content)) // what it refuses costs time as well
	}
	return cost{cpu: used() - before, wall: time.Since(start)}
}

func used() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// run measures a process, with a file as its standard input. That it finds something is no failure.
func run(input string, args ...string) cost {
	cmd := exec.Command(args[0], args[1:]...)
	if input != "" {
		in, err := os.Open(input)
		check(err)
		defer in.Close()
		cmd.Stdin = in
	}
	start := time.Now()
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		log.Fatalf("%s: %v", args[0], err)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{time.Duration(u.Utime.Nano() + u.Stime.Nano()), time.Since(start), u.Maxrss << 10}
}

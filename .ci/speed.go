//go:build ignore

// Speed measures how fast pylint-docker is: the stages of a check, all formats, one file, folders on one and two cores, an edit in an
// editor, growth with the size of a Dockerfile, memory, and beside it BuildKit's parser alone on the same bytes, BuildKit's own checks, and
// other linters that are found on PATH. All in one run on one machine, by CPU time, the least of some runs.
//
//	go run .ci/speed.go [-write] [-files 2000] FOLDER
//
// FOLDER holds Dockerfiles, anywhere below. With -write the tables in docs/speed.md and docs/scale.md are replaced.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// rivals are other linters, with what makes them read many files in one process and report everything without a network.
var rivals = [][]string{
	{"hadolint", "--no-fail", "--format", "json"},
	{"tally", "lint", "--fail-level", "none", "--slow-checks", "off", "--format", "json"},
	{"droast", "--no-fail"},
}

var formats = []string{"full", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown"}

// folderSizes are how many files folders have whose memory is measured.
var folderSizes = []int{500, 2000, 8000}

func main() {
	log.SetFlags(0)
	if len(os.Args) > 3 && os.Args[1] == measureOne {
		one(os.Args[2], os.Args[3:])
		return
	}
	write := flag.Bool("write", false, "replace the tables in docs/speed.md and docs/scale.md")
	count := flag.Int("files", 2000, "how many Dockerfiles of FOLDER are taken, evenly spread; fewer where it has no more")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: go run .ci/speed.go [-write] [-files 2000] FOLDER")
	}
	tmp, err := os.MkdirTemp("", "speed")
	check(err)
	defer os.RemoveAll(tmp)
	m := &measurement{tmp: tmp, texts: dockerfiles(flag.Arg(0), *count)}
	m.build()
	page, scale := m.report()
	fmt.Print(page, "\n", scale)
	if *write {
		replace("docs/speed.md", page)
		replace("docs/scale.md", scale)
	}
}

type measurement struct {
	tmp, program string
	texts        [][]byte
	bare         cost // the unit of all ratios
}

func (m *measurement) report() (page, scale string) {
	var r, s strings.Builder
	size := 0
	for _, text := range m.texts {
		size += len(text)
	}
	on := fmt.Sprintf("%s, %d cores, %s, %s; %s", machine(), runtime.NumCPU(), system(), runtime.Version(), time.Now().Format("2 January 2006"))
	fmt.Fprintf(&r, "CPU time over %d Dockerfiles (%.1f MiB), all default rules, in one run of `go run .ci/speed.go FOLDER` (%s):\n\n", len(m.texts), float64(size)/(1<<20), on)
	fmt.Fprint(&r, "| what | CPU seconds | of the bare parse | peak memory, MB |\n|---|---:|---:|---:|\n")
	row := func(what string, c cost) {
		memory := ""
		if c.memory > 0 {
			memory = fmt.Sprint(c.memory >> 20)
		}
		fmt.Fprintf(&r, "| %s | %.2f | %.1f | %s |\n", what, c.cpu.Seconds(), float64(c.cpu)/float64(m.bare.cpu), memory)
	}
	m.library(row)

	folders := map[int]string{}
	for _, n := range append([]int{len(m.texts)}, folderSizes...) {
		folders[n] = m.folder(n)
	}
	ours := []string{m.program, "check", "--isolated", "--exit-zero", "--quiet"}
	folder := append(slices.Clone(ours), folders[len(m.texts)])
	input := m.records()
	row("`check --input ndjson`, a process from start to exit", least(5, func() cost { return run(input, nil, append(slices.Clone(ours), "--input", "ndjson", "--jobs", "1")...) }))
	for _, format := range formats {
		args := append(slices.Clone(folder), "--output-format", format, "--jobs", "1")
		row("`check FOLDER --output-format "+format+"`", least(3, func() cost { return run("", nil, args...) }))
	}
	row("`check FOLDER --diff --unsafe-fixes`", least(3, func() cost { return run("", nil, append(slices.Clone(folder), "--diff", "--unsafe-fixes")...) }))
	m.others(row, input)

	concise := append(slices.Clone(folder), "--output-format", "concise")
	cores := pair(func() cost { return run("", []string{"GOMAXPROCS=1"}, append(concise, "--jobs", "1")...) },
		func() cost { return run("", []string{"GOMAXPROCS=2"}, append(concise, "--jobs", "2")...) })
	single := least(30, func() cost { return run("", nil, append(slices.Clone(ours), m.folder(1))...) })
	fmt.Fprintf(&r, "\nFrom start to exit with one file it takes %.1f ms of CPU time. %s\n", ms(single.cpu), m.keystroke())
	fmt.Fprintf(&r, "A folder of %d files takes %.2f s on one core and %.2f s on two, %.2f times as fast (wall time). ", len(m.texts), cores[0].wall.Seconds(), cores[1].wall.Seconds(), float64(cores[0].wall)/float64(cores[1].wall))
	fmt.Fprintf(&r, "Time grows with the size of a Dockerfile by the power of:\n\n%s\n", growth())
	fmt.Fprint(&r, "1 is linear, from 100 to 10,000 instructions or lines (less where limits say so). Memory does not depend on the number of records, and hardly on that of files: [a million Dockerfiles](scale.md).\n")

	fmt.Fprintf(&s, "Peak memory of a run over a folder, MB (%s; `go run .ci/speed.go` measures it):\n\n| files | concise | full | json | sarif |\n|---:|---:|---:|---:|---:|\n", on)
	for _, n := range folderSizes {
		fmt.Fprintf(&s, "| %d |", n)
		for _, format := range []string{"concise", "full", "json", "sarif"} {
			c := run("", nil, append(slices.Clone(ours), folders[n], "--output-format", format)...)
			fmt.Fprintf(&s, " %d |", c.memory>>20)
		}
		fmt.Fprintln(&s)
	}
	fmt.Fprint(&s, "\nThe formats `full`, `concise` and `json` are written while files are linted; the others need all findings first.\n")
	return r.String(), s.String()
}

// library measures what happens within one process, each stage with those before it.
func (m *measurement) library(row func(string, cost)) {
	runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(runtime.NumCPU())
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program does, for all alike
	settings, sel := analyzer.Settings{Today: time.Now()}, rules.Default()
	each := func(do func(text []byte)) func() cost {
		return func() cost {
			runtime.GC()
			before := used()
			for _, text := range m.texts {
				do(text)
			}
			return cost{cpu: used() - before}
		}
	}
	parse := func(text []byte) (*source.File, *dockerfile.Document, error) {
		file := source.New("Dockerfile", text)
		doc, err := dockerfile.Parse(file)
		return file, doc, err
	}
	stages := []struct {
		what string
		do   func(text []byte)
	}{
		{"BuildKit's parser alone", func(text []byte) { _, _ = parser.Parse(bytes.NewReader(text)) }}, // what it refuses costs time as well
		{"parse, with the place of every word", func(text []byte) { _, _, _ = parse(text) }},
		{"parse, model", func(text []byte) {
			if _, doc, err := parse(text); err == nil && rules.TooLarge(doc) == nil {
				analyzer.Analyze(doc, settings)
			}
		}},
		{"parse, model, all rules", func(text []byte) {
			file, doc, err := parse(text)
			rules.LintParsed(file, doc, err, settings, sel)
		}},
		{"the same until all fixes are made, unsafe ones too", func(text []byte) {
			_, _ = fixes.Loop(fixes.Files{Dockerfile: text}, nil, rules.Judge("Dockerfile", nil, "", settings, sel), analyzer.Unsafe)
		}},
	}
	// In turn, so that a machine that grows slower does so for all.
	best := make([]cost, len(stages))
	for range 5 {
		for i, s := range stages {
			if c := each(s.do)(); best[i].cpu == 0 || c.cpu < best[i].cpu {
				best[i] = c
			}
		}
	}
	m.bare = best[0]
	for i, s := range stages {
		row(s.what, best[i])
	}
}

// others measures the linters that are there.
func (m *measurement) others(row func(string, cost), input string) {
	if program, err := m.buildkit(); err == nil {
		row("BuildKit's own checks, as a library", least(3, func() cost { return run(input, nil, program) }))
	} else {
		log.Printf("BuildKit's checks are left out: %v", err)
	}
	names, err := filepath.Glob(filepath.Join(m.tmp, fmt.Sprint(len(m.texts)), "*", "Dockerfile"))
	check(err)
	for _, rival := range rivals {
		path, err := exec.LookPath(rival[0])
		if err != nil {
			log.Printf("%s is not on PATH", rival[0])
			continue
		}
		version, _ := exec.Command(path, "--version").Output()
		number := regexp.MustCompile(`\d+\.\d+\.\d+`).Find(version)
		args := append([]string{path}, rival[1:]...)
		row(strings.TrimSpace(rival[0]+" "+string(number)), least(1, func() cost { return run("", nil, append(args, names...)...) }))
	}
}

// buildkitChecks is the program that runs BuildKit's checks over records.
const buildkitChecks = ".ci/buildkit-checks.go.txt"

func (m *measurement) buildkit() (path string, err error) {
	program, err := os.ReadFile(buildkitChecks)
	check(err)
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/moby/buildkit").Output()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(m.tmp, "buildkit")
	check(os.Mkdir(dir, 0o755))
	check(os.WriteFile(filepath.Join(dir, "main.go"), program, 0o644))
	check(os.WriteFile(filepath.Join(dir, "go.mod"), fmt.Appendf(nil, "module rival\n\ngo 1.26\n\nrequire github.com/moby/buildkit %s\n", bytes.TrimSpace(version)), 0o644))
	for _, args := range [][]string{{"mod", "tidy"}, {"build", "-trimpath", "-o", "rival", "."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			return "", fmt.Errorf("go %s: %w: %s", args[0], err, lines[len(lines)-1])
		}
	}
	return filepath.Join(dir, "rival"), nil
}

func (m *measurement) build() {
	m.program = filepath.Join(m.tmp, "pylint-docker")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -funcalign=16", "-o", m.program, "./cmd/pylint-docker")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	check(build.Run())
}

// folder makes a folder of so many files, each in one of its own; with more than there are they repeat.
func (m *measurement) folder(n int) string {
	dir := filepath.Join(m.tmp, fmt.Sprint(n))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	check(os.MkdirAll(filepath.Join(dir, ".git"), 0o755)) // nothing above is looked at
	for i := range n {
		text := m.texts[i%len(m.texts)]
		if n == 1 {
			text = []byte("FROM python:3.13-slim\nRUN pip install flask\n")
		}
		sub := filepath.Join(dir, fmt.Sprintf("%05d", i))
		check(os.Mkdir(sub, 0o755))
		check(os.WriteFile(filepath.Join(sub, "Dockerfile"), text, 0o644))
	}
	return dir
}

// records is a file with all Dockerfiles for --input ndjson.
func (m *measurement) records() string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for i, text := range m.texts {
		check(encoder.Encode(map[string]string{"filename": fmt.Sprint(i), "content": string(text)}))
	}
	path := filepath.Join(m.tmp, "all.ndjson")
	check(os.WriteFile(path, out.Bytes(), 0o644))
	return path
}

// benchmark runs a benchmark of a package and gives the named metrics of each of its lines.
func benchmark(dir, pattern, benchtime string, metrics ...string) (names []string, values map[string][]string) {
	out, err := exec.Command("go", "test", dir, "-run", "^$", "-bench", pattern, "-benchtime", benchtime).CombinedOutput()
	if err != nil {
		log.Fatalf("%s: %s", err, out)
	}
	values = map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := regexp.MustCompile(`-\d+$`).ReplaceAllString(fields[0], "")
		names = append(names, name)
		for _, metric := range metrics {
			at := slices.Index(fields, metric)
			values[name] = append(values[name], fields[at-1])
		}
	}
	return names, values
}

func (m *measurement) keystroke() string {
	names, values := benchmark("./cmd/internal/lsp", "Keystroke", "200x", "p50-ms", "p99-ms")
	v := values[names[0]]
	return fmt.Sprintf("In an editor the findings are there %s ms after a keystroke in a Dockerfile of 300 lines (median; %s ms for 99 of 100).", v[0], v[1])
}

// growth is a table of exponents.
func growth() string {
	names, values := benchmark("./rules", "Growth", "2x", "exponent")
	var head, rule, check, fix strings.Builder
	var table strings.Builder
	flush := func() {
		fmt.Fprintf(&table, "| |%s\n|---|%s\n| check |%s\n| fix |%s\n\n", &head, &rule, &check, &fix)
		head.Reset()
		rule.Reset()
		check.Reset()
		fix.Reset()
	}
	columns := 0
	for _, name := range names {
		kind, ok := strings.CutPrefix(name, "BenchmarkGrowth/check/")
		if !ok {
			continue
		}
		round := func(v string) string {
			var f float64
			_, _ = fmt.Sscan(v, &f)
			return fmt.Sprintf("%.2f", math.Round(f*100)/100)
		}
		fmt.Fprintf(&head, " %s |", strings.ReplaceAll(kind, "-", " "))
		fmt.Fprint(&rule, "---:|")
		fmt.Fprintf(&check, " %s |", round(values[name][0]))
		fmt.Fprintf(&fix, " %s |", round(values["BenchmarkGrowth/fix/"+kind][0]))
		if columns++; columns%9 == 0 {
			flush()
		}
	}
	if columns%9 != 0 {
		flush()
	}
	return strings.TrimSuffix(table.String(), "\n")
}

// replace puts a text between the marks of a page.
func replace(page, text string) {
	const begin, end = "<!-- speed: begin -->\n", "<!-- speed: end -->\n"
	content, err := os.ReadFile(page)
	check(err)
	before, rest, ok := strings.Cut(string(content), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		log.Fatalf("%s has no marks for the speed", page)
	}
	check(os.WriteFile(page, []byte(before+begin+text+end+after), 0o644))
}

func machine() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	if m := regexp.MustCompile(`model name\s*:\s*(.+)`).FindSubmatch(info); m != nil {
		return string(m[1])
	}
	return runtime.GOARCH
}

func system() string {
	info, _ := os.ReadFile("/etc/os-release")
	if m := regexp.MustCompile(`PRETTY_NAME="(.+)"`).FindSubmatch(info); m != nil {
		return string(m[1])
	}
	return runtime.GOOS
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// dockerfiles gives the texts of so many files below a folder, evenly spread over all.
func dockerfiles(root string, count int) (texts [][]byte) {
	var names []string
	check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.Contains(strings.ToLower(entry.Name()), "dockerfile") {
			names = append(names, path)
		}
		return err
	}))
	if len(names) == 0 {
		log.Fatalf("%s has no Dockerfile", root)
	}
	count = min(count, len(names))
	for i := range count {
		text, err := os.ReadFile(names[i*len(names)/count])
		check(err)
		texts = append(texts, text)
	}
	return texts
}

// cost is what a run took; memory is the most that it had at once, in bytes.
type cost struct {
	cpu, wall time.Duration
	memory    int64
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// least is the cheapest of some runs: what else the machine does only adds.
func least(times int, measure func() cost) cost {
	best := measure()
	for range times - 1 {
		c := measure()
		best.cpu, best.wall, best.memory = min(best.cpu, c.cpu), min(best.wall, c.wall), min(best.memory, c.memory)
	}
	return best
}

// pair measures two things in turn.
func pair(a, b func() cost) (best [2]cost) {
	best = [2]cost{a(), b()}
	for range 6 {
		for i, c := range []cost{a(), b()} {
			best[i].wall = min(best[i].wall, c.wall)
		}
	}
	return best
}

func used() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// run measures a process, with a file as its standard input and variables beside the present ones. Linux counts the memory of who starts
// a process as the process's own, so a small one in between does it.
func run(input string, env []string, args ...string) (c cost) {
	self, err := os.Executable()
	check(err)
	between := exec.Command(self, append([]string{measureOne, input}, args...)...)
	between.Env = append(os.Environ(), env...)
	between.Stderr = os.Stderr
	out, err := between.Output()
	if err != nil {
		log.Fatalf("%s: %v", args[0], err)
	}
	_, err = fmt.Sscan(string(out), (*int64)(&c.cpu), (*int64)(&c.wall), &c.memory)
	check(err)
	return c
}

const measureOne = "measure-one"

// one is what run has the process in between do. That something is found, or that a file is refused, is no failure.
func one(input string, args []string) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout = io.Discard
	if input != "" {
		in, err := os.Open(input)
		check(err)
		defer in.Close()
		cmd.Stdin = in
	}
	start := time.Now()
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() < 0 || cmd.ProcessState.ExitCode() > 4 {
		log.Fatalf("%s: %v", args[0], err)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	fmt.Println(u.Utime.Nano()+u.Stime.Nano(), time.Since(start).Nanoseconds(), u.Maxrss<<10)
}

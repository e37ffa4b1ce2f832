//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

var (
	otherProjects = flag.String("projects", projectsDir, "folder with projects")
	originalOnly  = flag.Bool("original", false, "build and run the projects as they are, and convert nothing")
	resultsDir    = flag.String("results", "", "folder that keeps a row for each project")
	keepDir       = flag.String("keep", "", "folder that keeps the converted projects")
)

// limit is for one build or run: uWSGI and the like compile for minutes on a slow machine.
const limit = 20 * time.Minute

// newHarness finds an engine and builds the program.
func newHarness(t *testing.T) *harness {
	t.Helper()
	e, err := findEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("building with " + e.Name())
	return &harness{engine: e, program: buildProgram(t)}
}

// resultsFolder is where the rows of a kind of test are kept: below -results, or for this run only.
func resultsFolder(t *testing.T, kind string) string {
	t.Helper()
	if *resultsDir == "" {
		return t.TempDir()
	}
	dir := filepath.Join(*resultsDir, kind)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestProjects builds, converts and builds again, see the package's documentation.
func TestProjects(t *testing.T) {
	projects, err := Projects(*otherProjects)
	if err != nil {
		t.Fatal(err)
	}
	results := resultsFolder(t, "")
	h := newHarness(t)
	for _, project := range projects {
		for _, image := range project.Images {
			name := project.Name
			if len(project.Images) > 1 {
				name += "/" + image.Dockerfile
			}
			t.Run(name, func(t *testing.T) {
				row := &Row{Project: name, Expected: image.Expect}
				if err := h.prove(t, project, image, row); err != nil {
					row.Result = "FAILED: " + firstLine(err)
					t.Error(err)
				}
				if err := row.Save(results); err != nil {
					t.Error(err)
				}
			})
		}
	}
	rows, err := Rows(results)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteTable(os.Stdout, rows); err != nil {
		t.Fatal(err)
	}
}

// findEngine is the engine that the environment asks for, or the first that answers.
func findEngine(ctx context.Context) (*engine.Engine, error) {
	words := func(name string) []string { return strings.Fields(os.Getenv("PYLINT_DOCKER_E2E_" + name)) }
	if build := words("BUILD"); len(build) > 0 {
		return engine.New(engine.Commands{Name: "PYLINT_DOCKER_E2E_BUILD", Build: build, Run: words("RUN"), Inspect: words("INSPECT")})
	}
	return engine.Find(ctx, os.Getenv("PYLINT_DOCKER_E2E_ENGINE"))
}

func buildProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "pylint-docker")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../cmd/pylint-docker").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

type harness struct {
	engine  *engine.Engine
	program string // pylint-docker
}

// prove does all that is to be done for one image and fills its row.
func (h *harness) prove(t *testing.T, project Project, image Image, row *Row) error {
	dir := t.TempDir()
	if *keepDir != "" {
		dir = filepath.Join(*keepDir, project.Name)
	}
	if err := copyProject(project.Dir, dir); err != nil {
		return err
	}
	tag := "pylint-docker-e2e-" + strings.ToLower(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(row.Project, "-"))
	var before *built
	var err error
	if image.NoBuild == "" {
		defer h.engine.Remove(context.WithoutCancel(t.Context()), tag+":before", tag+":after")
		if before, err = h.build(t, dir, image, tag+":before"); err != nil {
			return fmt.Errorf("the original: %w", err)
		}
		row.SizeBefore, row.RebuildBefore = before.info.Size, before.rebuild
	}
	if *originalOnly {
		row.Result = "original"
		return nil
	}
	// The build of the original has left an edit behind.
	if err := copyProject(project.Dir, dir); err != nil {
		return err
	}
	if row.Result, err = h.convert(t, dir, image); err != nil || image.Expect != Convert || before == nil {
		return err
	}
	after, err := h.build(t, dir, image, tag+":after")
	if err != nil {
		return fmt.Errorf("the conversion: %w", err)
	}
	row.SizeAfter, row.RebuildAfter = after.info.Size, after.rebuild
	if diff := cmp.Diff(before.answers, after.answers); diff != "" {
		return fmt.Errorf("it answers otherwise (-before +after):\n%s", diff)
	}
	if problem := sameConfig(before.info.Config, after.info.Config); problem != "" {
		return errors.New(problem)
	}
	// A user and a directory of its own are some bytes where nothing could be left behind.
	if row.SizeAfter > row.SizeBefore+row.SizeBefore/100 {
		return fmt.Errorf("it has grown from %s MB to %s MB", megabytes(row.SizeBefore), megabytes(row.SizeAfter))
	}
	return nil
}

// built is an image that was built and has answered.
type built struct {
	info    *engine.Info
	answers []string
	rebuild float64 // seconds
}

func (h *harness) build(t *testing.T, dir string, image Image, tag string) (*built, error) {
	request := engine.Image{
		Context: dir, File: filepath.Join(dir, filepath.FromSlash(image.Dockerfile)), Tag: tag,
		Args: append(strings.Fields(os.Getenv("PYLINT_DOCKER_E2E_BUILD_ARGS")), image.Args...),
	}
	for _, secret := range image.Secrets {
		request.Secrets = append(request.Secrets, strings.ReplaceAll(secret, "src=", "src="+dir+string(filepath.Separator)))
	}
	build := func() (float64, error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		start := time.Now()
		err := h.engine.Build(ctx, request, io.Discard)
		return time.Since(start).Seconds(), err
	}
	took, err := build()
	if err != nil {
		return nil, err
	}
	t.Logf("built %s in %.1fs", tag, took)
	b := &built{}
	if b.info, err = h.engine.Inspect(t.Context(), tag); err != nil {
		return nil, err
	}
	for _, check := range image.Checks {
		answer, err := h.answer(t, b.info.Config, tag, check)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", check.Kind, check.Text, err)
		}
		b.answers = append(b.answers, answer)
	}
	if *originalOnly {
		return b, nil
	}
	if err := touch(filepath.Join(dir, filepath.FromSlash(image.Touch))); err != nil {
		return nil, err
	}
	b.rebuild, err = build()
	return b, err
}

// serve runs the start command that follows its first word, a URL, in the background, until the URL
// answers. What the server prints has times and process numbers, and is shown only on failure.
const serve = `url=$1; shift
"$@" >&2 &
i=0
until python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "$url" 2>/tmp/e2e-error; do
  i=$((i+1))
  if [ $i -ge 100 ] || ! kill -0 $!; then cat /tmp/e2e-error >&2; exit 1; fi
  sleep 0.2
done
kill $!`

// answer runs a check and gives what it printed.
func (h *harness) answer(t *testing.T, config engine.Config, tag string, check Check) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	process := engine.Process{Tag: tag}
	switch check.Kind {
	case "run":
		process.Entrypoint, process.Args = "sh", []string{"-c", check.Text}
	case "start":
		process.Args = strings.Fields(check.Text)
	case "serve":
		process.Entrypoint = "sh"
		process.Args = append([]string{"-c", serve, "serve", check.Text}, append(slices.Clone(config.Entrypoint), config.Cmd...)...)
	}
	result, err := h.engine.Run(ctx, process)
	if err != nil {
		return "", err
	}
	if result.Code != 0 || result.Stdout == "" {
		return "", fmt.Errorf("exit code %d, output %q\n%s", result.Code, result.Stdout, result.Stderr)
	}
	return result.Stdout, nil
}

// convert fixes the Dockerfile and tells what became of it.
func (h *harness) convert(t *testing.T, dir string, image Image) (string, error) {
	file := filepath.Join(dir, filepath.FromSlash(image.Dockerfile))
	before, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	check := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), h.program, append([]string{"check", "--exit-zero", "--isolated"}, append(args, image.Dockerfile)...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Sprintf("%v\n%s", err, out)
		}
		return string(out)
	}
	said := check("--fix", "--unsafe-fixes")
	after, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	converted := stages(after) > stages(before)
	switch {
	case image.Expect == Convert && !converted:
		return "", fmt.Errorf("no stage was added\n%s", check("--select", "PLD101"))
	case image.Expect != Convert && converted:
		return "", fmt.Errorf("it was converted:\n%s", after)
	case image.Expect == Convert:
		t.Logf("converted to\n%s", after)
		if again := check("--fix", "--unsafe-fixes"); !unchanged(file, after) {
			return "", fmt.Errorf("a second run changes the file again\n%s", again)
		}
		if left := check("--select", "PLD1", "--output-format", "concise"); strings.Contains(left, ": PLD1") {
			t.Logf("left after the conversion:\n%s", left)
		}
		return string(Convert), nil
	}
	found := check("--select", "PLD001,PLD101")
	text := strings.Join(strings.Fields(found), " ") // notes are wrapped
	if image.Expect == Nothing {
		if strings.Contains(text, "PLD101") {
			return "", fmt.Errorf("it has something to convert:\n%s", found)
		}
		return string(Nothing), nil
	}
	// What stands before the reason repeats the Dockerfile.
	if _, reason, ok := strings.Cut(text, "no fix: "); ok {
		text = reason
	}
	if !strings.Contains(text, image.Reason) {
		return "", fmt.Errorf("what is said has no %q:\n%s%s", image.Reason, said, found)
	}
	return string(Refuse) + ": " + image.Reason, nil
}

func unchanged(file string, want []byte) bool {
	got, err := os.ReadFile(file)
	return err == nil && bytes.Equal(got, want)
}

var from = regexp.MustCompile(`(?im)^[ \t]*FROM[ \t]`)

func stages(dockerfile []byte) int { return len(from.FindAll(dockerfile, -1)) }

// sameConfig says what a conversion changed of how the image runs, apart from what it is meant to
// change: where packages are looked for, and root.
func sameConfig(before, after engine.Config) string {
	if root(before.User) && !root(after.User) {
		after.User = before.User // another rule's fix
	}
	after.Env = slices.DeleteFunc(slices.Clone(after.Env), func(v string) bool { return meantToChange(v) && !slices.Contains(before.Env, v) })
	before.Env = slices.DeleteFunc(slices.Clone(before.Env), func(v string) bool { return meantToChange(v) && !slices.Contains(after.Env, v) })
	slices.Sort(before.Env)
	slices.Sort(after.Env)
	before.Cmd, after.Cmd = execForm(before.Cmd), execForm(after.Cmd)
	if diff := cmp.Diff(before, after); diff != "" {
		return "the image is configured otherwise (-before +after):\n" + diff
	}
	return ""
}

// lastExec matches the word that makes the last command of a list the process itself.
var lastExec = regexp.MustCompile(`(&&|;) exec ([^&;|]*)$`)

// execForm is a start command without the shell that adds nothing to it, and without the exec before its last command: other rules' fixes.
func execForm(command []string) []string {
	if n := len(command); n == 3 && command[1] == "-c" {
		command = append(slices.Clone(command[:2]), lastExec.ReplaceAllString(command[2], "$1 $2"))
	}
	if len(command) == 3 && command[0] == "/bin/sh" && command[1] == "-c" && !strings.ContainsAny(command[2], "$|&;<>()\"'`*?~{}[]\\") {
		return strings.Fields(command[2])
	}
	return command
}

func root(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "" || name == "root" || name == "0"
}

func meantToChange(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	for _, prefix := range []string{"PATH", "PYTHON", "VIRTUAL_ENV", "PIP_", "UV_", "POETRY_", "PIPENV_", "PDM_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// copyProject copies a folder, without its smoke.txt, over another, and removes what is not in it.
func copyProject(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	return os.Remove(filepath.Join(to, "smoke.txt"))
}

// touch adds a line to a source file: a new time alone is no change to a build cache, and the line of
// an earlier run may still be in it.
func touch(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, "\n# edited "+time.Now().Format(time.RFC3339Nano)+"\n"...), 0o644)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

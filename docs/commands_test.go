package docs_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Every block of shell commands on a page is executed by a test, or says why not, by marks on the lines above it:
//
//	<!-- session: FOLDER -->             a console block, with what its commands print (session_test.go)
//	<!-- run: COMMAND -->                output of a command (docs_test.go)
//	<!-- command: NAME -->               .ci/run executes it, or packaging/check.sh, which that calls
//	<!-- runs: FOLDER -->                each command runs in a copy of FOLDER, an empty one without it, and ends with 0 or 1
//	<!-- before: COMMAND -->             what has to be there first
//	<!-- needs: jq -->                   runs where these programs are there
//	<!-- not run: needs a release -->    it is not executed, see reasons
//	<!-- not run: needs an engine: lines with --verify -->
//
// Of what is not executed, and of workflows in YAML, the subcommands and flags of pylint-docker must still be there.

// reasons are what a test has not.
var reasons = []string{
	"a release", "a registry", "a network", "an engine", "an editor", "a CI server", "a cluster", "a browser", "a remote machine", "a whole clone",
}

var (
	shellBlock = regexp.MustCompile("(?m)((?:^<!-- .+ -->\n)*)\n*^[ ]*```+(sh|bash|shell|console|zsh|fish|powershell|shell-session)\\b.*\n((?:.*\n)*?)[ ]*```+$")
	markLine   = regexp.MustCompile(`(?m)^<!-- ([a-z ]+?)(?:: ?(.*?))? -->$`)
	notRun     = regexp.MustCompile(`^needs (.+?)(?:: lines with (.+))?$`)
)

func TestCommandsAreExecuted(t *testing.T) {
	program := buildProgram(t)
	for _, page := range pages(t) {
		for _, m := range shellBlock.FindAllStringSubmatch(read(t, page), -1) {
			marks, language, body := markLine.FindAllStringSubmatch(m[1], -1), m[2], m[3]
			b := &commandBlock{page: page, body: body}
			for _, mark := range marks {
				b.mark(t, mark[1], mark[2])
			}
			switch {
			case b.elsewhere:
			case b.runs && language == "console":
				t.Errorf("%s: a console block shows output, so it is a session:\n%s", page, body)
			case b.runs:
				b.execute(t, program)
			case !b.excused:
				t.Errorf("%s: these commands are not executed, and no mark above them says why (see docs/commands_test.go):\n%s", page, body)
			}
			for _, line := range b.skipped() {
				checkFlags(t, program, page, line)
			}
		}
	}
}

type commandBlock struct {
	page, body string
	elsewhere  bool // another test or .ci/run executes it
	runs       bool
	folder     string
	before     []string
	needs      []string
	excused    bool     // none of it is executed
	excusing   []string // texts of lines that are not
}

func (b *commandBlock) mark(t *testing.T, name, value string) {
	t.Helper()
	switch name {
	case "session", "run", "file":
		b.elsewhere = true
	case "command":
		b.elsewhere = true
		executed := regexp.MustCompile(`(?m)\b(run_readme|documented) ` + regexp.QuoteMeta(value) + `( |$)`)
		if !executed.MatchString(read(t, filepath.Join(root, ".ci", "run"))) && !executed.MatchString(read(t, filepath.Join(root, "packaging", "check.sh"))) {
			t.Errorf("%s: neither .ci/run nor packaging/check.sh executes the command %s", b.page, value)
		}
	case "runs":
		b.runs, b.folder = true, strings.TrimSpace(value)
	case "before":
		b.before = append(b.before, value)
	case "needs":
		b.needs = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
	case "not run":
		m := notRun.FindStringSubmatch(value)
		switch {
		case m == nil || !slices.Contains(reasons, m[1]):
			t.Errorf("%s: %q is no reason: one is \"needs X\", where X is one of %s", b.page, value, strings.Join(reasons, ", "))
		case m[2] != "":
			b.excusing = append(b.excusing, m[2])
			return
		}
		b.excused = true
	default:
		t.Errorf("%s: unknown mark %q above a block of commands", b.page, name)
	}
}

// lines are the commands, with those that go on over several lines in one.
func (b *commandBlock) lines() (commands []string) {
	joined := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(b.body, "")
	for line := range strings.Lines(joined) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			commands = append(commands, strings.TrimPrefix(line, "$ "))
		}
	}
	return commands
}

func (b *commandBlock) isSkipped(line string) bool {
	return slices.ContainsFunc(b.excusing, func(text string) bool { return strings.Contains(line, text) })
}

// skipped are the commands that no test executes.
func (b *commandBlock) skipped() []string {
	switch {
	case b.elsewhere:
		return nil
	case b.runs:
		return slices.DeleteFunc(b.lines(), func(line string) bool { return !b.isSkipped(line) })
	}
	return b.lines()
}

func (b *commandBlock) execute(t *testing.T, program string) {
	t.Helper()
	for _, name := range b.needs {
		if _, err := exec.LookPath(name); err != nil {
			t.Logf("%s: not executed, there is no %s:\n%s", b.page, name, b.body)
			return
		}
	}
	folder := begin(t, b.folder)
	ran := 0
	env := append(shellEnv(program, t.TempDir()), "HOME="+t.TempDir())
	for _, line := range append(slices.Clone(b.before), b.lines()...) {
		if b.isSkipped(line) {
			continue
		}
		ran++
		if out, code := runLine(t, line, folder, env); code > 1 {
			t.Errorf("%s: exit code %d\n$ %s\n%s", b.page, code, line, out)
		}
	}
	for _, text := range b.excusing {
		if !strings.Contains(b.body, text) {
			t.Errorf("%s: no line has %q, which a mark excuses:\n%s", b.page, text, b.body)
		}
	}
	if ran == len(b.before) {
		t.Errorf("%s: nothing of this is executed:\n%s", b.page, b.body)
	}
}

// firstWrite keeps what is written, and tells when the first of it is there.
type firstWrite struct {
	bytes.Buffer
	once     sync.Once
	happened chan struct{}
}

func (w *firstWrite) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	w.once.Do(func() { close(w.happened) })
	return n, err
}

// runLine runs a command. One that watches is interrupted, as its user does, and must end well.
func runLine(t *testing.T, line, folder string, env []string) (out []byte, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	watches := strings.Contains(line, "--watch")
	if watches {
		line = "exec " + line
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir, cmd.Env = folder, env
	written := &firstWrite{happened: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = written, written
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGKILL) }
	err := cmd.Start()
	if err == nil && watches {
		select {
		case <-written.happened: // it is ready for its user
			_ = cmd.Process.Signal(os.Interrupt)
		case <-ctx.Done():
		}
	}
	if err == nil {
		err = cmd.Wait()
	}
	out = written.Bytes()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out, 0
	case errors.As(err, &exit):
		return out, max(exit.ExitCode(), code)
	}
	return append(out, err.Error()...), 2
}

var (
	ownCommand = regexp.MustCompile(`(?:^|[\s;&|(])pylint-docker ((?:check|rule|graph|config|init|lsp|mcp|version|completion|help)\b[^|;&<>#)\n]*)`)
	workflows  = regexp.MustCompile("(?m)^[ ]*```+(yaml|yml|toml|json|lua)\\b.*\n((?:.*\n)*?)[ ]*```+$")
)

// checkFlags asks the program whether it has the subcommand and the flags.
func checkFlags(t *testing.T, program, page, line string) {
	t.Helper()
	for _, m := range ownCommand.FindAllStringSubmatch(line, -1) {
		if strings.Contains(m[1], "...") || strings.Contains(m[1], "…") {
			continue
		}
		// The shell takes quotes apart; --help keeps the program from doing anything.
		cmd := exec.Command("sh", "-c", "pylint-docker "+strings.TrimRight(m[1], " \"'`,]")+" --help")
		cmd.Dir, cmd.Env = t.TempDir(), shellEnv(program, t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %s: %v\n%s", page, line, err, out)
		}
	}
}

func TestCommandsInWorkflowsAreThere(t *testing.T) {
	program := buildProgram(t)
	for _, page := range pages(t) {
		if strings.HasPrefix(page, filepath.Join(root, "docs", "rules")) {
			continue
		}
		for _, m := range workflows.FindAllStringSubmatch(read(t, page), -1) {
			for line := range strings.Lines(m[2]) {
				if !strings.HasPrefix(strings.TrimSpace(line), "#") {
					checkFlags(t, program, page, strings.TrimSpace(line))
				}
			}
		}
	}
}

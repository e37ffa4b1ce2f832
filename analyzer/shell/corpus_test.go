package shell_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// TestCorpus reads the RUN instructions of the Dockerfiles in $PYLINT_DOCKER_CORPUS.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("PYLINT_DOCKER_CORPUS")
	if dir == "" {
		t.Skip("PYLINT_DOCKER_CORPUS is not set")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.Dockerfile"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	var n tally
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := dockerfile.Parse(source.New(filepath.Base(name), content))
		if err != nil {
			continue
		}
		dialect, known := shell.POSIX, true
		for _, in := range doc.Instructions {
			switch in.Keyword {
			case "FROM":
				dialect, known = shell.POSIX, true
			case "SHELL":
				var argv []string
				for _, arg := range in.Args {
					argv = append(argv, arg.Value)
				}
				dialect, known = shell.DialectOf(argv)
			case "RUN":
				if known {
					n.run(t, doc, in, dialect)
				}
			}
		}
	}
	share := float64(n.good) / float64(max(n.total, 1))
	t.Logf("%d of %d shell codes parse (%.2f %%, %d of them as Bash), %d commands", n.good, n.total, 100*share, n.bash, n.commands)
	if share < 0.995 {
		t.Errorf("only %.2f %% parse", 100*share)
	}
}

type tally struct{ total, good, bash, commands int }

func (n *tally) run(t *testing.T, doc *dockerfile.Document, in *dockerfile.Instruction, dialect shell.Dialect) {
	if masked, span, ok := doc.Shell(in); ok {
		n.parse(t, doc.File, masked, span, dialect)
	}
	if h, ok := in.Script(); ok {
		if masked, span, ok := doc.HeredocShell(h); ok {
			n.parse(t, doc.File, masked, span, dialect)
		}
	}
}

func (n *tally) parse(t *testing.T, file *source.File, masked []byte, span source.Span, dialect shell.Dialect) {
	n.total++
	script, err := shell.Parse(masked, span.Start, dialect)
	if err != nil {
		if testing.Verbose() {
			t.Logf("%s: %v\n%s", file.Name(), err, masked)
		}
		return
	}
	n.good++
	n.commands += len(script.Commands)
	if script.Dialect == shell.Bash {
		n.bash++
	}
	shell.Check(t, masked, span.Start, script)
	for _, c := range script.Commands {
		for _, f := range shell.Fields(c.Words, nil) {
			// What is written out in plain characters is the argument itself.
			written := file.Text(f.Span)
			if f.Literal && !strings.ContainsAny(written, "\\\"'`$\x00") && written != f.Text() && !bytes.ContainsAny(masked, "\x00") {
				t.Errorf("%s: %q is read as %q", file.Name(), written, f.Text())
			}
		}
	}
}

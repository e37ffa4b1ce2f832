package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
)

// TestStream compares what is written while files are linted with what is written at the end, as into a file.
func TestStream(t *testing.T) {
	for _, format := range report.Formats {
		args := []string{"check", "--isolated", "--today", "2026-11-23", "--output-format", format, "--jobs", "3", projects}
		var streamed bytes.Buffer
		code := Main(args, Streams{Out: &streamed, Err: io.Discard})
		file := filepath.Join(t.TempDir(), "report")
		if other := Main(append(args, "--output-file", file), Streams{Out: io.Discard, Err: io.Discard}); other != code {
			t.Errorf("%s: exit code %d, into a file %d", format, code, other)
		}
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(whole), streamed.String()); diff != "" {
			t.Errorf("%s: into a file (-) and to standard output (+):\n%s", format, diff)
		}
	}
}

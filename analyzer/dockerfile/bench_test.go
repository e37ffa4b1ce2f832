package dockerfile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func realistic(tb testing.TB) [][]byte {
	tb.Helper()
	paths, err := filepath.Glob("testdata/*.Dockerfile")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no files: %v", err)
	}
	var list [][]byte
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, content)
	}
	return list
}

func TestRealistic(t *testing.T) {
	for _, content := range realistic(t) {
		for _, text := range [][]byte{content, bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n")), append([]byte("\uFEFF"), content...)} {
			if difference := disagreement(text); difference != "" {
				t.Error(difference)
			}
			d := mustParse(t, string(text))
			if list := Validate(d); len(list) > 0 {
				t.Errorf("complaint %v", list[0])
			}
		}
	}
}

// BenchmarkParse reports, besides its own time, how many times as long Parse takes as BuildKit's
// parser alone on the same bytes.
func BenchmarkParse(b *testing.B) {
	files := realistic(b)
	b.ReportAllocs()
	var bare, ours time.Duration
	for b.Loop() {
		for _, content := range files {
			start := time.Now()
			if _, err := parser.Parse(bytes.NewReader(content)); err != nil {
				b.Fatal(err)
			}
			middle := time.Now()
			if _, err := Parse(source.New("Dockerfile", content)); err != nil {
				b.Fatal(err)
			}
			bare += middle.Sub(start)
			ours += time.Since(middle)
		}
	}
	b.ReportMetric(float64(ours)/float64(bare), "ratio")
}

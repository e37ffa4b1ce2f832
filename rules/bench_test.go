package rules_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

// BenchmarkCheck is the CPU time of a whole check: parse, analyze and run the default rules. Besides its own
// time it reports x-bare-parse, how many times as long that takes as BuildKit's parser alone on the same
// bytes, and the shares of the three. The files of the folder PYLINT_DOCKER_CORPUS come in addition.
func BenchmarkCheck(b *testing.B) {
	b.Run("testdata", func(b *testing.B) { benchmarkCheck(b, testdataDockerfiles(b)) })
	root := os.Getenv("PYLINT_DOCKER_CORPUS")
	if root == "" {
		return
	}
	b.Run("corpus", func(b *testing.B) { benchmarkCheck(b, folderDockerfiles(b, root)) })
}

func benchmarkCheck(b *testing.B, files [][]byte) {
	b.Helper()
	settings, sel := testSettings(), rules.Default()
	size := 0
	for _, content := range files {
		size += len(content)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var bare, parse, analyze, run time.Duration
	for b.Loop() {
		for _, content := range files {
			start := time.Now()
			_, err := parser.Parse(bytes.NewReader(content))
			bare += time.Since(start)

			start = time.Now()
			doc, ours := dockerfile.Parse(source.New("Dockerfile", content))
			parse += time.Since(start)
			if (err == nil) != (ours == nil) {
				b.Fatalf("BuildKit says %v, we say %v:\n%s", err, ours, content)
			}
			if ours != nil {
				continue
			}
			start = time.Now()
			build := analyzer.Analyze(doc, settings)
			analyze += time.Since(start)

			start = time.Now()
			rules.Run(build, sel)
			run += time.Since(start)
		}
	}
	times := func(d time.Duration) float64 { return float64(d) / float64(bare) }
	b.ReportMetric(times(parse+analyze+run), "x-bare-parse")
	b.ReportMetric(times(parse), "x-parse")
	b.ReportMetric(times(analyze), "x-analyze")
	b.ReportMetric(times(run), "x-run")
}

// testdataDockerfiles are those of the example projects and of the rules' cases.
func testdataDockerfiles(tb testing.TB) [][]byte {
	tb.Helper()
	projects, err := filepath.Glob("../testdata/projects/*/Dockerfile")
	if err != nil || len(projects) == 0 {
		tb.Fatalf("no projects: %v", err)
	}
	var files [][]byte
	for _, path := range projects {
		content, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, content)
	}
	cases, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil || len(cases) == 0 {
		tb.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "Dockerfile" {
				files = append(files, file.Data)
			}
		}
	}
	return files
}

func folderDockerfiles(tb testing.TB, root string) [][]byte {
	tb.Helper()
	var files [][]byte
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.Contains(strings.ToLower(entry.Name()), "dockerfile") {
			return err
		}
		content, err := os.ReadFile(path)
		files = append(files, content)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

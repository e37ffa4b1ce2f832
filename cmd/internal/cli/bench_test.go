package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
)

const projects = "../../../testdata/projects"

// BenchmarkFormats is a whole run over the example projects in each format of the report.
func BenchmarkFormats(b *testing.B) {
	for _, format := range report.Formats {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				check(b, "check", "--exit-zero", "--isolated", "--output-format", format, projects)
			}
		})
	}
}

// BenchmarkFolder is a run over a folder of 2,000 files on one core and on two.
func BenchmarkFolder(b *testing.B) {
	all, err := filepath.Glob(projects + "/*/Dockerfile")
	if err != nil || len(all) == 0 {
		b.Fatalf("no projects: %v", err)
	}
	dir := b.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		b.Fatal(err)
	}
	for i := range 2000 {
		content, err := os.ReadFile(all[i%len(all)])
		if err != nil {
			b.Fatal(err)
		}
		folder := filepath.Join(dir, fmt.Sprint(i))
		if err := os.Mkdir(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "Dockerfile"), content, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for _, jobs := range []string{"1", "2"} {
		b.Run("jobs="+jobs, func(b *testing.B) {
			for b.Loop() {
				check(b, "check", "--exit-zero", "--isolated", "--output-format", "concise", "--jobs", jobs, dir)
			}
		})
	}
}

// BenchmarkFix is --diff over the example projects: what --fix does, apart from writing.
func BenchmarkFix(b *testing.B) {
	for b.Loop() {
		check(b, "check", "--exit-zero", "--isolated", "--diff", "--unsafe-fixes", projects)
	}
}

func check(b *testing.B, args ...string) {
	b.Helper()
	if code := Main(args, Streams{In: nil, Out: io.Discard, Err: io.Discard}); code == exitError {
		b.Fatalf("%q: exit code %d", args, code)
	}
}

// BenchmarkFlat is a run over Dockerfiles that lie in one folder and copy all of it: four times as many take four times as long.
func BenchmarkFlat(b *testing.B) {
	const text = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"python\", \"app.py\"]\n"
	for _, n := range []int{2000, 8000} {
		dir := b.TempDir()
		for name, content := range map[string]string{"requirements.txt": "flask==3.1.0\n", "app.py": "import flask\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		for i := range n {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.Dockerfile", i)), []byte(text), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		for _, flag := range []string{"--exit-zero", "--diff"} {
			b.Run(fmt.Sprint(flag[2:], "/", n), func(b *testing.B) {
				for b.Loop() {
					check(b, "check", "--exit-zero", "--isolated", "--output-format", "concise", flag, dir)
				}
			})
		}
	}
}

// BenchmarkAddIgnores writes comments for n findings: ten times as many take ten times as long.
func BenchmarkAddIgnores(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			name := filepath.Join(b.TempDir(), "Dockerfile")
			for b.Loop() {
				var text strings.Builder
				text.WriteString("FROM python:3.13-slim\n")
				for i := range n {
					fmt.Fprintf(&text, "RUN apt-get update && apt-get install -y lib%d\n", i)
				}
				if err := os.WriteFile(name, []byte(text.String()), 0o644); err != nil {
					b.Fatal(err)
				}
				check(b, "check", "--exit-zero", "--isolated", "--add-ignores", name)
			}
		})
	}
}

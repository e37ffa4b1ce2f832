package installer

import (
	"bytes"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// runs gives the shell code of the RUN instructions of a Dockerfile, roughly: comment lines and flags are
// blanked out. It serves statistics only.
func runs(text []byte) [][]byte {
	var found [][]byte
	lines := bytes.SplitAfter(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"))
	for i := 0; i < len(lines); i++ {
		line := bytes.TrimLeft(lines[i], " \t")
		if len(line) < 4 || !strings.EqualFold(string(line[:3]), "run") || line[3] != ' ' && line[3] != '\t' {
			continue
		}
		code := append([]byte(nil), line[4:]...)
		for strings.HasSuffix(strings.TrimRight(string(lines[i]), " \t\n"), "\\") && i+1 < len(lines) {
			i++
			for i+1 < len(lines) && (bytes.HasPrefix(bytes.TrimSpace(lines[i]), []byte("#")) || len(bytes.TrimSpace(lines[i])) == 0) {
				i++
			}
			code = append(code, lines[i]...)
		}
		for bytes.HasPrefix(bytes.TrimLeft(code, " "), []byte("--")) {
			code = bytes.TrimLeft(code, " ")
			if end := bytes.IndexAny(code, " \n"); end >= 0 {
				code = code[end:]
				continue
			}
			code = nil
		}
		if !bytes.HasPrefix(bytes.TrimSpace(code), []byte("[")) {
			found = append(found, code)
		}
	}
	return found
}

// TestCorpus prints how many commands of a folder of Dockerfiles are Opaque, and why.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("PYLINT_DOCKER_CORPUS")
	if folder == "" {
		t.Skip("PYLINT_DOCKER_CORPUS names no folder of Dockerfiles")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.Dockerfile"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Dockerfiles in %s: %v", folder, err)
	}
	total, opaque, reasons, doubtful := map[Tool]int{}, map[Tool]int{}, map[string]int{}, map[string]int{}
	example := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range runs(text) {
			script, err := shell.Parse(code, 0, 0)
			if err != nil {
				continue
			}
			for _, sh := range script.Commands {
				c := Parse(sh, shell.Fields(sh.Words, env.Nothing))
				if c == nil {
					continue
				}
				total[c.Tool]++
				for _, r := range c.Requirements {
					if r.Kind == Doubtful {
						doubtful[r.Text]++
					}
				}
				if c.Opaque == "" {
					continue
				}
				opaque[c.Tool]++
				key := string(c.Tool) + " " + c.Verb + ": " + c.Opaque
				reasons[key]++
				start, end := max(0, c.Span.Start), min(len(code), c.Span.End)
				if start < end {
					example[key] = strings.Join(strings.Fields(string(code[start:min(end, start+160)])), " ")
				}
			}
		}
	}
	for tool, n := range total {
		t.Logf("%-12s %6d commands, %4d opaque (%.2f %%)", tool, n, opaque[tool], 100*float64(opaque[tool])/float64(n))
	}
	top(t, reasons, example, 70)
	top(t, doubtful, nil, 40)
}

func top(t *testing.T, counts map[string]int, example map[string]string, limit int) {
	var keys []string
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return counts[keys[i]] > counts[keys[j]] })
	for _, k := range keys[:min(limit, len(keys))] {
		t.Logf("%5d %s   e.g. %s", counts[k], k, example[k])
	}
}

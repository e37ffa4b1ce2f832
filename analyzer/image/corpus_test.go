package image

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestCorpus prints the most frequent images of a folder of Dockerfiles of which nothing is known. It is
// for people who extend the tables: PYLINT_DOCKER_CORPUS names the folder.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("PYLINT_DOCKER_CORPUS")
	if folder == "" {
		t.Skip("PYLINT_DOCKER_CORPUS is not set")
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.Dockerfile"))
	from := regexp.MustCompile(`(?im)^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?`)
	total, known, missing := 0, 0, map[string]int{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		stages := map[string]bool{}
		for _, m := range from.FindAllSubmatch(content, -1) {
			name := string(m[1])
			stages[string(m[2])] = true
			if _, ok := Parse(name); !ok || stages[name] {
				continue
			}
			total++
			if f := Lookup(name); f.Distro != "" || f.Libc != "" || f.NoPython {
				known++
				continue
			}
			missing[name]++
		}
	}
	t.Logf("%d of %d images known", known, total)
	names := slices.SortedFunc(maps.Keys(missing), func(a, b string) int { return cmp.Compare(missing[b], missing[a]) })
	for _, name := range names[:min(60, len(names))] {
		t.Logf("%4d %s", missing[name], name)
	}
}

package llb

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// tally counts the fixes that were looked at, by rule.
type tally struct {
	sync.Mutex
	files, refused int
	fixed          map[string]int
	odd            map[string]int
}

func (c *tally) report(t *testing.T) {
	t.Logf("%d Dockerfiles were compared, %d are refused by BuildKit as they are", c.files, c.refused)
	for _, code := range slices.Sorted(maps.Keys(c.fixed)) {
		t.Logf("%s %6d fixes, %d differences outside of the page", code, c.fixed[code], c.odd[code])
	}
}

// judge compares a Dockerfile before and after the fixes of rules.
func (c *tally) judge(t *testing.T, name string, before, after []byte, codes map[string]int, unsafe bool, target string, args map[string]string) {
	if string(before) == string(after) {
		return
	}
	old, err := convert(before, target, args)
	c.Lock()
	defer c.Unlock()
	if err != nil {
		c.refused++
		return
	}
	c.files++
	level := " safe"
	if unsafe {
		level = " unsafe"
	}
	for code, n := range codes {
		c.fixed[code+level] += n
	}
	list := slices.Sorted(maps.Keys(codes))
	next, err := convert(after, target, args)
	if err != nil {
		t.Errorf("%s: %s%s: BuildKit refuses what the fixes made: %v", name, strings.Join(list, " "), level, err)
		return
	}
	for _, d := range unexplained(compare(old, next), list, unsafe) {
		for _, code := range list {
			c.odd[code+level]++
		}
		t.Errorf("%s: %s%s: %.300s", name, strings.Join(list, " "), level, d)
	}
}

// TestCases judges the fixes in every case of testdata/rules.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("../../testdata/rules/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no cases")
	}
	c := tally{fixed: map[string]int{}, odd: map[string]int{}}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rule, _ := rules.Find(filepath.Base(filepath.Dir(file)))
		codes, target, args := map[string]int{rule.Code: 1}, "", map[string]string{}
		for line := range strings.Lines(string(archive.Comment)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "# target":
				target = value
			case "# build-arg":
				name, value, _ := strings.Cut(value, "=")
				args[name] = value
			case "# rules":
				for _, r := range rules.All() {
					if value == "all" || strings.Contains(value, r.Code) || strings.Contains(value, r.Name) {
						codes[r.Code] = 1
					}
				}
			}
		}
		texts := map[string][]byte{}
		for _, f := range archive.Files {
			texts[f.Name] = f.Data
		}
		before, safe, unsafe := texts["Dockerfile"], texts["fixed"], texts["fixed-unsafe"]
		name := strings.TrimPrefix(strings.TrimSuffix(file, ".txtar"), "../../testdata/rules/")
		if safe != nil {
			c.judge(t, name, before, safe, codes, false, target, args)
		}
		if unsafe != nil {
			c.judge(t, name, before, unsafe, codes, true, target, args)
		}
	}
	c.report(t)
}

// TestCorpus fixes and judges every Dockerfile below the folder PYLINT_DOCKER_CORPUS, and fixes it again, which must change nothing.
func TestCorpus(t *testing.T) {
	root := os.Getenv("PYLINT_DOCKER_CORPUS")
	if root == "" {
		t.Skip("PYLINT_DOCKER_CORPUS names no folder")
	}
	c := tally{fixed: map[string]int{}, odd: map[string]int{}}
	names := make(chan string)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for name := range names {
				content, err := os.ReadFile(name)
				if err != nil {
					continue
				}
				for _, level := range []analyzer.Safety{analyzer.Safe, analyzer.Unsafe} {
					c.fix(t, name, content, level)
				}
			}
		})
	}
	n := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			n++
			names <- path
		}
		return err
	})
	close(names)
	workers.Wait()
	if err != nil || n == 0 {
		t.Error(err, "no files")
	}
	t.Logf("%d files", n)
	c.report(t)
}

func (c *tally) fix(t *testing.T, name string, content []byte, level analyzer.Safety) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: %v", name, p)
		}
	}()
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	judge := rules.Judge(name, nil, "", analyzer.Settings{Today: day}, rules.Default())
	out, err := fixes.Loop(fixes.Files{Dockerfile: content}, nil, judge, level)
	if err != nil || len(out.Applied) == 0 {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	codes := map[string]int{}
	for _, a := range out.Applied {
		codes[a.Rule.Code]++
	}
	c.judge(t, name, content, out.Files.Dockerfile, codes, level == analyzer.Unsafe, "", nil)
	again, err := fixes.Loop(out.Files, nil, judge, level)
	if err != nil || len(again.Applied) > 0 {
		t.Errorf("%s: a second run fixes %v, %v", name, fmt.Sprint(again.Applied), err)
	}
}

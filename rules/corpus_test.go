package rules_test

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// corpusWorkers is how many files are judged at once: each worker takes a share of them.
const corpusWorkers = 4

// TestCorpus lints and fixes every file below the folder PYLINT_DOCKER_CORPUS, at most
// PYLINT_DOCKER_CORPUS_MAX of them, evenly spread. Real files know more than we do.
func TestCorpus(t *testing.T) {
	root := os.Getenv("PYLINT_DOCKER_CORPUS")
	if root == "" {
		t.Skip("PYLINT_DOCKER_CORPUS names no folder")
	}
	files := corpusFiles(t, root)
	count := corpusCount{rules: map[string]int{}}
	t.Run("files", func(t *testing.T) {
		for w := range corpusWorkers {
			t.Run(strconv.Itoa(w), func(t *testing.T) {
				t.Parallel()
				for i := w; i < len(files); i += corpusWorkers {
					corpusFile(t, files[i], &count)
				}
			})
		}
	})
	t.Logf("%d files, %d refused, %d fixed by safe fixes, %d by unsafe ones", len(files), count.refused, count.safe, count.unsafe)
	for _, name := range slices.SortedFunc(maps.Keys(count.rules), cmp.Compare[string]) {
		t.Logf("%7d %s", count.rules[name], name)
	}
}

type corpusCount struct {
	sync.Mutex
	rules                 map[string]int
	refused, safe, unsafe int
}

func (c *corpusCount) do(change func()) {
	c.Lock()
	defer c.Unlock()
	change()
}

func corpusFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.Contains(strings.ToLower(entry.Name()), "dockerfile") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	limit, err := strconv.Atoi(os.Getenv("PYLINT_DOCKER_CORPUS_MAX"))
	if err != nil || limit <= 0 || limit >= len(files) {
		return files
	}
	spread := make([]string, limit)
	for i := range spread {
		spread[i] = files[i*len(files)/limit]
	}
	return spread
}

func corpusFile(t *testing.T, path string, count *corpusCount) {
	name := filepath.Base(path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", name, p)
		}
	}()
	settings, sel := testSettings(), rules.Default()
	file := source.New(name, content)
	_, found, failures := rules.Lint(file, settings, sel)
	for _, err := range failures {
		t.Error(err)
	}
	_, again, _ := rules.Lint(file, settings, sel)
	if diff := gocmp.Diff(format(file, nil, found), format(file, nil, again)); diff != "" {
		t.Errorf("%s: other findings the second time: %s", name, diff)
	}
	count.do(func() {
		for _, d := range found {
			count.rules[d.Rule.Code+" "+d.Rule.Name]++
		}
	})
	if _, err := dockerfile.Parse(file); err != nil {
		count.do(func() { count.refused++ })
		return
	}
	if corpusFix(t, name, content, settings, sel, analyzer.Safe) {
		count.do(func() { count.safe++ })
	}
	if corpusFix(t, name, content, settings, sel, analyzer.Unsafe) {
		count.do(func() { count.unsafe++ })
	}
}

// corpusFix fixes a copy of a file and tells whether that changed anything.
func corpusFix(t *testing.T, name string, content []byte, settings analyzer.Settings, sel rules.Selection, level analyzer.Safety) bool {
	untouched := &untouchedJudge{t: t, name: name, level: level, judge: rules.Judge(name, nil, "", settings, sel)}
	out, err := fixes.Loop(fixes.Files{Dockerfile: content}, nil, untouched.check, level)
	if err != nil {
		t.Errorf("%s: %s fixes: %v", name, level, err)
		return false
	}
	for _, d := range out.Dropped {
		t.Errorf("%s:%d: %s fix dropped: %v", name, d.Line, level, d.Err)
	}
	if out.Rounds == 0 {
		return false
	}
	if _, err := dockerfile.Parse(source.New(name, out.Files.Dockerfile)); err != nil {
		t.Errorf("%s: does not parse after %s fixes: %v", name, level, err)
	}
	second, err := fixes.Loop(out.Files, nil, rules.Judge(name, nil, "", settings, sel), level)
	if err != nil || second.Rounds != 0 || !bytes.Equal(second.Files.Dockerfile, out.Files.Dockerfile) {
		t.Errorf("%s: %s fixes change the file a second time (%v)", name, level, err)
	}
	return true
}

// untouchedJudge watches Loop from round to round: an instruction of the text before that no edit
// on offer touches must be there afterwards, byte for byte and in order.
type untouchedJudge struct {
	t     *testing.T
	name  string
	level analyzer.Safety
	judge fixes.Judge
	want  []string
}

func (u *untouchedJudge) check(files fixes.Files) ([]analyzer.Diagnostic, error) {
	rest := files.Dockerfile
	for _, text := range u.want {
		i := bytes.Index(rest, []byte(text))
		if i < 0 {
			u.t.Errorf("%s: %s fixes changed an instruction that no edit touches: %q", u.name, u.level, text)
			break
		}
		rest = rest[i+len(text):]
	}
	found, err := u.judge(files)
	u.want = nil
	doc, parseErr := dockerfile.Parse(source.New(u.name, files.Dockerfile))
	if err != nil || parseErr != nil {
		return found, errors.Join(err, parseErr)
	}
	var edits []analyzer.Edit
	for _, d := range found {
		if d.Fix != nil && d.Fix.Safety >= u.level {
			edits = append(edits, d.Fix.Edits...)
		}
	}
	for _, in := range doc.Instructions {
		touched := slices.ContainsFunc(edits, func(e analyzer.Edit) bool {
			return e.Path == "" && e.Span.Start <= in.Span.End && in.Span.Start <= e.Span.End
		})
		if !touched {
			u.want = append(u.want, doc.File.Text(in.Span))
		}
	}
	return found, nil
}

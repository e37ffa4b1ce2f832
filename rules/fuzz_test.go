package rules_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// fuzzContext are the files that FuzzLint puts beside the Dockerfile, in the order of its arguments.
// An empty one is absent.
var fuzzContext = [...]string{"requirements.txt", ".dockerignore", "pyproject.toml"}

// FuzzLint judges and fixes any bytes with any context: every rule runs, every finding lies in its
// file, and what the fixes leave behind parses and has nothing more to fix.
func FuzzLint(f *testing.F) {
	cases, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil || len(cases) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		files := map[string][]byte{}
		for _, file := range archive.Files {
			files[file.Name] = file.Data
		}
		fuzzSeed(f, files)
	}
	for _, rule := range rules.All() {
		e := rules.Explain(rule)
		for _, example := range []rules.Example{e.Flagged, e.Instead} {
			files := map[string][]byte{"Dockerfile": []byte(example.Dockerfile)}
			for name, text := range example.Files {
				files[name] = []byte(text)
			}
			fuzzSeed(f, files)
		}
	}
	// Inputs that once broke a promise, small enough to read, are in testdata/fuzz/FuzzLint.
	f.Fuzz(func(t *testing.T, content, requirements, ignore, pyproject []byte) {
		context := fstest.MapFS{
			"Dockerfile": {Data: content}, "app/__init__.py": {}, "setup.cfg": {Data: []byte("[metadata]\nname = app\n")},
		}
		for i, data := range [][]byte{requirements, ignore, pyproject} {
			if len(data) > 0 {
				context[fuzzContext[i]] = &fstest.MapFile{Data: data}
			}
		}
		fuzzFindings(t, content, context)
		fuzzFixes(t, content, context, analyzer.Unsafe)
	})
}

// fuzzSeed adds a build as it is written, with the line endings of Windows, and with its escape character.
func fuzzSeed(f *testing.F, files map[string][]byte) {
	f.Helper()
	content := files["Dockerfile"]
	crlf := bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
	tick := append([]byte("# escape=`\n"), bytes.ReplaceAll(content, []byte("\\\n"), []byte("`\n"))...)
	for _, text := range [][]byte{content, crlf, tick} {
		f.Add(text, files[fuzzContext[0]], files[fuzzContext[1]], files[fuzzContext[2]])
	}
}

// everything selects the rules that are opt-in too.
func everything() rules.Selection { return rules.Selection{}.With(rules.All()...) }

func fuzzFindings(t *testing.T, content []byte, context fstest.MapFS) {
	t.Helper()
	judge := rules.Judge("Dockerfile", context, "Dockerfile", testSettings(), everything())
	found, err := judge(fixes.Files{Dockerfile: content})
	if err != nil {
		t.Fatal(err)
	}
	size := func(path string) int {
		if path == "" {
			return len(content)
		}
		if file, ok := context[path]; ok {
			return len(file.Data)
		}
		return 0
	}
	inside := func(what, path string, span source.Span) {
		if span.Start < 0 || span.End < span.Start || span.End > size(path) {
			t.Fatalf("%s at %v of %q, which has %d bytes", what, span, path, size(path))
		}
	}
	for _, d := range found {
		name := d.Rule.Code + " " + d.Rule.Name
		if d.Message == "" || d.Severity == 0 {
			t.Fatalf("%s says nothing: %+v", name, d)
		}
		inside(name, d.Path, d.Span)
		if d.Span.Empty() && d.Span.Start > 0 && d.Span.Start < size(d.Path) {
			t.Fatalf("%s points between two characters, at %d: %s", name, d.Span.Start, d.Message)
		}
		for _, r := range d.Related {
			inside(name+": related", r.Path, r.Span)
		}
		if d.Fix == nil {
			continue
		}
		if d.Fix.Title == "" || len(d.Fix.Edits) == 0 || d.Fix.Safety == analyzer.NoFix {
			t.Fatalf("%s offers an empty fix: %+v", name, d.Fix)
		}
		for _, e := range d.Fix.Edits {
			if !e.Create {
				inside(name+": edit", e.Path, e.Span)
			}
		}
		fuzzUntouched(t, name, content, d.Fix)
	}
	again, err := judge(fixes.Files{Dockerfile: content})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(briefly(found), briefly(again)); diff != "" {
		t.Fatalf("other findings the second time: %s", diff)
	}
}

// fuzzUntouched applies one fix: what remains has every instruction that no edit touches, byte for byte and in order.
func fuzzUntouched(t *testing.T, name string, content []byte, fix *analyzer.Fix) {
	t.Helper()
	var edits []analyzer.Edit
	for _, e := range fix.Edits {
		if e.Path == "" {
			edits = append(edits, e)
		}
	}
	before, err := dockerfile.Parse(source.New("Dockerfile", content))
	if err != nil || len(edits) == 0 || len(before.Instructions) > 500 {
		return
	}
	fixed, err := fixes.Apply(content, edits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	after, err := dockerfile.Parse(source.New("Dockerfile", fixed))
	if err != nil {
		return // Loop refuses such a fix
	}
	at := 0
	for _, in := range before.Instructions {
		touched := false
		for _, e := range edits {
			touched = touched || e.Span.Start <= in.Span.End && in.Span.Start <= e.Span.End
		}
		if touched {
			continue
		}
		text := before.File.Text(in.Span)
		for at < len(after.Instructions) && after.File.Text(after.Instructions[at].Span) != text {
			at++
		}
		if at == len(after.Instructions) {
			t.Fatalf("%s: %q is gone or has moved after the fix %q:\n%s", name, text, fix.Title, fixed)
		}
		at++
	}
}

// brief is what of a finding must be the same each time.
type brief struct {
	Code, Path, Message, NoFix string
	Span                       source.Span
	Related                    []analyzer.Related
	Fix                        *analyzer.Fix
}

func briefly(found []analyzer.Diagnostic) []brief {
	var list []brief
	for _, d := range found {
		if d.Fix != nil {
			fix := *d.Fix
			fix.Prove = nil // functions can't be compared
			d.Fix = &fix
		}
		list = append(list, brief{d.Rule.Code, d.Path, d.Message, d.NoFixReason, d.Span, d.Related, d.Fix})
	}
	return list
}

func fuzzFixes(t *testing.T, content []byte, context fstest.MapFS, level analyzer.Safety) {
	t.Helper()
	judge := rules.Judge("Dockerfile", context, "Dockerfile", testSettings(), everything())
	read := func(name string) ([]byte, bool) {
		file, ok := context[name]
		if !ok {
			return nil, false
		}
		return file.Data, true
	}
	out, err := fixes.Loop(fixes.Files{Dockerfile: content}, read, judge, level)
	if err != nil {
		t.Fatalf("%s fixes: %v", level, err)
	}
	for _, d := range out.Dropped {
		t.Fatalf("%s fix dropped: %v", level, d.Err)
	}
	if out.Rounds == 0 {
		return
	}
	if _, err := dockerfile.Parse(source.New("Dockerfile", out.Files.Dockerfile)); err != nil {
		t.Fatalf("does not parse after %s fixes: %v\n%q", level, err, out.Files.Dockerfile)
	}
	again, err := fixes.Loop(out.Files, read, judge, level)
	if err != nil || again.Rounds != 0 || !bytes.Equal(again.Files.Dockerfile, out.Files.Dockerfile) {
		t.Fatalf("%s fixes change the file a second time (%v)", level, err)
	}
}

// TestExamplesOfProjects fuzzes nothing: the whole projects of testdata keep the same promises.
func TestExamplesOfProjects(t *testing.T) {
	paths, err := filepath.Glob("../testdata/projects/*/Dockerfile")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no projects: %v", err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		context := fstest.MapFS{"Dockerfile": {Data: content}}
		if err := readTree(filepath.Dir(path), context); err != nil {
			t.Fatal(err)
		}
		for _, level := range []analyzer.Safety{analyzer.Safe, analyzer.Unsafe} {
			fuzzFixes(t, content, context, level)
		}
		fuzzFindings(t, content, context)
	}
}

func readTree(dir string, into fstest.MapFS) error {
	return filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		into[filepath.ToSlash(rel)] = &fstest.MapFile{Data: content}
		return err
	})
}

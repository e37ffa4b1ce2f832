package lsp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/cli"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

const cases = "../../../testdata/rules/*/*.txtar"

// TestSameFindingsAsCheck lints every case of the rules by the command line and by the server.
func TestSameFindingsAsCheck(t *testing.T) {
	files, err := filepath.Glob(cases)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	archives := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		archives[file] = string(b)
	}
	total := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "../../../testdata/rules/"), ".txtar"), func(t *testing.T) {
			dir := project(t, archives[file])
			if _, err := os.Stat(filepath.Join(dir, "Dockerfile")); err != nil {
				t.Skip("no Dockerfile")
			}
			t.Chdir(dir)
			want := byCheck(t, dir, "Dockerfile")
			total += len(want)
			if diff := cmp.Diff(want, byServer(t, dir)); diff != "" {
				t.Errorf("(-check +lsp)\n%s", diff)
			}
			if diff := cmp.Diff(want, byPulling(t, dir)); diff != "" {
				t.Errorf("(-check +lsp, pulled)\n%s", diff)
			}
		})
	}
	if total < len(files)/2 {
		t.Errorf("only %d findings in %d cases: the comparison proves little", total, len(files))
	}
}

// TestSameFindingsUnderAnyPath does the same to all cases at once below folders whose names say something: what lies above a
// repository or a build context must not count for one and not for the other.
func TestSameFindingsUnderAnyPath(t *testing.T) {
	files, err := filepath.Glob(cases)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range []string{"dev", "docs", "local", "test"} {
		t.Run(folder, func(t *testing.T) {
			root, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			root = filepath.Join(root, folder)
			for _, file := range files {
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				kind := filepath.Base(filepath.Dir(file))
				unpack(t, filepath.Join(root, kind, strings.TrimSuffix(filepath.Base(file), ".txtar")), string(b))
			}
			t.Chdir(root)
			want := byCheck(t, root, ".")
			if len(want) < len(files)/2 {
				t.Errorf("only %d findings in %d cases: the comparison proves little", len(want), len(files))
			}
			if diff := cmp.Diff(want, allByPulling(t, root)); diff != "" {
				t.Errorf("(-check +lsp)\n%s", diff)
			}
		})
	}
}

// allByPulling opens every file that check lints below dir.
func allByPulling(t *testing.T, dir string) (list []string) {
	t.Helper()
	var out, errs bytes.Buffer
	if cli.Main([]string{"check", "--show-files", "."}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}) != 0 {
		t.Fatal(errs.String())
	}
	e := connect(t)
	e.start(dir, object{"textDocument": object{"diagnostic": object{"relatedDocumentSupport": true}}}, nil)
	for name := range strings.Lines(out.String()) {
		path := filepath.Join(dir, strings.TrimSpace(name))
		list = append(list, pull(t, e, e.open(path, content(t, dir, strings.TrimSpace(name))))...)
		e.notify("textDocument/didClose", object{"textDocument": object{"uri": uri(path)}})
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func byCheck(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Main(append([]string{"check", "--output-format", "json", "--exit-zero", "--today", "2026-11-23"}, args...),
		cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 0 { // both would find nothing, and agree
		t.Fatalf("check ends with %d: %s", code, errs.String())
	}
	var found []struct {
		Code, Message, Severity, Filename string
		Location                          struct{ Row, Column int }
		EndLocation                       struct{ Row, Column int } `json:"end_location"`
	}
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("%v: %s %s", err, out.String(), errs.String())
	}
	var list []string
	for _, f := range found {
		if !filepath.IsAbs(f.Filename) {
			f.Filename = filepath.Join(dir, f.Filename)
		}
		list = append(list, fmt.Sprintf("%s:%d:%d-%d:%d %s %s: %s", f.Filename, f.Location.Row, f.Location.Column,
			f.EndLocation.Row, f.EndLocation.Column, f.Code, f.Severity, f.Message))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func byServer(t *testing.T, dir string) []string {
	t.Helper()
	e := connect(t)
	e.start(dir, object{}, nil)
	u := e.open(filepath.Join(dir, "Dockerfile"), content(t, dir, "Dockerfile"))
	var list []string
	for {
		var p published
		if err := json.Unmarshal(e.wait("textDocument/publishDiagnostics"), &p); err != nil {
			t.Fatal(err)
		}
		list = append(list, asCheck(t, p.URI, p.Diagnostics)...)
		if p.URI == u { // comes after those about other files
			slices.Sort(list)
			return slices.Compact(list)
		}
	}
}

func byPulling(t *testing.T, dir string) []string {
	t.Helper()
	e := connect(t)
	e.start(dir, object{"textDocument": object{"diagnostic": object{"relatedDocumentSupport": true}}}, nil)
	list := pull(t, e, e.open(filepath.Join(dir, "Dockerfile"), content(t, dir, "Dockerfile")))
	slices.Sort(list)
	return slices.Compact(list)
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

func pull(t *testing.T, e *editor, u string) []string {
	t.Helper()
	report := get[struct {
		Items            []lsp.Diagnostic
		RelatedDocuments map[string]struct{ Items []lsp.Diagnostic }
	}](e, "textDocument/diagnostic", object{"textDocument": object{"uri": u}})
	list := asCheck(t, u, report.Items)
	for uri, related := range report.RelatedDocuments {
		list = append(list, asCheck(t, uri, related.Items)...)
	}
	return list
}

// asCheck writes findings as check would.
func asCheck(t *testing.T, uri string, found []lsp.Diagnostic) (list []string) {
	t.Helper()
	path := strings.TrimPrefix(uri, "file://")
	text := content(t, filepath.Dir(path), filepath.Base(path))
	for _, d := range found {
		severity := []string{"", "error", "warning", "info"}[d.Severity]
		list = append(list, fmt.Sprintf("%s:%s-%s %s %s: %s", path, rowAndColumn(text, d.Range.Start), rowAndColumn(text, d.Range.End), d.Code, severity, d.Message))
	}
	return list
}

// rowAndColumn counts as check does: from one, in characters, without the byte order mark. For check a lone "\r" ends no line.
func rowAndColumn(text string, p lsp.Position) string {
	start := 0
	for range p.Line {
		end := start + strings.IndexAny(text[start:], "\r\n") + 1
		if strings.HasPrefix(text[end-1:], "\r\n") {
			end++
		}
		start = end
	}
	before := text[:start] + string(utf16.Decode(utf16.Encode([]rune(text[start:]))[:p.Character]))
	row := strings.Count(before, "\n") + 1
	before = strings.TrimPrefix(before[strings.LastIndexByte(before, '\n')+1:], "\uFEFF")
	return fmt.Sprintf("%d:%d", row, len([]rune(before))+1)
}

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
			want := byCheck(t, dir)
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

func byCheck(t *testing.T, dir string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Main([]string{"check", "--output-format", "json", "--exit-zero", "--today", "2026-11-23", "Dockerfile"},
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
	return list
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
			return list
		}
	}
}

func byPulling(t *testing.T, dir string) []string {
	t.Helper()
	e := connect(t)
	e.start(dir, object{"textDocument": object{"diagnostic": object{"relatedDocumentSupport": true}}}, nil)
	u := e.open(filepath.Join(dir, "Dockerfile"), content(t, dir, "Dockerfile"))
	report := get[struct {
		Items            []lsp.Diagnostic
		RelatedDocuments map[string]struct{ Items []lsp.Diagnostic }
	}](e, "textDocument/diagnostic", object{"textDocument": object{"uri": u}})
	list := asCheck(t, u, report.Items)
	for uri, related := range report.RelatedDocuments {
		list = append(list, asCheck(t, uri, related.Items)...)
	}
	slices.Sort(list)
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

// rowAndColumn counts as check does: from one, in characters, without the byte order mark.
func rowAndColumn(text string, p lsp.Position) string {
	line := strings.Split(text, "\n")[p.Line]
	before := string(utf16.Decode(utf16.Encode([]rune(line))[:p.Character]))
	return fmt.Sprintf("%d:%d", p.Line+1, len([]rune(strings.TrimPrefix(before, "\uFEFF")))+1)
}

package lsp

import (
	"slices"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/rules"
)

// TestConvertToMultiStage sees where the rewrite is offered: at the finding, at its related places and at the FROM. What the fix
// does is the business of its rule.
func TestConvertToMultiStage(t *testing.T) {
	const text = "FROM python:3.12\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc\nRUN pip install flask\nCMD [\"flask\"]\n"
	linter, err := lint.New(lint.Options{Dir: t.TempDir(), Today: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	sn := &snapshot{
		uri: "untitled:x", file: source.New("Dockerfile", []byte(text)), encoding: utf16Encoding, linter: linter,
		done: make(chan struct{}), slots: make(chan struct{}, 1),
	}
	a, err := sn.analyse(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.result.Diagnostics, func(d analyzer.Diagnostic) bool { return d.Rule == rules.SingleStageBuild })
	if i < 0 {
		t.Fatal("PLD101 is not found")
	}
	v := &view{snapshot: sn}
	v.params.Context.Only = []string{"refactor"}
	at := func(line, column int) []CodeAction {
		offset := sn.encoding.offset(sn.file, Position{line, column})
		return v.multiStage(a, source.Span{Start: offset, End: offset})
	}
	a.result.Diagnostics[i].Fix = nil
	if list := at(0, 0); len(list) > 0 {
		t.Errorf("without a fix: got %v", list)
	}
	a.result.Diagnostics[i].Fix = &analyzer.Fix{
		Title: "split it", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{{Span: source.Span{Start: 0, End: 4}, Text: "from"}},
	}
	everything := &view{snapshot: sn}
	if list := everything.multiStage(a, a.result.Diagnostics[i].Span); len(list) > 0 {
		t.Errorf("a menu that has the quick fix shows it twice: got %v", list)
	}
	for _, place := range []struct{ line, column, want int }{
		{0, 0, 1}, {2, 45, 1}, {3, 6, 1}, // FROM, gcc, pip install
		{1, 3, 0}, {4, 1, 0},
	} {
		list := at(place.line, place.column)
		if len(list) != place.want {
			t.Errorf("%d:%d: got %v", place.line, place.column, list)
			continue
		}
		for _, action := range list {
			if action.Title != "Convert to a multi-stage build (unsafe)" || action.Kind != "refactor.rewrite" || action.IsPreferred ||
				len(action.Diagnostics) != 1 || len(action.Edit.Changes[sn.uri]) != 1 {
				t.Errorf("got %+v", action)
			}
		}
	}
}

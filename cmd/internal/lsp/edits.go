package lsp

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// editBuilder collects the changes of a code action.
type editBuilder struct {
	sn      *snapshot
	client  client
	changes []fileChange
}

type fileChange struct {
	uri    string
	create bool
	edits  []TextEdit
}

// of is a new builder.
func (v *view) edit() *editBuilder { return &editBuilder{sn: v.snapshot, client: v.client} }

// fix adds the edits of a fix; false when a file is missing.
func (b *editBuilder) fix(a *analysis, edits []analyzer.Edit) bool {
	edits = slices.Clone(edits)
	sort.SliceStable(edits, func(i, j int) bool {
		x, y := edits[i], edits[j]
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Span.Start, y.Span.Start), cmp.Compare(x.Span.End, y.Span.End)) < 0
	})
	for _, e := range edits {
		uri, file := a.at(b.sn, e.Path)
		switch {
		case e.Create:
			b.add(uri, true, TextEdit{NewText: e.Text})
		case file == nil:
			return false
		default:
			b.add(uri, false, TextEdit{b.sn.encoding.rangeOf(file, e.Span), e.Text})
		}
	}
	return true
}

// replace adds what makes after of a file: edits of the lines that differ. file is nil for a new one.
func (b *editBuilder) replace(uri string, file *source.File, after []byte) {
	if file == nil {
		b.add(uri, true, TextEdit{NewText: string(after)})
		return
	}
	for _, e := range changedLines(file, after) {
		b.add(uri, false, TextEdit{b.sn.encoding.rangeOf(file, source.Span{Start: e.Start, End: e.End}), e.New})
	}
}

// changedLines are edits of whole lines that make after of a file. The newline of its last line stays: Kakoune can't replace what reaches behind it.
func changedLines(file *source.File, after []byte) []udiff.Edit {
	edits := udiff.Lines(string(file.Bytes()), string(after))
	if len(edits) == 0 {
		return nil
	}
	last := &edits[len(edits)-1]
	if last.End == len(file.Bytes()) && last.End > last.Start && file.Bytes()[last.End-1] == '\n' && strings.HasSuffix(last.New, "\n") {
		last.End, last.New = last.End-1, last.New[:len(last.New)-1]
	}
	return edits
}

func (b *editBuilder) add(uri string, create bool, edit TextEdit) {
	for i := range b.changes {
		if b.changes[i].uri == uri {
			b.changes[i].edits = append(b.changes[i].edits, edit)
			return
		}
	}
	b.changes = append(b.changes, fileChange{uri, create, []TextEdit{edit}})
}

// build gives the whole edit in the richest form that the client takes.
func (b *editBuilder) build() *WorkspaceEdit {
	edit := &WorkspaceEdit{}
	for _, c := range b.changes {
		if !b.client.documentChanges {
			if edit.Changes == nil {
				edit.Changes = map[string][]TextEdit{}
			}
			edit.Changes[c.uri] = c.edits
			continue
		}
		if c.create && b.client.createsFiles {
			edit.DocumentChanges = append(edit.DocumentChanges,
				CreateFile{Kind: "create", URI: c.uri, Options: map[string]any{"ignoreIfExists": true}})
		}
		document := VersionedDocument{URI: c.uri}
		if c.uri == b.sn.uri {
			document.Version = &b.sn.version
		}
		edit.DocumentChanges = append(edit.DocumentChanges, TextDocumentEdit{document, c.edits})
	}
	return edit
}

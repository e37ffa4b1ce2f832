package lsp

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// snapshot is one text of a document with what is known about it. Its fields do not change; the analysis
// is made once, when somebody first asks for it.
type snapshot struct {
	uri      string
	path     string
	version  int
	file     *source.File
	encoding encoding
	linter   *lint.Linter
	unsaved  map[string][]byte
	slots    chan struct{}
	hosts    bool        // it is a compose or bake file
	input    *lint.Input // of a Dockerfile that stands in one, else nil
	host     *snapshot   // that file

	stopped  atomic.Bool // a newer text has come
	once     sync.Once
	done     chan struct{}
	analysis *analysis
	err      error

	asking sync.Mutex // see alone

	fixOnce sync.Once
	fixed   *CodeAction // see fixAll
	fixErr  error

	guestsOnce sync.Once
	inside     []*guest // see guests
}

// isStopped tells that a newer text has come.
func (sn *snapshot) isStopped() bool {
	return sn.stopped.Load() || sn.host != nil && sn.host.stopped.Load()
}

// analysis is what a lint found.
type analysis struct {
	result  *lint.Result
	context string                  // the build context, "" when there is none
	sources map[string]*source.File // files of the context that findings are about; nil for those that are not there
	names   []name
	took    time.Duration
}

// analyse lints the snapshot, or waits for the lint that runs already.
func (sn *snapshot) analyse(ctx context.Context) (*analysis, error) {
	sn.once.Do(func() { go sn.compute() })
	select {
	case <-sn.done:
		return sn.analysis, sn.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (sn *snapshot) compute() {
	defer close(sn.done)
	defer func() {
		if p := recover(); p != nil {
			sn.analysis, sn.err = nil, fmt.Errorf("internal error: %v", p)
		}
	}()
	sn.slots <- struct{}{}
	defer func() { <-sn.slots }()
	start := time.Now()
	if sn.isStopped() {
		sn.err = failf(codeContentModified, "the text has changed")
		return
	}
	unit, err := sn.open()
	if err != nil {
		sn.err = failf(codeRequestFailed, "%v", err)
		return
	}
	defer unit.Close()
	a := &analysis{result: unit.Run(), context: unit.Place.Context}
	if sn.isStopped() {
		sn.err = failf(codeContentModified, "the text has changed")
		return
	}
	a.collect(unit)
	if a.result.Build != nil {
		a.names = indexNames(a.result.Build)
	}
	a.took = time.Since(start)
	sn.analysis = a
}

func (sn *snapshot) open() (*lint.Unit, error) {
	if sn.input != nil {
		in := *sn.input
		in.Unsaved, in.Stopped = sn.unsaved, sn.isStopped
		return sn.linter.Open(in)
	}
	content, err := lint.Read(bytes.NewReader(sn.file.Bytes()))
	return sn.linter.Open(lint.Input{
		Path: sn.file.Name(), Content: content, Err: err, Nameless: sn.path == "", Detached: sn.path == "",
		Unsaved: sn.unsaved, Stopped: sn.isStopped,
	})
}

// collect keeps the other files that positions are needed in, since the unit is closed afterwards.
func (a *analysis) collect(unit *lint.Unit) {
	a.sources = map[string]*source.File{}
	files := unit.Files()
	want := func(path string) {
		if _, known := a.sources[path]; path != "" && !known {
			a.sources[path] = unit.Source(path, files)
		}
	}
	for _, d := range a.result.Diagnostics {
		want(d.Path)
		for _, r := range d.Related {
			want(r.Path)
		}
		if d.Fix != nil {
			for _, e := range d.Fix.Edits {
				want(e.Path)
			}
		}
	}
}

// at finds the file of a path of a diagnostic.
func (a *analysis) at(sn *snapshot, path string) (uri string, file *source.File) {
	if path == "" {
		return sn.uri, sn.file
	}
	return a.uri(path), a.sources[path]
}

// uri is the URI of a path in the build context.
func (a *analysis) uri(path string) string {
	return uriOf(filepath.Join(a.context, filepath.FromSlash(path)))
}

// touching are the findings in the Dockerfile that share a place with the span.
func (a *analysis) touching(span source.Span) []analyzer.Diagnostic {
	var found []analyzer.Diagnostic
	for _, d := range a.result.Diagnostics {
		if touches(a.anchor(d), span) {
			found = append(found, d)
		}
	}
	return found
}

// anchor is where in the Dockerfile a finding is dealt with: one about another file belongs to what is related to it, or
// to the start of the target stage.
func (a *analysis) anchor(d analyzer.Diagnostic) source.Span {
	if d.Path == "" {
		return d.Span
	}
	for _, r := range d.Related {
		if r.Path == "" {
			return r.Span
		}
	}
	if b := a.result.Build; b != nil && b.Target != nil {
		return b.Target.From.KeywordSpan
	}
	return source.Span{}
}

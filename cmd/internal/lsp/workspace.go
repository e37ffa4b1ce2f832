package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// survey is what it takes to lint the Dockerfiles of the workspace that are not open. It does not change.
type survey struct {
	folders  []string
	linters  []*lint.Linter // of the folders
	open     map[string]bool
	unsaved  map[string][]byte
	client   client
	encoding encoding
	slots    chan struct{}
	changed  <-chan struct{} // closed when a survey would find something else
}

// settle is how long nothing must change before the workspace is linted again: one save is seen as several changes.
const settle = 200 * time.Millisecond

// disturb notes that findings in files which are not open may have changed.
func (s *Server) disturb() {
	if !s.settings.WorkspaceDiagnostics || s.phase != running {
		return
	}
	if s.disturbed != nil {
		s.disturbed.Stop()
	}
	s.disturbed = time.AfterFunc(settle, func() { s.do(s.settled) })
}

func (s *Server) settled() {
	close(s.changed)
	s.changed = make(chan struct{})
	if s.client.pulls || s.phase != running {
		return
	}
	go s.pushWorkspace(s.survey())
}

// survey is taken by the owner of the documents.
func (s *Server) survey() *survey {
	y := &survey{
		folders: slices.Clone(s.folders), open: map[string]bool{}, unsaved: s.unsaved(), client: s.client,
		encoding: s.client.encoding, slots: s.slots, changed: s.changed,
	}
	for _, folder := range s.folders {
		y.linters = append(y.linters, s.linterFor(folder))
	}
	for _, d := range s.documents {
		if d.lints || d.hosts {
			y.open[d.path] = true
		}
	}
	return y
}

// find lints all Dockerfiles that are not open, one after the other so that typing has a processor left. Each is in the result,
// if only with an empty list. Configuration that can't be read is complained about where a file is open.
func (y *survey) find(ctx context.Context) map[string][]Diagnostic {
	found, seen := map[string][]Diagnostic{}, map[string]bool{}
	for i, folder := range y.folders {
		files, _ := discover.Search([]string{folder}, y.linters[i].Excluded)
		for _, f := range files {
			if ctx.Err() != nil {
				return nil
			}
			if y.open[f.Path] || seen[f.Path] {
				continue
			}
			seen[f.Path] = true
			y.lint(ctx, f, y.linters[i], found)
		}
	}
	return found
}

func (y *survey) lint(ctx context.Context, f discover.File, linter *lint.Linter, found map[string][]Diagnostic) {
	uri := uriOf(f.Path)
	sn, ok := y.snapshot(f.Path, linter)
	if !ok {
		found[uri] = nil
		return
	}
	if sn.hosts = f.Describes; sn.hosts && len(sn.guests()) == 0 {
		return
	}
	if found[uri] == nil {
		found[uri] = []Diagnostic{}
	}
	of, _, err := sn.findings(ctx, y.client)
	if err != nil {
		return
	}
	for other, list := range of {
		found[other] = merge(found[other], list)
	}
}

// snapshot is a file as it is on disk; false where it can't be read.
func (y *survey) snapshot(path string, linter *lint.Linter) (*snapshot, bool) {
	content, err := lint.ReadFile(path)
	return &snapshot{
		uri: uriOf(path), path: path, file: source.New(path, content), encoding: y.encoding, linter: linter, unsaved: y.unsaved,
		done: make(chan struct{}), slots: y.slots,
	}, err == nil
}

// pushWorkspace shows the findings in files that are not open to a client that does not ask for them.
func (s *Server) pushWorkspace(y *survey) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-y.changed:
		case <-s.done:
		case <-ctx.Done():
		}
		cancel()
	}()
	found := y.find(ctx)
	if ctx.Err() != nil {
		return // another survey is under way
	}
	s.do(func() {
		for uri := range s.surveyed {
			if found[uri] == nil && s.documents[uri] == nil {
				s.out.Notify("textDocument/publishDiagnostics", map[string]any{"uri": uri, "diagnostics": []Diagnostic{}})
			}
		}
		s.surveyed = map[string]bool{}
		for _, uri := range slices.Sorted(maps.Keys(found)) {
			// What is open, or is shown together with an open Dockerfile, is shown by that.
			if s.documents[uri] == nil && s.others[uri] == nil {
				s.surveyed[uri] = true
				s.out.Notify("textDocument/publishDiagnostics", map[string]any{"uri": uri, "diagnostics": orEmpty(found[uri])})
			}
		}
	})
}

// documentReport is what a workspace/diagnostic says about one file.
type documentReport struct {
	Kind     string        `json:"kind"` // "full" or "unchanged"
	URI      string        `json:"uri"`
	Version  *int          `json:"version"` // null: the file is not open
	ResultID string        `json:"resultId,omitempty"`
	Items    *[]Diagnostic `json:"items,omitempty"`
}

// workspaceDiagnostics answers at once when there is something that the client does not know yet; else it waits until there is.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#workspace_diagnostic
func (s *Server) workspaceDiagnostics(ctx context.Context, raw json.RawMessage) (any, error) {
	p, err := parse[struct {
		PreviousResultIDs []struct {
			URI   string `json:"uri"`
			Value string `json:"value"`
		} `json:"previousResultIds"`
	}](raw)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, id := range p.PreviousResultIDs {
		known[id.URI] = id.Value
	}
	for first := true; ; first = false {
		var y *survey
		ready := make(chan struct{})
		s.do(func() { y = s.survey(); close(ready) })
		select {
		case <-ready:
		case <-s.done:
			return nil, context.Canceled
		}
		found := y.find(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		reports, news := reportsOf(found, known, y.open)
		if news || first && len(known) == 0 {
			return map[string]any{"items": reports}, nil
		}
		select {
		case <-y.changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// reportsOf says of each file whether its findings are those that the client knows; news tells that some are not. Files that
// are gone have no findings.
func reportsOf(found map[string][]Diagnostic, known map[string]string, open map[string]bool) (reports []documentReport, news bool) {
	reports = []documentReport{}
	for uri, id := range known {
		path, _ := pathOf(uri)
		if found[uri] == nil && !open[path] && id != resultID(nil) {
			found[uri] = []Diagnostic{}
		}
	}
	for _, uri := range slices.Sorted(maps.Keys(found)) {
		list := orEmpty(found[uri])
		id := resultID(list)
		if known[uri] == id {
			reports = append(reports, documentReport{Kind: "unchanged", URI: uri, ResultID: id})
			continue
		}
		news = true
		reports = append(reports, documentReport{Kind: "full", URI: uri, ResultID: id, Items: &list})
	}
	return reports, news
}

// resultID is the same for the same findings.
func resultID(list []Diagnostic) string {
	body, _ := json.Marshal(orEmpty(list))
	h := fnv.New64a()
	_, _ = h.Write(body)
	return fmt.Sprintf("%016x", h.Sum64())
}

// merge adds findings that are not there yet: two Dockerfiles may say the same of one requirements file.
func merge(list, more []Diagnostic) []Diagnostic {
	for _, d := range more {
		same := func(other Diagnostic) bool {
			return other.Range == d.Range && other.Code == d.Code && other.Message == d.Message
		}
		if !slices.ContainsFunc(list, same) {
			list = append(list, d)
		}
	}
	return list
}

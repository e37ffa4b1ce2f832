package lsp

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
)

// document is a file that is open in the editor. The goroutine of Serve owns it.
type document struct {
	uri   string
	path  string // absolute; "" when it is not a file
	lints bool   // it is a Dockerfile; else it only stands in for what is on disk
	hosts bool   // it is a compose or bake file, into which Dockerfiles may be written
	// snapshot is the present text.
	snapshot *snapshot
	dirty    bool // the present text has not been given to a lint yet
	// took is how long the last lint took: the next one waits as long, lest slow ones pile up.
	took  time.Duration
	timer *time.Timer
}

// maxDelay is the longest wait of an edit for its lint; patience is how long a lint may take without a wait.
const (
	maxDelay = 300 * time.Millisecond
	patience = 50 * time.Millisecond
)

func (d *document) retire() {
	d.snapshot.stopped.Store(true)
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

func (s *Server) didOpen(raw json.RawMessage) error {
	p, err := parse[struct {
		TextDocument struct {
			URI        string `json:"uri"`
			LanguageID string `json:"languageId"`
			Version    int    `json:"version"`
			Text       string `json:"text"`
		} `json:"textDocument"`
	}](raw)
	if err != nil {
		return err
	}
	if p.TextDocument.URI == "" {
		return failf(codeInvalidParams, "a document without a URI")
	}
	if old := s.documents[p.TextDocument.URI]; old != nil {
		old.retire()
	}
	d := &document{uri: p.TextDocument.URI}
	d.path, _ = pathOf(d.uri)
	d.lints = isDockerfile(p.TextDocument.LanguageID, d.path)
	d.hosts = !d.lints && d.path != "" && compose.IsBuildFile(filepath.Base(d.path))
	name := d.path
	if name == "" {
		name = "Dockerfile"
	}
	s.documents[d.uri] = d
	s.setText(d, source.New(name, []byte(p.TextDocument.Text)), p.TextDocument.Version)
	return nil
}

// isDockerfile goes by the language, and by the name where an editor has no language for Dockerfiles.
func isDockerfile(language, path string) bool {
	switch strings.ToLower(language) {
	case "dockerfile", "docker", "containerfile":
		return true
	}
	base := filepath.Base(path)
	return discover.IsName(base) || strings.EqualFold(filepath.Ext(base), ".dockerfile")
}

func (s *Server) didChange(raw json.RawMessage) error {
	p, err := parse[struct {
		TextDocument   documentID      `json:"textDocument"`
		ContentChanges []contentChange `json:"contentChanges"`
	}](raw)
	if err != nil {
		return err
	}
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return failf(codeInvalidParams, "%s is not open", p.TextDocument.URI)
	}
	file := d.snapshot.file
	for _, c := range p.ContentChanges {
		file = s.client.encoding.apply(file, c)
	}
	s.setText(d, file, p.TextDocument.Version)
	return nil
}

func (s *Server) didSave(json.RawMessage) error {
	// Not every client watches files: what the saved file is for others may have changed.
	if !s.client.watchesFiles {
		s.forget()
	}
	return nil
}

func (s *Server) didClose(raw json.RawMessage) error {
	p, err := parse[documentParams](raw)
	if err != nil {
		return err
	}
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return nil
	}
	d.retire()
	delete(s.documents, d.uri)
	if d.lints || d.hosts {
		s.publish(d.uri, nil, nil)
	}
	if !d.lints {
		s.lintAgain()
		return nil
	}
	s.disturb()
	return nil
}

// setText makes a new snapshot of a document.
func (s *Server) setText(d *document, file *source.File, version int) {
	s.renew(d, file, version)
	if !d.lints {
		s.lintAgain()
	}
}

func (s *Server) renew(d *document, file *source.File, version int) {
	if d.snapshot != nil {
		d.retire()
	}
	d.snapshot = &snapshot{
		uri: d.uri, path: d.path, version: version, file: file, encoding: s.client.encoding, done: make(chan struct{}),
		slots: s.slots, hosts: d.hosts,
	}
	d.dirty = true
	if d.lints || d.hosts {
		d.snapshot.linter, d.snapshot.unsaved = s.linterFor(d.path), s.unsaved()
	}
}

// unsaved are the open files that are no Dockerfiles.
func (s *Server) unsaved() map[string][]byte {
	var open map[string][]byte
	for _, d := range s.documents {
		if d.lints || d.path == "" {
			continue
		}
		if open == nil {
			open = map[string][]byte{}
		}
		open[d.path] = d.snapshot.file.Bytes()
	}
	return open
}

// lintAgain lints all Dockerfiles: something else than their text has changed.
func (s *Server) lintAgain() {
	for _, d := range s.documents {
		if d.lints || d.hosts {
			s.renew(d, d.snapshot.file, d.snapshot.version)
		}
	}
	if s.client.pulls && s.client.refreshes {
		s.ask("workspace/diagnostic/refresh", nil, nil)
	}
	if s.client.refreshesInlays && s.settings.InlayHints != (inlaySettings{}) {
		s.ask("workspace/inlayHint/refresh", nil, nil)
	}
	s.disturb()
}

// startLints lints what has changed. A client that pulls says itself when it wants that.
func (s *Server) startLints() {
	for _, d := range s.documents {
		if !d.dirty || !d.lints && !d.hosts || s.client.pulls {
			continue
		}
		d.dirty = false
		sn := d.snapshot
		if d.took < patience {
			go s.lintAndPush(d, sn)
			continue
		}
		d.timer = time.AfterFunc(min(d.took, maxDelay), func() { s.lintAndPush(d, sn) })
	}
}

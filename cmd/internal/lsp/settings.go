package lsp

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// section is the name of our settings in those of an editor.
const section = "pylint-docker"

// settings are what an editor says; they win over configuration files, as flags do.
type settings struct {
	Configuration string            `json:"configuration"` // a configuration file, instead of the nearest one
	Select        []string          `json:"select"`
	ExtendSelect  []string          `json:"extendSelect"`
	Ignore        []string          `json:"ignore"`
	Context       string            `json:"context"`
	Target        string            `json:"target"`
	BuildArgs     map[string]string `json:"buildArgs"`
	Image         string            `json:"image"` // an archive or OCI layout that was built of the Dockerfile
	InlayHints    inlaySettings     `json:"inlayHints"`
	CodeLens      lensSettings      `json:"codeLens"`
	// WorkspaceDiagnostics shows findings in Dockerfiles that are not open; only what a client says at the start counts for
	// one that pulls.
	WorkspaceDiagnostics bool `json:"workspaceDiagnostics"`
}

// readSettings takes settings bare, in our section, or in the "settings" of initializationOptions. A key of the wrong type
// is left out.
func (s *Server) readSettings(raw json.RawMessage) settings {
	var found settings
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return found
	}
	for _, outer := range []string{"settings", section} {
		var inner map[string]json.RawMessage
		if json.Unmarshal(fields[outer], &inner) == nil && inner != nil {
			fields = inner
		}
	}
	targets := map[string]any{
		"configuration": &found.Configuration, "select": &found.Select, "extendSelect": &found.ExtendSelect, "ignore": &found.Ignore,
		"context": &found.Context, "target": &found.Target, "buildArgs": &found.BuildArgs, "image": &found.Image,
		"inlayHints": &found.InlayHints, "codeLens": &found.CodeLens, "workspaceDiagnostics": &found.WorkspaceDiagnostics,
	}
	for key, target := range targets {
		if value, said := fields[key]; said {
			if err := json.Unmarshal(value, target); err != nil {
				s.logf("setting %s: %v", key, err)
			}
		}
	}
	return found
}

func (s *Server) didChangeConfiguration(raw json.RawMessage) error {
	p, err := parse[struct {
		Settings json.RawMessage `json:"settings"`
	}](raw)
	if err != nil {
		return err
	}
	if s.client.configuration {
		s.pullSettings()
		return nil
	}
	s.configure(p.Settings)
	return nil
}

// pullSettings asks a client that can be asked.
func (s *Server) pullSettings() {
	if !s.client.configuration {
		return
	}
	s.ask("workspace/configuration", map[string]any{"items": []any{map[string]any{"section": section}}}, func(m incoming) {
		var list []json.RawMessage
		if m.Failed || json.Unmarshal(m.Result, &list) != nil || len(list) == 0 || string(list[0]) == "null" {
			return // the client has nothing to say: what initialize brought stays
		}
		s.configure(list[0])
	})
}

func (s *Server) configure(raw json.RawMessage) {
	before := s.settings
	s.settings = s.readSettings(raw)
	// What commands a client has does not change, and is none of the user's settings.
	s.settings.CodeLens.Commands = s.settings.CodeLens.Commands || before.CodeLens.Commands
	s.forget()
	if s.client.refreshesLenses && before.CodeLens != s.settings.CodeLens {
		s.ask("workspace/codeLens/refresh", nil, nil)
	}
	if s.client.refreshesInlays && before.InlayHints != (inlaySettings{}) && s.settings.InlayHints == (inlaySettings{}) {
		s.ask("workspace/inlayHint/refresh", nil, nil) // forget does not: there are none any more
	}
}

func (s *Server) didChangeWatchedFiles(json.RawMessage) error {
	s.forget()
	return nil
}

// forget has configuration, compose files and build contexts read anew.
func (s *Server) forget() {
	s.linters = map[string]*lint.Linter{}
	s.shown = map[string]bool{}
	s.lintAgain()
}

// linterFor gives the Linter of the workspace folder that holds a file.
func (s *Server) linterFor(path string) *lint.Linter {
	dir := s.folderOf(path)
	if day := s.options.Now().UTC().Format(time.DateOnly); day != s.day {
		// A server runs for weeks, and ends of life depend on the day.
		s.linters, s.day = map[string]*lint.Linter{}, day
	}
	if l := s.linters[dir]; l != nil {
		return l
	}
	absolute := func(path string) string { return absolute(dir, path) }
	plain := lint.Options{Dir: dir, Today: s.options.Now().UTC()}
	options := plain
	options.Config, options.Context = absolute(s.settings.Configuration), absolute(s.settings.Context)
	options.Select, options.ExtendSelect, options.Ignore = s.settings.Select, s.settings.ExtendSelect, s.settings.Ignore
	options.Target, options.BuildArgs = s.settings.Target, s.settings.BuildArgs
	l, err := lint.New(options)
	if err != nil {
		s.complain(err)
		l, _ = lint.New(plain) // has nothing that could be wrong
	}
	s.linters[dir] = l
	return l
}

// absolute is a path of the settings, which starts at the folder of the workspace.
func absolute(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

func (s *Server) folderOf(path string) string {
	best := ""
	for _, folder := range s.folders {
		inside := path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
		if inside && len(folder) > len(best) {
			best = folder
		}
	}
	switch {
	case best != "":
		return best
	case path != "":
		return filepath.Dir(path)
	case len(s.folders) > 0:
		return s.folders[0]
	}
	return s.workingDir()
}

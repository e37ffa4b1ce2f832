package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
)

// errNoPath is why a name can't be one of a file in a build context.
var errNoPath = errors.New("no path below the build context")

// ContextPath cleans the name of a file in a recorded build context: a slash path relative to it. The error tells that the
// file would lie outside.
func ContextPath(name string) (string, error) {
	cleaned := path.Clean(name)
	if name == "" || cleaned == "." || !fs.ValidPath(cleaned) || strings.ContainsRune(cleaned, 0) {
		return "", fmt.Errorf("%q: %w", name, errNoPath)
	}
	return cleaned, nil
}

// RecordedConfig gives the configuration of recorded Dockerfiles. The error is a config.Problems.
func (l *Linter) RecordedConfig() (*config.Config, error) {
	return l.ConfigFor(filepath.Join(l.options.Dir, "Dockerfile"))
}

// openRecorded prepares a Dockerfile without looking at the disk: its name was chosen by whoever wrote the
// record, and must not decide on what is read here.
func (l *Linter) openRecorded(in Input) (*Unit, error) {
	// Below a folder of its own, so that no name leads out of where the user stands.
	u := &Unit{Input: in, linter: l, files: map[string]*source.File{}}
	u.path = filepath.Join(l.options.Dir, filepath.FromSlash(path.Join("/", in.Path)))
	c, err := l.RecordedConfig()
	if err != nil {
		return nil, err
	}
	u.Config, u.Selection = c, l.Selection(c, u.path)
	u.Place = Place{Target: c.Target, Args: map[string]string{}, Why: "the record has none"}
	maps.Copy(u.Place.Args, c.BuildArgs)
	maps.Copy(u.Place.Args, l.options.BuildArgs)
	if l.options.Target != "" {
		u.Place.Target = l.options.Target
	}
	if len(in.Files) == 0 {
		return u, nil
	}
	u.Place.Why = "the record"
	u.Place.Dockerfile = strings.TrimPrefix(path.Join("/", in.Path), "/")
	u.fsys = project.Overlay(nil, in.Files)
	return u, nil
}

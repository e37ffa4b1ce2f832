package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
)

// errNoPath is why a name can't be one of a file in a build context.
var errNoPath = errors.New("no path below the build context")

// maxContextPath is how long the path of a file in a recorded build context may be, in bytes: Linux knows no longer ones (PATH_MAX,
// https://man7.org/linux/man-pages/man7/path_resolution.7.html).
const maxContextPath = 4096

// maxContextFolders is how long the paths of all folders of a recorded build context may be together, in bytes. A path of n bytes can
// name n/2 folders, which makes that the square of what a record holds; 100,000 folders of an ordinary project take half of it.
const maxContextFolders = 16 << 20

// ContextFiles are the files of a recorded build context by their cleaned paths. The error names the path that lies outside or
// is too long, or tells that there are too many folders.
func ContextFiles(recorded map[string]string) (map[string][]byte, error) {
	files := make(map[string][]byte, len(recorded))
	folders, size := map[string]bool{".": true}, 0
	for _, name := range slices.Sorted(maps.Keys(recorded)) {
		cleaned, err := ContextPath(name)
		if err != nil {
			return nil, err
		}
		files[cleaned] = []byte(recorded[name])
		for dir := path.Dir(cleaned); !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
			if size += len(dir); size > maxContextFolders {
				return nil, fmt.Errorf("too many folders within folders: their paths have more than %d MiB", maxContextFolders>>20)
			}
		}
	}
	return files, nil
}

// ContextPath cleans the name of a file in a recorded build context: a slash path relative to it. The error tells that the
// file would lie outside, or that the path is too long.
func ContextPath(name string) (string, error) {
	if len(name) > maxContextPath {
		return "", fmt.Errorf("%q...: a path of %d bytes, more than %d", name[:40], len(name), maxContextPath)
	}
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
	u := &Unit{Input: in, linter: l, name: in.Path, files: map[string]*source.File{}}
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

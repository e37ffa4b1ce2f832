package mcp

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// resolve gives the absolute path of what an agent names, links followed. The error tells that it lies outside of the root, or that
// it is not there, where its folder must be at least if fresh is set.
func (s *server) resolve(written string, fresh bool) (string, error) {
	if strings.ContainsRune(written, 0) {
		return "", errors.New("the path holds a NUL")
	}
	outside := fmt.Errorf("%s: outside of the folder that the server may see", written)
	path := filepath.FromSlash(written)
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.root, path)
	}
	path = filepath.Clean(path)
	if rel, err := filepath.Rel(s.options.Dir, path); err == nil && filepath.IsLocal(rel) {
		path = filepath.Join(s.root, rel) // Dir itself may be a link
	}
	// Before the disk is asked, so that nothing is told of what is elsewhere.
	if !s.holds(path) {
		return "", outside
	}
	// The links of the path are followed by os.Root, which says of no file outside whether it is there.
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return "", fmt.Errorf("%s: it can't be read", written)
	}
	defer root.Close()
	rel, _ := filepath.Rel(s.root, path)
	_, err = root.Stat(rel)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = root.Lstat(rel)
		if info, there := root.Stat(filepath.Dir(rel)); fresh && errors.Is(err, fs.ErrNotExist) && there == nil && info.IsDir() {
			folder, err := filepath.EvalSymlinks(filepath.Dir(path))
			return filepath.Join(folder, filepath.Base(path)), err
		}
		if errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s: there is no such file or folder", written)
		}
		return "", outside // a link that leads nowhere
	}
	if err != nil {
		return "", outside
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil || !s.holds(target) {
		return "", outside
	}
	return target, nil
}

// holds tells whether an absolute path lies in the root, or is it.
func (s *server) holds(path string) bool {
	rel, err := filepath.Rel(s.root, path)
	return err == nil && filepath.IsLocal(rel)
}

// name is what to call an absolute path: relative to the root, with slashes.
func (s *server) name(path string) string {
	if rel, err := filepath.Rel(s.root, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// dockerfile finds the one Dockerfile that an agent means: a file, or that of a folder.
func (s *server) dockerfile(written string, fresh bool) (string, error) {
	path, err := s.resolve(written, fresh)
	if err != nil {
		return "", err
	}
	if !isDir(path) {
		return path, nil
	}
	path, err = s.resolve(s.name(filepath.Join(path, "Dockerfile")), fresh)
	if err != nil {
		return "", fmt.Errorf("%s: a folder without a Dockerfile: name the file", written)
	}
	return path, nil
}

// open prepares a Dockerfile. A build context outside of the root counts as none: the folder of the Dockerfile takes its place.
func (s *server) open(options lint.Options, in lint.Input) (*lint.Unit, error) {
	linter, err := lint.New(options)
	if err != nil {
		return nil, err
	}
	unit, err := linter.Open(in)
	if err != nil || s.confined(unit.Place) {
		return unit, err
	}
	unit.Close()
	options.Context = filepath.Dir(filepath.Join(s.root, in.Path))
	if linter, err = lint.New(options); err != nil {
		return nil, err
	}
	return linter.Open(in)
}

func (s *server) confined(place lint.Place) bool {
	for _, dir := range append([]string{place.Context}, place.Also...) {
		if dir == "" {
			continue
		}
		target, err := filepath.EvalSymlinks(dir)
		if err == nil && !s.holds(target) {
			return false
		}
	}
	return true
}

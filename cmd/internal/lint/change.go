package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// Change is a file that fixes change.
type Change struct {
	Path   string // absolute
	Name   string // what to call it
	Before []byte // nil for a new file
	After  []byte
	root   string // the folder that must hold it
	tell   func(path string)
}

// Changes lists the files that differ from what is on disk, the Dockerfile last: where writing stops half-way, the
// part that is missing is the one that will be found again.
func (u *Unit) Changes(files fixes.Files) []Change {
	var list []Change
	for path, content := range files.Others {
		before, _ := u.read(path)
		if before != nil && string(before) == string(content) {
			continue
		}
		absolute := filepath.Join(u.Place.Context, filepath.FromSlash(path))
		list = append(list, Change{absolute, u.nameOf(path), before, content, u.Place.Context, u.linter.changed})
	}
	sortChanges(list)
	if string(files.Dockerfile) != string(u.Input.Content) {
		// To the other Dockerfiles of a folder, its text is nothing.
		list = append(list, Change{u.path, u.Input.Path, u.Input.Content, files.Dockerfile, u.home(), func(string) {}})
	}
	return list
}

// home is the folder that the Dockerfile, links followed, must lie in to be written.
func (u *Unit) home() string {
	top := u.linter.top(filepath.Dir(u.path))
	if _, inside := below(u.Place.Context, u.path); inside && u.Place.Context != "" {
		if _, wider := below(top, u.Place.Context); !wider {
			return u.Place.Context
		}
	}
	return top
}

// ErrEdited is the error of Write, Still and Undo for a file that somebody else has changed.
var ErrEdited = fixes.ErrEdited

// Write puts the change on disk. The error is ErrEdited when the file there is not what it was when the change was computed.
func (c Change) Write() error {
	defer c.tell(c.Path)
	return c.failed("it could not be written", fixes.Replace(c.root, c.Path, c.Before, c.After))
}

func (c Change) failed(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrEdited):
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	return fmt.Errorf("%s: %s: %w", c.Name, what, err)
}

// Still gives ErrEdited when the file on disk is not what it was when the change was computed.
func (c Change) Still() error { return c.expect(c.Before) }

// Undo puts back what was there before Write: the old content with its mode, or no file. What somebody else has written
// since is not touched; the error then is ErrEdited.
func (c Change) Undo() error {
	if err := c.expect(c.After); err != nil {
		return err
	}
	defer c.tell(c.Path)
	var err error
	if c.Before == nil {
		err = fixes.Discard(c.root, c.Path, c.After)
	} else {
		err = fixes.Replace(c.root, c.Path, c.After, c.Before)
	}
	return c.failed("the old file could not be put back", err)
}

// expect gives ErrEdited when the file does not hold content; nil means that it is not there.
func (c Change) expect(content []byte) error {
	info, err := os.Stat(c.Path)
	same := false
	switch {
	case errors.Is(err, fs.ErrNotExist):
		same = content == nil
	case err != nil:
		return fmt.Errorf("%s: it can't be read any more: %w", c.Name, err)
	case info.Mode().IsRegular() && content != nil: // a named pipe may never end
		now, err := os.ReadFile(c.Path)
		if err != nil {
			return fmt.Errorf("%s: it can't be read any more: %w", c.Name, err)
		}
		same = string(now) == string(content)
	}
	if !same {
		return fmt.Errorf("%s: %w", c.Name, ErrEdited)
	}
	return nil
}

func sortChanges(list []Change) {
	stable.Sort(list, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
}

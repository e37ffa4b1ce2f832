package lint

import (
	"errors"
	"io/fs"
)

// errStopped is what becomes of reading a build context for a result that nobody wants any more.
var errStopped = errors.New("stopped")

// stoppable is a build context that is gone as soon as stopped says so: reading it is what can take long.
type stoppable struct {
	fs.FS
	stopped func() bool
}

func (s stoppable) Open(name string) (fs.File, error) {
	if s.stopped() {
		return nil, errStopped
	}
	return s.FS.Open(name)
}

func (s stoppable) Stat(name string) (fs.FileInfo, error) {
	if s.stopped() {
		return nil, errStopped
	}
	return fs.Stat(s.FS, name)
}

func (s stoppable) ReadFile(name string) ([]byte, error) {
	if s.stopped() {
		return nil, errStopped
	}
	return fs.ReadFile(s.FS, name)
}

func (s stoppable) ReadDir(name string) ([]fs.DirEntry, error) {
	if s.stopped() {
		return nil, errStopped
	}
	return fs.ReadDir(s.FS, name)
}

package project

import (
	"bytes"
	"io/fs"
)

// Snapshot is fsys as it was when it was first asked: it reads each file and lists each folder once, so that all contexts
// over it see the same. Files that no context reads, for their size or kind, and what is not there are asked for anew. It is safe
// for use by several goroutines.
func Snapshot(fsys fs.FS) fs.FS { return &snapshot{base: fsys} }

type snapshot struct {
	base     fs.FS
	contents memo[string, found[[]byte]]
	folders  memo[string, found[[]fs.DirEntry]]
}

func (s *snapshot) Stat(name string) (fs.FileInfo, error) { return fs.Stat(s.base, name) }

func (s *snapshot) Open(name string) (fs.File, error) {
	info, err := fs.Stat(s.base, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return s.base.Open(name)
	}
	content, ok := s.content(name)
	if !ok {
		return s.base.Open(name)
	}
	return &snapshotFile{info, bytes.NewReader(content)}, nil
}

type snapshotFile struct {
	info fs.FileInfo
	*bytes.Reader
}

func (f *snapshotFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *snapshotFile) Close() error               { return nil }

// content is what a file held when it was first asked for. It must not be changed.
func (s *snapshot) content(name string) ([]byte, bool) {
	got := s.contents.get(name, func() found[[]byte] {
		content, ok := ReadFile(s.base, name)
		return found[[]byte]{content, ok}
	})
	return got.value, got.ok
}

func (s *snapshot) ReadDir(name string) ([]fs.DirEntry, error) {
	got := s.folders.get(name, func() found[[]fs.DirEntry] {
		entries, err := fs.ReadDir(s.base, name)
		return found[[]fs.DirEntry]{entries, err == nil}
	})
	if !got.ok {
		return fs.ReadDir(s.base, name)
	}
	return got.value, nil
}

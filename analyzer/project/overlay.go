package project

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"sort"
	"time"
)

// Overlay is base with some files replaced or added: a file of files hides the one of the same path in base, and the
// directories that it needs come into being. base may be nil. Keys that fs.ValidPath refuses are left out. The
// maps and slices must not be changed afterwards.
func Overlay(base fs.FS, files map[string][]byte) fs.FS {
	o := &overlay{base: base, files: map[string][]byte{}, dirs: map[string]map[string]bool{}}
	for name, content := range files {
		if !fs.ValidPath(name) || name == "." {
			continue
		}
		o.files[name] = content
		for child, isDir := name, false; child != "."; child, isDir = path.Dir(child), true {
			dir := path.Dir(child)
			if o.dirs[dir] == nil {
				o.dirs[dir] = map[string]bool{}
			} else if isDir && o.dirs[dir][path.Base(child)] {
				break // and so are those above
			}
			o.dirs[dir][path.Base(child)] = isDir || o.dirs[dir][path.Base(child)]
		}
	}
	if base == nil && o.dirs["."] == nil {
		o.dirs["."] = map[string]bool{}
	}
	return o
}

type overlay struct {
	base  fs.FS
	files map[string][]byte
	dirs  map[string]map[string]bool // directory -> name of child -> is a directory
}

func notThere(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

// hidden tells whether a file of the overlay stands where base would need a directory.
func (o *overlay) hidden(name string) bool {
	if !fs.ValidPath(name) {
		return true // path.Dir of an absolute path never becomes "."
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, ok := o.files[dir]; ok {
			return true
		}
	}
	return false
}

func (o *overlay) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if _, ok := o.dirs[name]; ok {
		entries, err := o.ReadDir(name)
		return &overlayDir{info: overlayInfo{name: path.Base(name), dir: true}, entries: entries}, err
	}
	if content, ok := o.files[name]; ok {
		return &overlayFile{overlayInfo{path.Base(name), int64(len(content)), false}, bytes.NewReader(content)}, nil
	}
	if o.base == nil || o.hidden(name) {
		return nil, notThere("open", name)
	}
	return o.base.Open(name)
}

func (o *overlay) Stat(name string) (fs.FileInfo, error) {
	if _, ok := o.dirs[name]; ok {
		return overlayInfo{name: path.Base(name), dir: true}, nil
	}
	if content, ok := o.files[name]; ok {
		return overlayInfo{path.Base(name), int64(len(content)), false}, nil
	}
	if o.base == nil || o.hidden(name) {
		return nil, notThere("stat", name)
	}
	return fs.Stat(o.base, name)
}

func (o *overlay) ReadFile(name string) ([]byte, error) {
	if content, ok := o.files[name]; ok && o.dirs[name] == nil {
		return bytes.Clone(content), nil
	}
	if o.base == nil || o.dirs[name] != nil || o.hidden(name) {
		return nil, notThere("read", name)
	}
	return fs.ReadFile(o.base, name)
}

func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	added := o.dirs[name]
	var entries []fs.DirEntry
	if o.base != nil && !o.hidden(name) {
		if _, isFile := o.files[name]; !isFile || added != nil {
			below, err := fs.ReadDir(o.base, name)
			if err != nil && added == nil {
				return below, err
			}
			entries = below
		}
	}
	if added == nil {
		if entries == nil && (o.base == nil || o.hidden(name) || o.files[name] != nil) {
			return nil, notThere("readdir", name)
		}
		return entries, nil
	}
	merged := entries[:0:0]
	for _, entry := range entries {
		if _, replaced := added[entry.Name()]; !replaced {
			merged = append(merged, entry)
		}
	}
	for child, isDir := range added {
		info := overlayInfo{name: child, dir: isDir}
		if !isDir {
			info.size = int64(len(o.files[path.Join(name, child)]))
		}
		merged = append(merged, fs.FileInfoToDirEntry(info))
	}
	sort.Slice(merged, func(i, j int) bool { return merged[i].Name() < merged[j].Name() })
	return merged, nil
}

type overlayInfo struct {
	name string
	size int64
	dir  bool
}

func (i overlayInfo) Name() string       { return i.name }
func (i overlayInfo) Size() int64        { return i.size }
func (i overlayInfo) ModTime() time.Time { return time.Time{} }
func (i overlayInfo) IsDir() bool        { return i.dir }
func (i overlayInfo) Sys() any           { return nil }
func (i overlayInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

type overlayFile struct {
	info overlayInfo
	*bytes.Reader
}

func (f *overlayFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *overlayFile) Close() error               { return nil }

type overlayDir struct {
	info    overlayInfo
	entries []fs.DirEntry
}

func (d *overlayDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *overlayDir) Close() error               { return nil }
func (d *overlayDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: fs.ErrInvalid}
}

func (d *overlayDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		rest := d.entries
		d.entries = nil
		return rest, nil
	}
	if len(d.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.entries))
	part := d.entries[:n]
	d.entries = d.entries[n:]
	return part, nil
}

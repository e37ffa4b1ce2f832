package lint

import (
	"io/fs"
	"path/filepath"
)

// watched is a file system below dir that tells of every file and folder before it is looked at.
type watched struct {
	fs.FS
	dir  string
	seen func(path string)
}

// watch makes fsys, which lies at the absolute folder dir, tell Options.Seen what is looked at.
func (l *Linter) watch(fsys fs.FS, dir string) fs.FS {
	if l.options.Seen == nil {
		return fsys
	}
	return watched{fsys, dir, l.options.Seen}
}

func (w watched) tell(name string) {
	w.seen(filepath.Join(w.dir, filepath.FromSlash(name)))
}

func (w watched) Open(name string) (fs.File, error) {
	w.tell(name)
	return w.FS.Open(name)
}

func (w watched) Stat(name string) (fs.FileInfo, error) {
	w.tell(name)
	return fs.Stat(w.FS, name)
}

func (w watched) ReadFile(name string) ([]byte, error) {
	w.tell(name)
	return fs.ReadFile(w.FS, name)
}

func (w watched) ReadDir(name string) ([]fs.DirEntry, error) {
	w.tell(name)
	return fs.ReadDir(w.FS, name)
}

package lint

import (
	"io/fs"
	"os"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/fixes"
)

const (
	// sharedContexts is how many build contexts a Linter keeps. Files come sorted by path, so those of one context come close
	// together; what a context has read is let go with it.
	sharedContexts = 16
	// sharedFolders is how many folders it keeps as they were.
	sharedFolders = 16
)

// contextKey names what Dockerfiles must have in common to share a context: the folder, what fixes have changed in it, and the ignore file.
type contextKey struct {
	fsys  fs.FS
	files string // the changed files: their key
	own   string // the Dockerfile, where it has an ignore file of its own
}

// latest are the values that were last asked for, the very last one at the end.
type latest[K comparable, V any] struct {
	keys   []K
	values []V
}

// get gives the value of a key, which it makes unless it is among the most latest.
func (l *latest[K, V]) get(key K, most int, compute func() V) V {
	var value V
	if i := slices.Index(l.keys, key); i >= 0 {
		value = l.values[i]
		l.remove(i)
	} else {
		value = compute()
		if len(l.keys) == most {
			l.remove(0)
		}
	}
	l.keys, l.values = append(l.keys, key), append(l.values, value)
	return value
}

func (l *latest[K, V]) remove(i int) {
	l.keys, l.values = slices.Delete(l.keys, i, i+1), slices.Delete(l.values, i, i+1)
}

func (l *latest[K, V]) removeIf(unwanted func(K) bool) {
	for i := len(l.keys) - 1; i >= 0; i-- {
		if unwanted(l.keys[i]) {
			l.remove(i)
		}
	}
}

// shares tells whether Dockerfiles share what was read of their folders.
func (l *Linter) shares() bool { return l.options.Share && l.options.Seen == nil }

// folder is what lies below an absolute folder, each file and folder as it was when it was first asked for.
func (l *Linter) folder(dir string) fs.FS {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.folders.get(dir, sharedFolders, func() fs.FS { return project.Snapshot(unheldRoot(dir)) })
}

// context gives the build context over a folder, in which some files are changed. What it reads and finds out serves all Dockerfiles in it.
func (l *Linter) context(folder fs.FS, p Place, changed map[string][]byte) *project.Context {
	key := contextKey{fsys: folder, files: fixes.Files{Others: changed}.Key()}
	fsys := folder
	if len(changed) > 0 {
		fsys = project.Overlay(folder, changed)
	}
	if _, err := fs.Stat(fsys, p.Dockerfile+".dockerignore"); err == nil {
		key.own = p.Dockerfile
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.contexts.get(key, sharedContexts, func() *project.Context { return project.Open(fsys, p.Dockerfile) })
}

// changed forgets what was read of the folders around a file that came, went or has another content.
func (l *Linter) changed(path string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.folders.keys) - 1; i >= 0; i-- {
		if _, inside := below(l.folders.keys[i], path); inside {
			l.contexts.removeIf(func(key contextKey) bool { return key.fsys == l.folders.values[i] })
			l.folders.remove(i)
		}
	}
}

// unheldRoot is the file system below a folder that can't be left, like os.Root, but opens the folder for each
// access only: nobody has to close it.
type unheldRoot string

func (dir unheldRoot) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(dir))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.FS().Open(name)
}

func (dir unheldRoot) Stat(name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(string(dir))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return fs.Stat(root.FS(), name)
}

package lint

import (
	"io/fs"
	"os"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// sharedContexts is how many build contexts a Linter keeps. Files come sorted by path, so those of one context come close
// together; what a context has read is let go with it.
const sharedContexts = 16

// contextKey names what Dockerfiles must have in common to share a context: the folder, and the ignore file.
type contextKey struct {
	dir string
	own string // the Dockerfile, where it has an ignore file of its own
}

type sharedContext struct {
	key     contextKey
	context *project.Context
}

// context gives the build context of a Dockerfile, whose files are read once for all Dockerfiles in it.
func (l *Linter) context(fsys fs.FS, p Place) *project.Context {
	if !l.options.Share || l.options.Seen != nil {
		return project.Open(fsys, p.Dockerfile)
	}
	key := contextKey{dir: p.Context}
	if _, err := fs.Stat(fsys, p.Dockerfile+".dockerignore"); err == nil {
		key.own = p.Dockerfile
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.shared {
		if s.key == key {
			return s.context
		}
	}
	s := sharedContext{key, project.Open(unheldRoot(p.Context), p.Dockerfile)}
	if len(l.shared) == sharedContexts {
		l.shared = l.shared[1:]
	}
	l.shared = append(l.shared, s)
	return s.context
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

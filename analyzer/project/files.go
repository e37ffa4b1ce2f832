package project

import (
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
)

const (
	// maxFile is the largest file that is read.
	maxFile = 4 << 20
	// maxEntries is how many directory entries one walk looks at.
	maxEntries = 100_000
)

// contextState is what a Context has found out so far. Its zero value is ready: opening a context
// costs nothing.
type contextState struct {
	contents     memo[string, found[[]byte]]
	requirementM memo[string, found[*RequirementsFile]]
	projects     memo[string, found[*Metadata]]
	locks        memo[string, found[*Lock]]
	pipfiles     memo[string, found[*Pipfile]]
	modules      memo[string, found[*Module]]
	listings     memo[string, listing]
	ignoreM      memo[struct{}, *ignoreRules]
	answers      memo[string, any]
}

// found is a value that may not be there.
type found[V any] struct {
	value V
	ok    bool
}

// memo computes a value per key once, also when several goroutines ask at the same time.
type memo[K comparable, V any] struct {
	mu     sync.Mutex
	values map[K]func() V
}

func (m *memo[K, V]) get(key K, compute func() V) V {
	m.mu.Lock()
	value, ok := m.values[key]
	if !ok {
		if m.values == nil {
			m.values = map[K]func() V{}
		}
		value = sync.OnceValue(compute)
		m.values[key] = value
	}
	m.mu.Unlock()
	return value()
}

// CleanPath turns a path as written ("./x/", "/x", "x") into one that fs.FS accepts. A leading slash means the
// context root, as it does for COPY. Paths that leave the root are refused.
func CleanPath(written string) (string, bool) {
	cleaned := strings.TrimPrefix(path.Clean(written), "/")
	if cleaned == "" {
		cleaned = "."
	}
	return cleaned, written != "" && fs.ValidPath(cleaned)
}

// JoinPath is written as seen from dir, or false when that is outside of the root.
func JoinPath(dir, written string) (string, bool) {
	if written == "" || path.IsAbs(written) {
		return "", false
	}
	joined := path.Join(dir, written)
	if !fs.ValidPath(joined) {
		return "", false
	}
	return joined, true
}

func (c *Context) stat(written string) (fs.FileInfo, bool) {
	if c == nil || c.fsys == nil {
		return nil, false
	}
	name, ok := CleanPath(written)
	if !ok {
		return nil, false
	}
	info, err := fs.Stat(c.fsys, name)
	return info, err == nil
}

func (c *Context) exists(written string) bool {
	_, ok := c.stat(written)
	return ok
}

func (c *Context) isDir(written string) bool {
	info, ok := c.stat(written)
	return ok && info.IsDir()
}

func (c *Context) isFile(written string) bool {
	info, ok := c.stat(written)
	return ok && info.Mode().IsRegular()
}

func (c *Context) read(written string) ([]byte, bool) {
	if c == nil || c.fsys == nil {
		return nil, false
	}
	name, ok := CleanPath(written)
	if !ok {
		return nil, false
	}
	got := c.contents.get(name, func() found[[]byte] {
		content, ok := ReadFile(c.fsys, name)
		return found[[]byte]{content, ok}
	})
	return got.value, got.ok
}

// ReadFile reads a regular file of at most maxFile bytes. Asking for its kind first keeps it from waiting for a
// named pipe.
func ReadFile(fsys fs.FS, name string) ([]byte, bool) {
	if fsys == nil || !fs.ValidPath(name) {
		return nil, false
	}
	if s, ok := fsys.(*snapshot); ok {
		return s.content(name)
	}
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, false
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, false
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil || len(content) > maxFile {
		return nil, false
	}
	return content, true
}

// Holds tells whether a COPY source is found below dir. "." is everywhere and says nothing.
func Holds(fsys fs.FS, dir, source string) bool {
	source = strings.TrimPrefix(path.Join("/", source), "/")
	return source != "" && len(matchPattern(fsys, path.Join(dir, source))) > 0
}

// Executable tells whether a file of the context may be run as a program, by the mode bits of its owner, group or others. known is false
// where there are no modes to go by: standard input, the playground, an editor's unsaved files, Windows.
func (c *Context) Executable(written string) (executable, known bool) {
	info, ok := c.stat(written)
	if !ok || runtime.GOOS == "windows" || !info.Mode().IsRegular() || info.Mode().Perm() == 0 {
		return false, false
	}
	return info.Mode().Perm()&0o111 != 0, true
}

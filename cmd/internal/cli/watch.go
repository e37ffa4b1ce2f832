package cli

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

const (
	// shortest is how long --watch waits between two looks. What looking costs is asked for too: a look may take no
	// more than a twentieth of the time.
	shortest = 200 * time.Millisecond
	share    = 20
	// settled is how long nothing must have changed before it is linted: editors and version control write several files.
	settled = 50 * time.Millisecond
)

// clearScreen also clears what was scrolled away, so that the first finding of the last run is the top.
const clearScreen = "\x1b[H\x1b[2J\x1b[3J"

// look is what a run has looked at, with the state that each file was in then. Files are looked at by asking for their state and
// not by a service of the system: that needs no module, has no limits on the number of files, and works on network drives
// and in containers with mounted sources. A nil look sees nothing.
type look struct {
	dir     string          // what relative paths are relative to
	reports map[string]bool // what the run itself writes, by absolute path

	mu     sync.Mutex
	states map[string]state // by absolute path
}

// state is what can be known of a file without reading it.
type state struct {
	exists bool
	mode   os.FileMode
	size   int64
	time   time.Time
	names  uint64 // of a folder: what is in it
}

func stateOf(path string) state {
	info, err := os.Stat(path)
	if err != nil {
		return state{}
	}
	if !info.IsDir() {
		return state{true, info.Mode(), info.Size(), info.ModTime(), 0}
	}
	// A folder's time changes with every report that is written into it. What counts is what is there.
	s := state{exists: true, mode: info.Mode()}
	entries, _ := os.ReadDir(path)
	hash := fnv.New64a()
	for _, e := range entries {
		if passing(e.Name()) {
			continue
		}
		_, _ = hash.Write([]byte(e.Name() + "/"))
	}
	s.names = hash.Sum64()
	return s
}

// passing tells whether a name is one that editors use while a file is open: Vim's and Emacs's.
func passing(name string) bool {
	return name == "4913" || strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".#") ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".swx")
}

// see remembers a file in the state in which it is before it is read.
func (l *look) see(path string) {
	if l == nil {
		return
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.dir, path)
	}
	if l.reports[path] {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.states[path]; !known {
		l.states[path] = stateOf(path)
	}
}

// changed gives what is not in the state in which it was seen, the first file and the first folder by name, or "".
func (l *look) changed() (file, folder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for path, before := range l.states {
		now := stateOf(path)
		switch {
		case now == before:
		case now.mode.IsDir():
			if folder == "" || path < folder {
				folder = path
			}
		case file == "" || path < file:
			file = path
		}
	}
	return file, folder
}

// watch lints, and lints again whenever something has changed, until it is interrupted.
func (p *program) watch(args []string, f checkFlags, options lint.Options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) == 0 {
		args = []string{"."}
	}
	for because := ""; ; {
		p.lintAgain(args, &f, options, because)
		if !f.quiet {
			fmt.Fprintf(p.Err, "Watching %d files and folders, Ctrl-C ends\n", len(f.look.states))
		}
		files, _ := found(args, &f, options)
		for because = ""; because == ""; {
			started := time.Now()
			file, folder := f.look.changed()
			if again, ok := found(args, &f, options); ok && !slices.Equal(again, files) {
				because = differs(files, again)
			}
			// A file says more than the folder that it is in.
			because = cmp.Or(because, file, folder)
			wait := max(shortest, share*time.Since(started))
			if because != "" {
				wait = settled
			}
			select {
			case <-ctx.Done():
				p.code = exitClean // to end it is what the user wants
				return nil
			case <-time.After(wait):
			}
		}
	}
}

// lintAgain lints once. Mistakes in a configuration, which are often made while somebody edits it, do not end the watch.
func (p *program) lintAgain(args []string, f *checkFlags, options lint.Options, because string) {
	f.look = &look{dir: options.Dir, states: map[string]state{}}
	f.look.reports = map[string]bool{}
	for _, o := range f.reports() {
		if path, err := filepath.Abs(o.file); err == nil && o.file != "" {
			f.look.reports[path] = true
		}
	}
	options.Seen = f.look.see
	for _, path := range []string{f.config, f.baseline, f.context} {
		if path != "" {
			f.look.see(path)
		}
	}
	if !f.toFiles() && isTerminal(p.Out) {
		fmt.Fprint(p.Out, clearScreen)
	}
	if because != "" && !f.quiet {
		if rel, err := filepath.Rel(options.Dir, because); err == nil && filepath.IsLocal(rel) {
			because = rel
		}
		fmt.Fprintf(p.Err, "%s has changed (%s)\n", printable(because), time.Now().Format(time.TimeOnly))
	}
	p.code = exitClean
	if err := p.run(args, *f, options); err != nil {
		p.complain(err)
	}
}

// found lists the Dockerfiles, compose and bake files that args mean now. ok is false while the configuration can't be read.
func found(args []string, f *checkFlags, options lint.Options) (paths []string, ok bool) {
	linter, err := lint.New(options)
	if err != nil {
		return nil, false
	}
	files, _ := f.search(args, linter)
	for _, file := range files {
		paths = append(paths, file.Path)
	}
	return paths, true
}

// differs is a path that is in one list only.
func differs(before, after []string) string {
	for _, path := range after {
		if !slices.Contains(before, path) {
			return path
		}
	}
	for _, path := range before {
		if !slices.Contains(after, path) {
			return path
		}
	}
	return "."
}

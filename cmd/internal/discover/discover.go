// Package discover finds the Dockerfiles below the paths that a user names.
package discover

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/compose"
)

// File is a file to lint.
type File struct {
	Path     string // as the user would write it: relative to where he stands, or absolute if he wrote that
	Explicit bool   // named itself, and not found in a folder
	// Describes tells that it is no Dockerfile but a compose or bake file, whose builds are to be linted.
	Describes bool
}

// skipped are folders that never hold a project's own Dockerfiles.
var skipped = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".bzr": true, ".jj": true,
	"node_modules": true, "__pycache__": true, ".venv": true, ".tox": true, ".nox": true,
	".mypy_cache": true, ".ruff_cache": true, ".pytest_cache": true, "site-packages": true,
}

// otherKinds are the ends of names that are notes, templates of Dockerfiles, or copies that were put aside. Templates are linted when
// they are named.
var otherKinds = []string{".dockerignore", ".containerignore", "~", ".md", ".txt", ".j2", ".jinja", ".jinja2", ".tmpl", ".erb", ".bak", ".orig"}

// IsName tells whether a base name is one of a Dockerfile: Dockerfile, dockerfile, Dockerfile.*, Dockerfile-*, Dockerfile_*,
// *.Dockerfile, *.dockerfile or Containerfile*, and not the name of something else such as Dockerfile.md.
func IsName(name string) bool {
	for _, end := range otherKinds {
		if strings.HasSuffix(name, end) {
			return false // Dockerfile.dockerignore is the ignore file of Dockerfile
		}
	}
	if rest, ok := strings.CutPrefix(name, "Dockerfile"); ok && (rest == "" || strings.IndexByte(".-_", rest[0]) >= 0) {
		return true
	}
	return name == "dockerfile" || strings.HasSuffix(name, ".Dockerfile") || strings.HasSuffix(name, ".dockerfile") ||
		strings.HasPrefix(name, "Containerfile")
}

// Files is Search without compose and bake files.
func Files(args []string, excluded func(path string, dir bool) bool) ([]File, []error) {
	files, errs := Search(args, excluded)
	return slices.DeleteFunc(files, func(f File) bool { return f.Describes }), errs
}

// Search finds the Dockerfiles of args, files and folders, and the compose and bake files that may describe more of them. A
// file is taken whatever its name, unless that is one of Python's; a folder is searched, without what .gitignore files, excluded and common sense leave out, and without
// following symbolic links to folders. excluded gets absolute paths and may be nil. The result is in
// the order of paths, each file once; an argument that is no such thing gives an error, and the
// others are found all the same.
func Search(args []string, excluded func(path string, dir bool) bool) ([]File, []error) {
	if excluded == nil {
		excluded = func(string, bool) bool { return false }
	}
	w := &walker{excluded: excluded, seen: map[string]int{}}
	for _, arg := range args {
		w.argument(arg)
	}
	sort.SliceStable(w.files, func(i, j int) bool { return Compare(w.files[i].Path, w.files[j].Path) < 0 })
	return w.files, w.errs
}

// Compare orders paths so that the files of a folder stand together.
func Compare(a, b string) int {
	return strings.Compare(strings.ReplaceAll(filepath.ToSlash(a), "/", "\x00"), strings.ReplaceAll(filepath.ToSlash(b), "/", "\x00"))
}

// Empty is the error about a folder that holds nothing to lint, not even what is ignored or excluded.
type Empty struct{ Folder string }

func (e *Empty) Error() string {
	return e.Folder + ": there is no Dockerfile in this folder, and no compose or bake file"
}

// Missing is the error about an argument that is neither a file nor a folder.
type Missing struct {
	Path string // as it was given
	Err  error
}

func (e *Missing) Error() string { return e.Path + ": " + reason(e.Err) }
func (e *Missing) Unwrap() error { return e.Err }

type walker struct {
	excluded func(string, bool) bool
	files    []File
	errs     []error
	seen     map[string]int // resolvedPath path -> index in files
}

func (w *walker) fail(path string, format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

func (w *walker) argument(arg string) {
	path := filepath.Clean(arg)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		w.add(path, "", true) // that it can't be read is a finding about it
	case err != nil:
		w.errs = append(w.errs, &Missing{arg, err})
	case strings.EqualFold(filepath.Ext(path), ".py") && !info.IsDir():
		w.fail(arg, "this is a file of Python, and no Dockerfile")
	case !info.IsDir():
		w.add(path, "", true)
	default:
		before := len(w.files)
		w.search(path)
		switch {
		case len(w.files) > before:
		case IsName(filepath.Base(path)):
			w.fail(arg, "this is a folder, not a Dockerfile")
		case w.empty(path):
			w.errs = append(w.errs, &Empty{arg})
		}
	}
}

// empty tells whether a named folder holds nothing to lint, not even what is ignored, excluded, or found already.
func (w *walker) empty(path string) bool {
	holds := false
	_ = filepath.WalkDir(path, func(_ string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // it was told of by the search
		case !entry.IsDir() && (IsName(entry.Name()) || compose.IsBuildFile(entry.Name())):
			holds = true
			return fs.SkipAll
		}
		return nil
	})
	return !holds && len(w.errs) == 0
}

func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// add takes a file unless it is there already, under this name or through a link. Of two names
// the one that the user wrote counts, then the one that is no link. realPath is where it is without any links, "" to find out.
func (w *walker) add(path, realPath string, explicit bool) {
	isLink, resolvedPath := false, realPath
	if realPath == "" {
		resolvedPath, isLink = resolve(path)
	}
	at, known := w.seen[resolvedPath]
	switch {
	case !known:
		w.seen[resolvedPath] = len(w.files)
		w.files = append(w.files, File{path, explicit, compose.IsBuildFile(filepath.Base(path))})
	case explicit && !w.files[at].Explicit, !isLink && w.files[at].Explicit == explicit && w.isLink(at):
		w.files[at] = File{path, explicit, compose.IsBuildFile(filepath.Base(path))}
	}
}

// resolve gives the absolute path without links, and tells whether the last element is one.
func resolve(path string) (resolved string, isLink bool) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path, false
	}
	resolved, err = filepath.EvalSymlinks(abs)
	if err != nil {
		return abs, false
	}
	info, err := os.Lstat(abs)
	return resolved, err == nil && info.Mode()&fs.ModeSymlink != 0
}

func (w *walker) isLink(at int) bool {
	info, err := os.Lstat(w.files[at].Path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

func (w *walker) search(root string) {
	abs, err := filepath.Abs(root)
	if err != nil {
		w.fail(root, "%s", reason(err))
		return
	}
	realRoot, _ := resolve(root)
	entries, err := os.ReadDir(root)
	if err != nil {
		w.fail(root, "%s", reason(err))
		return
	}
	w.folder(root, abs, realRoot, entries, above(abs))
}

// folder searches one folder; path is what to call it, abs where it is, realPath where without any links.
func (w *walker) folder(path, abs, realPath string, entries []fs.DirEntry, ignored rules) {
	if holds(entries, ".git") || holds(entries, ".gitignore") {
		ignored = ignored.with(abs)
	}
	for _, entry := range entries {
		name := entry.Name()
		child, childAbs := filepath.Join(path, name), filepath.Join(abs, name)
		if entry.IsDir() {
			if skipped[name] || ignored.match(childAbs, true) || w.excluded(childAbs, true) {
				continue
			}
			inside, err := os.ReadDir(child)
			switch {
			case err != nil:
				w.fail(child, "%s", reason(err))
			case !holds(inside, "pyvenv.cfg"): // which PEP 405 puts into a virtual environment
				w.folder(child, childAbs, filepath.Join(realPath, name), inside, ignored)
			}
			continue
		}
		if !IsName(name) && !compose.IsBuildFile(name) || !isFile(child, entry) || ignored.match(childAbs, false) || w.excluded(childAbs, false) {
			continue
		}
		// To follow links takes a call for each part of a path; entries that are none need no following.
		realChild := ""
		if entry.Type().IsRegular() {
			realChild = filepath.Join(realPath, name)
		}
		w.add(child, realChild, false)
	}
}

// isFile tells whether an entry is a regular file or a link to one: a pipe would block forever.
func isFile(path string, entry fs.DirEntry) bool {
	if entry.Type().IsRegular() {
		return true
	}
	if entry.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// holds tells whether one of the entries, which are sorted, has that name.
func holds(entries []fs.DirEntry, name string) bool {
	_, found := slices.BinarySearchFunc(entries, name, func(e fs.DirEntry, name string) int { return strings.Compare(e.Name(), name) })
	return found
}

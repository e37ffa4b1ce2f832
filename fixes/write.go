package fixes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrOutside is the error of Write for a path that, symbolic links followed, is not below root.
var ErrOutside = errors.New("file lies outside the root")

// Write replaces the file at path, or creates it with mode 0644, so that at every moment either
// the old or the new content is there: it writes a temporary file beside it and renames that. Mode
// is kept, the owner where the system allows it. A symbolic link stays and its target is
// written. Nothing outside the directory root is ever written.
func Write(root, path string, content []byte) error {
	dir, rel, err := inside(root, path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return replace(dir, rel, content)
}

// Create makes the file at path, with mode 0644 and all of its content or not at all. The error is fs.ErrExist where
// something of that name is there, also a dangling link, and also when it appeared a moment ago. Nothing outside the directory
// root is ever written.
func Create(root, path string, content []byte) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	dir, rel, err := inside(root, path)
	if err != nil {
		return err
	}
	defer dir.Close()
	file, name, err := temporary(dir, rel, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Remove(name)) }()
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	// Unlike a rename, a link does not replace what is there.
	err = dir.Link(name, rel)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems have no links.
	if file, err = dir.OpenFile(rel, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644); err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = dir.Remove(rel)
	}
	return err
}

// Remove removes the file at path, which must lie below root as for Write. A symbolic link stays and its target goes.
func Remove(root, path string) error {
	dir, rel, err := inside(root, path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Remove(rel)
}

// inside opens the directory root and gives what path, symbolic links followed, is called in it.
func inside(root, path string) (dir *os.Root, rel string, err error) {
	target, err := resolve(path)
	if err != nil {
		return nil, "", err
	}
	base, err := resolve(root)
	if err != nil {
		return nil, "", err
	}
	rel, err = filepath.Rel(base, target)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return nil, "", fmt.Errorf("%s: %w %s", path, ErrOutside, root)
	}
	// os.Root holds the promise even if a link appears between the check above and the writing.
	dir, err = os.OpenRoot(base)
	return dir, rel, err
}

// resolve follows symbolic links. The last element need not exist, but may not be a dangling link.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		parent, err := filepath.EvalSymlinks(filepath.Dir(path))
		return filepath.Join(parent, filepath.Base(path)), err
	}
	return filepath.EvalSymlinks(path)
}

func replace(dir *os.Root, rel string, content []byte) error {
	old, err := dir.Stat(rel)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", rel)
	}
	name, err := written(dir, rel, content, old)
	if err != nil {
		return err
	}
	if err := dir.Rename(name, rel); err != nil {
		return errors.Join(err, dir.Remove(name))
	}
	return nil
}

// written makes a file beside rel that is to take its place, with mode and owner of the old one if there is one, and gives its name.
func written(dir *os.Root, rel string, content []byte, old fs.FileInfo) (name string, err error) {
	mode := fs.FileMode(0o644)
	if old != nil {
		mode = old.Mode().Perm()
	}
	file, name, err := temporary(dir, rel, mode)
	if err != nil {
		return "", err
	}
	made := name // a return with an error empties the result
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = dir.Remove(made)
		}
	}()
	if _, err = file.Write(content); err != nil {
		return "", err
	}
	if old != nil {
		// The umask took bits from the mode at creation. Owner before mode: chown clears setuid bits.
		keepOwner(file, old)
		if err = file.Chmod(mode); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return "", err
		}
	}
	if err = file.Sync(); err != nil {
		return "", err
	}
	return name, file.Close()
}

// temporary creates a file that nobody else has, in the folder of rel: a rename is atomic only
// within one file system.
func temporary(dir *os.Root, rel string, mode fs.FileMode) (*os.File, string, error) {
	for try := range 100 {
		stamp := fmt.Sprintf("%d-%d-%d", os.Getpid(), time.Now().UnixNano(), try)
		name := filepath.Join(filepath.Dir(rel), "."+strings.TrimPrefix(filepath.Base(rel), ".")+"."+stamp+".tmp")
		file, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return file, name, err
	}
	return nil, "", fmt.Errorf("no free temporary name beside %s", rel)
}

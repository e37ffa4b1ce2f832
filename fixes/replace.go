package fixes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrEdited is the error of Replace and Discard for a file that does not hold what was expected.
var ErrEdited = errors.New("it was changed by somebody else meanwhile, so it is left as it is")

// Replace is Write for a file that holds before, or that is not there if before is nil; else the error is ErrEdited and the file
// is left as it is. What somebody saves at the same moment is not lost: where the system can exchange two files (Linux, macOS), what was
// there is looked at after the exchange, and put back if it is not what was expected or if it is being written. Elsewhere, and on
// file systems that can't, the file is read again right before it is replaced.
func Replace(root, path string, before, after []byte) error {
	if before == nil {
		err := Create(root, path, after)
		if info, statErr := os.Stat(path); errors.Is(err, fs.ErrExist) && statErr == nil && info.Mode().IsRegular() {
			return ErrEdited
		}
		return err
	}
	dir, rel, err := inside(root, path)
	if err != nil {
		return err
	}
	defer dir.Close()
	old, err := dir.Stat(rel)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrEdited
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", rel)
	}
	if ok, err := holds(dir, rel, before); err != nil || !ok {
		return errors.Join(err, edited(!ok && err == nil))
	}
	spare, err := written(dir, rel, after, old)
	if err != nil {
		return err
	}
	folder, err := dir.Open(filepath.Dir(rel))
	if err != nil {
		return errors.Join(err, dir.Remove(spare))
	}
	defer folder.Close()
	s := swap{dir, folder, rel, spare}
	return s.replace(before, after)
}

func edited(really bool) error {
	if really {
		return ErrEdited
	}
	return nil
}

// swap is a file and a spare one beside it.
type swap struct {
	dir        *os.Root
	folder     *os.File // that both are in
	rel, spare string
}

// exchange makes each the other. The error is errors.ErrUnsupported where the system can't.
func (s *swap) exchange() error {
	return exchange(s.folder, filepath.Base(s.rel), filepath.Base(s.spare))
}

func (s *swap) replace(before, after []byte) error {
	err := s.exchange()
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return s.rename(before)
	case err != nil:
		return errors.Join(edited(errors.Is(err, fs.ErrNotExist)), other(err, fs.ErrNotExist), s.dir.Remove(s.spare))
	}
	if removed, err := s.removeSpare(before); removed || err != nil {
		return err
	}
	// The spare file is what somebody has saved.
	saved, err := s.dir.Lstat(s.spare)
	if err == nil {
		err = s.exchange()
	}
	if err != nil {
		return s.kept(err)
	}
	if removed, err := s.removeSpare(after); removed || err != nil {
		return errors.Join(ErrEdited, err)
	}
	// Somebody has saved once more while our text was in place: the later one is to stand. The earlier one may go unless it, too, has been
	// touched since.
	if err := s.exchange(); err != nil {
		return s.kept(err)
	}
	earlier, err := s.dir.Lstat(s.spare)
	if err == nil && os.SameFile(earlier, saved) && earlier.Size() == saved.Size() && earlier.ModTime().Equal(saved.ModTime()) {
		return errors.Join(ErrEdited, s.dir.Remove(s.spare))
	}
	return s.kept(err)
}

// kept tells where a version is that nobody can say to be an old one. It is no ErrEdited: somebody has to look.
func (s *swap) kept(err error) error {
	return errors.Join(fmt.Errorf("%s; one version of it is %s", ErrEdited.Error(), filepath.Base(s.spare)), err)
}

func other(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// rename replaces the file where nothing can be exchanged.
func (s *swap) rename(before []byte) error {
	ok, err := holds(s.dir, s.rel, before)
	if err == nil && ok {
		err = s.dir.Rename(s.spare, s.rel)
	}
	if err != nil || !ok {
		return errors.Join(err, edited(!ok), s.dir.Remove(s.spare))
	}
	return nil
}

// removeSpare removes the spare file if it holds content and nobody is writing to it.
func (s *swap) removeSpare(content []byte) (removed bool, err error) {
	info, err := s.dir.Lstat(s.spare)
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	file, err := s.dir.Open(s.spare)
	if err != nil {
		return false, s.kept(err)
	}
	defer file.Close()
	// An editor that writes into the file that it has opened would write into one that is gone.
	if beingWritten(file) {
		return false, nil
	}
	if now, err := io.ReadAll(file); err != nil || !bytes.Equal(now, content) {
		return false, err
	}
	return true, s.dir.Remove(s.spare)
}

// holds tells whether a regular file has that content. One that is gone has none.
func holds(dir *os.Root, rel string, content []byte) (bool, error) {
	info, err := dir.Stat(rel)
	if err == nil && (!info.Mode().IsRegular() || info.Size() != int64(len(content))) {
		return false, nil
	}
	if err == nil {
		var now []byte
		if now, err = dir.ReadFile(rel); err == nil {
			return bytes.Equal(now, content), nil
		}
	}
	return false, other(err, fs.ErrNotExist)
}

// Discard removes the file at path, which must lie below root as for Write, if it holds content; else the error is ErrEdited.
func Discard(root, path string, content []byte) error {
	dir, rel, err := inside(root, path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if ok, err := holds(dir, rel, content); err != nil || !ok {
		return errors.Join(err, edited(!ok && err == nil))
	}
	return dir.Remove(rel)
}

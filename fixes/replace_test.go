package fixes

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestReplace(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "Dockerfile")
	put(t, path, "old", 0o640)
	if err := Replace(root, path, []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	check(t, path, "new")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := Replace(root, path, []byte("old"), []byte("newer")); !errors.Is(err, ErrEdited) {
		t.Errorf("over another text: %v", err)
	}
	check(t, path, "new")
	ignore := filepath.Join(root, ".dockerignore")
	if err := Replace(root, ignore, nil, []byte("x\n")); err != nil {
		t.Fatal(err)
	}
	if err := Replace(root, ignore, nil, []byte("y\n")); !errors.Is(err, ErrEdited) {
		t.Errorf("over a file that was not there: %v", err)
	}
	check(t, ignore, "x\n")
	if err := Discard(root, ignore, []byte("y\n")); !errors.Is(err, ErrEdited) {
		t.Errorf("of another text: %v", err)
	}
	if err := Discard(root, ignore, []byte("x\n")); err != nil {
		t.Error(err)
	}
	if err := Replace(root, ignore, []byte("x\n"), []byte("y\n")); !errors.Is(err, ErrEdited) {
		t.Errorf("over a file that is gone: %v", err)
	}
	link := filepath.Join(root, "link")
	if err := os.Symlink("nowhere", link); err == nil {
		if err := Replace(root, link, nil, []byte("y\n")); !errors.Is(err, fs.ErrExist) || errors.Is(err, ErrEdited) {
			t.Errorf("over a dangling link: %v", err)
		}
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 2 {
		t.Errorf("temporary files are left: %v, %v", entries, err)
	}
}

// swapping is a file "old" and a spare one "new" beside it, as they are right before the exchange.
func swapping(t *testing.T) (s *swap, path string) {
	t.Helper()
	root := t.TempDir()
	path = filepath.Join(root, "Dockerfile")
	put(t, path, "old", 0o644)
	put(t, filepath.Join(root, "spare"), "new", 0o644)
	dir, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := dir.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = folder.Close(), dir.Close() })
	s = &swap{dir, folder, "Dockerfile", "spare"}
	if err := s.exchange(); errors.Is(err, errors.ErrUnsupported) {
		t.Skip("files can't be exchanged here")
	}
	if err := s.exchange(); err != nil {
		t.Fatal(err)
	}
	return s, path
}

// TestSwap: what was saved after the last look is there after the exchange.
func TestSwap(t *testing.T) {
	s, path := swapping(t)
	put(t, path, "saved", 0o644)
	if err := s.replace([]byte("old"), []byte("new")); !errors.Is(err, ErrEdited) {
		t.Error(err)
	}
	check(t, path, "saved")

	s, path = swapping(t)
	editor, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer editor.Close()
	busy := beingWritten(editor) // its own descriptor is one for writing
	if err := s.replace([]byte("old"), []byte("new")); busy && !errors.Is(err, ErrEdited) {
		t.Errorf("while somebody is writing: %v", err)
	}
	if busy {
		_, _ = editor.WriteString("saved")
		check(t, path, "saved")
	}

	s, path = swapping(t)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.replace([]byte("old"), []byte("new")); !errors.Is(err, ErrEdited) {
		t.Errorf("a file that is gone: %v", err)
	}
}

// TestRename is what is left where files can't be exchanged.
func TestRename(t *testing.T) {
	s, path := swapping(t)
	put(t, path, "saved", 0o644)
	if err := s.rename([]byte("old")); !errors.Is(err, ErrEdited) {
		t.Error(err)
	}
	check(t, path, "saved")
	s, path = swapping(t)
	if err := s.rename([]byte("old")); err != nil {
		t.Error(err)
	}
	check(t, path, "new")
}

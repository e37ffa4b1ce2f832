package fixes

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestWrite(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "Dockerfile")
	put(t, path, "old", 0o640)
	if err := Write(root, path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	check(t, path, "new")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := Write(root, filepath.Join(root, ".dockerignore"), []byte("x\n")); err != nil {
		t.Fatal(err)
	}
	check(t, filepath.Join(root, ".dockerignore"), "x\n")
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 2 {
		t.Errorf("temporary files are left: %v, %v", entries, err)
	}
}

func TestWriteThroughLink(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	target, link := filepath.Join(root, "sub", "real"), filepath.Join(root, "Dockerfile")
	put(t, target, "old", 0o644)
	if err := os.Symlink(filepath.Join("sub", "real"), link); err != nil {
		t.Skip(err)
	}
	if err := Write(root, link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	check(t, target, "new")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

func TestWriteStaysInside(t *testing.T) {
	outer := t.TempDir()
	root := filepath.Join(outer, "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(outer, "outside")
	put(t, outside, "old", 0o644)
	link, folder := filepath.Join(root, "link"), filepath.Join(root, "folder")
	if err := errors.Join(os.Symlink(outside, link), os.Symlink(outer, folder)); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{outside, link, filepath.Join(root, "..", "outside"), filepath.Join(folder, "new"), root} {
		if err := Write(root, path, []byte("new")); !errors.Is(err, ErrOutside) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{outside, link, root} {
		if err := Remove(root, path); !errors.Is(err, ErrOutside) {
			t.Errorf("%s: %v", path, err)
		}
	}
	check(t, outside, "old")
	dangling := filepath.Join(root, "dangling")
	if err := os.Symlink(filepath.Join(root, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	if err := Write(root, dangling, []byte("new")); err == nil {
		t.Error("a dangling link was written")
	}
	if err := Write(outer, root, []byte("new")); err == nil {
		t.Error("a folder was written")
	}
}

func TestRemove(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, ".dockerignore")
	put(t, path, "x\n", 0o644)
	if err := Remove(root, path); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := Remove(root, path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func put(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
	}
}

func TestCreate(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "Dockerfile")
	if err := Create(root, path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	check(t, path, "new")
	if err := Create(root, path, []byte("newer")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	check(t, path, "new")
	if err := Create(root, filepath.Join(root, "..", "outside"), nil); !errors.Is(err, ErrOutside) {
		t.Errorf("outside: %v", err)
	}
	link := filepath.Join(root, "link")
	if err := os.Symlink("nowhere", link); err == nil {
		if err := Create(root, link, []byte("new")); !errors.Is(err, fs.ErrExist) {
			t.Errorf("over a dangling link: %v", err)
		}
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Errorf("temporary files are left: %v, %v", entries, err)
	}
}

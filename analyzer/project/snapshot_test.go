package project

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// counting tells how often each file is opened and each folder listed.
type counting struct {
	fs.FS
	opened, listed map[string]int
}

func (c counting) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.FS.Open(name)
}

func (c counting) Stat(name string) (fs.FileInfo, error) { return fs.Stat(c.FS, name) }

func (c counting) ReadDir(name string) ([]fs.DirEntry, error) {
	c.listed[name]++
	return fs.ReadDir(c.FS, name)
}

// TestSnapshot: however many contexts stand over a snapshot, a file is read and a folder listed once, and what changes is not seen.
func TestSnapshot(t *testing.T) {
	files := fstest.MapFS{"a.txt": {Data: []byte("old")}, "dir/b.txt": {Data: []byte("b")}}
	base := counting{files, map[string]int{}, map[string]int{}}
	s := Snapshot(base)
	look := func(c *Context, want string, entries int) {
		t.Helper()
		if content, ok := c.Read("a.txt"); !ok || string(content) != want {
			t.Errorf("a.txt holds %q, %v; want %q", content, ok, want)
		}
		n := 0
		if complete := c.Walk(".", func(string, bool) bool { n++; return true }); n != entries || !complete {
			t.Errorf("%d entries, want %d", n, entries)
		}
		if got := c.Glob("*.txt"); len(got) != 1 {
			t.Errorf("*.txt is %q", got)
		}
	}
	look(Open(s, "Dockerfile"), "old", 3)
	files["a.txt"], files["dir/c.txt"] = &fstest.MapFile{Data: []byte("new")}, &fstest.MapFile{}
	look(Open(s, "Dockerfile"), "old", 3)
	look(Open(Overlay(s, map[string][]byte{"dir/d.txt": nil}), "Dockerfile"), "old", 4)
	look(Open(Snapshot(base), "Dockerfile"), "new", 4)
	if base.opened["a.txt"] != 2 || base.listed["."] != 2 || base.listed["dir"] != 2 {
		t.Errorf("two snapshots open a.txt %d times, and list . %d and dir %d times", base.opened["a.txt"], base.listed["."], base.listed["dir"])
	}
	if err := fstest.TestFS(Snapshot(fstest.MapFS{"a.txt": {Data: []byte("a")}, "dir/b.txt": {Data: []byte("b")}}), "a.txt", "dir/b.txt"); err != nil {
		t.Error(err)
	}
}

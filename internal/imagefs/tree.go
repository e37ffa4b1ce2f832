package imagefs

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// File is a name in the tree and the inode that it stands for: hard links are several names of one.
type File struct {
	*Inode
	name     string
	parent   *File
	children map[string]*File // of a directory
}

// Inode is what a file is, whatever it is called.
type Inode struct {
	Mode     fs.FileMode // type, permissions, setuid, setgid and sticky
	UID, GID int
	Size     int64 // bytes of a regular file
	ModTime  time.Time
	Target   string // of a symbolic link, as written
	Layer    int    // index of the layer that brought this version
	Links    int    // names that it has

	// Head is the beginning of a regular file that is executable or byte code: its first line, or magic number.
	Head string
	// Content is what [Keeps] or [Options] asked for; Cut tells that it has more.
	Content string
	Kept    bool
	Cut     bool
	// ELF is what the dynamic linker reads of a program or library; nil for everything else.
	ELF *ELF
	// Packages are the rows of rpm's database; nil for everything else, and where it is damaged.
	Packages []Package

	sum uint64 // of a regular file's content: equal in this process for equal contents
}

func newRoot() *File {
	return &File{Inode: &Inode{Mode: fs.ModeDir | 0o755, Layer: -1, Links: 1}, children: map[string]*File{}}
}

// Name is the last part of the path.
func (f *File) Name() string { return f.name }

// Path is the absolute path, without symbolic links.
func (f *File) Path() string {
	if f.parent == nil {
		return "/"
	}
	var parts []string
	for at := f; at.parent != nil; at = at.parent {
		parts = append(parts, at.name)
	}
	slices.Reverse(parts)
	return "/" + strings.Join(parts, "/")
}

// Parent is the directory; nil for the root.
func (f *File) Parent() *File { return f.parent }

// IsDir tells whether it is a directory, and not a link to one.
func (f *File) IsDir() bool { return f.Mode.IsDir() }

// SameContent tells whether two regular files have the same content.
func (f *Inode) SameContent(g *Inode) bool {
	return f == g || f.Mode.IsRegular() && g.Mode.IsRegular() && f.Size == g.Size && f.sum == g.sum
}

// Child is the entry of a directory with that name, or nil.
func (f *File) Child(name string) *File { return f.children[name] }

// Children are the entries of a directory in the order of their names.
func (f *File) Children() []*File {
	children := make([]*File, 0, len(f.children))
	for _, name := range slices.Sorted(maps.Keys(f.children)) {
		children = append(children, f.children[name])
	}
	return children
}

// All walks the file and everything below it, directories before what is in them, in the order of names.
func (f *File) All() iter.Seq[*File] {
	return func(yield func(*File) bool) { f.walk(yield) }
}

func (f *File) walk(yield func(*File) bool) bool {
	if !yield(f) {
		return false
	}
	for _, child := range f.Children() {
		if !child.walk(yield) {
			return false
		}
	}
	return true
}

// maxLinks is how many symbolic links Linux follows in one path.
const maxLinks = 40

// ErrLoop is a path whose symbolic links lead in a circle, or through more of them than Linux follows.
var ErrLoop = errors.New("too many symbolic links")

// Stat finds the file at an absolute path as a process in the container would, which follows symbolic links, none of
// which leads out of the image. The error is [fs.ErrNotExist] or [ErrLoop].
func (im *Image) Stat(name string) (*File, error) { return find(im.root, name, true) }

// Lstat is Stat that does not follow a symbolic link that is the last part of the path.
func (im *Image) Lstat(name string) (*File, error) { return find(im.root, name, false) }

// find resolves a path part by part.
func find(root *File, name string, last bool) (*File, error) {
	at := root
	rest := strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			if !at.IsDir() { // a file is no directory, and a slash behind it asks for one
				return nil, fs.ErrNotExist
			}
			continue
		case "..":
			if !at.IsDir() {
				return nil, fs.ErrNotExist
			}
			if at.parent != nil {
				at = at.parent
			}
			continue
		}
		next := at.children[part]
		if next == nil {
			return nil, fs.ErrNotExist
		}
		if next.Mode.Type() != fs.ModeSymlink || len(rest) == 0 && !last {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return nil, ErrLoop
		}
		if strings.HasPrefix(next.Target, "/") {
			at = root
		}
		rest = append(strings.Split(next.Target, "/"), rest...)
	}
	return at, nil
}

// change applies the entries of one layer to the tree.
type change struct {
	image *Image
	layer int
}

// pathBytes is the longest path that Linux takes.
const pathBytes = 4096

// split checks an entry's name and gives the directory, in which symbolic links of the image are followed and which is
// made where it is missing, and the last part, which is empty for the root.
func (c *change) split(name string) (dir *File, last string, err error) {
	if len(name) > pathBytes {
		return nil, "", fmt.Errorf("a path of %d bytes", len(name))
	}
	if strings.ContainsRune(name, 0) {
		return nil, "", fmt.Errorf("the path %q has a zero byte", shorten(name))
	}
	if slices.Contains(strings.Split(name, "/"), "..") {
		return nil, "", fmt.Errorf("the path %q leads out of the image", shorten(name))
	}
	clean := path.Clean("/" + name)
	if clean == "/" {
		return c.image.root, "", nil
	}
	folder, last := path.Split(clean)
	dir, err = c.directory(strings.Trim(folder, "/"))
	return dir, last, err
}

// directory finds a directory, and makes what is missing of it.
func (c *change) directory(name string) (*File, error) {
	at := c.image.root
	if name == "" {
		return at, nil
	}
	rest := strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..": // of a link in the image
			if at.parent != nil {
				at = at.parent
			}
			continue
		}
		next := at.children[part]
		switch {
		case next == nil:
			next = c.put(at, part, &Inode{Mode: fs.ModeDir | 0o755, Layer: c.layer, Links: 1})
		case next.Mode.Type() == fs.ModeSymlink:
			if links++; links > maxLinks {
				return nil, fmt.Errorf("%q: %w", shorten(name), ErrLoop)
			}
			if strings.HasPrefix(next.Target, "/") {
				at = c.image.root
			}
			rest = append(strings.Split(next.Target, "/"), rest...)
			continue
		case !next.IsDir():
			return nil, fmt.Errorf("the path %q leads through a file", shorten(name))
		}
		at = next
	}
	return at, nil
}

// put makes an entry, in place of what has its name. A directory that is there keeps what is in it.
func (c *change) put(dir *File, name string, inode *Inode) *File {
	old := dir.children[name]
	if old != nil && old.IsDir() && inode.Mode.IsDir() {
		old.Inode = inode
		return old
	}
	file := &File{Inode: inode, name: name, parent: dir}
	if inode.Mode.IsDir() {
		file.children = map[string]*File{}
	}
	if old != nil {
		c.lose(old, file)
	}
	dir.children[name] = file
	return file
}

// lose writes down which files of lower layers are hidden from now on.
func (c *change) lose(old, with *File) {
	for file := range old.All() {
		if file.Layer >= c.layer || !file.Mode.IsRegular() {
			continue
		}
		if file.Links--; file.Links > 0 { // another name keeps it
			continue
		}
		lost := Lost{Path: file.Path(), Size: file.Size, Layer: file.Layer, By: c.layer}
		if file == old && with != nil && with.Mode.IsRegular() {
			lost.With = with
			// What is there now is known when its content has been read, and that is when this is called.
			lost.Same = file.SameContent(with.Inode)
		}
		c.image.Lost = append(c.image.Lost, lost)
	}
}

// Whiteouts, see https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts.
const (
	whiteout = ".wh."
	opaque   = ".wh..wh..opq"
	aufs     = ".wh..wh." // what aufs kept for itself
)

// hide applies a whiteout: it hides what lower layers have.
func (c *change) hide(dir *File, name string) error {
	switch {
	case name == opaque:
		for _, child := range dir.Children() {
			c.remove(child)
		}
		return nil
	case strings.HasPrefix(name, aufs):
		return nil
	}
	hidden := strings.TrimPrefix(name, whiteout)
	if hidden == "" || hidden == "." || hidden == ".." {
		return fmt.Errorf("the whiteout %q hides nothing that can be there", name)
	}
	if child := dir.children[hidden]; child != nil {
		c.remove(child)
	}
	return nil
}

// remove takes a file of a lower layer away. A directory that this layer has written to loses only what is older.
func (c *change) remove(file *File) {
	kept := false
	if file.IsDir() {
		for _, child := range file.Children() {
			c.remove(child)
		}
		kept = len(file.children) > 0
	}
	if kept || file.Layer >= c.layer {
		return
	}
	c.lose(file, nil)
	delete(file.parent.children, file.name)
}

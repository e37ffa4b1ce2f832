package imagefs

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"io/fs"
	"path"
	"strings"
)

// layerReader reads the layers of an image, one after another.
type layerReader struct {
	ctx     context.Context
	image   *Image
	options Options
	wanted  map[string]bool // names of files that the start command may mean

	files    int   // entries so far
	unpacked int64 // bytes so far
	kept     int64 // bytes of contents so far
	buffer   []byte
	seed     maphash.Seed
	spool    spooled
}

// Close removes the temporary file.
func (r *layerReader) Close() { r.spool.Close() }

// counted counts, sums and limits what is read.
type counted struct {
	r   io.Reader
	sum hash.Hash
	n   int64
	ok  func(n int) error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	_, _ = c.sum.Write(p[:n]) // a hash never fails
	if problem := c.ok(n); problem != nil {
		return n, problem
	}
	return n, err
}

func (c *counted) digest() string { return "sha256:" + hex.EncodeToString(c.sum.Sum(nil)) }

// read applies a layer to the tree.
func (r *layerReader) read(store store, part blob, index int) error {
	file, size, err := store.open(part.name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the archive does not have it (%s)", part.name)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	layer := &r.image.Layers[index]
	layer.Compressed = size
	stored := &counted{r: file, sum: sha256.New(), ok: func(int) error { return r.ctx.Err() }}
	plain, err := decompress(stored)
	if err != nil {
		return err
	}
	defer plain.Close()
	var unpacked int64 // of this layer
	grow := func(n int64) error {
		unpacked += n
		r.unpacked += n
		switch {
		case r.unpacked > r.options.Limits.Bytes:
			return fmt.Errorf("the image unpacks to more than %d bytes", r.options.Limits.Bytes)
		case unpacked > 1<<30 && unpacked/r.options.Limits.Ratio > size:
			return fmt.Errorf("its %d bytes unpack to more than %d times as many", size, r.options.Limits.Ratio)
		}
		return nil
	}
	content := &counted{r: plain, sum: sha256.New(), ok: func(n int) error { return grow(int64(n)) }}
	if err := r.apply(content, index, grow); err != nil {
		return err
	}
	// What follows the end of a tar belongs to the digest.
	for _, rest := range []io.Reader{content, stored} {
		if _, err := io.Copy(io.Discard, rest); err != nil {
			return damaged(err)
		}
	}
	if got := content.digest(); got != layer.Digest {
		return fmt.Errorf("its content has the digest %s", short(got))
	}
	if part.digest != "" && stored.digest() != part.digest {
		return fmt.Errorf("%s has the digest %s", part.name, short(stored.digest()))
	}
	return nil
}

// damaged says what an early end means.
func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it is truncated")
	}
	return err
}

// apply reads the entries of a layer's tar.
func (r *layerReader) apply(content io.Reader, index int, grow func(int64) error) error {
	c := &change{image: r.image, layer: index}
	layer := &r.image.Layers[index]
	archive := tar.NewReader(content)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		if r.files++; r.files > r.options.Limits.Files {
			return fmt.Errorf("the image has more than %d files", r.options.Limits.Files)
		}
		if header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		dir, name, err := c.split(header.Name)
		if err != nil {
			return err
		}
		if strings.HasPrefix(name, whiteout) {
			if err := c.hide(dir, name); err != nil {
				return err
			}
			continue
		}
		layer.Files++
		inode, err := r.inode(archive, header, c, path.Join(dir.Path(), name), grow)
		if err != nil {
			return err
		}
		switch {
		case name != "":
			c.put(dir, name, inode)
		case inode.Mode.IsDir():
			r.image.root.Inode = inode
		default:
			return errors.New("the root of the image is no directory")
		}
		if inode.Links == 1 && inode.Mode.IsRegular() {
			layer.Size += inode.Size
		}
	}
}

// types are the types of files that an image can have, beside regular files and hard links.
var types = map[byte]fs.FileMode{
	tar.TypeDir: fs.ModeDir, tar.TypeSymlink: fs.ModeSymlink, tar.TypeFifo: fs.ModeNamedPipe,
	tar.TypeChar: fs.ModeDevice | fs.ModeCharDevice, tar.TypeBlock: fs.ModeDevice,
}

// sparse tells whether an entry has holes, in one of GNU tar's formats.
func sparse(header *tar.Header) bool {
	for _, record := range []string{"GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size"} {
		if header.PAXRecords[record] != "" {
			return true
		}
	}
	return header.Typeflag == tar.TypeGNUSparse
}

// inode reads what an entry is. A hard link is the inode of its target.
func (r *layerReader) inode(archive io.Reader, header *tar.Header, c *change, name string, grow func(int64) error) (*Inode, error) {
	inode := &Inode{
		Mode: header.FileInfo().Mode()&permissions | types[header.Typeflag], UID: header.Uid, GID: header.Gid,
		ModTime: header.ModTime, Layer: c.layer, Links: 1,
	}
	switch header.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		inode.Size = header.Size
		if sparse(header) { // its holes cost nothing to store and much to read
			if err := grow(header.Size); err != nil {
				return nil, err
			}
		}
		return inode, r.content(archive, inode, name)
	case tar.TypeDir, tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return inode, nil
	case tar.TypeSymlink:
		if len(header.Linkname) > pathBytes {
			return nil, fmt.Errorf("the link %q has a target of %d bytes", shorten(name), len(header.Linkname))
		}
		inode.Target = header.Linkname
		return inode, nil
	case tar.TypeLink:
		dir, last, err := c.split(header.Linkname)
		if err != nil {
			return nil, err
		}
		target := dir.children[last]
		if target == nil || target.IsDir() {
			return nil, fmt.Errorf("the hard link %q has no target %q", shorten(name), shorten(header.Linkname))
		}
		target.Links++
		return target.Inode, nil
	}
	return nil, fmt.Errorf("%q is of an unknown type (%q)", shorten(name), header.Typeflag)
}

// content reads a regular file and keeps what is to be kept.
func (r *layerReader) content(archive io.Reader, inode *Inode, name string) error {
	if r.buffer == nil {
		r.buffer = make([]byte, 128<<10)
		r.seed = maphash.MakeSeed()
	}
	var sum maphash.Hash
	sum.SetSeed(r.seed)
	content, head := r.plan(name, inode.Mode)
	var kept []byte
	spooling := false
	var read int64
	for {
		n, err := archive.Read(r.buffer)
		piece := r.buffer[:n]
		_, _ = sum.Write(piece) // a hash never fails
		if read == 0 && n > 0 {
			inode.Head = string(piece[:min(n, head)])
			spooling = inode.Size <= elfBytes && (strings.HasPrefix(string(piece[:min(n, 4)]), elfMagic) || path.Base(name) == rpmdbName)
			r.spool.reset()
		}
		if room := content - len(kept); room > 0 && n > 0 {
			kept = append(kept, piece[:min(n, room)]...)
		}
		if spooling {
			if _, err := r.spool.Write(piece); err != nil {
				return err
			}
		}
		read += int64(n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged(err)
		}
	}
	inode.sum = sum.Sum64()
	if spooling {
		parsed, names := parseELF(&r.spool, r.spool.size)
		if inode.ELF = parsed; parsed == nil {
			inode.Packages, names = rpmPackages(&r.spool, r.spool.size)
		}
		if err := r.charge(names); err != nil {
			return err
		}
	}
	if content > 0 {
		return r.keep(inode, name, string(kept), content)
	}
	return nil
}

// keep stores a file's content, or the part of it that is asked for.
func (r *layerReader) keep(inode *Inode, name, content string, limit int) error {
	inode.Cut = inode.Size > int64(limit)
	inode.Content, inode.Kept = metadataHead(name, content), true
	return r.charge(len(inode.Content))
}

// charge counts what is kept.
func (r *layerReader) charge(bytes int) error {
	r.kept += int64(bytes)
	if r.kept > r.options.Limits.Kept {
		return fmt.Errorf("what the image says of itself has more than %d bytes", r.options.Limits.Kept)
	}
	return nil
}

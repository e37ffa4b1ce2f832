package imagefs

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// store holds the files of an archive or folder by name.
type store interface {
	// open gives a file's content and its size. A file that is not there is [fs.ErrNotExist].
	open(name string) (io.ReadCloser, int64, error)
	io.Closer
}

// openStore opens a folder, a tar, or a compressed tar, which is unpacked to a temporary file: the list of what is in
// an archive stands at its end.
func openStore(ctx context.Context, name string, limits Limits) (store, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, bare(err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, bare(err)
		}
		return folder{root}, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, bare(err)
	}
	if !info.Mode().IsRegular() {
		return spool(ctx, file, limits)
	}
	head := make([]byte, 6)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(bare(err), file.Close())
	}
	if compressionOf(head[:n]) != "" {
		return spool(ctx, file, limits)
	}
	return indexed(ctx, file, false)
}

// bare drops the path, which the caller puts before the message.
func bare(err error) error {
	if e := new(fs.PathError); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// spool copies an archive that can't be read twice to a temporary file.
func spool(ctx context.Context, file *os.File, limits Limits) (store, error) {
	defer file.Close()
	plain, err := decompress(file)
	if err != nil {
		return nil, err
	}
	defer plain.Close()
	temporary, err := os.CreateTemp("", "image-*.tar")
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(temporary, io.LimitReader(&interruptible{ctx, plain}, limits.Bytes+1))
	if err == nil && n > limits.Bytes {
		err = fmt.Errorf("the archive is larger than %d bytes", limits.Bytes)
	}
	if err != nil {
		discard(temporary)
		return nil, fmt.Errorf("the archive can't be read: %w", err)
	}
	return indexed(ctx, temporary, true)
}

// discard removes a temporary file.
func discard(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name()) // a temporary file that stays is no reason to fail
}

// interruptible ends when its context does.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}

// archive is a tar with the places of its files.
type archive struct {
	file      *os.File
	temporary bool
	entries   map[string]entry
}

type entry struct {
	offset, size int64
	link         string // target of a link, in the archive
}

// archiveEntries limits what an archive may list: its layers, each with up to three files of Docker's, and some lists.
const archiveEntries = 100_000

// indexed lists the entries of a tar without reading what is in them.
func indexed(ctx context.Context, file *os.File, temporary bool) (store, error) {
	a := &archive{file: file, temporary: temporary, entries: map[string]entry{}}
	if err := a.list(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *archive) list(ctx context.Context) error {
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	reader := tar.NewReader(a.file)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			if len(a.entries) == 0 {
				return errors.New("the archive is empty")
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("this is no image archive: %w", err)
		}
		if len(a.entries) >= archiveEntries {
			return fmt.Errorf("the archive has more than %d entries", archiveEntries)
		}
		offset, err := a.file.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		name := path.Clean("/" + header.Name)
		switch header.Typeflag {
		case tar.TypeReg:
			if sparse(header) {
				return fmt.Errorf("%s is a sparse file", header.Name)
			}
			if header.Size > info.Size()-offset {
				return fmt.Errorf("the archive ends in the middle of %s", header.Name)
			}
			a.entries[name] = entry{offset: offset, size: header.Size}
		case tar.TypeSymlink: // Docker once wrote a layer that two images share as a link to the other's
			a.entries[name] = entry{link: path.Join("/", path.Dir(name), header.Linkname)}
		case tar.TypeLink:
			a.entries[name] = entry{link: path.Clean("/" + header.Linkname)}
		}
	}
}

func (a *archive) open(name string) (io.ReadCloser, int64, error) {
	at := path.Clean("/" + name)
	for range 8 {
		e, ok := a.entries[at]
		if !ok {
			return nil, 0, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		}
		if e.link == "" {
			return io.NopCloser(io.NewSectionReader(a.file, e.offset, e.size)), e.size, nil
		}
		at = e.link
	}
	return nil, 0, fmt.Errorf("%s is a link that leads nowhere", name)
}

func (a *archive) Close() error {
	if a.temporary {
		discard(a.file)
		return nil
	}
	return a.file.Close()
}

// folder is an OCI layout on disk. Links that lead out of it are not followed.
type folder struct{ root *os.Root }

func (f folder) open(name string) (io.ReadCloser, int64, error) {
	file, err := f.root.Open(name)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, bare(err))
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", name)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

func (f folder) Close() error { return f.root.Close() }

// compressionOf tells the compression from the first bytes.
func compressionOf(head []byte) string {
	for _, known := range []struct{ name, magic string }{
		{"gzip", "\x1f\x8b"}, {"zstd", "\x28\xb5\x2f\xfd"}, {"bzip2", "BZh"}, {"xz", "\xfd7zXZ\x00"},
	} {
		if strings.HasPrefix(string(head), known.magic) {
			return known.name
		}
	}
	return ""
}

// decompress gives what is in r, which may be compressed with gzip or zstd.
func decompress(r io.Reader) (io.ReadCloser, error) {
	buffered := bufio.NewReaderSize(r, 256<<10)
	head, err := buffered.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch compression := compressionOf(bytes.Clone(head)); compression {
	case "":
		return io.NopCloser(buffered), nil
	case "gzip":
		return gzip.NewReader(buffered)
	case "zstd":
		// 128 MB is the window of zstd --long, the largest that decoders take unasked.
		decoder, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, err
		}
		return decoder.IOReadCloser(), nil
	default:
		return nil, fmt.Errorf("it is compressed with %s, which images are not", compression)
	}
}

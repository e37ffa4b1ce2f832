// Package imagetest writes small images for tests: what a build would leave, without an engine.
package imagetest

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Image is what is written.
type Image struct {
	Name         string // REPOSITORY:TAG
	Architecture string // amd64 if empty
	User         string
	Workdir      string
	Env          []string
	Entrypoint   []string
	Cmd          []string
	Health       []string // CMD and words, CMD-SHELL and code
	Layers       []Layer
}

// Layer is an instruction with the files that it brings.
type Layer struct {
	CreatedBy string
	Files     []File
}

// File is an entry. A name that ends with a slash is a directory.
type File struct {
	Name    string
	Content string
	Link    string // target of a symbolic link
	Hard    string // target of a hard link
	Mode    int64  // 0755 for directories and 0644 for files if zero
	UID     int
	Zeros   int64 // as many zero bytes follow the content
	Time    int64 // seconds since 1970; one and the same if zero
}

// Program is an ELF file for the machine that links to nothing, which is all that a reader of headers sees of it.
func Program() string { return ELF(62) }

// ELF is the header of a 64-bit program for a machine, as its number says: 62 is x86-64, 183 AArch64.
func ELF(machine uint16) string {
	header := make([]byte, 64)
	copy(header, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(header[16:], 2) // ET_EXEC
	binary.LittleEndian.PutUint16(header[18:], machine)
	binary.LittleEndian.PutUint32(header[20:], 1)
	binary.LittleEndian.PutUint16(header[52:], 64) // size of this header
	binary.LittleEndian.PutUint16(header[54:], 56)
	binary.LittleEndian.PutUint16(header[58:], 64)
	return string(header)
}

// Unpack is the content of a file that zstd has packed.
func Unpack(name string) ([]byte, error) {
	packed, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	return decoder.DecodeAll(packed, nil)
}

// Write writes an OCI layout into a folder, the same for the same image.
func (i *Image) Write(dir string) error {
	w := &writer{dir: dir}
	var diffs []string
	var steps, layers []map[string]any
	when := time.Unix(1_700_000_000, 0).UTC().Format(time.RFC3339)
	for _, layer := range i.Layers {
		steps = append(steps, map[string]any{"created": when, "created_by": layer.CreatedBy, "empty_layer": layer.Files == nil})
		if layer.Files == nil {
			continue
		}
		data := layer.tar(w)
		diffs = append(diffs, digest(data))
		packed := w.pack(data)
		layers = append(layers, map[string]any{"mediaType": "application/vnd.oci.image.layer.v1.tar+zstd", "digest": w.blob(packed), "size": len(packed)})
	}
	architecture := i.Architecture
	if architecture == "" {
		architecture = "amd64"
	}
	run := map[string]any{"User": i.User, "WorkingDir": i.Workdir, "Env": i.Env, "Entrypoint": i.Entrypoint, "Cmd": i.Cmd}
	if i.Health != nil {
		run["Healthcheck"] = map[string]any{"Test": i.Health}
	}
	config := w.encode(map[string]any{
		"architecture": architecture, "os": "linux", "created": when,
		"config":  run,
		"rootfs":  map[string]any{"type": "layers", "diff_ids": diffs},
		"history": steps,
	})
	manifest := w.encode(map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": map[string]any{"mediaType": "application/vnd.oci.image.config.v1+json", "digest": w.blob(config), "size": len(config)}, "layers": layers,
	})
	w.file("index.json", w.encode(map[string]any{"schemaVersion": 2, "manifests": []map[string]any{{
		"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": w.blob(manifest), "size": len(manifest),
		"annotations": map[string]string{"io.containerd.image.name": i.Name}, "platform": map[string]string{"os": "linux", "architecture": architecture},
	}}}))
	w.file("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
	return w.err
}

// writer keeps the first error.
type writer struct {
	dir string
	err error
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) file(name string, data []byte) {
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	w.fail(os.MkdirAll(filepath.Dir(file), 0o755))
	w.fail(os.WriteFile(file, data, 0o644))
}

func (w *writer) blob(data []byte) string {
	sum := digest(data)
	w.file("blobs/sha256/"+strings.TrimPrefix(sum, "sha256:"), data)
	return sum
}

func (w *writer) encode(value any) []byte {
	text, err := json.MarshalIndent(value, "", " ")
	w.fail(err)
	return text
}

func (w *writer) pack(data []byte) []byte {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	w.fail(err)
	if err != nil {
		return nil
	}
	return encoder.EncodeAll(data, nil)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (l *Layer) tar(w *writer) []byte {
	var b bytes.Buffer
	archive := tar.NewWriter(&b)
	for _, f := range l.Files {
		header, content := f.header()
		w.fail(archive.WriteHeader(header))
		_, err := archive.Write([]byte(content))
		w.fail(err)
	}
	w.fail(archive.Close())
	return b.Bytes()
}

func (f *File) header() (*tar.Header, string) {
	content := f.Content + strings.Repeat("\x00", int(f.Zeros))
	h := &tar.Header{Name: f.Name, Typeflag: tar.TypeReg, Mode: f.Mode, Uid: f.UID, Gid: f.UID, ModTime: time.Unix(max(f.Time, 1_700_000_000), 0), Format: tar.FormatPAX}
	switch {
	case f.Link != "":
		h.Typeflag, h.Linkname, content = tar.TypeSymlink, f.Link, ""
	case f.Hard != "":
		h.Typeflag, h.Linkname, content = tar.TypeLink, f.Hard, ""
	case strings.HasSuffix(f.Name, "/"):
		h.Typeflag, content = tar.TypeDir, ""
		if h.Mode == 0 {
			h.Mode = 0o755
		}
	}
	if h.Mode == 0 {
		h.Mode = 0o644
	}
	h.Size = int64(len(content))
	return h, content
}

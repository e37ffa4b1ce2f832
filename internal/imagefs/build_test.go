package imagefs_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// entry is a file of a layer that a test makes. What begins with "-> " is a symbolic link, with "=> " a hard one; a name
// that ends with a slash is a directory.
type entry struct{ name, content string }

func layerTar(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: tar.TypeReg, Mode: 0o644, ModTime: time.Unix(1_700_000_000, 0)}
		content := e.content
		switch {
		case strings.HasPrefix(content, "-> "):
			h.Typeflag, h.Linkname, content = tar.TypeSymlink, content[3:], ""
		case strings.HasPrefix(content, "=> "):
			h.Typeflag, h.Linkname, content = tar.TypeLink, content[3:], ""
		case strings.HasSuffix(e.name, "/"):
			h.Typeflag, h.Mode, content = tar.TypeDir, 0o755, ""
		case strings.HasPrefix(content, "#!"):
			h.Mode = 0o755
		}
		h.Size = int64(len(content))
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compress packs a layer: "", gzip or zstd.
func compress(t *testing.T, how string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	switch how {
	case "":
		return data
	case "gzip":
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	case "zstd":
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func blobName(data []byte) string {
	return "blobs/sha256/" + strings.TrimPrefix(digest(data), "sha256:")
}

func encode(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

type object = map[string]any

// configOf is the configuration of an image with these layers.
func configOf(t *testing.T, layers ...[]byte) []byte {
	t.Helper()
	var diffs []string
	var steps []object
	for _, l := range layers {
		diffs = append(diffs, digest(l))
		steps = append(steps, object{"created_by": "COPY x /x # buildkit"}, object{"created_by": "ENV A=b", "empty_layer": true})
	}
	return encode(t, object{
		"architecture": "amd64", "os": "linux", "config": object{"Cmd": []string{"python3"}, "User": "app", "Env": []string{"A=b"}},
		"rootfs": object{"type": "layers", "diff_ids": diffs}, "history": steps,
	})
}

// oci is an OCI layout by name of file.
func oci(t *testing.T, how string, layers ...[]byte) map[string][]byte {
	t.Helper()
	config := configOf(t, layers...)
	files := map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`), blobName(config): config}
	var list []object
	for _, l := range layers {
		packed := compress(t, how, l)
		files[blobName(packed)] = packed
		list = append(list, object{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(packed), "size": len(packed)})
	}
	manifest := encode(t, object{"schemaVersion": 2, "config": object{"digest": digest(config), "size": len(config)}, "layers": list})
	files[blobName(manifest)] = manifest
	files["index.json"] = encode(t, object{"schemaVersion": 2, "manifests": []object{{
		"digest": digest(manifest), "size": len(manifest), "platform": object{"os": "linux", "architecture": "amd64"},
		"annotations": object{"io.containerd.image.name": "docker.io/library/app:1"},
	}}})
	return files
}

// saved is what docker save wrote before version 25: HEX.json and a folder for each layer.
func saved(t *testing.T, layers ...[]byte) map[string][]byte {
	t.Helper()
	config := configOf(t, layers...)
	name := strings.TrimPrefix(digest(config), "sha256:") + ".json"
	files := map[string][]byte{name: config}
	var list []string
	for _, l := range layers {
		layer := strings.TrimPrefix(digest(l), "sha256:") + "/layer.tar"
		files[layer] = l
		list = append(list, layer)
	}
	files["manifest.json"] = encode(t, []object{{"Config": name, "RepoTags": []string{"app:1"}, "Layers": list}})
	return files
}

// writeTar writes files as an archive, lists last as exporters do.
func writeTar(t *testing.T, files map[string][]byte) string {
	t.Helper()
	var entries, last []entry
	for name, content := range files {
		if strings.HasSuffix(name, "index.json") || name == "manifest.json" {
			last = append(last, entry{name, string(content)})
		} else {
			entries = append(entries, entry{name, string(content)})
		}
	}
	return writeFile(t, layerTar(t, append(entries, last...)...))
}

func writeFile(t *testing.T, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func writeFolder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, name string) *imagefs.Image {
	t.Helper()
	image, err := imagefs.Open(context.Background(), name, imagefs.Options{Platform: "linux/amd64"})
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// tree lists an image: a line each, with layer and size or target.
func tree(image *imagefs.Image) []string {
	var lines []string
	for f := range image.Root().All() {
		switch {
		case f.Parent() == nil:
		case f.IsDir():
			lines = append(lines, f.Path()+"/")
		case f.Target != "":
			lines = append(lines, f.Path()+" -> "+f.Target)
		default:
			lines = append(lines, f.Path()+" "+string(rune('0'+f.Layer))+" "+string(rune('0'+f.Size)))
		}
	}
	return lines
}

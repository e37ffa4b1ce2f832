package imagefs_test

import (
	"archive/tar"
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// What is made to hurt the reader is one clear error.
func TestHostile(t *testing.T) {
	good := layerTar(t, entry{"a", "1"})
	one := func(entries ...entry) string { return writeTar(t, oci(t, "gzip", layerTar(t, entries...))) }
	change := func(part string, edit func(files map[string][]byte, name string)) string {
		files := oci(t, "gzip", good)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if strings.Contains(string(files[name]), part) {
				edit(files, name)
				return writeTar(t, files)
			}
		}
		t.Fatal("no " + part)
		return ""
	}
	for _, test := range []struct{ name, file, want string }{
		{"a path that escapes", one(entry{"../etc/passwd", "x"}), `layer 1 (sha256:`},
		{"a path that escapes later", one(entry{"a/../../etc/passwd", "x"}), `leads out of the image`},
		{"a hard link that escapes", one(entry{"a", "=> ../../etc/passwd"}), `leads out of the image`},
		{"a hard link to nothing", one(entry{"a", "=> b"}), `has no target`},
		{"a hard link to a folder", one(entry{"b/", ""}, entry{"a", "=> b"}), `has no target`},
		{"a link loop", one(entry{"a", "-> b"}, entry{"b", "-> a"}, entry{"a/c", "1"}), `too many symbolic links`},
		{"a path through a file", one(entry{"a", "1"}, entry{"a/b", "2"}), `leads through a file`},
		{"a long path", one(entry{strings.Repeat("a/", 3000), ""}), `a path of`},
		{"a whiteout of the parent", one(entry{"a/.wh...", ""}), `hides nothing`},
		{"a file for a root", one(entry{"./", "-> x"}), `no directory`},
		{"not an image", writeFile(t, good), `this is no image`},
		{"not a tar", writeFile(t, bytes.Repeat([]byte("FROM scratch\n"), 100)), `this is no image archive`},
		{"an empty file", writeFile(t, nil), `the archive is empty`},
		{"xz", writeFile(t, []byte("\xfd7zXZ\x00xxxxxxxx")), `compressed with xz`},
		{"no manifests", writeTar(t, map[string][]byte{"index.json": []byte(`{}`)}), `holds no image`},
		{"no images", writeTar(t, map[string][]byte{"manifest.json": []byte(`[]`)}), `holds no image`},
		{"not JSON", writeTar(t, map[string][]byte{"manifest.json": []byte(`{`)}), `manifest.json is not readable`},
		{"a digest that escapes", change("manifests", func(files map[string][]byte, name string) {
			files[name] = []byte(`{"manifests":[{"digest":"sha256:../../../etc/passwd"}]}`)
		}), `no sha256 digest`},
		{"a wrong manifest", change("diff_ids", func(files map[string][]byte, name string) {
			files[name] = append(files[name], ' ')
		}), `has the digest`},
		{"a layer that is missing", change("\x1f\x8b", func(files map[string][]byte, name string) { delete(files, name) }), `does not have it`},
		{"a layer of another image", change("\x1f\x8b", func(files map[string][]byte, name string) {
			files[name] = compress(t, "gzip", layerTar(t, entry{"b", "1"}))
		}), `its content has the digest`},
		{"a layer packed otherwise", change("\x1f\x8b", func(files map[string][]byte, name string) {
			files[name] = compress(t, "zstd", good)
		}), `has the digest`},
		{"a truncated layer", change("\x1f\x8b", func(files map[string][]byte, name string) {
			files[name] = files[name][:len(files[name])/2]
		}), `truncated`},
		{"a nonsense layer", change("\x1f\x8b", func(files map[string][]byte, name string) {
			files[name] = bytes.Repeat([]byte("nonsense"), 200)
		}), `layer 1 (sha256:`},
		{"an index of itself", selfIndex(t), `nested too deep`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := imagefs.Open(t.Context(), test.file, imagefs.Options{Platform: "linux/amd64"})
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
}

// selfIndex nests indexes deeper than any builder does; one can't name itself, for its digest.
func selfIndex(t *testing.T) string {
	files := oci(t, "gzip", layerTar(t, entry{"a", "1"}))
	for range 6 {
		inner := files["index.json"]
		files[blobName(inner)] = inner
		files["index.json"] = encode(t, object{"manifests": []object{{"digest": digest(inner)}}})
	}
	return writeTar(t, files)
}

// An archive that ends in the middle says so, wherever it ends.
func TestTruncated(t *testing.T) {
	data, err := os.ReadFile(writeTar(t, oci(t, "gzip", twoLayers(t)...)))
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(data)-2*512; n += 211 {
		if image, err := imagefs.Open(t.Context(), writeFile(t, data[:n]), imagefs.Options{Platform: "linux/amd64"}); err == nil && len(tree(image)) != len(twoLayersTree) {
			t.Fatalf("%d of %d bytes give %v", n, len(data), tree(image))
		}
	}
}

// Numbers and sizes have limits.
func TestLimits(t *testing.T) {
	zeros := writeTar(t, oci(t, "gzip", layerTar(t, entry{"zeros", strings.Repeat("\x00", 4<<20)}, entry{"b", "1"})))
	for want, limits := range map[string]imagefs.Limits{
		"unpacks to more than":  {Files: 10, Bytes: 1 << 20, Ratio: 200, Layers: 10, Kept: 10},
		"more than 1 files":     {Files: 1, Bytes: 1 << 30, Ratio: 200, Layers: 10, Kept: 10},
		"1 layers, more than 0": {Files: 10, Bytes: 1 << 30, Ratio: 200, Layers: 0, Kept: 10},
	} {
		if _, err := imagefs.Open(t.Context(), zeros, imagefs.Options{Platform: "linux/amd64", Limits: limits}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
}

// A bomb of 1.5 GB in a megabyte and a half ends early; so does a sparse file that has no end.
func TestBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "bomb", Typeflag: tar.TypeReg, Size: 1500 << 20, Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	head := b.String()
	packed := compress(t, "gzip", []byte(head+strings.Repeat("\x00", 1500<<20)))
	config := configOf(t, []byte("whatever"))
	manifest := encode(t, object{"config": object{"digest": digest(config)}, "layers": []object{{"digest": digest(packed)}}})
	index := encode(t, object{"manifests": []object{{"digest": digest(manifest)}}})
	file := writeTar(t, map[string][]byte{blobName(packed): packed, blobName(config): config, blobName(manifest): manifest, "index.json": index})
	if _, err := imagefs.Open(t.Context(), file, imagefs.Options{}); err == nil || !strings.Contains(err.Error(), "times as many") {
		t.Error(err)
	}
}

// FuzzOpen reads anything without a panic, and writes nothing.
func FuzzOpen(f *testing.F) {
	t := new(testing.T)
	layers := [][]byte{layerTar(t, entry{"usr/bin/x", "#!/bin/sh"}, entry{"bin", "-> usr/bin"}, entry{"a/.wh.b", ""}), layerTar(t, entry{"bin/y", "=> usr/bin/x"})}
	for _, files := range []map[string][]byte{oci(t, "", layers...), oci(t, "gzip", layers...), saved(t, layers...)} {
		var entries []entry
		for name, content := range files {
			entries = append(entries, entry{name, string(content)})
		}
		f.Add(layerTar(t, entries...))
	}
	limits := imagefs.Limits{Files: 10_000, Bytes: 1 << 24, Ratio: 200, Layers: 10, Kept: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		image, err := imagefs.Open(t.Context(), writeFile(t, data), imagefs.Options{Limits: limits})
		if (image == nil) == (err == nil) {
			t.Fatal(image, err)
		}
	})
}

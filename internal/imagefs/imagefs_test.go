package imagefs_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Two layers with everything that a second layer can do to a first.
func twoLayers(t *testing.T) [][]byte {
	return [][]byte{
		layerTar(t, entry{"usr/", ""}, entry{"usr/bin/", ""}, entry{"bin", "-> usr/bin"}, entry{"usr/bin/python3.12", "#!x"},
			entry{"usr/bin/python3", "-> python3.12"}, entry{"a/", ""}, entry{"a/gone", "1"}, entry{"a/stays", "22"},
			entry{"o/", ""}, entry{"o/old", "333"}, entry{"o/sub/deep", "4444"}, entry{"same", "55555"}, entry{"d/in", "1"}, entry{"l1", "666666"}, entry{"l2", "=> l1"}),
		layerTar(t, entry{"a/.wh.gone", ""}, entry{"bin/sh", "#!1"}, entry{"o/", ""}, entry{"o/new", "1"}, entry{"o/.wh..wh..opq", ""},
			entry{"same", "55555"}, entry{"d", "now a file"[:7]}, entry{".wh..wh.plnk", ""}, entry{".wh.l2", ""}),
	}
}

var twoLayersTree = []string{
	"/a/", "/a/stays 0 2", "/bin -> usr/bin", "/d 1 7", "/l1 0 6", "/o/", "/o/new 1 1", "/same 1 5",
	"/usr/", "/usr/bin/", "/usr/bin/python3 -> python3.12", "/usr/bin/python3.12 0 3", "/usr/bin/sh 1 3",
}

// Every form of an image gives the same tree.
func TestFormats(t *testing.T) {
	layers := twoLayers(t)
	for name, file := range map[string]string{
		"OCI, gzip": writeTar(t, oci(t, "gzip", layers...)), "OCI, zstd": writeTar(t, oci(t, "zstd", layers...)),
		"OCI, plain": writeTar(t, oci(t, "", layers...)), "OCI folder": writeFolder(t, oci(t, "gzip", layers...)),
		"docker save": writeTar(t, saved(t, layers...)), "docker save folder": writeFolder(t, saved(t, layers...)),
		"docker save | gzip": packed(t, "gzip", writeTar(t, saved(t, layers...))), "OCI | zstd": packed(t, "zstd", writeTar(t, oci(t, "gzip", layers...))),
	} {
		t.Run(name, func(t *testing.T) {
			image := open(t, file)
			if diff := cmp.Diff(twoLayersTree, tree(image)); diff != "" {
				t.Error(diff)
			}
			if image.Platform != "linux/amd64" || image.Config.User != "app" || len(image.Names) != 1 {
				t.Errorf("%+v", image)
			}
			if l := image.Layers[0]; l.Size != 3+1+2+3+4+5+1+6 || l.Files != 15 || l.CreatedBy == "" || l.Compressed == 0 {
				t.Errorf("%+v", l)
			}
		})
	}
}

func packed(t *testing.T, how, name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, compress(t, how, data))
}

// What a later layer hides is known, with what took its place. A hard link that goes takes nothing along.
func TestLost(t *testing.T) {
	var got []string
	for _, lost := range open(t, writeTar(t, oci(t, "gzip", twoLayers(t)...))).Lost {
		got = append(got, fmt.Sprintf("%s %d %d->%d replaced=%v same=%v", lost.Path, lost.Size, lost.Layer, lost.By, lost.With != nil, lost.Same))
	}
	want := []string{
		"/a/gone 1 0->1 replaced=false same=false", "/o/old 3 0->1 replaced=false same=false", "/o/sub/deep 4 0->1 replaced=false same=false",
		"/same 5 0->1 replaced=true same=true", "/d/in 1 0->1 replaced=false same=false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Links are followed inside the image, part by part.
func TestStat(t *testing.T) {
	image := open(t, writeTar(t, oci(t, "", layerTar(t, entry{"usr/lib/x86/libc.so", "1"}, entry{"lib", "-> usr/lib"}, entry{"lib64", "-> /lib"},
		entry{"out", "-> ../../../../usr"}, entry{"etc/alt/py", "-> /usr/bin/py"}, entry{"usr/bin/py", "-> ../../etc/alt/py2"}, entry{"etc/alt/py2", "#!"},
		entry{"loop", "-> loop"}, entry{"l1", "-> l2"}, entry{"l2", "-> l1"}, entry{"dangling", "-> nothing"}))))
	for name, want := range map[string]string{
		"/lib64/x86/libc.so": "/usr/lib/x86/libc.so", "/out/lib/../bin/py": "/etc/alt/py2", "/etc/alt/py": "/etc/alt/py2", "/": "/",
		"/usr//lib/./": "/usr/lib", "/../../usr": "/usr", "/lib/x86/libc.so/": "-", "/usr/lib/x86/libc.so/x": "-", "/dangling": "-", "/nothing": "-",
		"/loop": "loop", "/l1/x": "loop",
	} {
		file, err := image.Stat(name)
		got := "-"
		switch {
		case err == nil:
			got = file.Path()
		case errors.Is(err, imagefs.ErrLoop):
			got = "loop"
		case !errors.Is(err, fs.ErrNotExist):
			t.Error(err)
		}
		if got != want {
			t.Errorf("%s is %s, not %s", name, got, want)
		}
	}
	if file, err := image.Lstat("/lib64"); err != nil || file.Target != "/lib" {
		t.Error(file, err)
	}
}

// What is kept is what says what is installed, and no more of it than that.
func TestContents(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	image := open(t, writeTar(t, oci(t, "gzip", layerTar(t, entry{"etc/passwd", "root:x:0:0::/root:/bin/sh\n"},
		entry{"site/flask-3.dist-info/METADATA", "Name: flask\nVersion: 3\n\nA long description\n"}, entry{"site/flask/data.json", "{}"},
		entry{"bin/run", "#!/bin/sh\n" + big}, entry{"start.sh", "#!/bin/sh\n" + big}, entry{"README", "text"}))))
	got := map[string]string{}
	for f := range image.Root().All() {
		if f.Kept || f.Head != "" {
			got[f.Path()] = fmt.Sprintf("%d %d %v", len(f.Content), len(f.Head), f.Cut)
		}
	}
	want := map[string]string{
		"/etc/passwd": "26 0 false", "/site/flask-3.dist-info/METADATA": "22 0 false", "/bin/run": "0 512 false", "/start.sh": "65536 512 true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The ELF files of the machine that runs the test are read as readelf reads them.
func TestELF(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("no ELF files here")
	}
	program, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Skip(err)
	}
	large := string(program) + strings.Repeat("\x00", 9<<20) // goes through the temporary file
	image := open(t, writeTar(t, oci(t, "gzip", layerTar(t, entry{"sh", string(program)}, entry{"large", large}, entry{"fake.so", "\x7fELF\x02\x01\x01nonsense"}))))
	small, _ := image.Stat("/sh")
	second, _ := image.Stat("/large")
	if small.ELF == nil || small.ELF.Interp == "" || len(small.ELF.Needed) == 0 || len(small.ELF.Versions) == 0 {
		t.Errorf("%+v", small.ELF)
	}
	if diff := cmp.Diff(small.ELF, second.ELF); diff != "" {
		t.Error(diff)
	}
	if fake, _ := image.Stat("/fake.so"); fake.ELF != nil {
		t.Errorf("%+v", fake.ELF)
	}
}

// Podman writes what this reads, in both of its formats.
func TestPodman(t *testing.T) {
	if _, err := exec.LookPath("podman"); err != nil {
		t.Skip("no podman")
	}
	base := writeTar(t, saved(t, twoLayers(t)...))
	store := t.TempDir()
	podman := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "podman", append([]string{"--root", filepath.Join(store, "root"), "--runroot", filepath.Join(store, "run"), "--storage-driver", "vfs"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("podman does not work here: %v\n%s", err, out)
		}
	}
	podman("load", "-q", "-i", base)
	for _, format := range []string{"docker-archive", "oci-archive", "oci-dir"} {
		name := filepath.Join(t.TempDir(), "saved")
		podman("save", "-q", "--format", format, "-o", name, "localhost/app:1")
		if diff := cmp.Diff(twoLayersTree, tree(open(t, name))); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}

// Of several images the name chooses, of several platforms the wanted one.
func TestChoice(t *testing.T) {
	one, two := saved(t, layerTar(t, entry{"one", "1"})), saved(t, layerTar(t, entry{"two", "2"}))
	list := string(one["manifest.json"])
	for name, content := range two {
		one[name] = content
	}
	one["manifest.json"] = []byte(strings.TrimSuffix(list, "]") + "," + strings.Replace(string(two["manifest.json"])[1:], "app:1", "app:2", 1))
	file := writeTar(t, one)
	if _, err := imagefs.Open(t.Context(), file, imagefs.Options{}); err == nil || !strings.Contains(err.Error(), "holds 2 images (app:1, app:2)") {
		t.Error(err)
	}
	if _, err := imagefs.Open(t.Context(), file, imagefs.Options{Name: "app:3"}); err == nil || !strings.Contains(err.Error(), "no image called app:3") {
		t.Error(err)
	}
	image, err := imagefs.Open(t.Context(), file, imagefs.Options{Name: "localhost/app:2"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := image.Stat("/two"); err != nil {
		t.Error(err)
	}
}

// A reader that is told to stop does.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := imagefs.Open(ctx, writeTar(t, oci(t, "gzip", twoLayers(t)...)), imagefs.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
